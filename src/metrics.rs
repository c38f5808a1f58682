//! How good a model is on pictures it has not seen: MSE, PSNR and SSIM, -ELBO, the importance-weighted bound, sharpness. Sums are
//! in f64.

mod latents;
mod sharpness;
mod ssim;

use crate::{
    config::{Kind, Likelihood},
    data::Images,
    engine::Engine,
    error::{Error, ErrorKind, Result},
    latent::normal_draws,
    objective::{kl, reconstruction, sigmoid},
    pixels::exact_from_byte,
    random::{Purpose, generator, unit},
};

pub use latents::LatentUse;
pub use sharpness::{Sharpness, sharpness};
pub use ssim::ssim;

/// Most pictures or latents that an engine gets at once; bounds the memory, changes no result.
const CHUNK: usize = 200;

/// The results of [`evaluate`], on gray targets (pixels are byte / 255), as means over the pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Number of pictures.
    pub images: usize,
    /// [`mse`] of the decoded mean (or code) against the picture.
    pub mse: f64,
    /// [`psnr`] of that mean squared error, in dB.
    pub psnr: f64,
    /// Reconstruction loss of the decoded mean (or code), summed over pixels: in nats for a Bernoulli likelihood.
    pub reconstruction_of_mean: f64,
    /// Missing for a plain autoencoder.
    pub elbo: Option<ElboParts>,
    /// Use of each latent dimension; missing for a plain autoencoder.
    pub latents: Option<LatentUse>,
}

/// The two parts of -ELBO, each the mean over the pictures: in nats for a Bernoulli likelihood. For a Gaussian one they are the
/// parts of the training objective, whose squared error is not a density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElboParts {
    /// -log p(x | z), summed over pixels, z drawn from q(z | x). Cross-entropies of gray targets are kept as they are: the entropy
    /// of the target is not subtracted.
    pub reconstruction: f64,
    /// KL(q(z | x) || N(0, I)), summed over latent dimensions: analytic, 1/2 sum (mean^2 + e^log_var - 1 - log_var).
    pub kl: f64,
}

impl ElboParts {
    /// reconstruction + kl (Kingma and Welling 2013).
    pub fn negative_elbo(&self) -> f64 {
        self.reconstruction + self.kl
    }
}

/// The results of [`importance_weighted_bound`], in nats, as means over the pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Number of pictures.
    pub images: usize,
    /// Draws for each of them.
    pub samples: usize,
    /// -ELBO on the binarized targets, its reconstruction averaged over the draws.
    pub elbo: ElboParts,
    /// -log of the mean over the draws of p(x | z) p(z) / q(z | x): never above -ELBO in expectation, and closer to -log p(x) with
    /// more draws.
    pub importance_weighted: f64,
}

/// Mean squared error: the mean over all values of (a - b)^2.
///
/// # Panics
/// When the lengths differ.
pub fn mse(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len(), "as many values on both sides");
    let squares = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
    squares.sum::<f64>() / a.len() as f64
}

/// Peak signal-to-noise ratio in dB of a mean squared error, for values whose peak is 1: -10 log10(mse). Infinite for 0.
pub fn psnr(mse: f64) -> f64 {
    -10.0 * libm::log10(mse)
}

/// Entropy of gray targets in nats: the sum over a picture's values of -x log x - (1 - x) log(1 - x), as the mean over the pictures.
/// No reconstruction with a Bernoulli likelihood has a smaller cross-entropy, not even the picture itself.
pub fn target_entropy(images: &Images) -> f64 {
    let of_value = |x: f64| if x > 0.0 { -x * libm::log(x) } else { 0.0 };
    let of_byte: Vec<f64> = (0..=u8::MAX)
        .map(exact_from_byte)
        .map(|x| of_value(x) + of_value(1.0 - x))
        .collect();
    let sum: f64 = images
        .pixels()
        .iter()
        .map(|&byte| of_byte[usize::from(byte)])
        .sum();
    sum / images.len() as f64
}

/// Measures a model on gray targets, with one draw of z for each picture: that of picture n is `normal_draws(seed, n, latent)`.
///
/// # Errors
/// The engine's errors, e.g. `Argument` when the pictures are not the model's size.
pub fn evaluate(engine: &mut dyn Engine, images: &Images, seed: u64) -> Result<Evaluation> {
    check_shape(engine, images)?;
    let (latent, likelihood) = (engine.config().latent, engine.config().likelihood);
    let size = images.shape().len();
    let (mut squares, mut of_mean, mut of_draw, mut divergence) = (0.0, 0.0, 0.0, 0.0);
    let mut latents = LatentUse::default();
    let mut pixels = Vec::new();
    let order: Vec<u32> = (0..images.len() as u32).collect();
    for indices in order.chunks(CHUNK) {
        images.gather(indices, &mut pixels);
        let posterior = engine.encode(&pixels)?;
        let logits = engine.decode_logits(&posterior.mean)?;
        for (logits, pixels) in logits.chunks(size).zip(pixels.chunks(size)) {
            of_mean += reconstruction(likelihood, logits, pixels);
            let decoded: Vec<f32> = logits
                .iter()
                .map(|&logit| sigmoid(f64::from(logit)) as f32)
                .collect();
            squares += mse(&decoded, pixels);
        }
        let Some(log_var) = posterior.log_var else {
            continue;
        };
        let noise: Vec<f32> = indices
            .iter()
            .flat_map(|&index| normal_draws(seed, u64::from(index), latent))
            .collect();
        let logits = engine.decode_logits(&reparameterize(&posterior.mean, &log_var, &noise))?;
        for (logits, pixels) in logits.chunks(size).zip(pixels.chunks(size)) {
            of_draw += reconstruction(likelihood, logits, pixels);
        }
        // The sum over pictures is the sum over all their dimensions.
        divergence += kl(&posterior.mean, &log_var);
        latents.merge(&LatentUse::of(latent, &posterior.mean, &log_var));
    }
    let count = images.len() as f64;
    let variational = engine.config().kind == Kind::Variational;
    Ok(Evaluation {
        images: images.len(),
        mse: squares / count,
        psnr: psnr(squares / count),
        reconstruction_of_mean: of_mean / count,
        elbo: variational.then_some(ElboParts {
            reconstruction: of_draw / count,
            kl: divergence / count,
        }),
        latents: variational.then_some(latents),
    })
}

/// [`mse`] between each picture's reconstruction and the reconstruction of that reconstruction: how well the decoder's own drawing
/// of a real picture comes back.
///
/// # Errors
/// As [`evaluate`].
pub fn round_trips(engine: &mut dyn Engine, images: &Images) -> Result<Vec<f64>> {
    check_shape(engine, images)?;
    let size = images.shape().len();
    let mut errors = Vec::with_capacity(images.len());
    let mut pixels = Vec::new();
    let order: Vec<u32> = (0..images.len() as u32).collect();
    for indices in order.chunks(CHUNK) {
        images.gather(indices, &mut pixels);
        let drawn = redrawn(engine, &pixels)?;
        let again = redrawn(engine, &drawn)?;
        errors.extend(drawn.chunks(size).zip(again.chunks(size)).map(|(a, b)| mse(a, b)));
    }
    Ok(errors)
}

/// Pictures decoded from the means of some pictures.
fn redrawn(engine: &mut dyn Engine, pixels: &[f32]) -> Result<Vec<f32>> {
    let mean = engine.encode(pixels)?.mean;
    engine.decode(&mean)
}

/// The importance-weighted bound of Burda, Grosse and Salakhutdinov 2015 (arXiv 1509.00519) with `samples` draws of z for each
/// picture, and -ELBO, both on Bernoulli-binarized targets: a value of x is 1 with the probability that the pixel gives, drawn
/// once for each picture from `seed`. The encoder sees the binarized picture too.
///
/// # Errors
/// `Argument` when the model is a plain autoencoder or its likelihood is not Bernoulli (neither has the densities this needs),
/// when `samples` is 0 or the pictures are not the model's size; and what the engine fails with.
pub fn importance_weighted_bound(
    engine: &mut dyn Engine,
    images: &Images,
    samples: usize,
    seed: u64,
) -> Result<Bounds> {
    check_shape(engine, images)?;
    let (latent, likelihood) = (engine.config().latent, engine.config().likelihood);
    if engine.config().kind != Kind::Variational || likelihood != Likelihood::Bernoulli || samples == 0 {
        return Err(Error::new(
            ErrorKind::Argument,
            "the importance-weighted bound needs a variational model with a Bernoulli likelihood, and at least one sample",
        ));
    }
    let size = images.shape().len();
    let (mut of_draws, mut divergence, mut bound) = (0.0, 0.0, 0.0);
    let order: Vec<u32> = (0..images.len() as u32).collect();
    for indices in order.chunks((CHUNK / samples).max(1)) {
        let targets = binarized(images, indices, seed);
        let posterior = engine.encode(&targets)?;
        let log_var = posterior.log_var.unwrap_or_default();
        divergence += kl(&posterior.mean, &log_var);

        let codes = posterior.mean.chunks(latent).zip(log_var.chunks(latent));
        let (mut draws, mut ratios) = (Vec::new(), Vec::new());
        for (&index, (mean, log_var)) in indices.iter().zip(codes) {
            for noise in normal_draws(seed, u64::from(index), samples * latent).chunks(latent) {
                let z = reparameterize(mean, log_var, noise);
                ratios.push(log_prior_over_posterior(&z, log_var, noise));
                draws.extend(z);
            }
        }
        // log p(x | z) + log p(z) - log q(z | x), for every draw of every picture.
        let mut log_weights = Vec::with_capacity(ratios.len());
        for draws in draws.chunks(CHUNK * latent) {
            for logits in engine.decode_logits(draws)?.chunks(size) {
                let target = &targets[log_weights.len() / samples * size..][..size];
                let loss = reconstruction(likelihood, logits, target);
                of_draws += loss / samples as f64;
                log_weights.push(ratios[log_weights.len()] - loss);
            }
        }
        bound -= log_weights.chunks(samples).map(log_mean_exp).sum::<f64>();
    }
    let count = images.len() as f64;
    Ok(Bounds {
        images: images.len(),
        samples,
        elbo: ElboParts {
            reconstruction: of_draws / count,
            kl: divergence / count,
        },
        importance_weighted: bound / count,
    })
}

/// Engines count values, so without this check, pictures of another shape with as many values would pass.
fn check_shape(engine: &dyn Engine, images: &Images) -> Result<()> {
    let (expected, got) = (engine.config().image, images.shape());
    if expected == got {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Argument,
        format!(
            "the model's pictures have {} x {} x {} values (channels, height, width), these have {} x {} x {}",
            expected.channels, expected.height, expected.width, got.channels, got.height, got.width
        ),
    ))
}

/// The reparameterization: mean + e^(log_var / 2) * noise, value by value (Kingma and Welling 2013). The slices have the same
/// length.
pub fn reparameterize(mean: &[f32], log_var: &[f32], noise: &[f32]) -> Vec<f32> {
    let codes = mean.iter().zip(log_var).zip(noise);
    codes
        .map(|((mean, log_var), noise)| mean + libm::expf(0.5 * log_var) * noise)
        .collect()
}

/// log p(z) - log q(z | x) of one draw z = mean + e^(log_var / 2) * noise; the constants of both densities cancel.
fn log_prior_over_posterior(z: &[f32], log_var: &[f32], noise: &[f32]) -> f64 {
    let values = z.iter().zip(log_var).zip(noise);
    let twice: f64 = values
        .map(|((&z, &log_var), &noise)| {
            let (z, noise) = (f64::from(z), f64::from(noise));
            noise * noise + f64::from(log_var) - z * z
        })
        .sum();
    0.5 * twice
}

/// log of the mean of e^value; the largest value is factored out first, so that nothing overflows.
fn log_mean_exp(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = values.iter().map(|value| libm::exp(value - largest)).sum();
    largest + libm::log(sum / values.len() as f64)
}

/// The pictures at `indices` with every value drawn to 0 or 1.
fn binarized(images: &Images, indices: &[u32], seed: u64) -> Vec<f32> {
    let mut pixels = Vec::new();
    images.gather(indices, &mut pixels);
    for (picture, &index) in pixels.chunks_mut(images.shape().len()).zip(indices) {
        let mut random = generator(Purpose::Binarize, seed, u64::from(index));
        for value in picture {
            *value = f32::from(u8::from(unit(&mut random) < *value));
        }
    }
    pixels
}

#[cfg(test)]
mod tests;
