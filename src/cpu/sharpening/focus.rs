//! The weight of each position of a picture in the difference between it and its reconstruction.

use crate::config::ImageShape;

/// Standard deviation of the bell over the middle, as a part of the side.
const WIDTH: f32 = 0.2;

/// Weights `[height * width]` with a mean of 1. Those in the middle are `middle` times as large as those far from it, with a Gaussian bell
/// in between. All are exactly 1 for `middle` = 1.
pub(super) fn weights(image: ImageShape, middle: f32) -> Vec<f32> {
    let square = |at: usize, side: usize| {
        let away = (at as f32 + 0.5) / side as f32 - 0.5;
        away * away
    };
    let bell = |at: usize| {
        let squares = square(at / image.width, image.height) + square(at % image.width, image.width);
        1.0 + (middle - 1.0) * libm::expf(-squares / (2.0 * WIDTH * WIDTH))
    };
    let weights: Vec<f32> = (0..image.height * image.width).map(bell).collect();
    let mean = weights.iter().sum::<f32>() / weights.len() as f32;
    weights.iter().map(|weight| weight / mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: ImageShape = ImageShape {
        channels: 3,
        height: 64,
        width: 48,
    };

    #[test]
    fn weights_have_a_mean_of_one_and_the_ratio_that_is_asked_for() {
        for middle in [0.0, 0.5, 4.0] {
            let weights = weights(IMAGE, middle);
            let mean = weights.iter().sum::<f32>() / weights.len() as f32;
            let [corner, center] = [weights[0], weights[32 * 48 + 24]];
            assert!((mean - 1.0).abs() < 1e-4, "{mean}");
            assert!(
                (center / corner - middle).abs() < 0.05 * middle.max(0.1),
                "{center} {corner}"
            );
            assert_eq!(corner, weights[weights.len() - 1]);
        }
    }

    #[test]
    fn without_a_choice_all_weigh_the_same() {
        assert!(weights(IMAGE, 1.0).iter().all(|&weight| weight == 1.0));
    }
}
