//! Similarity of redrawn pictures to their originals.

use latent_lab::ImageShape;
use wasm_bindgen::prelude::*;

/// Structural similarity of two lists of images `[n, channels, height, width]`, 0 to 1: the mean over them.
#[wasm_bindgen]
pub fn ssim(channels: usize, height: usize, width: usize, a: &[f32], b: &[f32]) -> Result<f64, JsError> {
    let image = ImageShape {
        channels,
        height,
        width,
    };
    Ok(latent_lab::ssim(image, a, b)?)
}
