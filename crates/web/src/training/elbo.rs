//! -ELBO of a network on held-out pictures.

use js_sys::Promise;
use latent_lab::{Error, ErrorKind, kl, reconstruction, reparameterize};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{model::Model, types::to_object};

/// The parts of -ELBO, as sums over images.
#[derive(Serialize)]
struct ElboParts {
    reconstruction: f64,
    kl: f64,
}

#[wasm_bindgen]
impl Model {
    /// The parts of -ELBO of images `[n, channels, height, width]`, 0 to 1, as the core's
    /// `evaluate` has them, but as sums over the images, so that parts of a set can be measured one
    /// after the other. `noise` `[n, latent]`, standard normal, draws a latent for each image. A
    /// plain autoencoder needs none, and its KL is 0.
    #[wasm_bindgen(js_name = elboParts, unchecked_return_type = "Promise<ElboParts>")]
    pub fn elbo_parts(&self, pixels: Vec<f32>, noise: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let posterior = engine.encode(&pixels).await?;
            let likelihood = engine.config().likelihood;
            let (latents, kl) = match posterior.log_var {
                None => (posterior.mean, 0.0),
                Some(log_var) if log_var.len() == noise.len() => {
                    let latents = reparameterize(&posterior.mean, &log_var, &noise);
                    (latents, kl(&posterior.mean, &log_var))
                }
                Some(log_var) => {
                    let message = format!(
                        "expected {} values of noise, one for each latent value, got {}",
                        log_var.len(),
                        noise.len()
                    );
                    return Err(Error::new(ErrorKind::Argument, message).into());
                }
            };
            let logits = engine.decode_logits(&latents).await?;
            to_object(&ElboParts {
                reconstruction: reconstruction(likelihood, &logits, &pixels),
                kl,
            })
        })
    }
}
