//! The plain objects that cross the boundary, in Rust and in TypeScript. `wasm-bindgen` writes the TypeScript into the `.d.ts` of
//! every module, against which the page's scripts are checked.

use js_sys::{Float32Array, Uint8Array};
use latent_lab::LatentsFile;
use serde::Serialize;
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

/** The description in a model file; another program may have written anything into it. The last two fields are of a run in a browser. */
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

/** Stored encoder means, [n, latent], with a label for each image or none at all. */
export interface StoredLatents { latent: number; mean: Float32Array; labels: Uint8Array; model: string }
"#;

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
