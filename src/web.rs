//! The boundary to JavaScript, and the only file that names it: each function converts, calls the core, converts back.
//!
//! Pixels and latents cross as flat typed arrays, settings and losses as plain objects; every error is a real `Error`.
//! n, the number of pictures or latents, follows from the length of what is passed.
#![allow(unreachable_pub)] // wasm-bindgen exports these to JavaScript, the crate does not

use js_sys::{Float32Array, Promise, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::prelude::*;

#[cfg(feature = "cpu")]
use self::cpu::{ENGINE, PageEngine, Worked, instructions, open, promise, wait};
#[cfg(not(feature = "cpu"))]
use self::webgpu::{ENGINE, PageEngine, Worked, instructions, open, promise, wait};
use crate::{
    config::ModelConfig,
    data::Images,
    engine::{Engine, Losses, StepOptions},
    error::{Error, ErrorKind, Result},
    json::{self, Reader},
    latent,
    latents_file::LatentsFile,
    model_file::{self, Parts, Precision},
    pixels,
    train::{self, TrainerOptions},
    weights::Weights,
};

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(not(feature = "cpu"))]
mod webgpu;
mod workshop;

/// A loaded network: encodes and decodes.
#[wasm_bindgen]
pub struct Model {
    engine: Worked<PageEngine>,
    config: ModelConfig,
    instructions: &'static str,
    /// JSON.
    card: String,
}

#[wasm_bindgen]
impl Model {
    /// Reads and checks a model file. `engine` is the one that this module is built with, also when left out.
    #[wasm_bindgen(unchecked_return_type = "Promise<Model>")]
    pub fn load(bytes: Vec<u8>, engine: Option<String>) -> Promise {
        promise(async move {
            known_engine(engine)?;
            let parts = Parts::from_bytes(&bytes)?;
            drop(bytes);
            let engine = wait!(open(&parts.config, &parts.weights))?;
            Ok(Self::new(engine, parts.card).into())
        })
    }

    #[inline(never)] // once, not in every export
    fn new(engine: PageEngine, card: String) -> Self {
        Self {
            config: engine.config().clone(),
            instructions: instructions(&engine),
            engine: Worked::new(engine),
            card,
        }
    }

    /// What the file says about itself: name, data, license, command, seed, epochs, losses, notes. Empty when the file says
    /// nothing.
    #[wasm_bindgen(getter)]
    pub fn card(&self) -> Result<JsValue, JsValue> {
        js_sys::JSON::parse(if self.card.is_empty() { "{}" } else { &self.card })
    }

    /// The model config.
    #[wasm_bindgen(getter)]
    pub fn config(&self) -> Result<JsValue, JsValue> {
        js_sys::JSON::parse(&self.config.to_json())
    }

    /// Which instructions the engine computes with.
    #[wasm_bindgen(getter)]
    pub fn instructions(&self) -> String {
        self.instructions.into()
    }

    /// Pixels `[n, channels, height, width]`, 0 to 1, to `{mean, logVar}`, each `[n, latent]`; `logVar` is undefined for a
    /// plain autoencoder.
    #[wasm_bindgen(
        unchecked_return_type = "Promise<{ mean: Float32Array; logVar: Float32Array | undefined }>"
    )]
    pub fn encode(&mut self, pixels: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let posterior = wait!(engine.encode(&pixels))?;
            let log_var = posterior.log_var.as_deref().map(Float32Array::from);
            Ok(object(&[
                ("mean", Float32Array::from(&posterior.mean[..]).into()),
                ("logVar", log_var.into()),
            ]))
        })
    }

    /// Latents `[n, latent]` to pixels `[n, channels, height, width]`, 0 to 1.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn decode(&mut self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let pixels = wait!(engine.decode(&latents))?;
            Ok(Float32Array::from(&pixels[..]).into())
        })
    }

    /// Latents `[n, latent]` to RGBA bytes, n pictures below each other.
    #[wasm_bindgen(js_name = decodeRgba, unchecked_return_type = "Promise<Uint8ClampedArray>")]
    pub fn decode_rgba(&mut self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let pixels = wait!(engine.decode(&latents))?;
            let rgba = pixels::to_rgba(engine.config().image, &pixels);
            Ok(Uint8ClampedArray::from(&rgba[..]).into())
        })
    }

    /// RGBA bytes of pictures of the model's size, below each other, to what `encode` takes.
    #[wasm_bindgen(js_name = pixelsFromRgba)]
    pub fn pixels_from_rgba(&self, rgba: &[u8]) -> Result<Float32Array, JsValue> {
        let values = pixels::from_rgba(self.config.image, rgba)?;
        Ok(Float32Array::from(&values[..]))
    }

    /// A model file: `precision` is "f32", "f16", "i8" or "i7", `card` replaces the card.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint8Array>")]
    pub fn save(&mut self, precision: String, card: Option<js_sys::Object>) -> Promise {
        let own_card = self.card.clone();
        self.engine.run(async move |engine| {
            let precision: Precision = precision.parse()?;
            let card = match card {
                Some(card) => text(&card.into(), "the card")?,
                None => own_card,
            };
            let weights = wait!(engine.weights())?;
            let bytes = model_file::to_bytes(engine.config(), &weights, &card, precision);
            Ok(Uint8Array::from(&bytes[..]).into())
        })
    }
}

/// Settings of a training run.
struct Options {
    seed: u64,
    batch: usize,
    /// Whether a plain autoencoder starts from the weights of its variational twin, 0 or 1.
    twin: usize,
}

impl Options {
    fn from_json(text: &str) -> json::Result<Self> {
        let mut options = Self {
            seed: 0,
            batch: 64,
            twin: 0,
        };
        let mut reader = Reader::new(text);
        reader.fields(&["seed", "batch", "twin"], 1, &mut |reader, field| {
            match field {
                0 => options.seed = reader.number()?,
                1 => options.batch = reader.size()?,
                _ => options.twin = reader.size()?,
            }
            Ok(())
        })?;
        Ok(options)
    }
}

/// Takes training steps.
#[wasm_bindgen]
pub struct Trainer {
    trainer: Worked<train::Trainer<PageEngine>>,
}

#[wasm_bindgen]
impl Trainer {
    /// A new network with seeded weights. `config` is a model config, `options` is `{seed, batch = 64, twin = 0}`, `engine` the
    /// one that this module is built with, also when left out. With `twin` 1 an autoencoder starts from the weights of the
    /// variational one of the same seed. `start` is a model file whose weights the network starts from instead; its config must be
    /// the same, but for the kind.
    #[wasm_bindgen(unchecked_return_type = "Promise<Trainer>")]
    pub fn create(
        config: JsValue,
        options: JsValue,
        engine: Option<String>,
        start: Option<Vec<u8>>,
    ) -> Promise {
        promise(async move {
            known_engine(engine)?;
            let config = ModelConfig::from_json(&text(&config, "the model config")?)?;
            let Options { seed, batch, twin } = Options::from_json(&text(&options, "the training options")?)
                .map_err(|error| Error::new(ErrorKind::Argument, format!("the training options: {error}")))?;
            let weights = match (start, twin) {
                (Some(file), _) => start_weights(&config, &file)?,
                (None, 0) => Weights::init(&config, seed),
                (None, _) => Weights::init_twin(&config, seed),
            };
            let engine = wait!(open(&config, &weights))?;
            let options = TrainerOptions {
                seed,
                batch,
                augment: None,
            };
            Ok(Self {
                trainer: Worked::new(train::Trainer::new(engine, options)?),
            }
            .into())
        })
    }

    /// The pictures to train on, bytes `[n, channels, height, width]`.
    #[wasm_bindgen(js_name = setImages)]
    pub fn set_images(&mut self, pixels: Vec<u8>) -> Result<(), JsValue> {
        self.trainer.now(|trainer| {
            let shape = trainer.engine_mut().config().image;
            trainer.set_images(Images::new(shape, pixels, Vec::new())?)
        })?;
        Ok(())
    }

    /// One step of Adam on the next `batch` pictures: the losses, as they were before the step.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ reconstruction: number; kl: number; total: number }>")]
    pub fn step(&mut self, batch: usize, beta: f32, learning_rate: f32) -> Promise {
        self.trainer.run(async move |trainer| {
            trainer.set_batch(batch)?;
            let losses = wait!(trainer.step(step_options(beta, learning_rate)))?;
            Ok(losses_object(losses))
        })
    }

    /// A part of a step as `step` takes it: undefined, or the losses once it was the last part. On the CPU a part is a few
    /// pictures, so that the worker can answer others between.
    #[wasm_bindgen(
        js_name = stepPart,
        unchecked_return_type = "Promise<{ reconstruction: number; kl: number; total: number } | undefined>"
    )]
    pub fn step_part(&mut self, batch: usize, beta: f32, learning_rate: f32) -> Promise {
        self.trainer.run(async move |trainer| {
            trainer.set_batch(batch)?;
            let losses = wait!(trainer.step_part(step_options(beta, learning_rate)))?;
            Ok(losses.map_or(JsValue::UNDEFINED, losses_object))
        })
    }

    /// The network as it is now: a copy, which further steps do not change.
    #[wasm_bindgen(unchecked_return_type = "Promise<Model>")]
    pub fn model(&mut self) -> Promise {
        self.trainer.run(async move |trainer| {
            let engine = trainer.engine_mut();
            let weights = wait!(engine.weights())?;
            let engine = wait!(open(engine.config(), &weights))?;
            Ok(Model::new(engine, String::new()).into())
        })
    }
}

/// `frames` latents from `from` to `to`, both included, in a row; `path` is "lerp" or "slerp".
#[wasm_bindgen]
pub fn interpolate(path: &str, from: &[f32], to: &[f32], frames: usize) -> Result<Float32Array, JsValue> {
    let path = path.parse()?;
    if from.len() != to.len() {
        let message = format!(
            "expected two latents of one length, got {} and {}",
            from.len(),
            to.len()
        );
        return Err(Error::new(ErrorKind::Argument, message).into());
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
#[wasm_bindgen(
    js_name = parseLatents,
    unchecked_return_type = "{ latent: number; mean: Float32Array; labels: Uint8Array; model: string }"
)]
pub fn parse_latents(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let file = LatentsFile::from_bytes(bytes)?;
    Ok(object(&[
        ("latent", (file.latent as u32).into()),
        ("mean", Float32Array::from(&file.mean[..]).into()),
        ("labels", Uint8Array::from(&file.labels[..]).into()),
        ("model", file.model.into()),
    ]))
}

fn known_engine(engine: Option<String>) -> Result<()> {
    match engine.as_deref() {
        None | Some(ENGINE) => Ok(()),
        Some(other) => Err(Error::new(
            ErrorKind::Engine,
            format!("this module has the engine {ENGINE}, got {}", json::quoted(other)),
        )),
    }
}

/// The weights of a model file, for a network that may differ from it in its kind.
fn start_weights(config: &ModelConfig, file: &[u8]) -> Result<Weights> {
    let Parts {
        config: mut given,
        weights,
        ..
    } = Parts::from_bytes(file)?;
    given.kind = config.kind;
    if given != *config {
        // The page takes the run's config from the file: words for the reader would only be weight.
        let message = "the network to start from has another config than the run";
        return Err(Error::new(ErrorKind::Argument, message));
    }
    Weights::init_from(config, &weights)
}

/// What JavaScript catches: an `Error` with our message.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}

/// A plain object as JSON.
fn text(value: &JsValue, what: &str) -> Result<String, Error> {
    let json = js_sys::JSON::stringify(value)
        .ok()
        .and_then(|json| json.as_string());
    json.ok_or_else(|| Error::new(ErrorKind::Argument, format!("{what} is not a plain object")))
}

fn step_options(beta: f32, learning_rate: f32) -> StepOptions {
    StepOptions {
        beta,
        free_bits: 0.0,
        learning_rate,
    }
}

#[inline(never)] // once, not in every export
fn losses_object(losses: Losses) -> JsValue {
    object(&[
        ("reconstruction", losses.reconstruction.into()),
        ("kl", losses.kl.into()),
        ("total", losses.total.into()),
    ])
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in entries {
        // A plain object that was just made takes any property.
        let _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
