//! A training step: gradients of shards, their sum, and Adam.

use std::{
    iter::zip,
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use latent_lab_kernels::{Adam, all_finite};

use super::{
    CpuEngine, Workspace,
    gradients::{Gradients, Pictures},
    pass::{self, Pass, Sums},
    shards::{add_up, shards, units},
    threads::share_out,
};
use crate::{
    engine::{self, Batch, Losses, Posterior, StepOptions},
    error::{Error, ErrorKind, Result},
};

/// Values that a thread takes at once where it adds gradients or updates weights.
const PIECE: usize = 1 << 14;

/// Buffers that only training needs.
pub(super) struct Training {
    pub(super) first: Vec<f32>,
    pub(super) second: Vec<f32>,
    pub(super) step: u64,
    /// The current step, if there is one.
    pub(super) begun: Option<Begun>,
    /// Gradients of the shards, of each unit of work. Kept from step to step.
    pub(super) gradients: Vec<Gradients>,
    /// Their sum. With one unit of work, it is in one of that unit's vectors.
    pub(super) gradient: Vec<f32>,
}

/// A step that is under way.
pub(super) struct Begun {
    batch: usize,
    pub(super) shards: Vec<Shard>,
    divergence: Divergence,
    /// Values of the gradient that are sums of all shards, where other workers share the step.
    pub(super) summed: usize,
    /// False once one of them is not finite.
    pub(super) is_finite: bool,
}

/// Pictures of a batch that are summed separately.
pub(super) struct Shard {
    pub(super) pictures: Range<usize>,
    /// How many of them are done.
    done: usize,
    pub(super) sums: Sums,
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
    /// Adds the gradient of the next chunk of the shards `owned` to theirs. True once these shards are done.
    pub(super) fn gradient_part(
        &mut self,
        batch: Batch<'_>,
        options: StepOptions,
        owned: impl FnOnce(usize) -> Range<usize>,
    ) -> Result<bool> {
        let n = engine::batch_count(&self.network.config, &batch, &options)?;
        match self
            .training
            .as_ref()
            .and_then(|training| training.begun.as_ref())
        {
            Some(begun) if n != begun.batch => {
                let message = "all parts of a step must have the same batch";
                return Err(Error::new(ErrorKind::Argument, message));
            }
            Some(_) => {}
            None => self.begin_step(n, batch, options, |_| 1)?,
        }
        let chunk = self.chunk;
        let (pass, workspaces, training) = self.parts();
        let begun = training.begun.as_mut().expect("the step has begun");
        let count = begun.shards.len();
        let mut left = owned(count).filter(|&index| !begun.shards[index].is_done());
        let Some(index) = left.next() else {
            return Ok(true);
        };
        let is_last = left.next().is_none();
        let shard = &mut begun.shards[index];
        shard.add_chunk(
            pass,
            (batch, begun.batch, &begun.divergence),
            (index, count),
            chunk,
            &mut training.gradients[0],
            &mut workspaces[0],
        );
        Ok(is_last && shard.is_done())
    }

    /// The gradients of all shards, on all threads.
    pub(super) fn whole_gradient(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<()> {
        let n = engine::batch_count(&self.network.config, &batch, &options)?;
        let threads = self.workspaces.len();
        self.begin_step(n, batch, options, |shards| units(shards, threads).len())?;
        let chunk = self.chunk;
        let (pass, workspaces, training) = self.parts();
        let begun = training.begun.as_mut().expect("the step has begun");
        let divergence = &begun.divergence;
        let count = begun.shards.len();
        let units = units(count, threads);
        let unit_len = units[0].len();
        share_out(
            workspaces,
            zip(
                units,
                zip(begun.shards.chunks_mut(unit_len), &mut training.gradients),
            ),
            |workspace, (unit, (shards, gradients))| {
                for (index, shard) in zip(unit, shards) {
                    while !shard.is_done() {
                        shard.add_chunk(
                            pass,
                            (batch, n, divergence),
                            (index, count),
                            chunk,
                            gradients,
                            workspace,
                        );
                    }
                }
            },
        );
        Ok(())
    }

    fn parts(&mut self) -> (Pass<'_>, &mut [Workspace], &mut Training) {
        let pass = Pass {
            network: &self.network,
            kernels: self.kernels,
            parameters: &self.parameters,
            panels: &self.panels,
        };
        let parameters = self.network.parameters;
        let training = self.training.get_or_insert_with(|| Training::new(parameters));
        (pass, &mut self.workspaces, training)
    }

    /// Prepares a step of `n` pictures. `units` says how many units of work add up gradients, from the number of shards.
    fn begin_step(
        &mut self,
        n: usize,
        batch: Batch<'_>,
        options: StepOptions,
        units: impl FnOnce(usize) -> usize,
    ) -> Result<()> {
        let divergence = self.divergence(n, batch.pixels, options)?;
        self.network.pack_backward(
            self.kernels,
            &self.parameters,
            &mut self.panels,
            &mut self.workspaces,
        );
        let parameters = self.network.parameters;
        let (_, _, training) = self.parts();
        let shards = shards(n, parameters);
        training
            .gradients
            .resize_with(units(shards.len()), Gradients::default);
        for gradients in &mut training.gradients {
            gradients.clear();
        }
        if let [of_all] = &mut training.gradients[..] {
            of_all.keep(std::mem::take(&mut training.gradient));
        }
        training.begun = Some(Begun {
            batch: n,
            shards: shards.into_iter().map(Shard::new).collect(),
            divergence,
            summed: 0,
            is_finite: true,
        });
        Ok(())
    }

    /// Weights of the KL divergence in a step. Free bits are compared with the mean over the whole batch, which needs
    /// an extra pass through the encoder.
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

    /// Drops a step that has begun.
    pub(super) fn give_up_step(&mut self) {
        if let Some(training) = &mut self.training {
            training.begun = None;
        }
    }

    pub(super) fn train_part_now(
        &mut self,
        batch: Batch<'_>,
        options: StepOptions,
    ) -> Result<Option<Losses>> {
        let part = self.gradient_part(batch, options, |shards| 0..shards);
        if part.is_err() {
            self.give_up_step();
        }
        if !part? {
            return Ok(None);
        }
        let is_finite = self.add_up_shards();
        self.take_step(is_finite, options).map(Some)
    }

    pub(super) fn train_step_now(&mut self, batch: Batch<'_>, options: StepOptions) -> Result<Losses> {
        self.give_up_step();
        self.whole_gradient(batch, options)?;
        let is_finite = self.add_up_shards();
        self.take_step(is_finite, options)
    }

    /// Adds up the gradients of all shards. False if the sum is not finite.
    pub(super) fn add_up_shards(&mut self) -> bool {
        let parameters = self.network.parameters;
        let (_, workspaces, training) = self.parts();
        let Training {
            gradients, gradient, ..
        } = training;
        if let [of_all] = &mut gradients[..]
            && let Some(only) = of_all.take_only()
        {
            *gradient = only;
            return all_finite(gradient);
        }
        gradient.resize(parameters, 0.0);
        let is_finite = AtomicBool::new(true);
        share_out(
            workspaces,
            gradient.chunks_mut(PIECE).zip((0..).step_by(PIECE)),
            |_, (sum, at)| {
                let parts: Vec<_> = pieces(gradients, at..at + sum.len()).collect();
                let count = parts.last().map_or(0, |(tree, _)| tree.end);
                add_up(&(0..count), &parts, sum);
                if !all_finite(sum) {
                    is_finite.store(false, Ordering::Relaxed);
                }
            },
        );
        is_finite.into_inner()
    }

    /// Adam, on the current gradient, if it is finite. Ends the step.
    pub(super) fn take_step(&mut self, is_finite: bool, options: StepOptions) -> Result<Losses> {
        let Some(training) = &mut self.training else {
            return Err(Error::new(ErrorKind::Argument, "no step has begun"));
        };
        let Some(begun) = training.begun.take() else {
            return Err(Error::new(ErrorKind::Argument, "no step has begun"));
        };
        let losses = begun.losses(options.beta);
        let workspaces = &mut self.workspaces[..];
        if !losses.total.is_finite() || !is_finite {
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
        let step_size = (f64::from(options.learning_rate) / correction(engine::ADAM_BETA_1)) as f32;
        let second_correction = (1.0 / correction(engine::ADAM_BETA_2)) as f32;
        let weights = zip(self.parameters.chunks_mut(PIECE), training.gradient.chunks(PIECE));
        let moments = zip(
            training.first.chunks_mut(PIECE),
            training.second.chunks_mut(PIECE),
        );
        share_out(
            workspaces,
            zip(weights, moments),
            |_, ((weights, gradient), (first, second))| {
                self.kernels.adam(Adam {
                    weights,
                    gradient,
                    first,
                    second,
                    betas: [engine::ADAM_BETA_1, engine::ADAM_BETA_2],
                    epsilon: engine::ADAM_EPSILON,
                    step_size,
                    second_correction,
                });
            },
        );
        self.network
            .pack_forward(self.kernels, &self.parameters, &mut self.panels, workspaces);
        Ok(losses)
    }
}

/// A piece of all sums so far.
pub(super) fn pieces(
    gradients: &[Gradients],
    piece: Range<usize>,
) -> impl Iterator<Item = (Range<usize>, &[f32])> {
    let sums = gradients.iter().flat_map(Gradients::parts);
    sums.map(move |(tree, values)| (tree, &values[piece.clone()]))
}

impl Shard {
    fn new(pictures: Range<usize>) -> Self {
        Self {
            pictures,
            done: 0,
            sums: Sums::default(),
        }
    }

    fn is_done(&self) -> bool {
        self.done == self.pictures.len()
    }

    /// Adds the gradient of the next chunk to `gradients`, where this is shard `index` of `shards`.
    fn add_chunk(
        &mut self,
        pass: Pass<'_>,
        (batch, total, divergence): (Batch<'_>, usize, &Divergence),
        (index, shards): (usize, usize),
        largest: usize,
        gradients: &mut Gradients,
        Workspace { maps, logits }: &mut Workspace,
    ) {
        let config = &pass.network.config;
        let (image, size) = (config.image.len(), config.latent);
        let chunks = pass::together(self.pictures.len() - self.done, largest);
        let count = chunks.iter().sum::<usize>();
        let first = self.pictures.start + self.done;
        let pictures = first..first + count;
        let target = gradients.target((index, shards), self.part(count), pass.network.parameters);
        pass.gradient(
            (
                &batch.pixels[pictures.start * image..pictures.end * image],
                &batch.noise[pictures.start * size..pictures.end * size],
            ),
            (&divergence.scales, total),
            (&chunks, super::layer::room(logits, count * image)),
            maps,
            target,
            &mut self.sums,
        );
        self.done += count;
        if self.is_done() {
            gradients.push(index, shards);
        }
    }

    /// Which of its pictures the next `count` are.
    fn part(&self, count: usize) -> Pictures {
        match self.done {
            0 if count == self.pictures.len() => Pictures::All,
            0 => Pictures::First,
            _ => Pictures::Further,
        }
    }
}

impl Begun {
    /// Losses of the batch, once all of it is done.
    pub(super) fn losses(&self, beta: f32) -> Losses {
        let n = self.batch as f64;
        let sum = |of: fn(&Sums) -> f64| self.shards.iter().map(|shard| of(&shard.sums)).sum::<f64>();
        let (reconstruction, kl) = (sum(|sums| sums.reconstruction) / n, sum(|sums| sums.kl) / n);
        let charged = self.divergence.with_free_bits.unwrap_or(kl);
        Losses {
            reconstruction: reconstruction as f32,
            kl: kl as f32,
            total: (reconstruction + f64::from(beta) * charged) as f32,
        }
    }
}

impl Training {
    pub(super) fn new(parameters: usize) -> Self {
        Self {
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
            step: 0,
            begun: None,
            gradients: vec![Gradients::default()],
            gradient: Vec::new(),
        }
    }
}

/// base^exponent by squaring: the same bits everywhere.
pub(super) fn power(mut base: f64, mut exponent: u64) -> f64 {
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
