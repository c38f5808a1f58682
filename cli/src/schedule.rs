//! Step size and beta as functions of the step alone, so that a resumed run continues exactly.

use std::f64::consts::PI;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The step size after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Schedule {
    /// Stays
    Constant,
    /// Falls to 0 along half a cosine
    Cosine,
}

impl Schedule {
    /// Step size of step `step` of `steps`, both counted from 0: `peak * (step + 1) / warmup` during the warm-up, then
    /// `peak`, or `peak * (1 + cos(pi * (step - warmup) / (steps - warmup))) / 2` (Loshchilov and Hutter 2017, one cycle).
    pub(crate) fn learning_rate(self, peak: f32, warmup: u64, step: u64, steps: u64) -> f32 {
        if step < warmup {
            return (f64::from(peak) * (step + 1) as f64 / warmup as f64) as f32;
        }
        match self {
            Self::Constant => peak,
            Self::Cosine => {
                let way = (step - warmup) as f64 / steps.saturating_sub(warmup).max(1) as f64;
                (f64::from(peak) * 0.5 * (1.0 + libm::cos(PI * way.min(1.0)))) as f32
            }
        }
    }
}

/// Steps of the warm-up: as asked for, but at most a tenth of the run, so that a short run reaches its full step size.
pub(crate) fn warmup(asked: u64, steps: u64) -> u64 {
    asked.min(steps / 10)
}

/// Weight of the KL term at `step` (from 0): grows in a straight line over `warmup` steps, then stays (Bowman et al. 2016).
pub(crate) fn beta(beta: f32, warmup: u64, step: u64) -> f32 {
    if step < warmup {
        (f64::from(beta) * (step + 1) as f64 / warmup as f64) as f32
    } else {
        beta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learning_rate_rises_to_its_peak_and_falls_to_zero() {
        let rate = |step| Schedule::Cosine.learning_rate(1.0, 10, step, 110);
        assert_eq!(rate(0), 0.1);
        assert_eq!(rate(9), 1.0);
        assert_eq!(rate(10), 1.0);
        assert_eq!(rate(60), 0.5);
        assert!(rate(109) > 0.0 && rate(109) < 3e-4);
        assert!((10..109).all(|step| rate(step + 1) < rate(step) || step == 10));
    }

    #[test]
    fn a_constant_learning_rate_does_not_change_and_the_warm_up_of_a_short_run_is_short() {
        assert_eq!(Schedule::Constant.learning_rate(0.5, 0, 0, 100), 0.5);
        assert_eq!(Schedule::Constant.learning_rate(0.5, 0, 99, 100), 0.5);
        assert_eq!(Schedule::Cosine.learning_rate(1.0, 0, 0, 1), 1.0);
        assert_eq!([warmup(200, 50), warmup(200, 56_280), warmup(0, 50)], [5, 200, 0]);
    }

    #[test]
    fn beta_grows_linearly() {
        assert_eq!(beta(2.0, 0, 0), 2.0);
        assert_eq!(beta(2.0, 4, 0), 0.5);
        assert_eq!(beta(2.0, 4, 3), 2.0);
        assert_eq!(beta(2.0, 4, 100), 2.0);
    }
}
