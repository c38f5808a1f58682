//! Measures of an engine with a known posterior and decoder, so that every measure has a closed form.

use super::*;
use crate::{
    config::{ImageShape, ModelConfig},
    engine::{Batch, Losses, Posterior, StepOptions, TrainingState},
    weights::Weights,
};
use std::f64::consts::LN_2;

/// One pixel and one latent dimension: the decoder's logit is z, and the posterior is N(mean, e^log_var) for every picture.
struct Known {
    config: ModelConfig,
    mean: f32,
    log_var: f32,
}

impl Known {
    fn new(mean: f32, log_var: f32) -> Self {
        let config = ModelConfig {
            image: ImageShape {
                channels: 1,
                height: 1,
                width: 1,
            },
            latent: 1,
            ..ModelConfig::preset("map").unwrap()
        };
        Self {
            config,
            mean,
            log_var,
        }
    }

    fn images(&self, pixels: Vec<u8>) -> Images {
        Images::new(self.config.image, pixels, vec![]).unwrap()
    }
}

impl Engine for Known {
    fn config(&self) -> &ModelConfig {
        &self.config
    }

    fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        assert!(pixels.len() <= CHUNK);
        let variational = self.config.kind == Kind::Variational;
        Ok(Posterior {
            mean: vec![self.mean; pixels.len()],
            log_var: variational.then(|| vec![self.log_var; pixels.len()]),
        })
    }

    fn decode(&mut self, _: &[f32]) -> Result<Vec<f32>> {
        unreachable!("metrics decode to logits")
    }

    fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        assert!(latents.len() <= CHUNK);
        Ok(latents.to_vec())
    }

    fn train_step(&mut self, _: Batch<'_>, _: StepOptions) -> Result<Losses> {
        unreachable!("metrics do not train")
    }

    fn weights(&mut self) -> Result<Weights> {
        unreachable!("metrics do not read weights")
    }

    fn state(&mut self) -> Result<TrainingState> {
        unreachable!("metrics do not read weights")
    }

    fn set_state(&mut self, _: &TrainingState) -> Result<()> {
        unreachable!("metrics do not train")
    }
}

fn close(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() < tolerance, "{got}, expected {expected}");
}

#[test]
fn a_nearly_certain_posterior_has_the_measures_of_its_mean() {
    // Noise with a variance of e^-20 hardly changes the loss.
    let mut engine = Known::new(0.5, -40.0);
    let images = engine.images([0, 102, 255].repeat(150));
    let got = evaluate(&mut engine, &images, 1).unwrap();
    let p = 1.0 / (1.0 + f64::exp(-0.5));
    let entropy = |x: f64| -(x * p.ln() + (1.0 - x) * (1.0 - p).ln());
    let reconstruction = (entropy(0.0) + entropy(0.4) + entropy(1.0)) / 3.0;
    let squares = (p * p + (p - 0.4) * (p - 0.4) + (p - 1.0) * (p - 1.0)) / 3.0;
    // Pixels and draws in f32 have seven digits.
    close(got.mse, squares, 1e-6);
    close(got.psnr, -10.0 * squares.log10(), 1e-5);
    close(got.reconstruction_of_mean, reconstruction, 1e-6);
    let elbo = got.elbo.unwrap();
    close(elbo.reconstruction, reconstruction, 1e-6);
    close(elbo.kl, 0.5 * (0.25 + f64::exp(-40.0) - 1.0 + 40.0), 1e-9);
    assert_eq!(elbo.negative_elbo(), elbo.reconstruction + elbo.kl);
    assert_eq!(got.images, 450);
}

#[test]
fn the_bound_is_the_elbo_for_one_draw_and_approaches_the_likelihood_for_many() {
    // p(x = 1) is the mean of sigmoid(z) over a standard normal distribution, which is one half for every posterior.
    let mut engine = Known::new(0.4, -0.5);
    let images = engine.images([0, 90, 255].repeat(100));
    let many = importance_weighted_bound(&mut engine, &images, 500, 3).unwrap();
    // The log of the mean of 500 weights, whose variance is about 1, has a standard error of about 0.045 for one picture and 0.003 for 300.
    // The bound's bias is half the variance of the mean, 0.001.
    close(many.importance_weighted, LN_2, 0.015);
    close(many.elbo.kl, 0.5 * (0.16 + f64::exp(-0.5) - 1.0 + 0.5), 1e-6);
    assert!(many.elbo.negative_elbo() > LN_2 + 0.05);

    let images = engine.images([0, 90, 255].repeat(3000));
    let one = importance_weighted_bound(&mut engine, &images, 1, 3).unwrap();
    // With one draw the bound is -ELBO with a sampled KL, whose standard error is about 0.5 / sqrt(9000).
    close(one.importance_weighted, one.elbo.negative_elbo(), 0.03);
}

#[test]
fn a_binarized_pixel_is_one_with_the_probability_of_its_brightness() {
    let engine = Known::new(0.0, 0.0);
    let images = engine.images(vec![51; 20_000]);
    let indices: Vec<u32> = (0..20_000).collect();
    let targets = binarized(&images, &indices, 9);
    assert!(targets.iter().all(|value| *value == 0.0 || *value == 1.0));
    let mean = targets.iter().map(|&value| f64::from(value)).sum::<f64>() / 20_000.0;
    // Five standard deviations of sqrt(0.2 * 0.8 / 20000).
    close(mean, 0.2, 0.0142);
    // A picture has the same targets at any position in a chunk; black stays black and white stays white.
    assert_eq!(binarized(&images, &indices[7..9], 9), targets[7..9]);
    assert_eq!(binarized(&engine.images(vec![0, 255]), &[0, 1], 9), [0.0, 1.0]);
}

#[test]
fn a_plain_autoencoder_has_no_elbo_and_pictures_of_another_size_are_refused() {
    let mut engine = Known::new(0.0, 0.0);
    engine.config.kind = Kind::Autoencoder;
    let images = engine.images(vec![0, 255]);
    let got = evaluate(&mut engine, &images, 0).unwrap();
    assert_eq!((got.mse, got.elbo), (0.25, None));
    let error = importance_weighted_bound(&mut engine, &images, 5, 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);

    let wide = ImageShape {
        channels: 1,
        height: 1,
        width: 2,
    };
    let images = Images::new(wide, vec![0, 255], vec![]).unwrap();
    assert!(evaluate(&mut engine, &images, 0).is_err());
}

#[test]
fn mse_and_psnr_follow_their_definitions() {
    assert_eq!(mse(&[0.0, 1.0], &[0.5, 1.0]), 0.125);
    close(psnr(0.01), 20.0, 1e-12);
    assert_eq!(psnr(0.0), f64::INFINITY);
}

#[test]
fn the_log_of_a_mean_of_exponentials_does_not_overflow() {
    close(
        log_mean_exp(&[-2000.0, -2000.0 + LN_2]),
        -2000.0 + 1.5_f64.ln(),
        1e-9,
    );
}

/// The smallest reconstruction loss is reached by the logits of the picture itself.
#[test]
fn no_reconstruction_of_gray_targets_has_a_smaller_loss_than_their_entropy() {
    let bytes = [0, 255, 51, 128, 250, 1];
    let image = ImageShape {
        channels: 1,
        height: 2,
        width: 3,
    };
    let images = Images::new(image, bytes.to_vec(), vec![]).unwrap();
    let entropy = target_entropy(&images);
    let targets = crate::pixels::from_bytes(&bytes);
    let loss = |shift: f32| {
        let logits: Vec<f32> = targets
            .iter()
            .map(|&x| (x.clamp(1e-7, 1.0 - 1e-7) / (1.0 - x).clamp(1e-7, 1.0)).ln() + shift)
            .collect();
        reconstruction(Likelihood::Bernoulli, &logits, &targets)
    };
    assert!((loss(0.0) - entropy).abs() < 1e-4, "{} {entropy}", loss(0.0));
    assert!(loss(0.1) > entropy && loss(-0.1) > entropy);
    let sharp = Images::new(image, vec![0, 255, 0, 255, 255, 0], vec![]).unwrap();
    assert_eq!(target_entropy(&sharp), 0.0);
}
