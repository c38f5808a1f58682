//! The plain objects that cross the boundary, in Rust and in TypeScript. `wasm-bindgen` writes the TypeScript into the `.d.ts`
//! of every module, which is what the page's scripts are checked against.

use js_sys::{Error, Float32Array, Uint8Array};
use latent_lab::LatentsFile;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Size of one image. */
export interface ImageShape { channels: number; height: number; width: number }

/** One convolution of the encoder; the decoder mirrors it. */
export interface LayerConfig { filters: number; kernel: number; stride: number }

/** A network. */
export interface ModelConfig {
  image: ImageShape;
  layers: LayerConfig[];
  latent: number;
  kind: 'variational' | 'autoencoder';
  likelihood: 'bernoulli' | 'gaussian';
}

/** The description in a model file; another program may have written anything. The last two fields are of a run in a browser. */
export interface Card {
  name?: string;
  data?: string;
  license?: string;
  command?: string;
  seed?: number;
  epochs?: number;
  losses?: Record<string, number>;
  notes?: string;
  steps?: number;
  beta?: number;
}

/** Mean and log-variance of n images, each [n, latent]; a plain autoencoder has no log-variance. */
export interface Posterior { mean: Float32Array; logVar?: Float32Array }

/** Loss parts of one batch, each the mean over its images. */
export interface Losses { reconstruction: number; kl: number; total: number }

/** Options that are fixed for a training run. With `twin` an autoencoder starts from the weights of the variational network of the same seed. */
export interface TrainerOptions { seed: number; batch?: number; twin?: boolean }

/** Options of a critic, fixed while it is there. */
export interface SharpenerOptions { seed: number; batch: number; augment: Augmentation }

/** Losses of a step against a critic, with its verdicts: their means on real images and on drawn ones, its hinge loss, and the running share of verdicts beyond doubt. */
export interface SharpenerLosses extends Losses { verdicts: [number, number, number, number] }

/** Options that may change between steps. */
export interface StepOptions { batch: number; beta: number; learningRate: number }

/** How far an image is moved each time that it is seen; all zero leaves it as it is. */
export interface Augmentation { flip: boolean; rotate: number; shift: number; zoom: number }

/** Stored encoder means, [n, latent], with a label for each image or none at all. */
export interface StoredLatents { latent: number; mean: Float32Array; labels: Uint8Array; model: string }
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

/// The posteriors of an encoder, as typed arrays without a copy into lists.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Posterior {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mean: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    log_var: JsValue,
}

impl From<&latent_lab::Posterior> for Posterior {
    fn from(posterior: &latent_lab::Posterior) -> Self {
        Self {
            mean: Float32Array::from(&posterior.mean[..]),
            log_var: posterior.log_var.as_deref().map(Float32Array::from).into(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StoredLatents {
    latent: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mean: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: Uint8Array,
    model: String,
}

impl From<LatentsFile> for StoredLatents {
    fn from(file: LatentsFile) -> Self {
        Self {
            latent: file.latent,
            mean: Float32Array::from(&file.mean[..]),
            labels: Uint8Array::from(&file.labels[..]),
            model: file.model,
        }
    }
}

/// A value as a plain object.
pub(crate) fn to_object(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A plain object as a value; `what` names it in the error.
pub(crate) fn from_object<T: DeserializeOwned>(what: &str, object: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(object).map_err(|error| {
        let error: Error = JsValue::from(error).unchecked_into();
        JsError::new(&format!("{what}: {}", String::from(error.message())))
    })
}
