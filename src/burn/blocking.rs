//! `Blocking`: the engine on burn where a thread may block until its device is done, which is everywhere but in a
//! browser.

use pollster::block_on;

use super::BurnEngine;
use crate::{
    config::ModelConfig,
    engine::{Batch, Engine, Losses, Posterior, StepOptions, TrainingState},
    error::Result,
    weights::Weights,
};

/// Returns when the device has answered.
pub(crate) struct Blocking(pub(crate) BurnEngine);

impl Engine for Blocking {
    fn config(&self) -> &ModelConfig {
        self.0.config()
    }

    fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        block_on(self.0.encode(pixels))
    }

    fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        block_on(self.0.decode(latents))
    }

    fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        block_on(self.0.decode_logits(latents))
    }

    fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        block_on(self.0.train_step(batch, options))
    }

    fn weights(&mut self) -> Result<Weights> {
        block_on(self.0.weights())
    }

    fn state(&mut self) -> Result<TrainingState> {
        block_on(self.0.state())
    }

    fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        self.0.set_state(state)
    }
}
