//! The Fréchet distance between two sets of pictures, as the distance of two normal distributions fitted to their features.

use nalgebra::{DMatrix, SymmetricEigen};

use crate::statistics::{Statistics, power};

/// `|mean_a - mean_b|^2 + tr(A + B - 2 (A B)^(1/2))` with the covariances A and B of features `[size, n]` (Fréchet 1957 in the form
/// of Dowson and Landau 1982; for pictures, Heusel et al. 2017). 0 for equal sets; it depends on n, so only sets of the same size
/// compare.
pub(super) fn frechet_distance(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    let (a, b) = (Statistics::of(a), Statistics::of(b));
    // The roots of A B and of A^(1/2) B A^(1/2) have the same trace, and the second is symmetric.
    let root = power(&a.covariance, 0.5);
    let product = &root * &b.covariance * &root;
    let roots: f64 = SymmetricEigen::new(product)
        .eigenvalues
        .iter()
        .map(|value| value.max(0.0).sqrt())
        .sum();
    (a.mean - b.mean).norm_squared() + a.covariance.trace() + b.covariance.trace() - 2.0 * roots
}

#[cfg(test)]
mod tests {
    use latent_lab::normal_draws;

    use super::*;

    fn draws(seed: u64, count: usize) -> DMatrix<f64> {
        DMatrix::from_vec(3, count, normal_draws(seed, 0, 3 * count)).map(f64::from)
    }

    #[test]
    fn the_distance_between_equal_sets_is_zero() {
        let set = draws(1, 100);
        assert!(frechet_distance(&set, &set).abs() < 1e-9);
    }

    #[test]
    fn the_distance_to_a_shifted_or_scaled_set_follows_the_formula() {
        let set = draws(1, 2000);
        let shifted = set.add_scalar(2.0);
        assert!((frechet_distance(&set, &shifted) - 12.0).abs() < 1e-9);
        // For standard deviations s and 3 s it is the sum of (s - 3 s)^2.
        let Statistics { mean, covariance } = Statistics::of(&set);
        let variance = covariance.trace();
        let stretched = &set * 3.0;
        let expected = (&mean * 2.0).norm_squared() + 4.0 * variance;
        assert!((frechet_distance(&set, &stretched) - expected).abs() < 1e-9);
    }

    #[test]
    fn the_distance_between_draws_from_the_same_distribution_is_small() {
        assert!(frechet_distance(&draws(1, 5000), &draws(2, 5000)) < 0.01);
    }
}
