//! `Geodesics`: a network's paths that stay where pictures are. They are in this feature because the first picture does not need
//! them.

use js_sys::Float32Array;
use latent_lab::{CpuEngine, RawModelFile, path_frames};
use wasm_bindgen::prelude::*;

/// A network with its fitted prior, prepared for paths.
#[wasm_bindgen]
pub struct Geodesics {
    engine: CpuEngine,
    latent: usize,
    paths: latent_lab::Geodesics,
}

#[wasm_bindgen]
impl Geodesics {
    /// Reads a model file and prepares its prior. Without one, a path is the arc with even steps.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Self, JsError> {
        let file = RawModelFile::from_bytes(bytes)?;
        let mut engine = CpuEngine::new(&file.config, &file.weights)?;
        Ok(Self {
            latent: file.config.latent,
            paths: latent_lab::Geodesics::new(&mut engine, file.prior.as_ref())?,
            engine,
        })
    }

    /// `frames` latents from `from` to `to`, both included, in a row.
    pub fn path(&mut self, from: &[f32], to: &[f32], frames: usize) -> Result<Float32Array, JsError> {
        let points = self.paths.path(&mut self.engine, from, to)?;
        Ok(Float32Array::from(&path_frames(&points, self.latent, frames)[..]))
    }
}
