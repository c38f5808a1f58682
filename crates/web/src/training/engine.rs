//! Steps, snapshots and weights of a `PageEngine`.

use js_sys::Float32Array;
#[cfg(feature = "webgpu")]
use latent_lab::TrainingState;
use latent_lab::{Batch, Losses, Result, StepOptions, Weights};
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

    /// On a GPU the whole step is one part.
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

    /// The engine, if it can share its steps with other workers.
    ///
    /// # Errors
    /// `Engine` on a GPU, whose steps cannot be shared.
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

    /// Weights, first and second moments: `TrainingState::to_flat`. Our own engine copies tensor by tensor: the two copies of a
    /// `TrainingState` would make the module grow for good, by six times the weights.
    pub(crate) async fn flat_state(&mut self) -> Result<Float32Array> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => {
                let flat = Float32Array::new_with_length(3 * engine.config().parameters() as u32);
                let mut end = 0;
                engine.flat_state(|values| {
                    let start = end;
                    end += values.len() as u32;
                    flat.subarray(start, end).copy_from(values);
                });
                Ok(flat)
            }
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => Ok(Float32Array::from(&engine.state().await?.to_flat()[..])),
        }
    }

    /// Continues from [`PageEngine::flat_state`] after `step` steps.
    pub(crate) fn set_flat_state(&mut self, flat: &Float32Array, step: u64) -> Result<()> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.set_flat_state(flat.length() as usize, step, |at, values| {
                let start = at as u32;
                flat.subarray(start, start + values.len() as u32).copy_to(values);
            }),
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => {
                let state = TrainingState::from_flat(engine.config(), &flat.to_vec(), step)?;
                engine.set_state(&state)
            }
        }
    }
}
