//! KL divergences for the previews of a run.

use js_sys::Float32Array;
use latent_lab::{Error, ErrorKind, LatentUse};
use wasm_bindgen::prelude::*;

/// KL divergence of each latent dimension in nats, the mean over posteriors: `mean` and `log_var` are `[n, latent]`.
#[wasm_bindgen(js_name = latentDivergences)]
pub fn latent_divergences(latent: usize, mean: &[f32], log_var: &[f32]) -> Result<Float32Array, JsError> {
    let is_whole = !mean.is_empty() && mean.len().checked_rem(latent) == Some(0);
    if !is_whole || mean.len() != log_var.len() {
        let message = format!(
            "expected means and log-variances of posteriors with {latent} values each, got {} and {}",
            mean.len(),
            log_var.len()
        );
        return Err(Error::new(ErrorKind::Argument, message).into());
    }
    let latents = LatentUse::of(latent, mean, log_var);
    let divergences: Vec<f32> = latents.divergences().map(|kl| kl as f32).collect();
    Ok(Float32Array::from(&divergences[..]))
}
