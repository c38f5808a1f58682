//! Principal components: the best linear autoencoder with the same number of latents, and so the baseline.

use latent_lab::{Images, normal_draws, pixels_from_bytes};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Pictures that are multiplied at once.
const AT_ONCE: usize = 500;

/// Extra directions to search for beside the wanted ones, and rounds of the search. With these the
/// error of the 128 components of digits agrees with that of a full eigendecomposition in six
/// decimals.
const EXTRA: usize = 64;
const ROUNDS: usize = 12;

/// The first principal components of a set of pictures.
pub(super) struct Components {
    mean: DVector<f64>,
    /// Orthonormal columns, the direction of most variance first: `[size, count]`.
    directions: DMatrix<f64>,
}

impl Components {
    /// The first `count` components of `images`, by subspace iteration from a seeded random start (Halko, Martinsson and Tropp
    /// 2011, algorithm 4.4): the covariance of 64x64 pictures in color would be a matrix of 12,288 x 12,288.
    pub(super) fn of(images: &Images, count: usize) -> Self {
        let size = images.shape().len();
        let mut mean = DVector::zeros(size);
        for pictures in columns(images, &DVector::zeros(size)) {
            mean += pictures.column_sum();
        }
        mean /= images.len() as f64;
        let width = (count + EXTRA).min(size);
        let mut basis = DMatrix::from_vec(size, width, normal_draws(1, 0, size * width)).map(f64::from);
        for _ in 0..ROUNDS {
            basis = times_covariance(images, &mean, &basis).qr().q();
        }
        let within = basis.tr_mul(&times_covariance(images, &mean, &basis));
        let eigen = SymmetricEigen::new(within);
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        order.truncate(count);
        Self {
            mean,
            directions: basis * eigen.eigenvectors.select_columns(&order),
        }
    }

    /// For each number of components the mean squared error, per value, of projecting pictures onto that many of the first ones.
    pub(super) fn errors(&self, images: &Images, counts: &[usize]) -> Vec<(usize, f64)> {
        // Energy around the mean, in total and along each direction: the part that is not along the first ones is lost.
        let mut all = 0.0;
        let mut along = vec![0.0; self.directions.ncols()];
        for pictures in columns(images, &self.mean) {
            all += pictures.norm_squared();
            let projected = self.directions.tr_mul(&pictures);
            for (along, row) in along.iter_mut().zip(projected.row_iter()) {
                *along += row.norm_squared();
            }
        }
        let values = images.pixels().len() as f64;
        let lost = |count: &usize| all - along.iter().take(*count).sum::<f64>();
        counts
            .iter()
            .map(|count| (*count, lost(count) / values))
            .collect()
    }

    /// The residual of pictures after projection onto all of the components, values 0 to 1.
    pub(super) fn project(&self, images: &Images) -> Vec<f32> {
        let mut projected = Vec::with_capacity(images.pixels().len());
        for pictures in columns(images, &self.mean) {
            let mut back = &self.directions * self.directions.tr_mul(&pictures);
            for mut picture in back.column_iter_mut() {
                picture += &self.mean;
            }
            projected.extend(back.iter().map(|&value| value.clamp(0.0, 1.0) as f32));
        }
        projected
    }
}

/// The covariance of pictures times a matrix, without the covariance.
fn times_covariance(images: &Images, mean: &DVector<f64>, basis: &DMatrix<f64>) -> DMatrix<f64> {
    let mut product = DMatrix::zeros(basis.nrows(), basis.ncols());
    for pictures in columns(images, mean) {
        let along = pictures.tr_mul(basis);
        product.gemm(1.0, &pictures, &along, 1.0);
    }
    product / images.len() as f64
}

/// Matrices with a picture in each column, values 0 to 1 less the mean.
fn columns<'a>(images: &'a Images, mean: &'a DVector<f64>) -> impl Iterator<Item = DMatrix<f64>> + 'a {
    let size = images.shape().len();
    images.pixels().chunks(AT_ONCE * size).map(move |bytes| {
        let mut pictures =
            DMatrix::from_vec(size, bytes.len() / size, pixels_from_bytes(bytes)).map(f64::from);
        for mut picture in pictures.column_iter_mut() {
            picture -= mean;
        }
        pictures
    })
}

#[cfg(test)]
mod tests {
    use latent_lab::{ImageShape, mse};

    use super::*;

    fn images(side: usize, pixels: Vec<u8>) -> Images {
        let shape = ImageShape {
            channels: 1,
            height: side,
            width: side,
        };
        Images::new(shape, pixels, Vec::new()).unwrap()
    }

    /// Pictures that vary in only two directions, more in the first.
    #[test]
    fn as_many_components_as_directions_have_no_error() {
        let picture = |n: usize| (0..64).map(move |at| if at % 2 == 0 { n % 10 * 25 } else { n % 7 } as u8);
        let images = images(8, (0..70).flat_map(picture).collect());
        let errors = Components::of(&images, 2).errors(&images, &[0, 1, 2]);
        assert!(errors[0].1 > errors[1].1 && errors[1].1 > 1e-6, "{errors:?}");
        assert!(errors[2].1.abs() < 1e-9, "{errors:?}");
    }

    /// Noise whose variance decreases from pixel to pixel, with more pixels than the search has directions.
    #[test]
    fn the_components_agree_with_those_of_the_full_covariance_matrix() {
        let draws = normal_draws(3, 0, 300 * 144);
        let pixels =
            (0..300 * 144).map(|at| (128.0 + 60.0 * draws[at] / (1.0 + (at % 144) as f32).sqrt()) as u8);
        let images = images(12, pixels.collect());
        let components = Components::of(&images, 20);
        let exact = {
            let mean = components.mean.clone();
            let all: Vec<DMatrix<f64>> = columns(&images, &mean).collect();
            let covariance = &all[0] * all[0].transpose() / 300.0;
            let mut values: Vec<f64> = SymmetricEigen::new(covariance)
                .eigenvalues
                .iter()
                .copied()
                .collect();
            values.sort_by(|a, b| b.total_cmp(a));
            values[20..].iter().sum::<f64>() / 144.0
        };
        let found = components.errors(&images, &[20])[0].1;
        assert!((found / exact - 1.0).abs() < 1e-4, "{found} {exact}");
        let projected = components.project(&images);
        let of_projected = mse(&pixels_from_bytes(images.pixels()), &projected);
        assert!(
            (of_projected / found - 1.0).abs() < 1e-4,
            "{of_projected} {found}"
        );
    }
}
