//! The engines of the command, by the names that `--engine` takes.

use clap::ValueEnum;
use latent_lab::{Engine, EngineKind, ModelConfig, Result, Weights};

/// The values of `--engine`.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum EngineName {
    /// This processor's fastest instructions
    Cpu,
    /// The same bits on every machine; slower
    Reproducible,
    /// The burn framework on its flex backend
    #[cfg(feature = "burn")]
    Flex,
    /// The graphics processor, through burn and wgpu: Vulkan or Metal; in a build with `--features gpu`
    Gpu,
}

impl EngineName {
    /// Largest number of instances worth running at the same time.
    pub(crate) fn threads(self) -> usize {
        match self {
            // More would wait for one device.
            Self::Gpu => 1,
            _ => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// The engine `name` with these weights.
pub(crate) fn open(name: EngineName, config: &ModelConfig, weights: &Weights) -> Result<Box<dyn Engine>> {
    let kind = match name {
        EngineName::Cpu => EngineKind::Cpu,
        EngineName::Reproducible => EngineKind::Reproducible,
        #[cfg(feature = "burn")]
        EngineName::Flex => EngineKind::Flex,
        EngineName::Gpu => EngineKind::Gpu,
    };
    kind.open(config, weights)
}
