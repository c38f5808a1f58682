//! An exponential moving average of the weights (Polyak and Juditsky 1992 in the form of Tarvainen and Valpola 2017): less noisy
//! than the last weights, so the average is shipped.

use latent_lab::Weights;

/// Steps between updates: reading the weights out of the engine costs a little, and over 8 steps they hardly move.
pub(crate) const UPDATE_EVERY: u64 = 8;

/// Share of the way that the average moves toward the weights at `step` (steps done), `steps` after its last update: one
/// minus the decay for one step, compounded. The decay is at most (1 + t) / (10 + t), so that the first weights are soon
/// forgotten.
pub(crate) fn rate(decay: f32, step: u64, steps: u64) -> f32 {
    let early = (1 + step) as f64 / (10 + step) as f64;
    let decay = f64::from(decay).min(early);
    // A loop of products: `powi` may differ in the last bit between compilers.
    let kept = (0..steps).fold(1.0, |kept, _| kept * decay);
    (1.0 - kept) as f32
}

/// True when an update is due after `step` steps. A function of the step alone, so that a resumed run continues exactly.
pub(crate) fn is_due(step: u64) -> bool {
    step.is_multiple_of(UPDATE_EVERY)
}

/// One update; see [`rate`].
pub(crate) fn update(average: &mut Weights, weights: &Weights, decay: f32, step: u64, steps: u64) {
    average.move_towards(weights, rate(decay, step, steps));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_update_for_eight_steps_decays_as_much_as_eight_updates() {
        let at_once = f64::from(rate(0.999, 1_000_000, 8));
        assert!((at_once - (1.0 - 0.999_f64.powi(8))).abs() < 1e-6);
    }

    #[test]
    fn the_first_weights_are_soon_forgotten() {
        let mut kept = 1.0;
        for step in (8..=800).step_by(8) {
            kept *= 1.0 - rate(0.999, step, 8);
        }
        assert!(kept < 1e-6, "{kept}");
    }

    #[test]
    fn the_average_is_updated_every_eight_steps() {
        assert!((1..=19).filter(|&step| is_due(step)).eq([8, 16]));
    }
}
