//! Principal components: the best that a linear autoencoder with as many numbers can do, and so the line to beat.

use latent_lab::Images;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Pictures that are multiplied at once.
const AT_ONCE: usize = 2000;

/// For each number of components the mean squared error on the test pictures, per value, of projecting them on the first
/// components of the training pictures around their mean.
pub(super) fn errors(training: &Images, test: &Images, components: &[usize]) -> Vec<(usize, f64)> {
    let size = training.shape().len();
    let mut sum = DVector::zeros(size);
    let mut products = DMatrix::zeros(size, size);
    for pictures in columns(training) {
        sum += pictures.column_sum();
        products.gemm(1.0, &pictures, &pictures.transpose(), 1.0);
    }
    let count = training.len() as f64;
    let mean = sum / count;
    let covariance = products / count - &mean * mean.transpose();
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));

    // Energy of the test pictures around the mean, all of it and along each direction: what is not along the first is lost.
    let mut all = 0.0;
    let mut along = vec![0.0; size];
    for mut pictures in columns(test) {
        for mut picture in pictures.column_iter_mut() {
            picture -= &mean;
        }
        all += pictures.norm_squared();
        let projected = eigen.eigenvectors.tr_mul(&pictures);
        for (along, row) in along.iter_mut().zip(projected.row_iter()) {
            *along += row.norm_squared();
        }
    }
    let values = (test.len() * size) as f64;
    components
        .iter()
        .map(|&components| {
            let kept: f64 = order.iter().take(components).map(|&at| along[at]).sum();
            (components, (all - kept) / values)
        })
        .collect()
}

/// Matrices with a picture in each column, values 0 to 1.
fn columns(images: &Images) -> impl Iterator<Item = DMatrix<f64>> {
    let size = images.shape().len();
    images.pixels().chunks(AT_ONCE * size).map(move |bytes| {
        DMatrix::from_iterator(
            size,
            bytes.len() / size,
            bytes.iter().map(|&byte| f64::from(byte) / 255.0),
        )
    })
}

#[cfg(test)]
mod tests {
    use latent_lab::ImageShape;

    use super::*;

    /// Pictures that differ along two directions only, more along the first.
    #[test]
    fn as_many_components_as_directions_leave_nothing() {
        let shape = ImageShape {
            channels: 1,
            height: 8,
            width: 8,
        };
        let picture = |n: usize| (0..64).map(move |at| if at % 2 == 0 { n % 10 * 25 } else { n % 7 } as u8);
        let pixels: Vec<u8> = (0..70).flat_map(picture).collect();
        let images = Images::new(shape, pixels, Vec::new()).unwrap();
        let errors = errors(&images, &images, &[0, 1, 2]);
        assert!(errors[0].1 > errors[1].1 && errors[1].1 > 1e-6, "{errors:?}");
        assert!(errors[2].1.abs() < 1e-9, "{errors:?}");
    }
}
