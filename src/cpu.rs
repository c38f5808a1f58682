//! Our own engine: forward, backward and Adam for exactly this family of networks, on the CPU.
//!
//! The way from config to machine code, one file per step: [`taps`] turns geometry into lists of (input position,
//! output position, weight block); [`layer`] makes matrix products of them over feature maps that lie
//! `[position][picture][channel]`; [`window`] does the same at the picture's edge; [`network`] places all parameters in
//! one vector; [`pass`] runs a chunk of pictures forward and backward; [`training`] takes a step, of [`shards`] that
//! threads share, or workers by an [`exchange`]; the crate `latent-lab-kernels` holds the tiles, and all unsafe code.

mod critic;
mod exchange;
mod flat;
mod gradients;
mod layer;
mod network;
mod pass;
mod shards;
mod sharpening;
mod taps;
mod threads;
mod training;
mod window;

pub use latent_lab_kernels::Arithmetic;
use latent_lab_kernels::Kernels;
pub(crate) use sharpening::{Begun, Contest, SharpenBatch, View};
pub use sharpening::{Referee, SharpenLosses, SharpenOptions};

use crate::{
    config::{Kind, ModelConfig},
    engine::{self, Batch, Engine, Losses, Posterior, StepOptions, TrainingState},
    error::{Error, ErrorKind, Result},
    weights::Weights,
};
pub use exchange::Member;
use layer::Panels;
use network::Network;
use pass::{Maps, Pass};
pub use shards::MOST_SHARDS;
use threads::share_out;
use training::Training;

/// The engine on the CPU, on the calling thread unless it was given more.
pub struct CpuEngine {
    network: Network,
    kernels: &'static Kernels,
    parameters: Vec<f32>,
    panels: Panels,
    /// Pictures in a chunk.
    chunk: usize,
    /// One per thread; at least one.
    workspaces: Vec<Workspace>,
    training: Option<Training>,
}

/// Buffers of one thread.
#[derive(Default)]
struct Workspace {
    maps: Maps,
    logits: Vec<f32>,
}

impl CpuEngine {
    /// An engine with the fastest arithmetic.
    ///
    /// # Errors
    /// `Config` or `Weights` when they are not valid or do not fit each other.
    pub fn new(config: &ModelConfig, weights: &Weights) -> Result<Self> {
        Self::with_arithmetic(config, weights, Arithmetic::Fastest)
    }

    /// An engine with the given arithmetic.
    ///
    /// # Errors
    /// As [`CpuEngine::new`]; `Engine` when this build does not have it: one with relaxed SIMD is never reproducible.
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
            workspaces: vec![Workspace::default()],
            training: None,
        };
        engine.set_parameters(weights);
        Ok(engine)
    }

    /// Computes on `threads` threads from now on, at least one. Results do not depend on their number. In WebAssembly there is one.
    pub fn set_threads(&mut self, threads: usize) {
        self.workspaces.resize_with(threads.max(1), Workspace::default);
    }

    /// Name of the instruction set, for people.
    pub fn instructions(&self) -> &'static str {
        self.kernels.name
    }

    fn set_parameters(&mut self, weights: &Weights) {
        self.network.scatter(weights, &mut self.parameters);
        self.network.pack_forward(
            self.kernels,
            &self.parameters,
            &mut self.panels,
            &mut self.workspaces,
        );
    }

    /// The parts for a pass, and a workspace for each thread.
    fn pass(&mut self) -> (Pass<'_>, &mut [Workspace]) {
        let pass = Pass {
            network: &self.network,
            kernels: self.kernels,
            parameters: &self.parameters,
            panels: &self.panels,
        };
        (pass, &mut self.workspaces)
    }

    fn encode_now(&mut self, pixels: &[f32]) -> Result<Posterior> {
        let config = &self.network.config;
        let (image, size, kind) = (config.image.len(), config.latent, config.kind);
        let n = engine::picture_count(config.image, pixels)?;
        let code_len = self.network.head.output.padded;
        let chunk = self.chunk;
        let mut mean = vec![0.0; n * size];
        let mut log_var = vec![0.0; if kind == Kind::Variational { n * size } else { 0 }];
        let log_vars: Vec<&mut [f32]> = match kind {
            Kind::Variational => in_chunks(&mut log_var, size, (n, chunk)).collect(),
            Kind::Autoencoder => pass::chunks(n, chunk).map(|_| &mut [][..]).collect(),
        };
        let outputs = in_chunks(&mut mean, size, (n, chunk)).zip(log_vars);
        let (pass, workspaces) = self.pass();
        share_out(
            workspaces,
            pass::chunk_ranges(n, chunk).zip(outputs),
            |Workspace { maps, .. }, (pictures, (mean, log_var))| {
                let count = pictures.len();
                pass.encode(&pixels[pictures.start * image..pictures.end * image], maps);
                let rows = maps.codes[..count * code_len].chunks_exact(code_len);
                for (codes, mean) in rows.clone().zip(mean.chunks_exact_mut(size)) {
                    mean.copy_from_slice(&codes[..size]);
                }
                for (codes, log_var) in rows.zip(log_var.chunks_exact_mut(size)) {
                    log_var.copy_from_slice(&codes[size..2 * size]);
                }
            },
        );
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
        let (pass, workspaces) = self.pass();
        share_out(
            workspaces,
            pass::chunk_ranges(n, chunk).zip(in_chunks(&mut logits, image, (n, chunk))),
            |Workspace { maps, .. }, (pictures, logits)| {
                pass.decode(&latents[pictures.start * size..pictures.end * size], logits, maps);
            },
        );
        Ok(logits)
    }

    /// The output of every decoder layer for latents `[n, latent]`, in the order of the data: of the linear layer and the
    /// transposed convolutions after leaky ReLU, of the last one the logits. `[n]`, and of each latent the layers in a row,
    /// `[channel][row][column]`, in the shapes that [`ModelConfig::maps`] has from its last to its first.
    ///
    /// # Errors
    /// As [`Engine::decode`]; no latents give no maps.
    pub fn decoder_maps(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        // One by one, since a pass keeps only the maps of its last chunk.
        for latent in latents.chunks(self.network.config.latent) {
            let logits = self.decode_logits_now(latent)?;
            let layers = std::iter::once(&self.network.linear).chain(&self.network.transposed);
            for (layer, rows) in layers.zip(&self.workspaces[0].maps.decoder) {
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
}

impl Engine for CpuEngine {
    fn config(&self) -> &ModelConfig {
        &self.network.config
    }

    fn encode(&mut self, pixels: &[f32]) -> Result<Posterior> {
        self.encode_now(pixels)
    }

    fn set_threads(&mut self, threads: usize) {
        Self::set_threads(self, threads);
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

/// Values `[n, each]` cut into the chunks of [`pass::chunks`].
fn in_chunks(
    mut values: &mut [f32],
    each: usize,
    (n, chunk): (usize, usize),
) -> impl Iterator<Item = &mut [f32]> {
    pass::chunks(n, chunk).map(move |count| {
        let (part, rest) = std::mem::take(&mut values).split_at_mut(count * each);
        values = rest;
        part
    })
}

#[cfg(test)]
mod tests;
