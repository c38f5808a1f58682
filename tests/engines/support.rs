//! The engines under test, and how their results are compared.

use latent_lab::{Engine, EngineKind, Losses, ModelConfig, Weights};

/// Every engine of this build, by name, on the same network. A test of an engine is a loop over this. Without ndarray, which is
/// a hundred times slower than the rest and has a case of its own, and without a GPU, which few machines have.
pub(crate) fn engines(config: &ModelConfig, weights: &Weights) -> Vec<(&'static str, Box<dyn Engine>)> {
    [EngineKind::Cpu, EngineKind::Reproducible, EngineKind::Flex]
        .into_iter()
        .filter(|kind| kind.is_built())
        .map(|kind| (kind.name(), kind.open(config, weights).unwrap()))
        .collect()
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
