//! The engines under test, and the comparison of their results.

use latent_lab::{Engine, EngineKind, Losses, ModelConfig, Weights};

/// Every engine of this build, by name, with the same network; tests loop over this. It omits ndarray, which is a hundred times slower and
/// has a separate test, and the GPU, which few machines have.
pub(crate) fn engines(config: &ModelConfig, weights: &Weights) -> Vec<(&'static str, Box<dyn Engine>)> {
    [EngineKind::Cpu, EngineKind::Reproducible, EngineKind::Flex]
        .into_iter()
        .filter(|kind| kind.is_built())
        .map(|kind| (kind.name(), kind.open(config, weights).unwrap()))
        .collect()
}

/// Fails if two values differ by more than `tolerance`, relative to the expected value or to 1, whichever is larger.
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
