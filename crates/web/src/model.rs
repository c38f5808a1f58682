//! `Model`: a network that encodes and decodes.

use js_sys::{Float32Array, JSON, Promise, Uint8ClampedArray};
use latent_lab::{
    Error, ErrorKind, ImageShape, ModelConfig, Prior, RawModelFile, pixels_from_rgba, pixels_to_rgba,
};
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use crate::{
    engine::PageEngine,
    shared::{Shared, promise},
    types::{Posterior, to_object},
};

/// A loaded network: encodes and decodes.
#[wasm_bindgen]
pub struct Model {
    pub(crate) engine: Shared<PageEngine>,
    pub(crate) config: ModelConfig,
    instructions: &'static str,
    /// JSON, or empty.
    pub(crate) card: String,
    pub(crate) prior: Option<Prior>,
}

impl Model {
    pub(crate) fn new(engine: PageEngine, card: String) -> Self {
        Self {
            config: engine.config().clone(),
            instructions: engine.instructions(),
            engine: Shared::new(engine),
            card,
            prior: None,
        }
    }
}

#[wasm_bindgen]
impl Model {
    /// Reads and checks a model file. Without `engine` the network runs on the module's first one.
    #[wasm_bindgen(unchecked_return_type = "Promise<Model>")]
    pub fn load(bytes: Vec<u8>, engine: Option<String>) -> Promise {
        promise(async move {
            let engine = PageEngine::name_or_first(engine)?;
            let file = RawModelFile::from_bytes(&bytes)?;
            drop(bytes);
            let engine = PageEngine::open(engine, &file.config, &file.weights).await?;
            let model = Self {
                prior: file.prior,
                ..Self::new(engine, file.card)
            };
            Ok(model.into())
        })
    }

    /// The card of the file.
    #[wasm_bindgen(getter, unchecked_return_type = "Card")]
    pub fn card(&self) -> Result<JsValue, JsValue> {
        JSON::parse(if self.card.is_empty() { "{}" } else { &self.card })
    }

    /// The model config.
    #[wasm_bindgen(getter, unchecked_return_type = "ModelConfig")]
    pub fn config(&self) -> Result<JsValue, JsError> {
        to_object(&self.config)
    }

    /// Number of components of the prior fitted to the network's codes; 0 if there is none.
    #[wasm_bindgen(getter)]
    pub fn components(&self) -> usize {
        self.prior.as_ref().map_or(0, Prior::components)
    }

    /// `count` random latents `[count, latent]` from the fitted prior, or from the normal distribution with its mean and covariance:
    /// `source` is "mixture" or "gaussian". The same seed and stream give the same draws everywhere; `temperature` scales deviations
    /// from the mean of a draw's component.
    #[wasm_bindgen(js_name = priorDraws)]
    pub fn prior_draws(
        &self,
        source: &str,
        seed: u32,
        stream: u32,
        count: usize,
        temperature: f32,
    ) -> Result<Float32Array, JsError> {
        let gaussian;
        let prior = match (&self.prior, source) {
            (Some(prior), "mixture") => prior,
            (Some(prior), "gaussian") => {
                gaussian = prior.gaussian();
                &gaussian
            }
            _ => {
                let message = "this model has no fitted prior of that kind";
                return Err(Error::new(ErrorKind::Argument, message).into());
            }
        };
        let draws = prior.draws(seed.into(), stream.into(), count, temperature);
        Ok(Float32Array::from(&draws[..]))
    }

    /// The fitted prior in a row: weights `[k]`, means `[k, latent]`, and lower triangles of the factors, row by row; empty if
    /// there is none. The page computes densities from it: exponentials in f64 would make the module 2 kB larger.
    #[wasm_bindgen(getter, js_name = priorParts)]
    pub fn prior_parts(&self) -> Float32Array {
        let parts = self
            .prior
            .as_ref()
            .map(|prior| [prior.weights(), prior.means(), prior.factors()].concat());
        Float32Array::from(&parts.unwrap_or_default()[..])
    }

    /// The engine's instruction set.
    #[wasm_bindgen(getter)]
    pub fn instructions(&self) -> String {
        self.instructions.into()
    }

    /// Pixels `[n, channels, height, width]`, 0 to 1, to the posterior.
    #[wasm_bindgen(unchecked_return_type = "Promise<Posterior>")]
    pub fn encode(&self, pixels: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let posterior = engine.encode(&pixels).await?;
            to_object(&Posterior::from(&posterior))
        })
    }

    /// Latents `[n, latent]` to pixels `[n, channels, height, width]`, 0 to 1.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn decode(&self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let pixels = engine.decode(&latents).await?;
            Ok(Float32Array::from(&pixels[..]).into())
        })
    }

    /// Latents `[n, latent]` to one picture with n images below each other.
    #[wasm_bindgen(js_name = decodeImages, unchecked_return_type = "Promise<ImageData>")]
    pub fn decode_images(&self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let pixels = engine.decode(&latents).await?;
            image_data(engine.config().image, &pixels)
        })
    }

    /// Latents `[n, latent]` to the feature maps of every layer of the decoder, in the order of the data: after leaky ReLU, and
    /// for the last layer the logits. For each latent all layers, each `[channels, height, width]`. The CPU's engine only.
    #[wasm_bindgen(js_name = decoderMaps, unchecked_return_type = "Promise<Float32Array>")]
    pub fn decoder_maps(&self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let values = engine.decoder_maps(&latents)?;
            Ok(Float32Array::from(&values[..]).into())
        })
    }

    /// RGBA bytes of images of the model's size, below each other, to the pixels that `encode` takes.
    #[wasm_bindgen(js_name = pixelsFromRgba)]
    pub fn pixels_from_rgba(&self, rgba: &[u8]) -> Result<Float32Array, JsError> {
        let values = pixels_from_rgba(self.config.image, rgba)?;
        Ok(Float32Array::from(&values[..]))
    }
}

/// Images below each other, as a browser draws them.
fn image_data(image: ImageShape, pixels: &[f32]) -> Result<JsValue, JsError> {
    let rgba = pixels_to_rgba(image, pixels);
    let height = rgba.len() / (4 * image.width);
    // A copy, since ImageData would keep the module's own memory.
    let data = Uint8ClampedArray::from(&rgba[..]);
    ImageData::new_with_js_u8_clamped_array_and_sh(&data, image.width as u32, height as u32)
        .map(JsValue::from)
        .map_err(|_| JsError::new("the browser has no memory for the decoded images"))
}
