//! Steps, snapshots and weights of a `PageEngine`.

use latent_lab::{Batch, Losses, Result, StepOptions, TrainingState, Weights};
#[cfg(feature = "cpu")]
use latent_lab::{CpuEngine, Engine};
#[cfg(all(feature = "cpu", feature = "webgpu"))]
use latent_lab::{Error, ErrorKind};

use crate::engine::{PageEngine, answer};

impl PageEngine {
    /// Another network on the same engine.
    pub(crate) async fn reopen(&self, weights: &Weights) -> Result<Self> {
        Self::open(self.name(), self.config(), weights).await
    }

    fn name(&self) -> &'static str {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(_) => "cpu",
            #[cfg(feature = "webgpu")]
            Self::Gpu(_) => "webgpu",
        }
    }

    pub(crate) async fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        answer!(self.train_step(batch, options))
    }

    /// A GPU takes the whole step as one part.
    pub(crate) async fn train_part(
        &mut self,
        batch: Batch<'_>,
        options: StepOptions,
    ) -> Result<Option<Losses>> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.train_part(batch, options),
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => engine.train_step(batch, options).await.map(Some),
        }
    }

    /// The engine that can share its steps with other workers.
    ///
    /// # Errors
    /// `Engine` on a GPU, whose steps no worker shares.
    #[cfg(feature = "cpu")]
    pub(crate) fn sharing(&mut self) -> Result<&mut CpuEngine> {
        match self {
            Self::Cpu(engine) => Ok(engine),
            #[cfg(feature = "webgpu")]
            Self::Gpu(_) => Err(Error::new(
                ErrorKind::Engine,
                "no worker shares the steps of the engine webgpu",
            )),
        }
    }

    pub(crate) async fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        answer!(self.decode_logits(latents))
    }

    pub(crate) async fn weights(&mut self) -> Result<Weights> {
        answer!(self.weights())
    }

    pub(crate) async fn state(&mut self) -> Result<TrainingState> {
        answer!(self.state())
    }

    pub(crate) fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.set_state(state),
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => engine.set_state(state),
        }
    }
}
