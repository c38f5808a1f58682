//! `Sharpener`: adversarial training of a trained model, so that its pictures become sharp. It takes steps; the caller has the
//! loops and files.
//!
//! A step is a function of the state, the seed and the number of steps taken, so a run can stop and continue.

mod checkpoint;
mod gaussian;
mod parts;
#[cfg(test)]
mod tests;

pub use checkpoint::SharpenCheckpoint;
pub use gaussian::fitted_prior;

use crate::{
    augment::Augment,
    batches::{Batches, TrainerOptions},
    config::{ImageShape, ModelConfig},
    cpu::{Arithmetic, Contest, SharpenBatch, SharpenLosses, SharpenOptions, View},
    data::{Images, shuffled},
    error::{Error, ErrorKind, Result},
    latent::normal_draws,
    pixels,
    random::{Purpose, generator, unit},
    weights::Weights,
};
use gaussian::Gaussian;
use parts::Part;

/// Pictures that the distribution of random latents is fitted to.
const FITTED_ON: usize = 1024;

/// Steps after which it is fitted again, since the encoder changes.
const REFIT_EVERY: u64 = 250;

/// Keeps the streams of draws apart from those of [`Batches`], which count steps too.
const OF_RANDOM_LATENTS: u64 = 1 << 48;

/// What is fixed for a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharpenRun {
    /// Decides the critic's first weights, the order of the pictures and all draws.
    pub seed: u64,
    /// Real pictures of a step. There are twice as many fakes: their reconstructions, half as many pictures from between two of
    /// them, and half as many pictures of random latents.
    pub batch: usize,
    /// How each real picture is changed each time it is seen.
    pub augment: Option<Augment>,
    /// The step itself.
    pub options: SharpenOptions,
    /// How it is computed.
    pub arithmetic: Arithmetic,
    /// At least 1. The result is the same for any number.
    pub threads: usize,
}

/// A model, its critic and the pictures.
pub struct Sharpener {
    contest: Contest,
    batches: Batches,
    run: SharpenRun,
    shape: ImageShape,
    /// Pictures for [`Gaussian`].
    fitted_on: Vec<u8>,
    prior: Gaussian,
    /// A step under way.
    part: Option<Part>,
}

/// The owned parts of a batch.
struct Inputs {
    pixels: Vec<f32>,
    noise: Vec<f32>,
    along: Vec<f32>,
    random: Vec<f32>,
    views: Vec<View>,
}

impl Inputs {
    fn batch(&self) -> SharpenBatch<'_> {
        SharpenBatch {
            pixels: &self.pixels,
            noise: &self.noise,
            along: &self.along,
            random: &self.random,
            views: &self.views,
        }
    }
}

impl Sharpener {
    /// A run that has taken no step, from the weights of a trained model.
    ///
    /// # Errors
    /// `Config` or `Weights` when they are not valid or do not fit each other; `Argument` when options are out of range or the
    /// pictures are of another size.
    pub fn new(config: &ModelConfig, weights: &Weights, images: Images, run: SharpenRun) -> Result<Self> {
        let options = TrainerOptions {
            seed: run.seed,
            batch: run.batch,
            augment: run.augment,
        };
        let contest = Contest::new(
            config,
            weights,
            (run.options, run.seed),
            (run.arithmetic, run.threads),
        )?;
        let mut batches = Batches::new(config, options)?;
        let order = shuffled(images.len(), run.seed, u64::MAX);
        let chosen = order.iter().take(FITTED_ON);
        let fitted_on = chosen
            .flat_map(|&at| images.picture(at as usize).iter().copied())
            .collect();
        batches.set_images(images)?;
        Ok(Self {
            contest,
            batches,
            run,
            shape: config.image,
            fitted_on,
            prior: Gaussian::standard(config.latent),
            part: None,
        })
    }

    /// One step on the next batch; its losses are those before the step. A step that was partly taken must be finished by
    /// [`Sharpener::step_part`].
    ///
    /// # Errors
    /// `NotFinite` when a loss or gradient is not finite: then continue from an earlier state.
    pub fn step(&mut self) -> Result<SharpenLosses> {
        let inputs = self.draw()?;
        let losses = self.contest.step(inputs.batch())?;
        self.batches.advance();
        Ok(losses)
    }

    /// The next batch, with all draws that its step takes.
    fn draw(&mut self) -> Result<Inputs> {
        let step = self.contest.step_count();
        if step.is_multiple_of(REFIT_EVERY) {
            self.fit();
        }
        let (latent, run) = (self.contest.config().latent, self.run);
        let batch = self.batches.begin()?;
        let n = batch.pixels.len() / self.shape.len();
        let half = n.div_ceil(2);
        let mut random = generator(Purpose::Critic, run.seed, OF_RANDOM_LATENTS | step);
        let along: Vec<f32> = (0..half).map(|_| unit(&mut random)).collect();
        let normal = normal_draws(run.seed, OF_RANDOM_LATENTS | step, half * latent);
        // A step never comes near 2^16 fakes.
        let view = |at: usize| {
            View::draw(
                self.shape,
                run.options.limits(),
                run.seed,
                (step << 16) | at as u64,
            )
        };
        let views: Vec<View> = (0..n + 2 * half).map(view).collect();
        Ok(Inputs {
            pixels: batch.pixels.to_vec(),
            noise: batch.noise.to_vec(),
            along,
            random: self.prior.draw(&normal, run.options.temperature),
            views,
        })
    }

    /// Random latents are drawn from one Gaussian with the mean and covariance of the codes: draws from the standard normal would
    /// have other sizes than the codes, whose deviation shrinks when the KL counts for little, and the decoder would have to make
    /// pictures of places that have none.
    fn fit(&mut self) {
        let values = pixels::from_bytes(&self.fitted_on);
        self.prior = Gaussian::fit(&self.contest.encode(&values), self.contest.config().latent);
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.contest.step_count()
    }

    /// Steps that see every picture once.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.steps_per_epoch()
    }

    /// The weights to keep: a moving average over the last steps.
    pub fn weights(&self) -> Weights {
        self.contest.average()
    }

    /// Latents from the distribution that random pictures are drawn from now, `[count, latent]`.
    pub fn random_latents(&self, seed: u64, count: usize) -> Vec<f32> {
        let latent = self.contest.config().latent;
        let normal = normal_draws(seed, OF_RANDOM_LATENTS, count * latent);
        self.prior.draw(&normal, self.run.options.temperature)
    }

    /// Everything that steps change, except their number.
    pub fn state(&self) -> Vec<f32> {
        let mut flat = self.contest.to_flat();
        flat.extend(self.prior.to_flat());
        flat
    }

    /// Begins with the critic of another run, in place of a new one: that of `state`, the [`Sharpener::state`] of a run of a network
    /// `of` any config for pictures of this size, with this critic's filters. A critic that has learned for long asks for less at
    /// first: a new one has networks add grain until it knows it.
    ///
    /// # Errors
    /// `Argument` when pictures or state have another size; `NotFinite` when a value is not finite.
    pub fn take_critic(&mut self, of: &ModelConfig, state: &[f32]) -> Result<()> {
        let prior = Gaussian::flat_len(of.latent);
        let contest = state.len().saturating_sub(prior);
        self.contest.take_critic(of, &state[..contest])
    }

    /// The length of the contest's part of a state.
    fn check_state(&self, state: &[f32]) -> Result<usize> {
        let prior = Gaussian::flat_len(self.contest.config().latent);
        let contest = self.contest.flat_len();
        if state.len() == contest + prior {
            return Ok(contest);
        }
        Err(Error::new(
            ErrorKind::Argument,
            format!(
                "a state of this run has {} values, got {}",
                contest + prior,
                state.len()
            ),
        ))
    }

    /// Continues from [`Sharpener::state`] after `step` steps: the following steps are those of a run that never stopped.
    ///
    /// # Errors
    /// `Argument` when the length is wrong; `NotFinite` when a value is not finite.
    pub fn restore(&mut self, state: &[f32], step: u64) -> Result<()> {
        let (latent, contest) = (self.contest.config().latent, self.check_state(state)?);
        let prior = Gaussian::from_flat(latent, &state[contest..])?;
        self.contest.restore(&state[..contest], step)?;
        self.prior = prior;
        self.part = None;
        self.batches.seek(step);
        Ok(())
    }
}
