//! `Prior`: a Gaussian mixture fitted to the codes of pictures. Random latents are drawn from it instead of a standard normal.
//!
//! Engines do not use it. As in `latent`, draws have the same bits everywhere.

use crate::{
    error::{Error, ErrorKind, Result},
    latent::normal_draws,
    random::{Purpose, generator, unit},
};

mod density;
mod stored;

pub(crate) use stored::{is_of_prior, read, write};

/// Most components of a mixture.
pub const MAX_COMPONENTS: usize = 64;

/// Most latent dimensions, as in a config.
const MAX_LATENT: usize = 1024;

/// How far the sum of the weights may be from 1: more than the rounding of 64 of them, less than a draw would notice.
const SUM_TOLERANCE: f32 = 1e-3;

/// Largest magnitude of a mean or factor: a little above that of f16, so that rounded scales stay below it. Draws stay finite.
const LARGEST: f32 = 65536.0;

/// Smallest value on the diagonal of a factor, and smallest scale: that of f16.
const SMALLEST: f32 = 1.0 / 16_777_216.0;

/// Smallest pivot of the total covariance, as a share of the variance: below it, rounding would leave nothing.
const LEAST_PIVOT: f64 = 1e-12;

/// A mixture of k normal distributions over latents: positive weights that sum to 1, means, and lower Cholesky factors of the
/// covariances.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    latent: usize,
    weights: Vec<f32>,
    means: Vec<f32>,
    factors: Vec<f32>,
}

/// Values in the lower triangle of a factor.
pub(crate) fn triangle(latent: usize) -> usize {
    latent * (latent + 1) / 2
}

impl Prior {
    /// A prior of weights `[k]`, means `[k, latent]` and the lower triangles of the factors, row by row, `[k, latent * (latent + 1)
    /// / 2]`.
    ///
    /// # Errors
    /// `Weights` when k is 0 or above [`MAX_COMPONENTS`], `latent` is 0 or above 1024, a length does not fit, a weight is not positive or their sum is not 1, a
    /// diagonal is not positive, or a magnitude is above 65536; `NotFinite` when a value is NaN or infinite.
    pub fn new(latent: usize, weights: Vec<f32>, means: Vec<f32>, factors: Vec<f32>) -> Result<Self> {
        let count = weights.len();
        if !(1..=MAX_LATENT).contains(&latent) {
            return Err(wrong(format!(
                "a prior has 1 to {MAX_LATENT} latent dimensions, got {latent}"
            )));
        }
        if !(1..=MAX_COMPONENTS).contains(&count) {
            return Err(wrong(format!(
                "a prior has 1 to {MAX_COMPONENTS} components, got {count}"
            )));
        }
        let parts = [
            ("weights", &weights, count),
            ("means", &means, count * latent),
            ("factors", &factors, count * triangle(latent)),
        ];
        for (name, values, expected) in parts {
            check_values(name, values, expected)?;
        }
        let prior = Self {
            latent,
            weights,
            means,
            factors,
        };
        prior.check_ranges()?;
        Ok(prior)
    }

    /// Messages name no values: nothing else in the WebAssembly module prints floats.
    fn check_ranges(&self) -> Result<()> {
        let sum: f32 = self.weights.iter().sum();
        if self.weights.iter().any(|&weight| weight <= 0.0) || (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(wrong("the weights of a prior must be positive and sum to 1"));
        }
        for at in 0..self.components() {
            let (_, factor) = self.component(at);
            let diagonal = (0..self.latent).map(|row| factor[triangle(row + 1) - 1]);
            if let Some(row) = diagonal.into_iter().position(|value| value < SMALLEST) {
                return Err(wrong(format!(
                    "the factors of a prior must have a positive diagonal, but that of component {at} is not positive at {row}"
                )));
            }
        }
        Ok(())
    }

    /// Latent dimensions.
    pub fn latent(&self) -> usize {
        self.latent
    }

    /// Number of components, k.
    pub fn components(&self) -> usize {
        self.weights.len()
    }

    /// Weights of the components, `[k]`.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Means of the components, `[k, latent]`.
    pub fn means(&self) -> &[f32] {
        &self.means
    }

    /// Lower triangles of the Cholesky factors, row by row, `[k, latent * (latent + 1) / 2]`.
    pub fn factors(&self) -> &[f32] {
        &self.factors
    }

    /// Mean `[latent]` and lower triangle of one component.
    fn component(&self, at: usize) -> (&[f32], &[f32]) {
        let size = triangle(self.latent);
        (
            &self.means[at * self.latent..][..self.latent],
            &self.factors[at * size..][..size],
        )
    }

    /// `[count, latent]` draws, a pure function of seed and stream with the same bits on every machine; a shorter draw is the
    /// beginning of a longer one. The deviation from the component's mean is [`normal_draws`] of the same seed and stream times
    /// `temperature` times the factor: with 0 every draw is a mean.
    pub fn draws(&self, seed: u64, stream: u64, count: usize, temperature: f32) -> Vec<f32> {
        let mut random = generator(Purpose::Component, seed, stream);
        let mut draws = normal_draws(seed, stream, count * self.latent);
        for draw in draws.chunks_mut(self.latent) {
            let (mean, factor) = self.component(self.chosen(unit(&mut random)));
            // From the last row up: a row only reads values at its own place and before.
            for row in (0..self.latent).rev() {
                let across = &factor[triangle(row)..triangle(row + 1)];
                let deviation: f32 = across
                    .iter()
                    .zip(&draw[..])
                    .map(|(l, z)| l * (temperature * z))
                    .sum();
                draw[row] = mean[row] + deviation;
            }
        }
        draws
    }

    /// The component whose share of the range from 0 to 1 holds `u`.
    fn chosen(&self, u: f32) -> usize {
        let mut sum = 0.0;
        let found = self.weights.iter().position(|weight| {
            sum += weight;
            u < sum
        });
        // Rounded, the sum may be a little less than 1.
        found.unwrap_or(self.components() - 1)
    }

    /// The normal distribution with the mixture's mean and covariance.
    pub fn gaussian(&self) -> Self {
        if self.components() == 1 {
            return self.clone();
        }
        let mean = self.mean();
        let factor = cholesky(self.latent, self.covariance(&mean));
        Self {
            latent: self.latent,
            weights: [1.0].to_vec(),
            means: mean.iter().map(|&value| value as f32).collect(),
            factors: factor.iter().map(|&value| value as f32).collect(),
        }
    }

    fn mean(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.latent];
        let total: f64 = self.weights.iter().map(|&weight| f64::from(weight)).sum();
        for (weight, of_one) in self.weights.iter().zip(self.means.chunks(self.latent)) {
            for (sum, value) in mean.iter_mut().zip(of_one) {
                *sum += f64::from(*weight) / total * f64::from(*value);
            }
        }
        mean
    }

    /// Lower triangle of the mixture's covariance, row by row: that within the components and that between their means.
    fn covariance(&self, mean: &[f64]) -> Vec<f64> {
        let mut covariance = vec![0.0; triangle(self.latent)];
        let total: f64 = self.weights.iter().map(|&weight| f64::from(weight)).sum();
        for at in 0..self.components() {
            let weight = f64::from(self.weights[at]) / total;
            let (of_one, factor) = self.component(at);
            let apart = |row: usize| f64::from(of_one[row]) - mean[row];
            for row in 0..self.latent {
                for column in 0..=row {
                    let within = dot(&factor[triangle(row)..], &factor[triangle(column)..][..=column]);
                    covariance[triangle(row) + column] += weight * (within + apart(row) * apart(column));
                }
            }
        }
        covariance
    }
}

/// Sum of the products of the values that both have.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// The lower Cholesky factor of a positive definite matrix, both as lower triangles row by row.
fn cholesky(size: usize, mut matrix: Vec<f64>) -> Vec<f64> {
    for row in 0..size {
        for column in 0..=row {
            let (here, pivot) = (triangle(row), triangle(column));
            let before: f64 = (0..column).map(|at| matrix[here + at] * matrix[pivot + at]).sum();
            let rest = matrix[here + column] - before;
            matrix[here + column] = if row == column {
                rest.max(LEAST_PIVOT * matrix[here + column]).sqrt()
            } else {
                rest / matrix[pivot + column]
            };
        }
    }
    matrix
}

fn check_values(name: &str, values: &[f32], expected: usize) -> Result<()> {
    if values.len() != expected {
        return Err(wrong(format!(
            "the {name} of this prior are {expected} values, got {}",
            values.len()
        )));
    }
    if let Some(at) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::new(
            ErrorKind::NotFinite,
            format!("the {name} of a prior must be finite, but the one at {at} is not"),
        ));
    }
    match values.iter().position(|value| value.abs() > LARGEST) {
        Some(at) => Err(wrong(format!(
            "the {name} of a prior must be at most 65536 in magnitude, but the one at {at} is more"
        ))),
        None => Ok(()),
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Weights, message)
}

#[cfg(test)]
mod tests;
