//! The losses, defined once, in plain Rust and f64: every engine is tested against them.

use crate::config::Likelihood;

/// Reconstruction loss of one picture, summed over its pixels, in nats for a Bernoulli likelihood.
///
/// Bernoulli: the binary cross-entropy -(x ln p + (1 - x) ln(1 - p)) with p = sigmoid(logit), written in a form that does not
/// overflow: max(l, 0) - l x + ln(1 + e^-|l|). Gaussian: the squared error (sigmoid(l) - x)^2. Both slices have the same length;
/// pixels are 0 to 1.
pub fn reconstruction(likelihood: Likelihood, logits: &[f32], pixels: &[f32]) -> f64 {
    let pairs = logits
        .iter()
        .zip(pixels)
        .map(|(&l, &x)| (f64::from(l), f64::from(x)));
    match likelihood {
        Likelihood::Bernoulli => pairs
            .map(|(l, x)| l.max(0.0) - l * x + libm::log1p(libm::exp(-l.abs())))
            .sum(),
        Likelihood::Gaussian => pairs.map(|(l, x)| (sigmoid(l) - x) * (sigmoid(l) - x)).sum(),
    }
}

/// KL divergence of one posterior from the standard normal prior, in nats: half the sum over the latent of
/// mean^2 + e^log_var - 1 - log_var (Kingma and Welling 2013, appendix B). Both slices have the same length.
pub fn kl(mean: &[f32], log_var: &[f32]) -> f64 {
    let pairs = mean
        .iter()
        .zip(log_var)
        .map(|(&m, &v)| (f64::from(m), f64::from(v)));
    pairs.map(|(m, v)| 0.5 * (m * m + libm::exp(v) - 1.0 - v)).sum()
}

/// 1 / (1 + e^-x), in f64.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loss_of_a_certain_pixel_is_its_logit_if_wrong_and_zero_if_right() {
        assert!((reconstruction(Likelihood::Bernoulli, &[90.0], &[0.0]) - 90.0).abs() < 1e-12);
        assert!(reconstruction(Likelihood::Bernoulli, &[90.0], &[1.0]) < 1e-12);
        let half = reconstruction(Likelihood::Bernoulli, &[0.0], &[0.3]);
        assert!((half - std::f64::consts::LN_2).abs() < 1e-12);
        assert!((reconstruction(Likelihood::Gaussian, &[0.0], &[0.25]) - 0.0625).abs() < 1e-12);
    }

    #[test]
    fn the_divergence_of_the_prior_from_itself_is_zero() {
        assert_eq!(kl(&[0.0; 3], &[0.0; 3]), 0.0);
        // KL(N(1, e) || N(0, 1)) = (1 + e - 1 - 1) / 2
        assert!((kl(&[1.0], &[1.0]) - (std::f64::consts::E - 1.0) / 2.0).abs() < 1e-12);
    }
}
