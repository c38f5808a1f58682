//! `Gaussian`: one normal distribution in latent space, with a full covariance.

use crate::{
    engine::Posterior,
    error::{Error, ErrorKind, Result},
    prior::Prior,
};

/// Added to the covariance's diagonal, relative to its mean: keeps it positive definite with few pictures or unused dimensions.
const RIDGE: f64 = 1e-6;

/// The normal distribution with the mean and covariance of draws from all posteriors together, as a prior of one component.
///
/// # Errors
/// As [`Prior::new`].
pub fn fitted_prior(posterior: &Posterior, latent: usize) -> Result<Prior> {
    let Gaussian { mean, factor } = Gaussian::fit(posterior, latent);
    let rows = factor.chunks_exact(latent).enumerate();
    let triangle = rows.flat_map(|(row, values)| &values[..=row]).copied().collect();
    Prior::new(latent, vec![1.0], mean, triangle)
}

/// Mean, and the lower triangular factor of the covariance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gaussian {
    mean: Vec<f32>,
    /// `[latent, latent]`, zeros above the diagonal.
    factor: Vec<f32>,
}

impl Gaussian {
    /// Mean zero, covariance one.
    pub(super) fn standard(latent: usize) -> Self {
        let mut factor = vec![0.0; latent * latent];
        factor.iter_mut().step_by(latent + 1).for_each(|one| *one = 1.0);
        Self {
            mean: vec![0.0; latent],
            factor,
        }
    }

    /// The distribution with the mean and covariance of draws from all posteriors together.
    pub(super) fn fit(posterior: &Posterior, latent: usize) -> Self {
        let n = (posterior.mean.len() / latent) as f64;
        let mut mean = vec![0.0; latent];
        for code in posterior.mean.chunks_exact(latent) {
            for (sum, &value) in mean.iter_mut().zip(code) {
                *sum += f64::from(value) / n;
            }
        }
        let mut covariance = vec![0.0; latent * latent];
        for code in posterior.mean.chunks_exact(latent) {
            let centered: Vec<f64> = code.iter().zip(&mean).map(|(&c, m)| f64::from(c) - m).collect();
            for (row, &left) in covariance.chunks_exact_mut(latent).zip(&centered) {
                for (sum, right) in row.iter_mut().zip(&centered) {
                    *sum += left * right / n;
                }
            }
        }
        for variances in posterior.log_var.iter().flat_map(|all| all.chunks_exact(latent)) {
            for (at, &log_var) in variances.iter().enumerate() {
                covariance[at * (latent + 1)] += f64::from(libm::expf(log_var)) / n;
            }
        }
        let trace: f64 = covariance.iter().step_by(latent + 1).sum();
        let ridge = RIDGE * (trace / latent as f64).max(RIDGE);
        covariance
            .iter_mut()
            .step_by(latent + 1)
            .for_each(|value| *value += ridge);
        Self {
            mean: mean.iter().map(|&value| value as f32).collect(),
            factor: factor(covariance, latent),
        }
    }

    /// Standard normal draws `[n, latent]` to draws from this distribution, whose deviations from the mean are multiplied by
    /// `temperature`.
    pub(super) fn draw(&self, normal: &[f32], temperature: f32) -> Vec<f32> {
        let latent = self.mean.len();
        let one = |normal: &[f32]| -> Vec<f32> {
            let rows = self.factor.chunks_exact(latent).zip(&self.mean);
            rows.map(|(row, mean)| {
                mean + temperature * row.iter().zip(normal).map(|(a, b)| a * b).sum::<f32>()
            })
            .collect()
        };
        normal.chunks_exact(latent).flat_map(one).collect()
    }

    pub(super) fn to_flat(&self) -> Vec<f32> {
        [&self.mean[..], &self.factor[..]].concat()
    }

    pub(super) fn flat_len(latent: usize) -> usize {
        latent * (latent + 1)
    }

    /// # Errors
    /// `NotFinite` when a value is not.
    pub(super) fn from_flat(latent: usize, flat: &[f32]) -> Result<Self> {
        if flat.iter().any(|value| !value.is_finite()) {
            return Err(Error::new(
                ErrorKind::NotFinite,
                "the distribution of random latents has a value that is not finite",
            ));
        }
        let (mean, factor) = flat.split_at(latent);
        Ok(Self {
            mean: mean.to_vec(),
            factor: factor.to_vec(),
        })
    }
}

/// The lower triangular factor L of a positive definite matrix L L' (Cholesky).
fn factor(mut matrix: Vec<f64>, size: usize) -> Vec<f32> {
    for row in 0..size {
        let (above, this) = matrix.split_at_mut(row * size);
        let this = &mut this[..size];
        for (column, other) in above.chunks_exact(size).enumerate() {
            let known: f64 = this[..column].iter().zip(other).map(|(a, b)| a * b).sum();
            this[column] = (this[column] - known) / other[column];
        }
        let known: f64 = this[..row].iter().map(|value| value * value).sum();
        // Rounding may take a tiny pivot below zero.
        this[row] = (this[row] - known).max(f64::MIN_POSITIVE).sqrt();
        this[row + 1..].fill(0.0);
    }
    matrix.iter().map(|&value| value as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latent::normal_draws;

    #[test]
    fn draws_have_the_mean_and_covariance_of_draws_from_the_posteriors() {
        let n = 4000;
        let normal = normal_draws(1, 0, 2 * n);
        // Codes (2 + a, 3 a + b) have variances 1 and 10 and covariance 3; the posterior adds 0.5 to the second variance.
        let mean = normal
            .chunks_exact(2)
            .flat_map(|d| [2.0 + d[0], 3.0 * d[0] + d[1]])
            .collect();
        let log_var = [-30.0, 0.5_f32.ln()].repeat(n);
        let posterior = Posterior {
            mean,
            log_var: Some(log_var),
        };
        let gaussian = Gaussian::fit(&posterior, 2);
        let drawn = gaussian.draw(&normal_draws(2, 0, 2 * n), 1.0);
        let mean_of = |value: &dyn Fn(f64, f64) -> f64| {
            let values = drawn.chunks_exact(2).map(|d| value(d[0].into(), d[1].into()));
            values.sum::<f64>() / n as f64
        };
        // The tolerance is five standard errors of the largest variance, 2 var^2 / n, of fit and draws together.
        let found = [
            mean_of(&|a, _| a) - 2.0,
            mean_of(&|_, b| b),
            mean_of(&|a, _| (a - 2.0) * (a - 2.0)) - 1.0,
            mean_of(&|a, b| (a - 2.0) * b) - 3.0,
            mean_of(&|_, b| b * b) - 10.5,
        ];
        assert!(found.iter().all(|error| error.abs() < 1.6), "{found:?}");
        assert!(found[..3].iter().all(|error| error.abs() < 0.4), "{found:?}");
    }

    #[test]
    fn one_picture_is_enough_and_the_standard_gaussian_leaves_draws_unchanged() {
        let posterior = Posterior {
            mean: vec![1.0, -2.0, 0.5],
            log_var: None,
        };
        let drawn = Gaussian::fit(&posterior, 3).draw(&normal_draws(1, 0, 3), 1.0);
        assert!(
            drawn
                .iter()
                .zip(&posterior.mean)
                .all(|(a, b)| (a - b).abs() < 1e-3),
            "{drawn:?}"
        );
        let normal = normal_draws(5, 0, 6);
        assert_eq!(Gaussian::standard(3).draw(&normal, 1.0), normal);
        let colder: Vec<f32> = normal.iter().map(|value| 0.5 * value).collect();
        assert_eq!(Gaussian::standard(3).draw(&normal, 0.5), colder);
    }
}
