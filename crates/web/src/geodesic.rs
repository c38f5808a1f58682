//! `Model.geodesic`: paths that stay where pictures are. It needs the CPU's engine, but not its training.

use js_sys::{Float32Array, Promise};
use latent_lab::{Geodesics, path_frames};
use wasm_bindgen::prelude::*;

use crate::model::Model;

#[wasm_bindgen]
impl Model {
    /// `frames` latents from `from` to `to` along the way that is short in pixels and keeps to where the fitted prior is dense; without a
    /// prior the arc with even steps. The first call prepares the prior. The CPU's engine only.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn geodesic(&self, from: Vec<f32>, to: Vec<f32>, frames: usize) -> Promise {
        let (geodesics, prior) = (self.geodesics.clone(), self.prior.clone());
        self.engine.run(async move |engine| {
            let latent = engine.config().latent;
            let engine = engine.on_cpu()?;
            let mut prepared = geodesics.borrow_mut();
            let geodesics = match &mut *prepared {
                Some(geodesics) => geodesics,
                none => none.insert(Geodesics::new(engine, prior.as_ref())?),
            };
            let points = geodesics.path(engine, &from, &to)?;
            Ok(Float32Array::from(&path_frames(&points, latent, frames)[..]).into())
        })
    }
}
