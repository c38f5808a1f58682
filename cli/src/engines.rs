//! The engines that the command can compute with, as one type.

use clap::ValueEnum;
use latent_lab::{
    Arithmetic, Batch, CpuEngine, Engine, Losses, ModelConfig, Posterior, Result, StepOptions, TrainingState,
    Weights,
};
#[cfg(any(feature = "burn", feature = "gpu"))]
use latent_lab::{BurnDevice, BurnEngine};
#[cfg(not(feature = "gpu"))]
use latent_lab::{Error, ErrorKind};

/// What `--engine` can be.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum EngineName {
    /// The fastest instructions that this processor has
    Cpu,
    /// The same bits on every machine; slower
    Reproducible,
    /// The burn framework on its flex backend
    #[cfg(feature = "burn")]
    Flex,
    /// The graphics processor, through burn and wgpu: Vulkan or Metal
    Gpu,
}

impl EngineName {
    /// How many of them are worth having at the same time.
    pub(crate) fn threads(self) -> usize {
        match self {
            // They would stand in line for one device.
            Self::Gpu => 1,
            _ => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// One of them at work.
pub(crate) enum NativeEngine {
    Cpu(Box<CpuEngine>),
    #[cfg(any(feature = "burn", feature = "gpu"))]
    Burn(Box<BurnEngine>),
}

impl NativeEngine {
    /// The engine `name` with these weights.
    pub(crate) fn new(name: EngineName, config: &ModelConfig, weights: &Weights) -> Result<Self> {
        let cpu = |arithmetic| {
            CpuEngine::with_arithmetic(config, weights, arithmetic)
                .map(Box::new)
                .map(Self::Cpu)
        };
        #[cfg(any(feature = "burn", feature = "gpu"))]
        let burn = |device: &_| {
            BurnEngine::new(config, weights, device)
                .map(Box::new)
                .map(Self::Burn)
        };
        match name {
            EngineName::Cpu => cpu(Arithmetic::Fastest),
            EngineName::Reproducible => cpu(Arithmetic::Reproducible),
            #[cfg(feature = "burn")]
            EngineName::Flex => burn(&BurnDevice::flex()),
            #[cfg(feature = "gpu")]
            EngineName::Gpu => burn(&pollster::block_on(BurnDevice::gpu())?),
            #[cfg(not(feature = "gpu"))]
            EngineName::Gpu => Err(Error::new(
                ErrorKind::Engine,
                "this build has no engine for a GPU: build the command with --features gpu",
            )),
        }
    }
}

/// Calls the engine that it is.
macro_rules! each {
    ($self:ident, $engine:ident => $call:expr) => {
        match $self {
            Self::Cpu($engine) => $call,
            #[cfg(any(feature = "burn", feature = "gpu"))]
            Self::Burn($engine) => $call,
        }
    };
}

impl Engine for NativeEngine {
    fn config(&self) -> &ModelConfig {
        each!(self, engine => engine.config())
    }

    async fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        each!(self, engine => engine.encode(pixels).await)
    }

    async fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        each!(self, engine => engine.decode(latents).await)
    }

    async fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        each!(self, engine => engine.decode_logits(latents).await)
    }

    async fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        each!(self, engine => engine.train_step(batch, options).await)
    }

    async fn weights(&mut self) -> Result<Weights> {
        each!(self, engine => engine.weights().await)
    }

    async fn state(&mut self) -> Result<TrainingState> {
        each!(self, engine => engine.state().await)
    }

    async fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        each!(self, engine => engine.set_state(state).await)
    }
}
