//! `EngineKind`: the engines of this build by name, to be picked at run time.
//!
//! Called by the command, the tests and the benches. The page picks among its modules instead (`crates/web`).

#[cfg(any(feature = "burn", feature = "gpu"))]
use crate::burn::{Blocking, BurnDevice, BurnEngine};
use crate::{
    config::ModelConfig,
    cpu::{Arithmetic, CpuEngine},
    engine::Engine,
    error::{Error, ErrorKind, Result},
    weights::Weights,
};

/// An engine that a caller can choose. Some need a Cargo feature of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// [`CpuEngine`] with this processor's fastest instructions.
    Cpu,
    /// [`CpuEngine`] with the same bits on every machine.
    Reproducible,
    /// burn on its flex backend. Feature `burn`.
    Flex,
    /// burn on its ndarray backend. Feature `burn-ndarray`.
    Ndarray,
    /// burn on the machine's GPU, through Vulkan or Metal. Feature `gpu`.
    Gpu,
}

impl EngineKind {
    /// Every kind, whether this build has it or not.
    pub const ALL: [Self; 5] = [
        Self::Cpu,
        Self::Reproducible,
        Self::Flex,
        Self::Ndarray,
        Self::Gpu,
    ];

    /// For messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Reproducible => "reproducible",
            Self::Flex => "flex",
            Self::Ndarray => "ndarray",
            Self::Gpu => "gpu",
        }
    }

    /// The Cargo feature that compiles it; `None` for those that are always built.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Self::Cpu | Self::Reproducible => None,
            Self::Flex => Some("burn"),
            Self::Ndarray => Some("burn-ndarray"),
            Self::Gpu => Some("gpu"),
        }
    }

    /// True if this build has the engine.
    pub fn is_built(self) -> bool {
        match self {
            Self::Cpu | Self::Reproducible => true,
            Self::Flex => cfg!(feature = "burn"),
            Self::Ndarray => cfg!(feature = "burn-ndarray"),
            Self::Gpu => cfg!(feature = "gpu"),
        }
    }

    /// An engine of this kind for a network with these weights.
    ///
    /// # Errors
    /// `Config`, `Weights` or `NotFinite` when they are not valid or do not fit each other; `Engine` when this build or this
    /// machine has no such engine.
    pub fn open(self, config: &ModelConfig, weights: &Weights) -> Result<Box<dyn Engine>> {
        match self {
            Self::Cpu => cpu(config, weights, Arithmetic::Fastest),
            Self::Reproducible => cpu(config, weights, Arithmetic::Reproducible),
            #[cfg(feature = "burn")]
            Self::Flex => burn(config, weights, &BurnDevice::flex()),
            #[cfg(feature = "burn-ndarray")]
            Self::Ndarray => burn(config, weights, &BurnDevice::ndarray()),
            #[cfg(feature = "gpu")]
            Self::Gpu => burn(config, weights, &pollster::block_on(BurnDevice::gpu())?),
            #[allow(unreachable_patterns)] // when every feature is on
            missing => Err(Error::new(
                ErrorKind::Engine,
                format!(
                    "this build has no engine {}: compile it with --features {}",
                    missing.name(),
                    missing.feature().unwrap_or_default()
                ),
            )),
        }
    }
}

fn cpu(config: &ModelConfig, weights: &Weights, arithmetic: Arithmetic) -> Result<Box<dyn Engine>> {
    Ok(Box::new(CpuEngine::with_arithmetic(config, weights, arithmetic)?))
}

#[cfg(any(feature = "burn", feature = "gpu"))]
fn burn(config: &ModelConfig, weights: &Weights, device: &BurnDevice) -> Result<Box<dyn Engine>> {
    Ok(Box::new(Blocking(BurnEngine::new(config, weights, device)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_of_this_build_can_be_created_and_errors_name_the_feature_of_others() {
        let config = ModelConfig::preset("map").unwrap();
        let weights = Weights::init(&config, 1);
        for kind in EngineKind::ALL {
            match kind.open(&config, &weights) {
                Ok(mut engine) => {
                    assert!(kind.is_built(), "{}", kind.name());
                    assert_eq!(engine.weights().unwrap(), weights, "{}", kind.name());
                }
                // The machine may have no GPU.
                Err(_) if kind == EngineKind::Gpu && kind.is_built() => {}
                Err(error) => {
                    assert!(!kind.is_built(), "{}: {error}", kind.name());
                    let feature = format!("--features {}", kind.feature().unwrap());
                    assert!(error.to_string().ends_with(&feature), "{error}");
                }
            }
        }
    }
}
