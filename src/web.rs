//! The boundary to JavaScript, and the only file that names it: each function converts, calls the core, converts back.
//!
//! Pixels and latents cross as flat typed arrays, settings and losses as plain objects; every error is a real `Error`.
//! n, the number of pictures or latents, follows from the length of what is passed.

use js_sys::{Float32Array, Uint8Array, Uint8ClampedArray};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::{
    config::ModelConfig,
    cpu::CpuEngine,
    data::Images,
    engine::{Engine, StepOptions},
    error::{Error, ErrorKind},
    latent,
    latents_file::LatentsFile,
    model_file::{Card, ModelFile, Precision},
    pixels,
    train::{self, TrainerOptions},
    weights::Weights,
};

/// A loaded network: encodes and decodes.
#[wasm_bindgen]
pub struct Model {
    engine: CpuEngine,
    card: Card,
}

#[wasm_bindgen]
impl Model {
    /// Reads and checks a model file. `engine` is "cpu", also when left out.
    pub async fn load(bytes: Vec<u8>, engine: Option<String>) -> Result<Model, JsValue> {
        known_engine(engine)?;
        let file = ModelFile::from_bytes(&bytes).map_err(into_error)?;
        drop(bytes);
        let engine = CpuEngine::new(&file.config, &file.weights).map_err(into_error)?;
        Ok(Self {
            engine,
            card: file.card,
        })
    }

    /// What the file says about itself: name, data, license, command, seed, epochs, losses, notes.
    #[wasm_bindgen(getter)]
    pub fn card(&self) -> Result<JsValue, JsValue> {
        to_object(&self.card)
    }

    /// The model config.
    #[wasm_bindgen(getter)]
    pub fn config(&self) -> Result<JsValue, JsValue> {
        to_object(self.engine.config())
    }

    /// Which instructions the engine computes with.
    #[wasm_bindgen(getter)]
    pub fn instructions(&self) -> String {
        self.engine.instructions().into()
    }

    /// Pixels `[n, channels, height, width]`, 0 to 1, to `{mean, logVar}`, each `[n, latent]`; `logVar` is undefined for a
    /// plain autoencoder.
    pub async fn encode(&mut self, pixels: Vec<f32>) -> Result<EncodedPictures, JsValue> {
        let posterior = self.engine.encode(&pixels).await.map_err(into_error)?;
        let object = js_sys::Object::new();
        set(&object, "mean", &Float32Array::from(&posterior.mean[..]));
        let log_var = posterior.log_var.as_deref().map(Float32Array::from);
        set(&object, "logVar", &log_var.into());
        Ok(object.unchecked_into())
    }

    /// Latents `[n, latent]` to pixels `[n, channels, height, width]`, 0 to 1.
    pub async fn decode(&mut self, latents: Vec<f32>) -> Result<Float32Array, JsValue> {
        let pixels = self.engine.decode(&latents).await.map_err(into_error)?;
        Ok(Float32Array::from(&pixels[..]))
    }

    /// Latents `[n, latent]` to RGBA bytes, n pictures below each other.
    #[wasm_bindgen(js_name = decodeRgba)]
    pub async fn decode_rgba(&mut self, latents: Vec<f32>) -> Result<Uint8ClampedArray, JsValue> {
        let image = self.engine.config().image;
        let values = self.engine.decode(&latents).await.map_err(into_error)?;
        Ok(Uint8ClampedArray::from(&pixels::to_rgba(image, &values)[..]))
    }

    /// RGBA bytes of pictures of the model's size, below each other, to what `encode` takes.
    #[wasm_bindgen(js_name = pixelsFromRgba)]
    pub fn pixels_from_rgba(&self, rgba: &[u8]) -> Result<Float32Array, JsValue> {
        let values = pixels::from_rgba(self.engine.config().image, rgba).map_err(into_error)?;
        Ok(Float32Array::from(&values[..]))
    }

    /// A model file: `precision` is "f32", "f16" or "i8", `card` replaces the card.
    pub async fn save(
        &mut self,
        precision: String,
        card: Option<js_sys::Object>,
    ) -> Result<Uint8Array, JsValue> {
        let precision: Precision = precision.parse().map_err(into_error)?;
        let card = match card {
            Some(card) => from_object(card.into(), "the card")?,
            None => self.card.clone(),
        };
        let weights = self.engine.weights().await.map_err(into_error)?;
        let file = ModelFile {
            config: self.engine.config().clone(),
            card,
            weights,
        };
        Ok(Uint8Array::from(&file.to_bytes(precision)[..]))
    }
}

/// Settings of a training run.
#[derive(Deserialize)]
struct Options {
    seed: u64,
    #[serde(default = "default_batch")]
    batch: usize,
}

fn default_batch() -> usize {
    64
}

/// Takes training steps.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::Trainer<CpuEngine>,
}

#[wasm_bindgen]
impl Trainer {
    /// A new network with seeded weights. `options` is `{seed, batch = 64}`, `engine` "cpu", also when left out.
    pub async fn create(
        config: JsValue,
        options: JsValue,
        engine: Option<String>,
    ) -> Result<Trainer, JsValue> {
        known_engine(engine)?;
        let config: ModelConfig = from_object(config, "the model config")?;
        let Options { seed, batch } = from_object(options, "the training options")?;
        config.validate().map_err(into_error)?;
        let engine = CpuEngine::new(&config, &Weights::init(&config, seed)).map_err(into_error)?;
        let options = TrainerOptions {
            seed,
            batch,
            augment: None,
        };
        let trainer = train::Trainer::new(engine, options).map_err(into_error)?;
        Ok(Self { trainer })
    }

    /// The pictures to train on, bytes `[n, channels, height, width]`.
    #[wasm_bindgen(js_name = setImages)]
    pub fn set_images(&mut self, pixels: Vec<u8>) -> Result<(), JsValue> {
        let shape = self.trainer.engine_mut().config().image;
        let images = Images::new(shape, pixels, Vec::new()).map_err(into_error)?;
        self.trainer.set_images(images).map_err(into_error)
    }

    /// One step of Adam on the next `batch` pictures: `{reconstruction, kl, total}`, as they were before the step.
    pub async fn step(&mut self, batch: usize, beta: f32, learning_rate: f32) -> Result<StepLosses, JsValue> {
        self.trainer.set_batch(batch).map_err(into_error)?;
        let losses = self
            .trainer
            .step(StepOptions { beta, learning_rate })
            .await
            .map_err(into_error)?;
        let object = js_sys::Object::new();
        set(&object, "reconstruction", &losses.reconstruction.into());
        set(&object, "kl", &losses.kl.into());
        set(&object, "total", &losses.total.into());
        Ok(object.unchecked_into())
    }

    /// The network as it is now: a copy, which further steps do not change.
    pub async fn model(&mut self) -> Result<Model, JsValue> {
        let engine = self.trainer.engine_mut();
        let weights = engine.weights().await.map_err(into_error)?;
        let engine = CpuEngine::new(engine.config(), &weights).map_err(into_error)?;
        Ok(Model {
            engine,
            card: Card::default(),
        })
    }
}

/// `frames` latents from `from` to `to`, both included, in a row; `path` is "lerp" or "slerp".
#[wasm_bindgen]
pub fn interpolate(path: &str, from: &[f32], to: &[f32], frames: usize) -> Result<Float32Array, JsValue> {
    let path = path.parse().map_err(into_error)?;
    if from.len() != to.len() {
        let message = format!(
            "expected two latents of one length, got {} and {}",
            from.len(),
            to.len()
        );
        return Err(into_error(Error::new(ErrorKind::Argument, message)));
    }
    let latents = latent::path(path, from, to, frames);
    Ok(Float32Array::from(&latents[..]))
}

/// `count` standard normal draws; the same seed and stream give the same draws everywhere.
#[wasm_bindgen(js_name = normalDraws)]
pub fn normal_draws(seed: u32, stream: u32, count: usize) -> Float32Array {
    Float32Array::from(&latent::normal_draws(seed.into(), stream.into(), count)[..])
}

/// Two-dimensional latents of a grid from -extent to extent, row by row from the top.
#[wasm_bindgen(js_name = latentGrid)]
pub fn latent_grid(columns: usize, rows: usize, extent: f32) -> Float32Array {
    Float32Array::from(&latent::grid(columns, rows, extent)[..])
}

/// Reads a file of stored latents: `{latent, mean, labels, model}`.
#[wasm_bindgen(js_name = parseLatents)]
pub fn parse_latents(bytes: &[u8]) -> Result<StoredLatents, JsValue> {
    let file = LatentsFile::from_bytes(bytes).map_err(into_error)?;
    let object = js_sys::Object::new();
    set(&object, "latent", &(file.latent as u32).into());
    set(&object, "mean", &Float32Array::from(&file.mean[..]));
    set(&object, "labels", &Uint8Array::from(&file.labels[..]));
    set(&object, "model", &file.model.into());
    Ok(object.unchecked_into())
}

#[wasm_bindgen]
extern "C" {
    /// `{mean: Float32Array, logVar: Float32Array | undefined}`
    #[wasm_bindgen(typescript_type = "{ mean: Float32Array; logVar: Float32Array | undefined }")]
    pub type EncodedPictures;
    /// `{reconstruction, kl, total}`
    #[wasm_bindgen(typescript_type = "{ reconstruction: number; kl: number; total: number }")]
    pub type StepLosses;
    /// `{latent, mean, labels, model}`
    #[wasm_bindgen(
        typescript_type = "{ latent: number; mean: Float32Array; labels: Uint8Array; model: string }"
    )]
    pub type StoredLatents;
}

fn known_engine(engine: Option<String>) -> Result<(), JsValue> {
    match engine.as_deref() {
        None | Some("cpu") => Ok(()),
        Some(other) => Err(into_error(Error::new(
            ErrorKind::Engine,
            format!("this module has the engine cpu, got {other:?}"),
        ))),
    }
}

/// What JavaScript catches: an `Error` with our message.
fn into_error(error: Error) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}

fn to_object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

fn from_object<T: serde::de::DeserializeOwned>(value: JsValue, what: &str) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| into_error(Error::new(ErrorKind::Argument, format!("{what}: {error}"))))
}

fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    // A plain object that was just made takes any property.
    let _ = js_sys::Reflect::set(object, &name.into(), value);
}
