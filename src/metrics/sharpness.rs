//! Sharpness: the amount of fine detail in pictures, whatever they show.

use crate::{
    config::ImageShape,
    error::{Error, ErrorKind, Result},
};

/// Weights of red, green and blue in the luma (ITU-R BT.601).
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// Detail of the gray versions of a set of pictures with values 0 to 1; each number is the mean over the pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sharpness {
    /// Mean length of the gradient, from differences to the next pixel on the right and below.
    pub gradient: f64,
    /// Variance of the Laplacian, the sum of the four neighbors minus four times the pixel (Pech-Pacheco, Cristóbal,
    /// Chamorro-Martínez and Fernández-Valdivia 2000, "Diatom autofocusing in brightfield microscopy"). Only pixels that have all
    /// four neighbors count.
    pub laplacian_variance: f64,
}

impl Sharpness {
    /// Both measures as percentages of those of other pictures, usually the originals.
    pub fn percent_of(self, originals: Self) -> Self {
        Self {
            gradient: 100.0 * self.gradient / originals.gradient,
            laplacian_variance: 100.0 * self.laplacian_variance / originals.laplacian_variance,
        }
    }
}

/// Sharpness of pictures `[n, channels, height, width]`.
///
/// # Errors
/// `Argument` when the values are not a positive multiple of a picture's, or a side has fewer than 3 pixels.
pub fn sharpness(image: ImageShape, pictures: &[f32]) -> Result<Sharpness> {
    let too_small = image.height < 3 || image.width < 3;
    if too_small || pictures.is_empty() || !pictures.len().is_multiple_of(image.len()) {
        return Err(Error::new(
            ErrorKind::Argument,
            format!(
                "sharpness needs a positive multiple of {} values and sides of at least 3 pixels, got {} values of {} x {} pixels",
                image.len(),
                pictures.len(),
                image.width,
                image.height
            ),
        ));
    }
    let (mut gradient, mut variance) = (0.0, 0.0);
    for picture in pictures.chunks_exact(image.len()) {
        let gray = gray(image, picture);
        gradient += mean_gradient(image, &gray);
        variance += laplacian_variance(image, &gray);
    }
    let count = (pictures.len() / image.len()) as f64;
    Ok(Sharpness {
        gradient: gradient / count,
        laplacian_variance: variance / count,
    })
}

fn gray(image: ImageShape, picture: &[f32]) -> Vec<f64> {
    let plane = image.height * image.width;
    if image.channels == 1 {
        return picture.iter().map(|&value| f64::from(value)).collect();
    }
    (0..plane)
        .map(|at| {
            let colors = LUMA.iter().enumerate();
            colors
                .map(|(channel, weight)| weight * f64::from(picture[channel * plane + at]))
                .sum()
        })
        .collect()
}

fn mean_gradient(image: ImageShape, gray: &[f64]) -> f64 {
    let width = image.width;
    let mut sum = 0.0;
    for y in 0..image.height - 1 {
        for x in 0..width - 1 {
            let at = y * width + x;
            sum += libm::hypot(gray[at + 1] - gray[at], gray[at + width] - gray[at]);
        }
    }
    sum / ((image.height - 1) * (width - 1)) as f64
}

fn laplacian_variance(image: ImageShape, gray: &[f64]) -> f64 {
    let width = image.width;
    let inner = (1..image.height - 1).flat_map(|y| (1..width - 1).map(move |x| y * width + x));
    let laplacian =
        |at: usize| gray[at - 1] + gray[at + 1] + gray[at - width] + gray[at + width] - 4.0 * gray[at];
    let values: Vec<f64> = inner.map(laplacian).collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(channels: usize, height: usize, width: usize) -> ImageShape {
        ImageShape {
            channels,
            height,
            width,
        }
    }

    #[test]
    fn the_gradient_of_a_ramp_is_its_slope_and_its_laplacian_is_zero() {
        let ramp: Vec<f32> = (0..5 * 7).map(|at| 0.125 * (at % 7) as f32).collect();
        let measured = sharpness(shape(1, 5, 7), &ramp).unwrap();
        assert!((measured.gradient - 0.125).abs() < 1e-12, "{measured:?}");
        assert!(measured.laplacian_variance < 1e-24, "{measured:?}");
    }

    /// In NumPy, `l = x[:-2,1:-1] + x[2:,1:-1] + x[1:-1,:-2] + x[1:-1,2:] - 4*x[1:-1,1:-1]` of a single 1 in the middle of 5 x 5 zeros
    /// has the values -4, four times 1 and four times 0: mean 0, variance 20 / 9.
    #[test]
    fn a_single_bright_pixel_has_the_variance_of_the_kernel() {
        let mut picture = vec![0.0; 25];
        picture[12] = 1.0;
        let measured = sharpness(shape(1, 5, 5), &picture).unwrap();
        assert!(
            (measured.laplacian_variance - 20.0 / 9.0).abs() < 1e-12,
            "{measured:?}"
        );
    }

    #[test]
    fn half_the_contrast_has_half_the_gradient_and_a_quarter_of_the_variance() {
        let image = shape(3, 8, 8);
        let pictures = crate::latent::normal_draws(1, 0, 2 * image.len());
        let pale: Vec<f32> = pictures.iter().map(|value| 0.5 * value).collect();
        let measured = sharpness(image, &pale).unwrap();
        let percent = measured.percent_of(sharpness(image, &pictures).unwrap());
        assert!((percent.gradient - 50.0).abs() < 1e-4, "{percent:?}");
        assert!((percent.laplacian_variance - 25.0).abs() < 1e-4, "{percent:?}");
    }

    #[test]
    fn a_picture_with_equal_channels_counts_as_gray_and_pictures_are_averaged() {
        let gray = crate::latent::normal_draws(2, 0, 2 * 36);
        let color: Vec<f32> = gray.chunks(36).flat_map(|one| [one, one, one].concat()).collect();
        let of_gray = sharpness(shape(1, 6, 6), &gray).unwrap();
        let of_color = sharpness(shape(3, 6, 6), &color).unwrap();
        assert!((of_gray.gradient - of_color.gradient).abs() < 1e-9);
        let halves = [&gray[..36], &gray[36..]].map(|one| sharpness(shape(1, 6, 6), one).unwrap());
        let mean = (halves[0].laplacian_variance + halves[1].laplacian_variance) / 2.0;
        assert!((of_gray.laplacian_variance - mean).abs() < 1e-12);
    }

    #[test]
    fn parts_of_pictures_and_tiny_ones_are_refused() {
        for (image, values) in [
            (shape(1, 8, 8), 63),
            (shape(1, 8, 8), 0),
            (shape(1, 2, 8), 16),
            (shape(3, 8, 8), 64),
        ] {
            let error = sharpness(image, &vec![0.0; values]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument);
        }
    }
}
