//! The density of a prior and its gradient, in f64; latents in units of a component's own standard deviations.

use super::{Prior, cholesky, dot, triangle};

impl Prior {
    /// Natural logarithm of the density at each of `latents`, `[n, latent]`; infinite only where a latent is.
    pub fn log_density(&self, latents: &[f32]) -> Vec<f64> {
        let norms = self.log_norms();
        latents
            .chunks(self.latent)
            .map(|latent| {
                let distances: Vec<f64> = (0..self.components())
                    .map(|at| squares(&self.whitened(at, latent)))
                    .collect();
                log_of_sum(&norms, &distances).0
            })
            .collect()
    }

    /// Gradients of [`Prior::log_density`] at each of `latents`, `[n, latent]`.
    pub fn log_density_gradient(&self, latents: &[f32]) -> Vec<f64> {
        let norms = self.log_norms();
        let mut gradients = Vec::with_capacity(latents.len());
        for latent in latents.chunks(self.latent) {
            let whitened: Vec<Vec<f64>> = (0..self.components())
                .map(|at| self.whitened(at, latent))
                .collect();
            let distances: Vec<f64> = whitened.iter().map(|values| squares(values)).collect();
            let (_, shares) = log_of_sum(&norms, &distances);
            let mut gradient = vec![0.0; self.latent];
            for (at, (values, share)) in whitened.into_iter().zip(shares).enumerate() {
                // Below this a component adds nothing that f32 would keep.
                if share > 1e-12 {
                    self.add_pull(at, values, share, &mut gradient);
                }
            }
            gradients.extend(gradient);
        }
        gradients
    }

    /// Log of the weight of each component and of its density at its mean.
    fn log_norms(&self) -> Vec<f64> {
        let norm = |at: usize| {
            let (_, factor) = self.component(at);
            let diagonal = (0..self.latent).map(|row| libm::log(factor[triangle(row + 1) - 1].into()));
            libm::log(self.weights[at].into())
                - diagonal.sum::<f64>()
                - 0.5 * self.latent as f64 * libm::log(std::f64::consts::TAU)
        };
        (0..self.components()).map(norm).collect()
    }

    /// The deviation from a component's mean, in its own standard deviations: factor^-1 (latent - mean).
    pub(crate) fn whitened(&self, at: usize, latent: &[f32]) -> Vec<f64> {
        let (mean, factor) = self.component(at);
        let mut solved: Vec<f64> = Vec::with_capacity(self.latent);
        for row in 0..self.latent {
            let across = &factor[triangle(row)..triangle(row + 1)];
            let before: f64 = solved.iter().zip(across).map(|(z, &l)| z * f64::from(l)).sum();
            solved.push((f64::from(latent[row]) - f64::from(mean[row]) - before) / f64::from(across[row]));
        }
        solved
    }

    /// The latent with a deviation from a component's mean in its own standard deviations: mean + factor `whitened`.
    pub(crate) fn colored(&self, at: usize, whitened: &[f64]) -> Vec<f32> {
        let (mean, factor) = self.component(at);
        let value = |row: usize| {
            let across = &factor[triangle(row)..triangle(row + 1)];
            let deviation: f64 = across.iter().zip(whitened).map(|(&l, z)| f64::from(l) * z).sum();
            (f64::from(mean[row]) + deviation) as f32
        };
        (0..self.latent).map(value).collect()
    }

    /// The distribution of draws with added normal noise of this standard deviation.
    pub(crate) fn blurred(&self, deviation: f64) -> Self {
        let mut factors = Vec::with_capacity(self.factors.len());
        for at in 0..self.components() {
            let (_, factor) = self.component(at);
            let mut covariance = vec![0.0; triangle(self.latent)];
            for row in 0..self.latent {
                for column in 0..=row {
                    covariance[triangle(row) + column] =
                        dot(&factor[triangle(row)..], &factor[triangle(column)..][..=column]);
                }
                covariance[triangle(row + 1) - 1] += deviation * deviation;
            }
            factors.extend(
                cholesky(self.latent, covariance)
                    .iter()
                    .map(|&value| value as f32),
            );
        }
        Self {
            factors,
            ..self.clone()
        }
    }

    /// Subtracts `share` times factor^-T `whitened`: the gradient of one component's log density is minus that.
    fn add_pull(&self, at: usize, mut whitened: Vec<f64>, share: f64, gradient: &mut [f64]) {
        let (_, factor) = self.component(at);
        for row in (0..self.latent).rev() {
            let across = &factor[triangle(row)..triangle(row + 1)];
            let solved = whitened[row] / f64::from(across[row]);
            for (value, &l) in whitened.iter_mut().zip(&across[..row]) {
                *value -= solved * f64::from(l);
            }
            gradient[row] -= share * solved;
        }
    }
}

/// Log of the sum of the components' densities, and the share of each.
fn log_of_sum(norms: &[f64], distances: &[f64]) -> (f64, Vec<f64>) {
    let logs: Vec<f64> = norms
        .iter()
        .zip(distances)
        .map(|(norm, distance)| norm - 0.5 * distance)
        .collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut shares: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    (most + libm::log(sum), shares)
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}
