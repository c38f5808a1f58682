//! Adam on flat tensors. burn's own optimizer keeps its moments in records whose names our checkpoints do not have, and
//! corrects the bias in f32; the arithmetic here is PyTorch's.

use ::burn::tensor::Tensor;

use crate::engine::{ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON};

/// Moments of every parameter, flat, in the order of the data, and the number of steps they have seen.
pub(super) struct Adam {
    pub(super) first: Vec<Tensor<1>>,
    pub(super) second: Vec<Tensor<1>>,
    pub(super) step: u64,
}

impl Adam {
    /// Parameters and optimizer after one step (Kingma and Ba 2015, algorithm 1):
    ///
    /// m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g²,  w = w - rate * m / (1 - b1^t) / (√(v / (1 - b2^t)) + epsilon)
    pub(super) fn stepped(
        &self,
        parameters: Vec<Tensor<1>>,
        gradients: Vec<Tensor<1>>,
        learning_rate: f32,
    ) -> (Vec<Tensor<1>>, Self) {
        let step = self.step + 1;
        let rate = f64::from(learning_rate) / correction(ADAM_BETA_1, step);
        let spread = correction(ADAM_BETA_2, step).sqrt().recip();
        let first: Vec<_> = (self.first.iter().zip(&gradients))
            .map(|(m, g)| m.clone() * ADAM_BETA_1 + g.clone() * (1.0 - ADAM_BETA_1))
            .collect();
        let second: Vec<_> = (self.second.iter().zip(gradients))
            .map(|(v, g)| v.clone() * ADAM_BETA_2 + g.square() * (1.0 - ADAM_BETA_2))
            .collect();
        let moved = (parameters.into_iter().zip(first.iter().zip(&second)))
            .map(|(w, (m, v))| w - m.clone() / (v.clone().sqrt() * spread + ADAM_EPSILON) * rate)
            .collect();
        (moved, Self { first, second, step })
    }
}

/// 1 - beta^step, in f64: in f32 the difference would lose five digits in the first steps.
fn correction(beta: f32, step: u64) -> f64 {
    // Beyond this the power is 0 in f64 for both betas.
    let step = step.min(1 << 20) as i32;
    1.0 - f64::from(beta).powi(step)
}
