//! Structural similarity.

use crate::{
    config::ImageShape,
    error::{Error, ErrorKind, Result},
};

/// Side of the window.
const SIDE: usize = 11;
/// Standard deviation of the window's weights, in pixels.
const SIGMA: f64 = 1.5;
/// Keep the quotient stable where a window is nearly black or nearly flat; for values 0 to 1.
const C1: f64 = 0.01 * 0.01;
const C2: f64 = 0.03 * 0.03;

/// Structural similarity of two lists of pictures `[n, channels, height, width]`, values 0 to 1: the mean over pictures,
/// channels and all places where the whole window fits. 1 for equal pictures.
///
/// Wang, Bovik, Sheikh and Simoncelli 2004, with their constants: a Gaussian window of 11 x 11 pixels, sigma 1.5, K1 = 0.01,
/// K2 = 0.03. A smaller picture has a smaller window, the largest odd one that fits.
///
/// # Errors
/// `Argument` when the lengths are not equal, or not a positive multiple of a picture's.
pub fn ssim(image: ImageShape, a: &[f32], b: &[f32]) -> Result<f64> {
    if a.len() != b.len() || a.is_empty() || !a.len().is_multiple_of(image.len()) {
        return Err(Error::new(
            ErrorKind::Argument,
            format!(
                "expected two times the same positive multiple of {} values, got {} and {}",
                image.len(),
                a.len(),
                b.len()
            ),
        ));
    }
    let plane = image.height * image.width;
    let window = window(SIDE.min(image.height).min(image.width));
    let similarities = a.chunks_exact(plane).zip(b.chunks_exact(plane));
    let sum: f64 = similarities.map(|(a, b)| of_plane(image, &window, a, b)).sum();
    Ok(sum / (a.len() / plane) as f64)
}

/// Weights of one row of the window, which is the outer product of itself; they sum to 1.
fn window(most: usize) -> Vec<f64> {
    let side = if most % 2 == 1 { most } else { most - 1 };
    let weight = |at: usize| {
        let distance = at as f64 - (side / 2) as f64;
        libm::exp(-distance * distance / (2.0 * SIGMA * SIGMA))
    };
    let sum: f64 = (0..side).map(weight).sum();
    (0..side).map(|at| weight(at) / sum).collect()
}

fn of_plane(image: ImageShape, window: &[f64], a: &[f32], b: &[f32]) -> f64 {
    let mean = |values: &dyn Fn(usize) -> f64| blurred(image, window, values);
    let (a, b) = (|at: usize| f64::from(a[at]), |at: usize| f64::from(b[at]));
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let squares_a = mean(&|at| a(at) * a(at));
    let squares_b = mean(&|at| b(at) * b(at));
    let products = mean(&|at| a(at) * b(at));
    let similarity = |at: usize| {
        let (x, y) = (mean_a[at], mean_b[at]);
        let (variance_a, variance_b) = (squares_a[at] - x * x, squares_b[at] - y * y);
        let covariance = products[at] - x * y;
        (2.0 * x * y + C1) * (2.0 * covariance + C2) / ((x * x + y * y + C1) * (variance_a + variance_b + C2))
    };
    (0..mean_a.len()).map(similarity).sum::<f64>() / mean_a.len() as f64
}

/// Weighted means of all whole windows, row by row: first along the rows, then along the columns.
fn blurred(image: ImageShape, window: &[f64], value: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let (rows, columns) = (image.height + 1 - window.len(), image.width + 1 - window.len());
    let mut along = vec![0.0; image.height * columns];
    for y in 0..image.height {
        for x in 0..columns {
            along[y * columns + x] = (window.iter().enumerate())
                .map(|(at, weight)| weight * value(y * image.width + x + at))
                .sum();
        }
    }
    let mut means = vec![0.0; rows * columns];
    for y in 0..rows {
        for x in 0..columns {
            means[y * columns + x] = (window.iter().enumerate())
                .map(|(at, weight)| weight * along[(y + at) * columns + x])
                .sum();
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latent::normal_draws;

    const IMAGE: ImageShape = ImageShape {
        channels: 1,
        height: 16,
        width: 20,
    };

    fn noise(stream: u64) -> Vec<f32> {
        let draws = normal_draws(1, stream, IMAGE.len());
        draws
            .iter()
            .map(|draw| (0.5 + 0.15 * draw).clamp(0.0, 1.0))
            .collect()
    }

    /// Compares with the formula for the only window that fits.
    #[test]
    fn a_single_window_agrees_with_the_formula() {
        let image = ImageShape {
            channels: 1,
            height: 3,
            width: 3,
        };
        let (a, b): (Vec<f32>, Vec<f32>) = (0..9).map(|n| (n as f32 / 9.0, (n * n) as f32 / 81.0)).unzip();
        let edge = (-0.5 / (1.5 * 1.5_f64)).exp();
        let weights = [edge, 1.0, edge].map(|weight| weight / (1.0 + 2.0 * edge));
        let mean = |value: &dyn Fn(usize) -> f64| -> f64 {
            (0..9).map(|n| weights[n / 3] * weights[n % 3] * value(n)).sum()
        };
        let (a64, b64) = (|n: usize| f64::from(a[n]), |n: usize| f64::from(b[n]));
        let (x, y) = (mean(&a64), mean(&b64));
        let variance_a = mean(&|n| (a64(n) - x).powi(2));
        let variance_b = mean(&|n| (b64(n) - y).powi(2));
        let covariance = mean(&|n| (a64(n) - x) * (b64(n) - y));
        let expected = (2.0 * x * y + 1e-4) * (2.0 * covariance + 9e-4)
            / ((x * x + y * y + 1e-4) * (variance_a + variance_b + 9e-4));
        assert!((ssim(image, &a, &b).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn equal_pictures_have_a_similarity_of_one_and_others_less() {
        let (a, b) = (noise(1), noise(2));
        assert!((ssim(IMAGE, &a, &a).unwrap() - 1.0).abs() < 1e-12);
        let half: Vec<f32> = a.iter().zip(&b).map(|(a, b)| 0.5 * (a + b)).collect();
        let (near, far) = (ssim(IMAGE, &a, &half).unwrap(), ssim(IMAGE, &a, &b).unwrap());
        assert!(far < near && near < 0.99, "{far} {near}");
    }

    #[test]
    fn lengths_are_checked() {
        let a = noise(1);
        assert!(ssim(IMAGE, &a, &a[1..]).is_err());
        assert!(ssim(IMAGE, &a[1..], &a[1..]).is_err());
        assert!(ssim(IMAGE, &[], &[]).is_err());
    }
}
