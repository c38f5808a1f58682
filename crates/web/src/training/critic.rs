//! `Sharpener`: adversarial training of a network against a critic, one part of a step at a time.

use js_sys::Float32Array;
use latent_lab::{Arithmetic, CpuEngine, Images, SharpenOptions, SharpenRun, TrainingState};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{
    trainer::config_of,
    types::{SharpenerOptions, from_object},
};
use crate::{engine::PageEngine, model::Model, shared::Shared, types::to_object};

/// Most pictures of a step: twice as many are drawn, and each is judged three times. The page counts epochs by it
/// (`training/critic.js`).
const MOST_REAL: usize = 16;

/// Trains a network against a critic. Its methods return at once.
#[wasm_bindgen]
pub struct Sharpener {
    run: Shared<latent_lab::Sharpener>,
    config: latent_lab::ModelConfig,
}

/// Losses of a step, as `Trainer` has them, and what the critic said.
#[derive(Serialize)]
struct Losses {
    reconstruction: f32,
    kl: f32,
    total: f32,
    verdicts: [f32; 4],
}

#[wasm_bindgen]
impl Sharpener {
    /// A new critic against the network whose `Trainer.state` this is; `pixels` are the images to train on, bytes
    /// `[n, channels, height, width]`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ModelConfig")] config: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SharpenerOptions")] options: JsValue,
        state: &[f32],
        pixels: Vec<u8>,
    ) -> Result<Self, JsError> {
        let config = config_of(config)?;
        let SharpenerOptions { seed, batch, augment } = from_object("the options of a critic", options)?;
        let weights = TrainingState::from_flat(&config, state, 0)?.weights;
        let run = SharpenRun {
            seed,
            batch: batch.min(MOST_REAL),
            augment: Some(augment).filter(|augment| *augment != latent_lab::Augment::default()),
            options: SharpenOptions::quick(),
            arithmetic: Arithmetic::Fastest,
            threads: 1,
        };
        let images = Images::new(config.image, pixels, Vec::new())?;
        Ok(Self {
            run: Shared::new(latent_lab::Sharpener::new(&config, &weights, images, run)?),
            config,
        })
    }

    /// A part of a step, a few images long: undefined until the last part, then the losses.
    #[wasm_bindgen(js_name = stepPart, unchecked_return_type = "SharpenerLosses | undefined")]
    pub fn step_part(&self) -> Result<JsValue, JsError> {
        let Some(losses) = self.run.now(latent_lab::Sharpener::step_part)? else {
            return Ok(JsValue::UNDEFINED);
        };
        to_object(&Losses {
            reconstruction: losses.reconstruction,
            kl: losses.kl,
            total: losses.reconstruction + losses.kl,
            verdicts: [losses.real, losses.fake, losses.critic, losses.sureness],
        })
    }

    /// The network with the moving average of its weights: a copy, which further steps do not change.
    pub fn model(&self) -> Result<Model, JsError> {
        let weights = self.run.now(|run| Ok(run.weights()))?;
        let engine = CpuEngine::new(&self.config, &weights)?;
        Ok(Model::new(PageEngine::Cpu(Box::new(engine)), String::new()))
    }

    /// The critic's verdict on each of the images `[n, channels, height, width]`, 0 to 1: above 0 says "real".
    pub fn verdicts(&self, pixels: &[f32]) -> Result<Float32Array, JsError> {
        let verdicts = self.run.now(|run| run.verdicts(pixels))?;
        Ok(Float32Array::from(&verdicts[..]))
    }

    /// Everything that steps change, in four parts: weights and both moments of the network, `[3, parameters]`; the average of its
    /// weights, `[parameters]`; weights and both moments of the critic, `[3, the critic's parameters]`; and the rest.
    #[wasm_bindgen(unchecked_return_type = "[Float32Array, Float32Array, Float32Array, Float32Array]")]
    pub fn state(&self) -> Result<js_sys::Array, JsError> {
        let (state, critic) = self.run.now(|run| Ok((run.state(), run.critic_parameters())))?;
        let (network, rest) = state.split_at(3 * self.config.parameters());
        let (average, rest) = rest.split_at(self.config.parameters());
        let (critic, rest) = rest.split_at(3 * critic);
        Ok([network, average, critic, rest]
            .iter()
            .map(|part| Float32Array::from(*part))
            .collect())
    }

    /// Continues from the parts of `state`, put together, after `steps` steps.
    pub fn restore(&self, state: &[f32], steps: f64) -> Result<(), JsError> {
        Ok(self.run.now(|run| run.restore(state, steps as u64))?)
    }
}
