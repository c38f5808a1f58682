//! The plain objects of a training run, in Rust and in TypeScript; see `crate::types`.

use js_sys::Error;
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Loss parts of one batch, each the mean over its images. */
export interface Losses { reconstruction: number; kl: number; total: number }

/** The parts of -ELBO, as sums over images. The reconstruction is in nats for a Bernoulli likelihood, and a squared error for a Gaussian one. */
export interface ElboParts { reconstruction: number; kl: number }

/** Options that are fixed for a training run. With `twin` an autoencoder starts from the weights of the variational network of the same seed. */
export interface TrainerOptions { seed: number; batch?: number; twin?: boolean }

/** Options of a critic, fixed while it is there. */
export interface SharpenerOptions { seed: number; batch: number; augment: Augmentation }

/** Losses of a step against a critic, with its verdicts: their means on real and on drawn images, its hinge loss, and the running share of verdicts beyond doubt. */
export interface SharpenerLosses extends Losses { verdicts: [number, number, number, number] }

/** Options that may change between steps. */
export interface StepOptions { batch: number; beta: number; learningRate: number }

/** How far an image is moved each time it is seen; all zero leaves it as it is. */
export interface Augmentation { flip: boolean; rotate: number; shift: number; zoom: number }
"#;

/// Options of `Trainer.create`.
#[derive(Deserialize)]
pub(crate) struct TrainerOptions {
    pub(crate) seed: u64,
    #[serde(default = "TrainerOptions::default_batch")]
    pub(crate) batch: usize,
    #[serde(default)]
    pub(crate) twin: bool,
}

impl TrainerOptions {
    fn default_batch() -> usize {
        64
    }
}

/// Options of `Sharpener`.
#[cfg(feature = "cpu")]
#[derive(Deserialize)]
pub(crate) struct SharpenerOptions {
    pub(crate) seed: u64,
    pub(crate) batch: usize,
    pub(crate) augment: latent_lab::Augment,
}

/// Options of `Trainer.step`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepOptions {
    pub(crate) batch: usize,
    beta: f32,
    learning_rate: f32,
}

impl StepOptions {
    pub(crate) fn of_step(&self) -> latent_lab::StepOptions {
        latent_lab::StepOptions {
            beta: self.beta,
            free_bits: 0.0,
            learning_rate: self.learning_rate,
        }
    }
}

/// A plain object as a value; `what` names it in the error.
pub(crate) fn from_object<T: DeserializeOwned>(what: &str, object: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(object).map_err(|error| {
        let error: Error = JsValue::from(error).unchecked_into();
        JsError::new(&format!("{what}: {}", String::from(error.message())))
    })
}
