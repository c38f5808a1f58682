//! `PageEngine`: the engines of a module behind one type, picked by name when a network is opened.
//!
//! Called by `Model` and, with the methods of `training/engine.rs`, by `Trainer`. Its methods are asynchronous because a GPU's are; those of the CPU are ready at once.

#[cfg(feature = "webgpu")]
use latent_lab::{BurnDevice, BurnEngine};
#[cfg(feature = "cpu")]
use latent_lab::{CpuEngine, Engine};
use latent_lab::{Error, ErrorKind, ModelConfig, Posterior, Result, Weights};

/// One network on one engine; [`latent_lab::Engine`] documents its methods.
pub(crate) enum PageEngine {
    #[cfg(feature = "cpu")]
    Cpu(Box<CpuEngine>),
    #[cfg(feature = "webgpu")]
    Gpu(Box<BurnEngine>),
}

/// JavaScript's names of this module's engines; the first one is the default.
const NAMES: &[&str] = &[
    #[cfg(feature = "cpu")]
    "cpu",
    #[cfg(feature = "webgpu")]
    "webgpu",
];

/// Calls the engine, and waits for its answer if that is not ready at once.
macro_rules! answer {
    ($self:ident.$call:ident($($argument:expr),*)) => {
        match $self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.$call($($argument),*),
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => engine.$call($($argument),*).await,
        }
    };
}
#[cfg(feature = "training")]
pub(crate) use answer;

impl PageEngine {
    /// The module's name for the engine that JavaScript asks for, or for the default one.
    ///
    /// # Errors
    /// `Engine` when this module has no engine of that name.
    pub(crate) fn name_or_first(asked: Option<String>) -> Result<&'static str> {
        let Some(asked) = asked else {
            return Ok(NAMES[0]);
        };
        let found = NAMES.iter().find(|name| **name == asked);
        found.copied().ok_or_else(|| {
            Error::new(
                ErrorKind::Engine,
                format!("this module has the engine {}, got \"{asked}\"", NAMES.join(", ")),
            )
        })
    }

    /// The engine `name`, which is one of this module's, with these weights.
    ///
    /// # Errors
    /// `Engine` when the browser has no GPU for it; as the engine's constructor.
    pub(crate) async fn open(name: &str, config: &ModelConfig, weights: &Weights) -> Result<Self> {
        #[cfg(feature = "webgpu")]
        if name == "webgpu" {
            let device = BurnDevice::gpu().await?;
            return Ok(Self::Gpu(Box::new(BurnEngine::new(config, weights, &device)?)));
        }
        #[cfg(feature = "cpu")]
        if name == "cpu" {
            return Ok(Self::Cpu(Box::new(CpuEngine::new(config, weights)?)));
        }
        Err(Error::new(
            ErrorKind::Engine,
            format!("there is no engine {name}"),
        ))
    }

    pub(crate) fn config(&self) -> &ModelConfig {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.config(),
            #[cfg(feature = "webgpu")]
            Self::Gpu(engine) => engine.config(),
        }
    }

    /// The name of its instruction set, for people.
    pub(crate) fn instructions(&self) -> &'static str {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.instructions(),
            #[cfg(feature = "webgpu")]
            Self::Gpu(_) => "WGSL",
        }
    }

    pub(crate) async fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        answer!(self.encode(pixels))
    }

    pub(crate) async fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        answer!(self.decode(latents))
    }

    /// See [`latent_lab::CpuEngine::decoder_maps`].
    ///
    /// # Errors
    /// `Engine` on a GPU, which keeps no maps.
    pub(crate) fn decoder_maps(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(engine) => engine.decoder_maps(latents),
            #[cfg(feature = "webgpu")]
            Self::Gpu(_) => {
                let message = format!(
                    "the engine webgpu keeps no maps of {} latent values",
                    latents.len()
                );
                Err(Error::new(ErrorKind::Engine, message))
            }
        }
    }
}
