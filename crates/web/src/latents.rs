//! Latents without a network: paths, seeded draws, grids, stored ones.

use js_sys::Float32Array;
use latent_lab::{Error, ErrorKind, LatentsFile, latent_path};
use wasm_bindgen::prelude::*;

use crate::types::{StoredLatents, to_object};

/// `frames` latents from `from` to `to`, both included, in a row; `path` is "lerp" or "slerp".
#[wasm_bindgen]
pub fn interpolate(path: &str, from: &[f32], to: &[f32], frames: usize) -> Result<Float32Array, JsError> {
    let path = path.parse()?;
    if from.len() != to.len() {
        let message = format!(
            "expected two latents of one length, got {} and {}",
            from.len(),
            to.len()
        );
        return Err(Error::new(ErrorKind::Argument, message).into());
    }
    Ok(Float32Array::from(&latent_path(path, from, to, frames)[..]))
}

/// `count` standard normal draws; the same seed and stream give the same draws everywhere.
#[wasm_bindgen(js_name = normalDraws)]
pub fn normal_draws(seed: u32, stream: u32, count: usize) -> Float32Array {
    Float32Array::from(&latent_lab::normal_draws(seed.into(), stream.into(), count)[..])
}

/// Two-dimensional latents of a grid from -extent to extent, row by row from the top.
#[wasm_bindgen(js_name = latentGrid)]
pub fn latent_grid(columns: usize, rows: usize, extent: f32) -> Float32Array {
    Float32Array::from(&latent_lab::latent_grid(columns, rows, extent)[..])
}

/// Reads a file of stored latents.
#[wasm_bindgen(js_name = parseLatents, unchecked_return_type = "StoredLatents")]
pub fn parse_latents(bytes: &[u8]) -> Result<JsValue, JsError> {
    to_object(&StoredLatents::from(LatentsFile::from_bytes(bytes)?))
}
