//! The losses on tensors; `crate::objective` is their definition.

use ::burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};

use crate::config::Likelihood;

/// Loss of a batch of `logits` against `pixels`, both `[batch, channels, height, width]`: summed over a picture, mean
/// over the batch. `[1]`.
pub(super) fn reconstruction(likelihood: Likelihood, logits: Tensor<4>, pixels: Tensor<4>) -> Tensor<1> {
    let batch = pixels.dims()[0] as f32;
    let scores = match likelihood {
        // log_sigmoid(-x) is ln(1 - sigmoid(x)), but does not overflow, and is differentiable where max(x, 0) is not.
        Likelihood::Bernoulli => {
            let white = log_sigmoid(logits.clone()) * pixels.clone();
            let black = log_sigmoid(logits.neg()) * (pixels.neg() + 1.0);
            (white + black).neg()
        }
        Likelihood::Gaussian => (sigmoid(logits) - pixels).square(),
    };
    scores.sum() / batch
}

/// KL divergence from the standard normal prior of posteriors `[batch, latent]`: the mean over the batch. `[1, latent]`.
pub(super) fn kl(mean: Tensor<2>, log_var: Tensor<2>) -> Tensor<2> {
    let terms = mean.square() + log_var.clone().exp() - log_var - 1.0;
    terms.mean_dim(0) * 0.5
}

/// The reparameterisation: mean + standard deviation * noise, each `[batch, latent]`.
pub(super) fn sample(mean: Tensor<2>, log_var: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
    mean + (log_var * 0.5).exp() * noise
}
