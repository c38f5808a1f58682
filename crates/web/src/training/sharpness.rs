//! Sharpness of pictures, for the previews of a run.

use latent_lab::ImageShape;
use wasm_bindgen::prelude::*;

/// Variance of the Laplacian of images `[n, channels, height, width]`, 0 to 1: the mean over them.
#[wasm_bindgen]
pub fn sharpness(channels: usize, height: usize, width: usize, pixels: &[f32]) -> Result<f64, JsError> {
    let image = ImageShape {
        channels,
        height,
        width,
    };
    Ok(latent_lab::sharpness(image, pixels)?.laplacian_variance)
}
