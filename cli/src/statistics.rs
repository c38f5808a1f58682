//! Mean and covariance of a set of vectors, and powers of the covariance.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The normal distribution closest to a set of vectors.
pub(crate) struct Statistics {
    pub(crate) mean: DVector<f64>,
    pub(crate) covariance: DMatrix<f64>,
}

impl Statistics {
    /// The distribution of the columns of `[size, n]`, n at least 2.
    pub(crate) fn of(columns: &DMatrix<f64>) -> Self {
        let mean = columns.column_mean();
        let mut around = columns.clone();
        for mut column in around.column_iter_mut() {
            column -= &mean;
        }
        let covariance = &around * around.transpose() / (columns.ncols() as f64 - 1.0);
        Self { mean, covariance }
    }

    /// The distribution of `[n, size]`, as engines return them.
    pub(crate) fn of_rows(rows: &[f32], size: usize) -> Self {
        Self::of(&DMatrix::from_vec(size, rows.len() / size, rows.to_vec()).map(f64::from))
    }
}

/// A power of a covariance, symmetric like it: 0.5 is the root, and -0.5 whitens. Directions with almost no variance count as if
/// they had a millionth of the largest variance.
pub(crate) fn power(covariance: &DMatrix<f64>, exponent: f64) -> DMatrix<f64> {
    let mut eigen = SymmetricEigen::new(covariance.clone());
    let least = if exponent < 0.0 {
        1e-6 * eigen.eigenvalues.max()
    } else {
        0.0
    };
    eigen
        .eigenvalues
        .apply(|value| *value = value.max(least).powf(exponent));
    eigen.recompose()
}

#[cfg(test)]
mod tests {
    use latent_lab::normal_draws;

    use super::*;

    #[test]
    fn the_square_of_a_root_is_the_covariance_and_the_inverse_root_whitens() {
        let mut columns = DMatrix::from_vec(3, 500, normal_draws(1, 0, 1500)).map(f64::from);
        for mut column in columns.column_iter_mut() {
            column[2] += 2.0 * column[0] + 5.0;
        }
        let statistics = Statistics::of(&columns);
        let root = power(&statistics.covariance, 0.5);
        assert!((&root * &root - &statistics.covariance).norm() < 1e-9);
        let white = Statistics::of(&(power(&statistics.covariance, -0.5) * columns));
        assert!((white.covariance - DMatrix::identity(3, 3)).norm() < 1e-9);
    }

    #[test]
    fn statistics_of_rows_are_their_mean_and_covariance() {
        let statistics = Statistics::of_rows(&[1.0, 10.0, 3.0, 14.0], 2);
        assert_eq!(statistics.mean.as_slice(), [2.0, 12.0]);
        assert_eq!(statistics.covariance.as_slice(), [2.0, 4.0, 4.0, 8.0]);
    }
}
