//! Our own engine: forward, backward and Adam for exactly this family of networks, on one CPU thread.
//!
//! The way from config to machine code, one file a step: [`taps`] turns geometry into lists of (input position, output
//! position, weight block); [`layer`] makes matrix products of them over feature maps that lie
//! `[position][picture][channel]`; [`window`] does the same at the picture's edge; [`network`] places all parameters in one
//! vector; [`pass`] runs a chunk of pictures forward and backward; the crate `latent-lab-kernels` holds the tiles, and all unsafe code.

mod critic;
mod layer;
mod network;
mod pass;
mod sharpening;
mod taps;
mod window;

pub use latent_lab_kernels::Arithmetic;
use latent_lab_kernels::{Adam, Kernels, all_finite};
pub(crate) use sharpening::{Contest, SharpenBatch, View};
pub use sharpening::{SharpenLosses, SharpenOptions};

use crate::{
    config::{Kind, ModelConfig},
    engine::{self, Batch, Engine, Losses, Posterior, StepOptions, TrainingState},
    error::{Error, ErrorKind, Result},
    weights::Weights,
};
use layer::Panels;
use network::Network;
use pass::{Maps, Pass, Sums};

/// The engine on the CPU, on the thread that calls it.
pub struct CpuEngine {
    network: Network,
    kernels: &'static Kernels,
    parameters: Vec<f32>,
    panels: Panels,
    /// Pictures of a chunk.
    chunk: usize,
    maps: Maps,
    training: Option<Training>,
}

/// Buffers that only training needs.
struct Training {
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    logits: Vec<f32>,
    step: u64,
    /// Of the step that is under way: its pictures, how many of them are done, and their losses.
    batch: usize,
    done: usize,
    sums: Sums,
    divergence: Divergence,
}

/// Weights of the KL divergence in a step.
#[derive(Default)]
struct Divergence {
    /// For each latent dimension, beta over the number of pictures; 0 where free bits cover it.
    scales: Vec<f32>,
    /// The KL term before beta, where there are free bits: the mean over the batch.
    with_free_bits: Option<f64>,
}

impl CpuEngine {
    /// An engine with the quickest arithmetic.
    ///
    /// # Errors
    /// `Config` or `Weights` when they are not valid or do not fit each other.
    pub fn new(config: &ModelConfig, weights: &Weights) -> Result<Self> {
        Self::with_arithmetic(config, weights, Arithmetic::Fastest)
    }

    /// An engine with the given arithmetic.
    ///
    /// # Errors
    /// As [`CpuEngine::new`]; `Engine` when this build cannot compute so: one with relaxed SIMD is never reproducible.
    pub fn with_arithmetic(config: &ModelConfig, weights: &Weights, arithmetic: Arithmetic) -> Result<Self> {
        config.validate()?;
        weights.check(config)?;
        let kernels = Kernels::pick(arithmetic).ok_or_else(|| {
            let message = "this build has no reproducible arithmetic, only relaxed SIMD";
            Error::new(ErrorKind::Engine, message)
        })?;
        let network = Network::new(config, kernels.width);
        let mut engine = Self {
            chunk: pass::chunk_len(&network),
            network,
            kernels,
            parameters: Vec::new(),
            panels: Panels::default(),
            maps: Maps::default(),
            training: None,
        };
        engine.set_parameters(weights);
        Ok(engine)
    }

    /// Name of the instruction set, for people.
    pub fn instructions(&self) -> &'static str {
        self.kernels.name
    }

    fn set_parameters(&mut self, weights: &Weights) {
        self.network.scatter(weights, &mut self.parameters);
        self.network.pack_forward(&self.parameters, &mut self.panels);
    }

    /// The parts for a pass, and the maps it writes.
    fn pass(&mut self) -> (Pass<'_>, &mut Maps) {
        let pass = Pass {
            network: &self.network,
            kernels: self.kernels,
            parameters: &self.parameters,
            panels: &self.panels,
        };
        (pass, &mut self.maps)
    }

    fn encode_now(&mut self, pixels: &[f32]) -> Result<Posterior> {
        let config = &self.network.config;
        let (image, size, kind) = (config.image.len(), config.latent, config.kind);
        let n = engine::picture_count(config.image, pixels)?;
        let code_len = self.network.head.output.padded;
        let chunk = self.chunk;
        let mut mean = Vec::with_capacity(n * size);
        let mut log_var = Vec::new();
        let (pass, maps) = self.pass();
        let mut done = 0;
        for count in pass::chunks(n, chunk) {
            pass.encode(&pixels[done * image..(done + count) * image], maps);
            for codes in maps.codes[..count * code_len].chunks_exact(code_len) {
                mean.extend_from_slice(&codes[..size]);
                if kind == Kind::Variational {
                    log_var.extend_from_slice(&codes[size..2 * size]);
                }
            }
            done += count;
        }
        Ok(Posterior {
            mean,
            log_var: (kind == Kind::Variational).then_some(log_var),
        })
    }

    fn decode_logits_now(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let config = &self.network.config;
        let (image, size, chunk) = (config.image.len(), config.latent, self.chunk);
        let n = engine::latent_count(size, latents)?;
        let mut logits = vec![0.0; n * image];
        let (pass, maps) = self.pass();
        let mut done = 0;
        for count in pass::chunks(n, chunk) {
            let to = &mut logits[done * image..(done + count) * image];
            pass.decode(&latents[done * size..(done + count) * size], to, maps);
            done += count;
        }
        Ok(logits)
    }

    /// The output of every decoder layer for latents `[n, latent]`, in the order of the data: of the linear layer and the
    /// transposed convolutions after leaky ReLU, of the last one the logits. `[n]`, and of each latent the layers in a row,
    /// `[channel][row][column]`, in the shapes that [`ModelConfig::maps`] has from its last to its first.
    ///
    /// # Errors
    /// As [`Engine::decode`], but for no latent at all, which has no maps.
    pub fn decoder_maps(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        // One by one, since the maps that a pass leaves behind are those of its chunk.
        for latent in latents.chunks(self.network.config.latent) {
            let logits = self.decode_logits_now(latent)?;
            let layers = std::iter::once(&self.network.linear).chain(&self.network.transposed);
            for (layer, rows) in layers.zip(&self.maps.decoder) {
                for channel in 0..layer.output.used {
                    for position in 0..layer.output_positions {
                        values.push(rows[position * layer.output.padded + channel]);
                    }
                }
            }
            values.extend_from_slice(&logits);
        }
        Ok(values)
    }

    /// Adds the gradient of the next chunk of the batch to `training.gradient`; the losses of all after the last one.
    fn gradient_part(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Option<Losses>> {
        let config = &self.network.config;
        let (image, size) = (config.image.len(), config.latent);
        let n = engine::batch_count(config, &batch, &options)?;
        match &self.training {
            Some(training) if training.done > 0 && n != training.batch => {
                let message = "all parts of a step must have the same batch";
                return Err(Error::new(ErrorKind::Argument, message));
            }
            Some(training) if training.done > 0 => {}
            _ => self.begin_step(n, batch, options)?,
        }
        let training = self.training.as_mut().expect("the step has begun");
        let pass = Pass {
            network: &self.network,
            kernels: self.kernels,
            parameters: &self.parameters,
            panels: &self.panels,
        };
        let done = training.done;
        let count = pass::chunks(n - done, self.chunk).next().unwrap_or(0);
        let part = pass.gradient(
            (
                &batch.pixels[done * image..(done + count) * image],
                &batch.noise[done * size..(done + count) * size],
            ),
            (&training.divergence.scales, n),
            &mut training.logits[..count * image],
            &mut self.maps,
            &mut training.gradient,
        );
        training.sums.reconstruction += part.reconstruction;
        training.sums.kl += part.kl;
        training.done += count;
        Ok((training.done == n).then(|| training.losses(options.beta)))
    }

    /// Prepares the first chunk of a step of `n` pictures.
    fn begin_step(&mut self, n: usize, batch: Batch<'_>, options: StepOptions) -> Result<()> {
        let divergence = self.divergence(n, batch.pixels, options)?;
        self.network.pack_backward(&self.parameters, &mut self.panels);
        let parameters = self.network.parameters;
        let training = self.training.get_or_insert_with(|| Training::new(parameters));
        training.gradient.fill(0.0);
        training
            .logits
            .resize(self.chunk * self.network.config.image.len(), 0.0);
        training.sums = Sums::default();
        training.batch = n;
        training.divergence = divergence;
        Ok(())
    }

    /// Weights of the KL divergence in a step. Free bits are compared with the mean over the whole batch, which takes another pass
    /// through the encoder.
    fn divergence(&mut self, n: usize, pixels: &[f32], options: StepOptions) -> Result<Divergence> {
        let size = self.network.config.latent;
        let mut divergence = Divergence {
            scales: vec![options.beta * (1.0 / n as f32); size],
            with_free_bits: None,
        };
        if options.free_bits == 0.0 {
            return Ok(divergence);
        }
        let Posterior { mean, log_var } = self.encode_now(pixels)?;
        let Some(log_var) = log_var else {
            return Ok(divergence);
        };
        let free = f64::from(options.free_bits);
        let mut total = 0.0;
        for (i, scale) in divergence.scales.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (mean, log_var) in mean[i..].iter().zip(&log_var[i..]).step_by(size) {
                sum += f64::from(0.5 * (mean * mean + libm::expf(*log_var) - 1.0 - log_var));
            }
            let kl = sum / n as f64;
            // Not `max`, which would hide NaN.
            if kl <= free {
                *scale = 0.0;
                total += free;
            } else {
                total += kl;
            }
        }
        divergence.with_free_bits = Some(total);
        Ok(divergence)
    }

    /// A step that has begun is not taken.
    fn give_up_step(&mut self) {
        if let Some(training) = &mut self.training {
            training.done = 0;
        }
    }

    fn train_part_now(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Option<Losses>> {
        let part = self.gradient_part(batch, options);
        if !matches!(part, Ok(None)) {
            self.give_up_step();
        }
        part?.map(|losses| self.take_step(losses, options)).transpose()
    }

    fn train_step_now(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        self.give_up_step();
        loop {
            if let Some(losses) = self.train_part_now(batch, options)? {
                return Ok(losses);
            }
        }
    }

    /// Adam, on the gradient that is there.
    fn take_step(&mut self, losses: Losses, options: StepOptions) -> Result<Losses> {
        let Some(training) = &mut self.training else {
            return Ok(losses);
        };
        if !losses.total.is_finite() || !all_finite(&training.gradient) {
            return Err(Error::new(
                ErrorKind::NotFinite,
                format!(
                    "training step {}: the loss or its gradient is not finite",
                    training.step + 1
                ),
            ));
        }
        training.step += 1;
        let correction = |beta: f32| 1.0 - power(f64::from(beta), training.step);
        self.kernels.adam(Adam {
            weights: &mut self.parameters,
            gradient: &training.gradient,
            first: &mut training.first,
            second: &mut training.second,
            betas: [engine::ADAM_BETA_1, engine::ADAM_BETA_2],
            epsilon: engine::ADAM_EPSILON,
            step_size: (f64::from(options.learning_rate) / correction(engine::ADAM_BETA_1)) as f32,
            second_correction: (1.0 / correction(engine::ADAM_BETA_2)) as f32,
        });
        self.network.pack_forward(&self.parameters, &mut self.panels);
        Ok(losses)
    }
}

impl Training {
    fn new(parameters: usize) -> Self {
        let zeros = || vec![0.0; parameters];
        Self {
            gradient: zeros(),
            first: zeros(),
            second: zeros(),
            logits: Vec::new(),
            step: 0,
            batch: 0,
            done: 0,
            sums: Sums::default(),
            divergence: Divergence::default(),
        }
    }

    /// Losses of the batch, once all of it is done.
    fn losses(&self, beta: f32) -> Losses {
        let n = self.batch as f64;
        let (reconstruction, kl) = (self.sums.reconstruction / n, self.sums.kl / n);
        let charged = self.divergence.with_free_bits.unwrap_or(kl);
        Losses {
            reconstruction: reconstruction as f32,
            kl: kl as f32,
            total: (reconstruction + f64::from(beta) * charged) as f32,
        }
    }
}

impl Engine for CpuEngine {
    fn config(&self) -> &ModelConfig {
        &self.network.config
    }

    fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        self.encode_now(pixels)
    }

    fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let mut values = self.decode_logits_now(latents)?;
        self.kernels.sigmoids(&mut values);
        Ok(values)
    }

    fn decode_logits(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        self.decode_logits_now(latents)
    }

    fn train_step(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        self.train_step_now(batch, options)
    }

    fn train_part(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Option<Losses>> {
        self.train_part_now(batch, options)
    }

    fn weights(&mut self) -> Result<Weights> {
        Ok(self.network.gather(&self.parameters))
    }

    fn state(&mut self) -> Result<TrainingState> {
        let weights = self.network.gather(&self.parameters);
        Ok(match &self.training {
            None => TrainingState::new(&self.network.config, weights),
            Some(training) => TrainingState {
                weights,
                first_moment: self.network.gather(&training.first),
                second_moment: self.network.gather(&training.second),
                step: training.step,
            },
        })
    }

    fn set_state(&mut self, state: &TrainingState) -> Result<()> {
        state.check(&self.network.config)?;
        self.set_parameters(&state.weights);
        let mut training = Training::new(self.network.parameters);
        self.network.scatter(&state.first_moment, &mut training.first);
        self.network.scatter(&state.second_moment, &mut training.second);
        training.step = state.step;
        self.training = Some(training);
        Ok(())
    }
}

/// base^exponent by squaring: the same bits everywhere.
fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut power = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    power
}

#[cfg(test)]
mod tests;
