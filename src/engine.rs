//! `Engine`: the trait of everything that computes a network, and the checks that every engine starts with.
//!
//! Called by the trainer, the metrics, the command and the tests. Does not choose the engine: `engines.rs` or the caller does.

use serde::Serialize;

use crate::{
    config::{ImageShape, ModelConfig},
    error::{Error, ErrorKind, Result},
    weights::Weights,
};

/// Posteriors of n pictures, as an encoder gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// `[n, latent]`: the mean, or the code of a plain autoencoder.
    pub mean: Vec<f32>,
    /// `[n, latent]`: the log-variance; `None` for a plain autoencoder.
    pub log_var: Option<Vec<f32>>,
}

/// Loss parts of one batch, each the mean over its pictures, in nats for a Bernoulli likelihood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Losses {
    /// Summed over pixels.
    pub reconstruction: f32,
    /// Summed over latent dimensions, before beta; 0 for a plain autoencoder.
    pub kl: f32,
    /// reconstruction + beta * kl; with free bits, each latent dimension counts at least those.
    pub total: f32,
}

/// Pictures and noise of one training step.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// `[n, channels, height, width]`, values 0 to 1.
    pub pixels: &'a [f32],
    /// `[n, latent]`: standard normal draws of the reparameterisation; zeros make the step noise-free. Not used by a
    /// plain autoencoder, but of the right length all the same.
    pub noise: &'a [f32],
}

/// Settings of one training step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepOptions {
    /// Weight of the KL term (Higgins et al. 2017); 1 is the ELBO.
    pub beta: f32,
    /// Least cost of each latent dimension in nats, in the mean over the batch: the total has sum
    /// over dimensions of max(free_bits, KL) in place of the KL (Kingma et al. 2016), so that a
    /// dimension below that is not reduced further. 0 turns it off.
    pub free_bits: f32,
    /// Adam's step size.
    pub learning_rate: f32,
}

/// Everything that training changes: weights and Adam's moments. What a checkpoint holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingState {
    /// The parameters.
    pub weights: Weights,
    /// Adam's first moment, without bias correction.
    pub first_moment: Weights,
    /// Adam's second moment, without bias correction.
    pub second_moment: Weights,
    /// Steps taken.
    pub step: u64,
}

/// Adam's decay of the first moment (Kingma and Ba 2015); the same in every engine.
pub const ADAM_BETA_1: f32 = 0.9;
/// Adam's decay of the second moment.
pub const ADAM_BETA_2: f32 = 0.999;
/// Added to the root of the second moment, after bias correction (as in PyTorch).
pub const ADAM_EPSILON: f32 = 1e-8;

/// One network on one device. n follows from the length of what is passed.
///
/// Calls return when the result is ready. Each method checks lengths and that its input is finite,
/// and fails with `Argument` or `NotFinite` before anything is changed.
pub trait Engine {
    /// The network.
    fn config(&self) -> &ModelConfig;

    /// Computes on `threads` threads from now on, where the engine's threads can be chosen; results do not depend on their number.
    fn set_threads(&mut self, threads: usize) {
        let _ = threads;
    }

    /// `[n, channels, height, width]`, 0 to 1, to means and log-variances.
    fn encode(&mut self, pixels: &[f32]) -> Result<Posterior>;

    /// `[n, latent]` to pixels `[n, channels, height, width]`, 0 to 1.
    fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>>;

    /// `[n, latent]` to the decoder's output before the sigmoid, `[n, channels, height, width]`.
    fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>>;

    /// One step of Adam on one batch; the losses are those before the step.
    ///
    /// # Errors
    /// Also `NotFinite` when a loss is not: then the weights are as they were before the step.
    fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses>;

    /// Computes a part of a step. Returns `None` until the last part, then the losses; call it with
    /// the same batch and options until then. The step is that of [`Engine::train_step`], to the
    /// last bit. Until it is taken, the weights stay as they are and may be read. An engine that
    /// cannot divide a step takes it as one part.
    ///
    /// # Errors
    /// As [`Engine::train_step`]; the next call begins a new step.
    fn train_part(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Option<Losses>> {
        self.train_step(batch, options).map(Some)
    }

    /// The parameters as they are now.
    fn weights(&mut self) -> Result<Weights>;

    /// Weights and optimizer.
    fn state(&mut self) -> Result<TrainingState>;

    /// Continues from `state`, which must be of the same config.
    fn set_state(&mut self, state: &TrainingState) -> Result<()>;
}

impl TrainingState {
    /// A fresh start: these weights, zero moments, no step taken.
    pub fn new(config: &ModelConfig, weights: Weights) -> Self {
        Self {
            weights,
            first_moment: Weights::zeros(config),
            second_moment: Weights::zeros(config),
            step: 0,
        }
    }

    /// Weights, first and second moments in a row, each in the order of [`ModelConfig::tensors`], without the count of
    /// steps. For keeping a state in memory, where a file would only be in the way.
    pub fn to_flat(&self) -> Vec<f32> {
        let mut flat = Vec::new();
        for part in [&self.weights, &self.first_moment, &self.second_moment] {
            for tensor in part.tensors() {
                flat.extend_from_slice(&tensor.values);
            }
        }
        flat
    }

    /// Reads the result of [`TrainingState::to_flat`], `[3, parameters]`.
    ///
    /// # Errors
    /// `Argument` when the length is wrong; as [`TrainingState::check`].
    pub fn from_flat(config: &ModelConfig, flat: &[f32], step: u64) -> Result<Self> {
        let parameters = config.parameters();
        if flat.len() != 3 * parameters {
            return Err(Error::new(
                ErrorKind::Argument,
                "a training state has three values for each parameter",
            ));
        }
        let part = |n: usize| Weights::from_flat(config, &flat[n * parameters..][..parameters]);
        let state = Self {
            weights: part(0),
            first_moment: part(1),
            second_moment: part(2),
            step,
        };
        state.check(config)?;
        Ok(state)
    }

    /// Checks that this is a state of `config`. Engines do so before they continue from one.
    ///
    /// # Errors
    /// As [`Weights::check`], for weights and moments; `Argument` for a second moment below zero.
    pub fn check(&self, config: &ModelConfig) -> Result<()> {
        self.weights.check(config)?;
        self.first_moment.check(config)?;
        self.second_moment.check(config)?;
        for tensor in self.second_moment.tensors() {
            check_second_moment(&tensor.name, &tensor.values)?;
        }
        Ok(())
    }
}

/// Checks the second moment of the tensor called `name`.
pub(crate) fn check_second_moment(name: &str, values: &[f32]) -> Result<()> {
    if values.iter().any(|&value| value < 0.0) {
        let message = format!("second moment of {name}: a mean of squares below zero");
        return Err(Error::new(ErrorKind::Argument, message));
    }
    Ok(())
}

/// Number of pictures in `batch`, after checking that batch and options are usable: every step starts with this check.
///
/// # Errors
/// As [`picture_count`] for the pixels; `Argument` when there is not one noise value for each latent value; `NotFinite`
/// for noise, beta, free bits or learning rate that is NaN or infinite.
pub fn batch_count(config: &ModelConfig, batch: &Batch<'_>, options: &StepOptions) -> Result<usize> {
    let n = picture_count(config.image, batch.pixels)?;
    if batch.noise.len() != n * config.latent {
        return Err(Error::new(
            ErrorKind::Argument,
            format!(
                "noise: expected {} values ({n} x {}), got {}",
                n * config.latent,
                config.latent,
                batch.noise.len()
            ),
        ));
    }
    count("noise", config.latent, "a latent", batch.noise)?;
    let settings = [
        ("beta is", options.beta),
        ("free bits are", options.free_bits),
        ("learning rate is", options.learning_rate),
    ];
    for (what, value) in settings {
        if !value.is_finite() {
            return Err(Error::new(
                ErrorKind::NotFinite,
                format!("the {what} not a finite number"),
            ));
        }
    }
    Ok(n)
}

/// Number of pictures in `pixels`: every engine starts with this check.
///
/// # Errors
/// `Argument` when there are none or the length is not a multiple of a picture's; `NotFinite` for NaN and infinities.
pub fn picture_count(image: ImageShape, pixels: &[f32]) -> Result<usize> {
    count("pixels", image.len(), "a picture", pixels)
}

/// Number of latents in `latents`.
///
/// # Errors
/// As [`picture_count`].
pub fn latent_count(latent: usize, latents: &[f32]) -> Result<usize> {
    count("latents", latent, "a latent", latents)
}

fn count(what: &str, size: usize, of: &str, values: &[f32]) -> Result<usize> {
    if values.is_empty() || !values.len().is_multiple_of(size) {
        return Err(Error::new(
            ErrorKind::Argument,
            format!(
                "{what}: expected a positive multiple of {size} values ({of}), got {}",
                values.len()
            ),
        ));
    }
    if let Some(at) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::new(
            ErrorKind::NotFinite,
            format!("{what}: the value at {at} is not a finite number"),
        ));
    }
    Ok(values.len() / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_conversion_to_a_flat_vector_bit_for_bit() {
        let config = ModelConfig::preset("map").unwrap();
        let mut state = TrainingState {
            weights: Weights::init(&config, 1),
            first_moment: Weights::init(&config, 2),
            second_moment: Weights::zeros(&config),
            step: 12,
        };
        state.second_moment.tensors_mut()[3].values[0] = 0.25;
        let mut flat = state.to_flat();
        assert_eq!(flat.len(), 3 * config.parameters());
        assert_eq!(TrainingState::from_flat(&config, &flat, 12).unwrap(), state);

        let short = TrainingState::from_flat(&config, &flat[1..], 12).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::Argument);
        *flat.last_mut().unwrap() = -1.0;
        assert!(TrainingState::from_flat(&config, &flat, 12).is_err());
        flat[0] = f32::NAN;
        let message = TrainingState::from_flat(&config, &flat, 12).unwrap_err().kind();
        assert_eq!(message, ErrorKind::NotFinite);
    }
}
