//! `Learner`: parameters with Adam's moments.

use latent_lab_kernels::{Adam, Kernels};

use crate::{cpu::training::power, engine};

/// One parameter vector that is trained.
#[derive(Clone, Default)]
pub(super) struct Learner {
    pub(super) weights: Vec<f32>,
    pub(super) first: Vec<f32>,
    pub(super) second: Vec<f32>,
}

/// Part of the parameters, and how they are trained in one step.
pub(super) struct Stride {
    pub(super) range: std::ops::Range<usize>,
    pub(super) rate: f32,
    pub(super) betas: [f32; 2],
    /// Steps that this part has taken, with this one.
    pub(super) step: u64,
}

impl Learner {
    pub(super) fn new(weights: Vec<f32>) -> Self {
        let zeros = vec![0.0; weights.len()];
        Self {
            weights,
            first: zeros.clone(),
            second: zeros,
        }
    }

    /// One step of Adam.
    pub(super) fn step(&mut self, kernels: &Kernels, gradient: &[f32], stride: Stride) {
        let Stride {
            range, betas, step, ..
        } = stride;
        let correction = |beta: f32| 1.0 - power(f64::from(beta), step);
        kernels.adam(Adam {
            weights: &mut self.weights[range.clone()],
            gradient: &gradient[range.clone()],
            first: &mut self.first[range.clone()],
            second: &mut self.second[range],
            betas,
            epsilon: engine::ADAM_EPSILON,
            step_size: (f64::from(stride.rate) / correction(betas[0])) as f32,
            second_correction: (1.0 / correction(betas[1])) as f32,
        });
    }
}
