//! `Contest`: one step of adversarial training on the CPU. First the critic learns from real pictures and fakes, then the network
//! learns from what the critic now says.
//!
//! A batch is cut into shards; see [`shards`]. Three rounds go over them: encode; decode and teach the critic; ask the
//! critic and teach the network. A shard keeps the results of one round for the next.

mod focus;
mod learner;
mod losses;
mod options;
mod parts;
mod referee;
mod rounds;
mod shards;
mod state;
#[cfg(test)]
mod tests;

pub use losses::SharpenLosses;
pub use options::SharpenOptions;
pub(crate) use parts::Begun;
pub use referee::Referee;

use latent_lab_kernels::{Arithmetic, Kernels, all_finite};

pub(crate) use super::critic::view::View;
use super::{
    critic::{Critic, Opinion, Workspace, spectral::Spectra},
    layer::Panels,
    network::Network,
    pass::{self, Maps, Pass},
};
use crate::{
    config::{Kind, ModelConfig},
    engine::Posterior,
    error::{Error, ErrorKind, Result},
    latent::slerp,
    weights::Weights,
};
use learner::{Learner, Stride};
use losses::Sums;
use shards::{HoldsGradient, add_in_order, in_waves};

/// Most pictures of a shard: few enough that a usual batch has one for each of several threads.
const LARGEST_SHARD: usize = 8;

/// Network and critic, both learning.
pub(crate) struct Contest {
    network: Network,
    critic: Critic,
    kernels: &'static Kernels,
    options: SharpenOptions,
    /// Weight of each position of a picture in the difference of pixels.
    focus: Vec<f32>,
    generator: Learner,
    panels: Panels,
    average: Vec<f32>,
    judge: Learner,
    spectra: Spectra,
    /// The critic's weights divided by their spectral norms.
    normalized: Vec<f32>,
    critic_panels: Panels,
    gradient: Vec<f32>,
    critic_gradient: Vec<f32>,
    workers: Vec<Worker>,
    shards: Vec<Shard>,
    step: u64,
    /// Running share of verdicts that are right and beyond doubt.
    sureness: f32,
}

/// Inputs of one step, with n real pictures.
#[derive(Clone, Copy)]
pub(crate) struct SharpenBatch<'a> {
    /// `[n, channels, height, width]`, values 0 to 1.
    pub(crate) pixels: &'a [f32],
    /// `[n, latent]`: standard normal draws.
    pub(crate) noise: &'a [f32],
    /// For each picture from between two real ones, where it lies on the arc from one code to the next, 0 to 1.
    pub(crate) along: &'a [f32],
    /// Latents of random pictures, `[m, latent]`.
    pub(crate) random: &'a [f32],
    /// One for each fake: first the n reconstructions, which share theirs with the real pictures.
    pub(crate) views: &'a [View],
}

/// The kind of fakes in a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Reconstruction,
    /// Given latents: from between two pictures, or random ones.
    Drawn,
}

/// A part of the batch: some fakes and, for reconstructions, their real pictures.
struct Shard {
    role: Role,
    /// Among the fakes.
    first: usize,
    count: usize,
    maps: Maps,
    /// Logits, then pixels, then a gradient.
    fakes: Vec<f32>,
    of_fakes: Opinion,
    of_real: Opinion,
    sums: Sums,
}

/// Buffers of one thread.
#[derive(Default)]
struct Worker {
    gradient: Vec<f32>,
    /// Values of the gradient before this place are not the current shard's.
    from: usize,
    workspace: Workspace,
    views: Vec<f32>,
    picture: Vec<f32>,
}

impl HoldsGradient for Worker {
    fn gradient(&self) -> (&[f32], usize) {
        (&self.gradient, self.from)
    }
}

impl Contest {
    /// A contest between the network of a valid config with these weights and a new critic, on the given number of
    /// threads.
    ///
    /// # Errors
    /// `Config`, `Weights` and `Engine` as [`super::CpuEngine::with_arithmetic`]; `Argument` when the options are out of range.
    pub(crate) fn new(
        config: &ModelConfig,
        weights: &Weights,
        (options, seed): (SharpenOptions, u64),
        (arithmetic, threads): (Arithmetic, usize),
    ) -> Result<Self> {
        config.validate()?;
        weights.check(config)?;
        options.validate()?;
        let kernels = Kernels::pick(arithmetic)
            .ok_or_else(|| Error::new(ErrorKind::Engine, "this build has no reproducible arithmetic"))?;
        let network = Network::new(config, kernels.width);
        let critic = Critic::new(
            config.image,
            (options.critic_filters, options.critic_gain),
            kernels.width,
        );
        let focus = focus::weights(config.image, options.middle);
        let mut parameters = Vec::new();
        network.scatter(weights, &mut parameters);
        let judge = Learner::new(critic.initial(seed));
        let mut contest = Self {
            gradient: vec![0.0; network.parameters],
            critic_gradient: vec![0.0; critic.parameters],
            spectra: Spectra::new(&critic, &judge.weights, seed),
            average: parameters.clone(),
            generator: Learner::new(parameters),
            panels: Panels::default(),
            critic_panels: Panels::default(),
            normalized: Vec::new(),
            workers: (0..threads.max(1)).map(|_| Worker::default()).collect(),
            shards: Vec::new(),
            network,
            critic,
            kernels,
            options,
            focus,
            judge,
            step: 0,
            sureness: 0.5,
        };
        contest.pack_critic();
        contest.pack_generator();
        Ok(contest)
    }

    /// Steps taken.
    pub(crate) fn step_count(&self) -> u64 {
        self.step
    }

    /// The network.
    pub(crate) fn config(&self) -> &ModelConfig {
        &self.network.config
    }

    /// The moving average of the network's weights, which is worth keeping.
    pub(crate) fn average(&self) -> Weights {
        self.network.gather(&self.average)
    }

    /// Posteriors from the current network.
    pub(crate) fn encode(&self, pixels: &[f32]) -> Posterior {
        let pass = self.pass();
        let config = &self.network.config;
        let (size, code_len) = (config.latent, self.network.head.output.padded);
        let variational = config.kind == Kind::Variational;
        let (mut maps, mut mean, mut log_var) = (Maps::default(), Vec::new(), Vec::new());
        for pixels in pixels.chunks(pass::chunk_len(&self.network) * config.image.len()) {
            pass.encode(pixels, &mut maps);
            let count = pixels.len() / config.image.len();
            for codes in maps.codes[..count * code_len].chunks_exact(code_len) {
                mean.extend_from_slice(&codes[..size]);
                if variational {
                    log_var.extend_from_slice(&codes[size..2 * size]);
                }
            }
        }
        Posterior {
            mean,
            log_var: variational.then_some(log_var),
        }
    }

    /// One step of both.
    ///
    /// # Errors
    /// `NotFinite` when a loss or a gradient is not. The critic may already have taken its step: continue from an
    /// earlier state.
    pub(crate) fn step(&mut self, batch: SharpenBatch<'_>) -> Result<SharpenLosses> {
        let n = batch.pixels.len() / self.network.config.image.len();
        self.cut(
            n,
            batch.along.len() + batch.random.len() / self.network.config.latent,
        );
        self.settle_encoder();
        self.encode_round(batch);
        let drawn = self.drawn_latents(batch);
        self.critic_round(batch, &drawn);
        self.step_critic()?;
        if self.network_learns() {
            self.network_round(batch);
        }
        self.finish(n)
    }

    /// Replaces the encoder by its moving average in the step in which it stops learning, since the weights of a single step are noisy.
    fn settle_encoder(&mut self) {
        if self.step == self.options.encoder_stops {
            let encoder = 0..self.network.linear.place.weight;
            self.generator.weights[encoder.clone()].copy_from_slice(&self.average[encoder]);
            self.pack_generator();
        }
    }

    /// False in a step that is the critic's alone.
    fn network_learns(&self) -> bool {
        let SharpenOptions {
            network_waits,
            critic_steps,
            ..
        } = self.options;
        self.step >= network_waits && (self.step + 1).is_multiple_of(critic_steps)
    }

    /// The end of a step with n real pictures, after all rounds.
    fn finish(&mut self, n: usize) -> Result<SharpenLosses> {
        let losses = self.losses(n);
        if self.network_learns() {
            self.step_network(&losses)?;
        }
        self.sureness = losses.sureness;
        self.step += 1;
        Ok(losses)
    }

    /// Cuts n reconstructions and `drawn` other fakes into shards.
    fn cut(&mut self, n: usize, drawn: usize) {
        let largest = pass::chunk_len(&self.network).min(LARGEST_SHARD);
        let reconstructions = pass::chunks(n, largest).map(|count| (Role::Reconstruction, count));
        let parts = reconstructions.chain(pass::chunks(drawn, largest).map(|count| (Role::Drawn, count)));
        let mut first = 0;
        let mut used = 0;
        for (role, count) in parts {
            if used == self.shards.len() {
                self.shards.push(Shard::new());
            }
            let shard = &mut self.shards[used];
            (shard.role, shard.first, shard.count) = (role, first, count);
            shard.sums = Sums::default();
            (first, used) = (first + count, used + 1);
        }
        self.shards.truncate(used);
    }

    /// Latents of the fakes other than reconstructions. No gradient goes through them into the encoder.
    fn drawn_latents(&self, batch: SharpenBatch<'_>) -> Vec<f32> {
        let (size, code_len) = (self.network.config.latent, self.network.head.output.padded);
        let codes: Vec<&[f32]> = self
            .shards
            .iter()
            .filter(|shard| shard.role == Role::Reconstruction)
            .flat_map(|shard| shard.maps.codes[..shard.count * code_len].chunks_exact(code_len))
            .map(|code| &code[..size])
            .collect();
        let mut latents = Vec::new();
        for (at, &along) in batch.along.iter().enumerate() {
            let (from, to) = (codes[at % codes.len()], codes[(at + 1) % codes.len()]);
            latents.extend(slerp(from, to, along));
        }
        latents.extend_from_slice(batch.random);
        latents
    }

    /// Adam on the critic.
    fn step_critic(&mut self) -> Result<()> {
        self.spectra
            .gradient(&self.critic, &self.normalized, &mut self.critic_gradient);
        self.check_finite(&self.critic_gradient, "critic")?;
        self.judge.step(
            self.kernels,
            &self.critic_gradient,
            Stride {
                range: 0..self.critic.parameters,
                rate: self.options.critic_rate,
                betas: self.options.betas,
                step: self.step + 1,
            },
        );
        self.spectra.update(&self.critic, &self.judge.weights);
        self.pack_critic();
        Ok(())
    }

    /// Adam on decoder and encoder, and the average.
    fn step_network(&mut self, losses: &SharpenLosses) -> Result<()> {
        self.check_finite(&self.gradient, "network")?;
        let parts = [
            losses.pixels,
            losses.features,
            losses.kl,
            losses.real,
            losses.fake,
        ];
        self.check_finite(&parts, "losses")?;
        let SharpenOptions {
            encoder_rate,
            decoder_rate,
            betas,
            encoder_waits,
            encoder_stops,
            network_waits,
            critic_steps,
            ..
        } = self.options;
        let middle = self.network.linear.place.weight;
        let decoder = (
            middle..self.network.parameters,
            decoder_rate,
            network_waits..u64::MAX,
        );
        let encoder_steps = network_waits.max(encoder_waits)..encoder_stops;
        let encoder = (0..middle, encoder_rate, encoder_steps);
        for (range, rate, steps) in [decoder, encoder] {
            if steps.contains(&self.step) {
                let stride = Stride {
                    range,
                    rate,
                    betas,
                    // Adam counts the steps in which these weights have learned.
                    step: (self.step + 1) / critic_steps - steps.start / critic_steps,
                };
                self.generator.step(self.kernels, &self.gradient, stride);
            }
        }
        let rate = self.options.average_rate(self.step + 1);
        for (average, weight) in self.average.iter_mut().zip(&self.generator.weights) {
            *average += rate * (weight - *average);
        }
        self.pack_generator();
        Ok(())
    }

    fn check_finite(&self, values: &[f32], what: &str) -> Result<()> {
        if all_finite(values) {
            return Ok(());
        }
        let step = self.step + 1;
        Err(Error::new(
            ErrorKind::NotFinite,
            format!("step {step}: a value is not finite ({what})"),
        ))
    }

    /// True while the encoder learns too.
    fn encoder_learns(&self) -> bool {
        (self.options.encoder_waits..self.options.encoder_stops).contains(&self.step)
    }

    fn pack_critic(&mut self) {
        self.spectra
            .normalized(&self.critic, &self.judge.weights, &mut self.normalized);
        self.critic
            .pack(self.kernels, &self.normalized, &mut self.critic_panels);
    }

    fn pack_generator(&mut self) {
        self.network.pack_forward(
            self.kernels,
            &self.generator.weights,
            &mut self.panels,
            &mut self.workers,
        );
        self.network.pack_backward(
            self.kernels,
            &self.generator.weights,
            &mut self.panels,
            &mut self.workers,
        );
    }

    fn pass(&self) -> Pass<'_> {
        Pass {
            network: &self.network,
            kernels: self.kernels,
            parameters: &self.generator.weights,
            panels: &self.panels,
        }
    }
}

impl Shard {
    fn new() -> Self {
        Self {
            role: Role::Drawn,
            first: 0,
            count: 0,
            maps: Maps::default(),
            fakes: Vec::new(),
            of_fakes: Opinion::default(),
            of_real: Opinion::default(),
            sums: Sums::default(),
        }
    }
}
