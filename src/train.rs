//! `Trainer`: an engine and its batches. It takes steps; the caller has the loops, schedules and files.

use crate::{
    batches::{Batches, TrainerOptions},
    data::Images,
    engine::{Engine, Losses, StepOptions, TrainingState},
    error::Result,
};

/// Takes training steps on the seeded batches of [`Batches`].
pub struct Trainer {
    engine: Box<dyn Engine>,
    batches: Batches,
}

impl Trainer {
    /// A trainer that has taken no step.
    ///
    /// # Errors
    /// As [`Batches::new`].
    pub fn new(engine: Box<dyn Engine>, options: TrainerOptions) -> Result<Self> {
        let batches = Batches::new(engine.config(), options)?;
        Ok(Self { engine, batches })
    }

    /// See [`Batches::set_images`].
    ///
    /// # Errors
    /// As there.
    pub fn set_images(&mut self, images: Images) -> Result<()> {
        self.batches.set_images(images)
    }

    /// One step on the next batch; its losses are those before the step.
    ///
    /// # Errors
    /// `Argument` without pictures; the engine's own. After an error the step was not taken.
    pub fn step(&mut self, options: StepOptions) -> Result<Losses> {
        let batch = self.batches.begin()?;
        let losses = self.engine.train_step(batch, options)?;
        self.batches.advance();
        Ok(losses)
    }

    /// See [`Batches::steps_per_epoch`].
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.steps_per_epoch()
    }

    /// See [`Batches::epoch`].
    pub fn epoch(&self) -> u64 {
        self.batches.epoch()
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.batches.steps()
    }

    /// The engine, to encode, decode or read its weights between steps.
    pub fn engine_mut(&mut self) -> &mut dyn Engine {
        &mut *self.engine
    }

    /// Everything that training changed.
    ///
    /// # Errors
    /// The engine's own.
    pub fn state(&mut self) -> Result<TrainingState> {
        self.engine.state()
    }

    /// Continues from `state`: the following steps are those of a run that never stopped.
    ///
    /// # Errors
    /// The engine's own, when the state belongs to another config.
    pub fn restore(&mut self, state: &TrainingState) -> Result<()> {
        self.engine.set_state(state)?;
        self.batches.seek(state.step);
        Ok(())
    }
}
