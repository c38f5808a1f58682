//! Use of the latent dimensions of a variational model.

use crate::objective::kl;

/// A dimension is active when the variance of its posterior mean over the pictures is above this (Burda, Grosse and
/// Salakhutdinov 2016).
const ACTIVE: f64 = 0.01;

/// Fewest pictures whose variance is informative.
const FEWEST: f64 = 10.0;

/// Posterior means and KL divergences of each latent dimension, over a set of pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatentUse {
    count: f64,
    mean: Vec<f64>,
    /// Sums of squared deviations from the mean.
    deviations: Vec<f64>,
    /// Sums of KL divergences.
    kl: Vec<f64>,
}

impl LatentUse {
    /// Of posteriors `[n, latent]`.
    pub fn of(latent: usize, mean: &[f32], log_var: &[f32]) -> Self {
        let mut all = Self::default();
        for (mean, log_var) in mean.chunks(latent).zip(log_var.chunks(latent)) {
            all.merge(&Self {
                count: 1.0,
                mean: mean.iter().map(|&value| value.into()).collect(),
                deviations: vec![0.0; latent],
                kl: (0..latent)
                    .map(|at| kl(&mean[at..=at], &log_var[at..=at]))
                    .collect(),
            });
        }
        all
    }

    /// Merges the sums of other pictures (Chan, Golub and LeVeque 1983).
    pub fn merge(&mut self, other: &Self) {
        if self.count == 0.0 {
            *self = other.clone();
            return;
        }
        let count = self.count + other.count;
        for at in 0..self.mean.len().min(other.mean.len()) {
            let apart = other.mean[at] - self.mean[at];
            self.mean[at] += apart * other.count / count;
            self.deviations[at] += other.deviations[at] + apart * apart * self.count * other.count / count;
            self.kl[at] += other.kl[at];
        }
        self.count = count;
    }

    /// Variance of the posterior mean of each dimension, `[latent]`.
    pub fn variances(&self) -> impl Iterator<Item = f64> {
        self.deviations.iter().map(|sum| sum / self.count)
    }

    /// KL divergence of each dimension in nats, mean over the pictures, `[latent]`.
    pub fn divergences(&self) -> impl Iterator<Item = f64> {
        self.kl.iter().map(|sum| sum / self.count)
    }

    /// Number of dimensions whose posterior mean has a variance above 0.01: the "active units" of Burda, Grosse and
    /// Salakhutdinov 2016. `None` for fewer than ten pictures, whose variance says little.
    pub fn active_units(&self) -> Option<usize> {
        (self.count >= FEWEST).then(|| self.variances().filter(|&variance| variance > ACTIVE).count())
    }

    /// The KL term of training with free bits: the sum over dimensions of max(free_bits, KL), with means over all pictures.
    pub fn kl_with_free_bits(&self, free_bits: f32) -> f64 {
        self.divergences().map(|kl| kl.max(free_bits.into())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_is_active_when_its_mean_varies_over_the_pictures() {
        // Three pictures, repeated four times: the first dimension varies, the second is constant, the third varies too little.
        let mean = [1.0, 5.0, 0.0, -1.0, 5.0, 0.1, 0.0, 5.0, -0.1];
        let latents = LatentUse::of(3, &mean.repeat(4), &[0.0; 36]);
        let variances: Vec<f64> = latents.variances().collect();
        let expected = [2.0 / 3.0, 0.0, 0.02 / 3.0];
        for (got, expected) in variances.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-8, "{variances:?}");
        }
        assert_eq!(latents.active_units(), Some(1));
        assert_eq!(LatentUse::of(3, &mean, &[0.0; 9]).active_units(), None);
    }

    #[test]
    fn merged_parts_equal_the_whole() {
        let mean = [0.3, 1.0, -2.0, 4.0, 0.7, 0.0, 1.5, -1.0];
        let log_var = [0.0, -1.0, 0.5, 0.1, -2.0, 0.0, 0.3, 0.2];
        let whole = LatentUse::of(2, &mean, &log_var);
        let mut merged = LatentUse::of(2, &mean[..2], &log_var[..2]);
        merged.merge(&LatentUse::of(2, &mean[2..], &log_var[2..]));
        for (got, expected) in merged.variances().zip(whole.variances()) {
            assert!((got - expected).abs() < 1e-12);
        }
        assert!((whole.divergences().sum::<f64>() - kl(&mean, &log_var) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn a_dimension_counts_at_least_the_free_bits() {
        // KL(N(2, 1) || N(0, 1)) = 2, and 0 for the other dimension.
        let latents = LatentUse::of(2, &[2.0, 0.0], &[0.0, 0.0]);
        assert_eq!(latents.kl_with_free_bits(0.0), 2.0);
        assert_eq!(latents.kl_with_free_bits(0.5), 2.5);
        assert_eq!(latents.kl_with_free_bits(3.0), 6.0);
    }
}
