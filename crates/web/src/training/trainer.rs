//! `Trainer`: an engine and its batches, which takes steps one part at a time.

use js_sys::{Float32Array, Promise};
use latent_lab::{Augment, Batches, Error, ErrorKind, Images, ModelConfig, RawModelFile, Weights};
use wasm_bindgen::prelude::*;

use super::types::{StepOptions, TrainerOptions, from_object};
use crate::{
    engine::PageEngine,
    model::Model,
    shared::{Shared, promise},
    types::to_object,
};

/// Takes training steps.
#[wasm_bindgen]
pub struct Trainer {
    pub(super) run: Shared<Run>,
}

/// The engine and the batches of a run.
pub(super) struct Run {
    pub(super) engine: PageEngine,
    pub(super) batches: Batches,
}

#[wasm_bindgen]
impl Trainer {
    /// A new network with seeded weights. Without `engine` it runs on the module's first one. `start` is a model file whose
    /// weights the network starts from instead; its config must be the same, except for the kind.
    #[wasm_bindgen(unchecked_return_type = "Promise<Trainer>")]
    pub fn create(
        #[wasm_bindgen(unchecked_param_type = "ModelConfig")] config: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TrainerOptions")] options: JsValue,
        engine: Option<String>,
        start: Option<Vec<u8>>,
    ) -> Promise {
        promise(async move {
            let engine = PageEngine::name_or_first(engine)?;
            let config = config_of(config)?;
            let TrainerOptions { seed, batch, twin } = from_object("the training options", options)?;
            let weights = match (start, twin) {
                (Some(file), _) => start_weights(&config, &file)?,
                (None, true) => Weights::init_twin(&config, seed),
                (None, false) => Weights::init(&config, seed),
            };
            let options = latent_lab::TrainerOptions {
                seed,
                batch,
                augment: None,
            };
            let run = Run {
                batches: Batches::new(&config, options)?,
                engine: PageEngine::open(engine, &config, &weights).await?,
            };
            Ok(Self {
                run: Shared::new(run),
            }
            .into())
        })
    }

    /// The images to train on, bytes `[n, channels, height, width]`.
    #[wasm_bindgen(js_name = setImages)]
    pub fn set_images(&self, pixels: Vec<u8>) -> Result<(), JsError> {
        Ok(self.run.now(|Run { engine, batches }| {
            batches.set_images(Images::new(engine.config().image, pixels, Vec::new())?)
        })?)
    }

    /// Changes each image each time it is seen: mirrored half of the time, rotated by up to `rotate` degrees, shifted by up to
    /// `shift` of the side, magnified by up to 1 + `zoom`. All zero turns it off.
    #[wasm_bindgen(js_name = setAugment)]
    pub fn set_augment(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Augmentation")] augment: JsValue,
    ) -> Result<(), JsError> {
        let augment: Augment = from_object("the augmentation", augment)?;
        let some = (augment != Augment::default()).then_some(augment);
        Ok(self.run.now(|run| run.batches.set_augment(some))?)
    }

    /// One step of Adam on the next `batch` images: the losses, as they were before the step.
    #[wasm_bindgen(unchecked_return_type = "Promise<Losses>")]
    pub fn step(&self, #[wasm_bindgen(unchecked_param_type = "StepOptions")] options: JsValue) -> Promise {
        self.run.run(async move |Run { engine, batches }| {
            let options: StepOptions = from_object("the step options", options)?;
            batches.set_batch(options.batch)?;
            let losses = engine.train_step(batches.begin()?, options.of_step()).await?;
            batches.advance();
            to_object(&losses)
        })
    }

    /// A part of a step as `step` takes it: undefined until the last part, then the losses. On the
    /// CPU a part is a few images, so that the worker can answer other requests in between.
    #[wasm_bindgen(js_name = stepPart, unchecked_return_type = "Promise<Losses | undefined>")]
    pub fn step_part(
        &self,
        #[wasm_bindgen(unchecked_param_type = "StepOptions")] options: JsValue,
    ) -> Promise {
        self.run.run(async move |Run { engine, batches }| {
            let options: StepOptions = from_object("the step options", options)?;
            batches.set_batch(options.batch)?;
            let (batch, begun) = batches.begin_part(options.of_step())?;
            let part = engine.train_part(batch, begun).await;
            batches.after_part(&part);
            part?.map_or(Ok(JsValue::UNDEFINED), |losses| to_object(&losses))
        })
    }

    /// The network as it is now: a copy, which further steps do not change.
    #[wasm_bindgen(unchecked_return_type = "Promise<Model>")]
    pub fn model(&self) -> Promise {
        self.run.run(async move |Run { engine, .. }| {
            let weights = engine.weights().await?;
            Ok(Model::new(engine.reopen(&weights).await?, String::new()).into())
        })
    }

    /// Everything that training changed, `[3, parameters]`: weights and Adam's first and second moments.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn state(&self) -> Promise {
        self.run
            .run(async move |Run { engine, .. }| Ok(engine.flat_state().await?.into()))
    }

    /// Continues from what `state` gave after `steps` steps.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn restore(&self, state: Float32Array, steps: f64) -> Promise {
        self.run.run(async move |Run { engine, batches }| {
            engine.set_flat_state(&state, steps as u64)?;
            batches.seek(steps as u64);
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// Number of parameters of a network.
#[wasm_bindgen(js_name = parameterCount)]
pub fn parameter_count(
    #[wasm_bindgen(unchecked_param_type = "ModelConfig")] config: JsValue,
) -> Result<usize, JsError> {
    Ok(config_of(config)?.parameters())
}

/// The weights of a model file, for a network that may differ from it in its kind.
fn start_weights(config: &ModelConfig, file: &[u8]) -> Result<Weights, Error> {
    let mut given = RawModelFile::from_bytes(file)?;
    given.config.kind = config.kind;
    if given.config != *config {
        // The page takes the run's config from the file, so details in the message would only add to the module.
        let message = "the network to start from has another config than the run";
        return Err(Error::new(ErrorKind::Argument, message));
    }
    Weights::init_from(config, &given.weights)
}

pub(super) fn config_of(object: JsValue) -> Result<ModelConfig, JsError> {
    let config: ModelConfig = from_object("the model config", object)?;
    config.validate()?;
    Ok(config)
}
