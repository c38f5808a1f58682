//! What the tests of engines share: every engine there is, behind one type, and the oracle's fixtures.
#![allow(dead_code)] // each test file uses its own part

pub(crate) mod fixture;

use latent_lab::{
    Batch, Engine, Losses, ModelConfig, Posterior, Result, StepOptions, TrainingState, Weights,
};

/// Any engine. [`Engine`] is asynchronous and so cannot be a trait object; this is its list of cases instead.
pub(crate) enum AnyEngine {
    #[cfg(feature = "cpu")]
    Cpu(Box<latent_lab::CpuEngine>),
    #[cfg(feature = "burn")]
    Burn(Box<latent_lab::BurnEngine>),
}

/// Every engine of this build, by name, on the same network. A test of an engine is a loop over this.
pub(crate) fn engines(config: &ModelConfig, weights: &Weights) -> Vec<(&'static str, AnyEngine)> {
    let mut engines: Vec<(&'static str, AnyEngine)> = Vec::new();
    #[cfg(feature = "cpu")]
    {
        use latent_lab::{Arithmetic, CpuEngine};
        for (name, arithmetic) in [
            ("cpu, fastest", Arithmetic::Fastest),
            ("cpu, reproducible", Arithmetic::Reproducible),
        ] {
            let engine = CpuEngine::with_arithmetic(config, weights, arithmetic).unwrap();
            engines.push((name, AnyEngine::Cpu(Box::new(engine))));
        }
    }
    #[cfg(feature = "burn")]
    {
        use latent_lab::{BurnDevice, BurnEngine};
        let devices = [
            ("burn, flex", BurnDevice::flex()),
            #[cfg(feature = "burn-ndarray")]
            ("burn, ndarray", BurnDevice::ndarray()),
        ];
        for (name, device) in devices {
            let engine = BurnEngine::new(config, weights, &device).unwrap();
            engines.push((name, AnyEngine::Burn(Box::new(engine))));
        }
    }
    assert!(!engines.is_empty(), "a build without engines has nothing to test");
    engines
}

macro_rules! each_engine {
    ($any:expr, $engine:ident => $call:expr) => {
        match $any {
            #[cfg(feature = "cpu")]
            AnyEngine::Cpu($engine) => $call,
            #[cfg(feature = "burn")]
            AnyEngine::Burn($engine) => $call,
        }
    };
}

impl Engine for AnyEngine {
    fn config(&self) -> &ModelConfig {
        each_engine!(self, engine => engine.config())
    }

    async fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        each_engine!(self, engine => engine.encode(pixels).await)
    }

    async fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        each_engine!(self, engine => engine.decode(latents).await)
    }

    async fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        each_engine!(self, engine => engine.decode_logits(latents).await)
    }

    async fn train_part(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Option<Losses>> {
        each_engine!(self, engine => engine.train_part(batch, options).await)
    }

    async fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        each_engine!(self, engine => engine.train_step(batch, options).await)
    }

    async fn weights(&mut self) -> Result<Weights> {
        each_engine!(self, engine => engine.weights().await)
    }

    async fn state(&mut self) -> Result<TrainingState> {
        each_engine!(self, engine => engine.state().await)
    }

    async fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        each_engine!(self, engine => engine.set_state(state).await)
    }
}

/// Fails where two values are further apart than `tolerance`, relative to the expected value or to 1, whichever is larger.
pub(crate) fn assert_close(what: &str, got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(got.len(), expected.len(), "{what}: length");
    for (at, (&got, &expected)) in got.iter().zip(expected).enumerate() {
        let apart = (got - expected).abs() / expected.abs().max(1.0);
        assert!(
            apart <= tolerance,
            "{what} at {at}: expected {expected}, got {got}: {apart:e} apart, at most {tolerance:e}"
        );
    }
}

/// Reconstruction, KL and total, as the oracle writes them.
pub(crate) fn parts(losses: Losses) -> [f32; 3] {
    [losses.reconstruction, losses.kl, losses.total]
}
