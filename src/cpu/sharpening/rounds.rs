//! The three rounds of a step over the shards of its batch.

use std::ops::Range;

use super::{Contest, Role, Shard, SharpenBatch, SharpenOptions, Worker, add_in_order, in_waves};
use crate::{
    config::Likelihood,
    cpu::{
        critic::{Features, Judge, sign},
        layer::room,
        pass::Pass,
    },
};

/// Least distance of a pixel from 0 and 1 in the cross-entropy, since a sigmoid in f32 reaches both.
const NEAREST: f32 = 1e-7;

/// Everything that the threads read in a round.
#[derive(Clone, Copy)]
struct Round<'a> {
    batch: SharpenBatch<'a>,
    pass: Pass<'a>,
    judge: Judge<'a>,
    options: SharpenOptions,
    focus: &'a [f32],
    /// Real pictures of the batch.
    real: usize,
    fakes: usize,
}

/// The parts of a contest that a round writes.
struct Written<'a> {
    shards: &'a mut [Shard],
    workers: &'a mut [Worker],
    gradient: &'a mut [f32],
    critic_gradient: &'a mut [f32],
}

impl Contest {
    fn round<'a>(&'a mut self, batch: SharpenBatch<'a>) -> (Round<'a>, Written<'a>) {
        let round = Round {
            batch,
            pass: Pass {
                network: &self.network,
                kernels: self.kernels,
                parameters: &self.generator.weights,
                panels: &self.panels,
            },
            judge: Judge {
                critic: &self.critic,
                kernels: self.kernels,
                parameters: &self.normalized,
                panels: &self.critic_panels,
            },
            options: self.options,
            focus: &self.focus,
            real: batch.pixels.len() / self.critic.image.len(),
            fakes: self.shards.iter().map(|shard| shard.count).sum(),
        };
        let written = Written {
            shards: &mut self.shards,
            workers: &mut self.workers,
            gradient: &mut self.gradient,
            critic_gradient: &mut self.critic_gradient,
        };
        (round, written)
    }

    /// Codes and latents of the real pictures.
    pub(super) fn encode_round(&mut self, batch: SharpenBatch<'_>) {
        let (round, to) = self.round(batch);
        let scale = round.options.noise;
        let noise: Vec<f32> = batch.noise.iter().map(|draw| scale * draw).collect();
        let encode = |shard: &mut Shard, _: &mut Worker| {
            if shard.role == Role::Reconstruction {
                let size = round.pass.network.config.latent;
                let noise = &noise[shard.first * size..][..shard.count * size];
                let pictures = round.pictures(shard);
                shard.sums.kl = round.pass.encode_and_sample(pictures, noise, &mut shard.maps);
            }
        };
        in_waves(to.shards, to.workers, encode, |_| {});
    }

    /// Decodes all fakes, where those other than reconstructions have the latents `drawn`, and sums the critic's
    /// gradient.
    pub(super) fn critic_round(&mut self, batch: SharpenBatch<'_>, drawn: &[f32]) {
        self.critic_round_over(batch, drawn, 0..self.shards.len());
    }

    /// As [`Contest::critic_round`], over some shards. Ranges must follow each other from the first shard to the last.
    pub(super) fn critic_round_over(&mut self, batch: SharpenBatch<'_>, drawn: &[f32], shards: Range<usize>) {
        let (round, to) = self.round(batch);
        let total = to.critic_gradient;
        if shards.start == 0 {
            total.fill(0.0);
        }
        let len = total.len();
        let teach = |shard: &mut Shard, worker: &mut Worker| {
            worker.begin(len, 0);
            round.decode(shard, drawn);
            round.teach_critic(shard, worker);
        };
        let shards = &mut to.shards[shards];
        in_waves(shards, to.workers, teach, |busy| add_in_order(total, busy));
    }

    /// Sums the network's gradient.
    pub(super) fn network_round(&mut self, batch: SharpenBatch<'_>) {
        self.network_round_over(batch, 0..self.shards.len());
    }

    /// As [`Contest::network_round`], over some shards. Ranges must follow each other from the first shard to the last.
    pub(super) fn network_round_over(&mut self, batch: SharpenBatch<'_>, shards: Range<usize>) {
        let encoder_learns = self.encoder_learns();
        let (round, to) = self.round(batch);
        let total = to.gradient;
        if shards.start == 0 {
            total.fill(0.0);
        }
        let (len, decoder) = (total.len(), round.pass.network.linear.place.weight);
        let teach = |shard: &mut Shard, worker: &mut Worker| {
            let both = encoder_learns && shard.role == Role::Reconstruction;
            worker.begin(len, if both { 0 } else { decoder });
            round.teach_network(shard, worker, both);
        };
        let shards = &mut to.shards[shards];
        in_waves(shards, to.workers, teach, |busy| add_in_order(total, busy));
    }
}

impl Worker {
    /// Prepares for a shard whose gradient has `len` values and begins at `from`.
    fn begin(&mut self, len: usize, from: usize) {
        self.gradient.resize(len, 0.0);
        self.gradient[from..].fill(0.0);
        self.from = from;
    }
}

impl Round<'_> {
    /// The real pictures of a shard of reconstructions.
    fn pictures(&self, shard: &Shard) -> &[f32] {
        let size = self.judge.critic.image.len();
        &self.batch.pixels[shard.first * size..][..shard.count * size]
    }

    /// To the pixels of the shard's fakes.
    fn decode(&self, shard: &mut Shard, drawn: &[f32]) {
        let config = &self.pass.network.config;
        let fakes = room(&mut shard.fakes, shard.count * config.image.len());
        match shard.role {
            Role::Reconstruction => self.pass.decode_sampled(shard.count, fakes, &mut shard.maps),
            Role::Drawn => {
                let first = (shard.first - self.real) * config.latent;
                let latents = &drawn[first..][..shard.count * config.latent];
                self.pass.decode(latents, fakes, &mut shard.maps);
            }
        }
        self.pass.kernels.sigmoids(fakes);
    }

    /// Verdicts on fakes and real pictures, and the gradient of the hinge loss: the mean of max(0, 1 - verdict) over real pictures
    /// and of max(0, 1 + verdict) over fakes.
    fn teach_critic(&self, shard: &mut Shard, worker: &mut Worker) {
        let n = shard.count;
        self.show(shard.first, &shard.fakes, n, &mut worker.views);
        self.judge.see(&worker.views, &mut shard.of_fakes);
        self.judge.judge(n, &mut shard.of_fakes);
        let sums = &mut shard.sums;
        let mut gradients = Vec::with_capacity(n);
        for &verdict in &shard.of_fakes.verdicts {
            sums.fake += f64::from(verdict);
            sums.hinge_fake += f64::from(hinge(1.0 + verdict));
            sums.clear_fake += u32::from(verdict < -1.0);
            gradients.push(if verdict < -1.0 {
                0.0
            } else {
                1.0 / self.fakes as f32
            });
        }
        self.judge.add_gradient(
            &gradients,
            &shard.of_fakes,
            &mut worker.workspace,
            &mut worker.gradient,
        );
        if shard.role != Role::Reconstruction {
            return;
        }
        self.show(shard.first, self.pictures(shard), n, &mut worker.views);
        self.judge.see(&worker.views, &mut shard.of_real);
        self.judge.judge(n, &mut shard.of_real);
        let sums = &mut shard.sums;
        gradients.clear();
        for &verdict in &shard.of_real.verdicts {
            sums.real += f64::from(verdict);
            sums.hinge_real += f64::from(hinge(1.0 - verdict));
            sums.clear_real += u32::from(verdict > 1.0);
            gradients.push(if verdict > 1.0 {
                0.0
            } else {
                -1.0 / self.real as f32
            });
        }
        self.judge.add_gradient(
            &gradients,
            &shard.of_real,
            &mut worker.workspace,
            &mut worker.gradient,
        );
    }

    /// The views of n pictures, of which the first has the index `first`.
    fn show(&self, first: usize, pictures: &[f32], n: usize, shown: &mut Vec<f32>) {
        let image = self.judge.critic.image;
        shown.resize(n * image.len(), 0.0);
        let pairs = pictures
            .chunks_exact(image.len())
            .zip(shown.chunks_exact_mut(image.len()));
        for ((picture, shown), view) in pairs.zip(&self.batch.views[first..]) {
            view.show(image, picture, shown);
        }
    }

    /// The gradient of the network's loss, by the current critic. With `both` it continues into the encoder.
    fn teach_network(&self, shard: &mut Shard, worker: &mut Worker, both: bool) {
        let n = shard.count;
        self.judge.judge(n, &mut shard.of_fakes);
        let is_reconstruction = shard.role == Role::Reconstruction;
        let features = is_reconstruction.then(|| {
            self.judge.judge(n, &mut shard.of_real);
            shard.sums.features = self.judge.feature_loss(n, &shard.of_fakes, &shard.of_real);
            Features {
                target: &shard.of_real,
                scale: self.options.features / self.real as f32,
            }
        });
        let verdicts = vec![-self.options.verdict / self.fakes as f32; n];
        worker.views.resize(n * self.judge.critic.image.len(), 0.0);
        self.judge.view_gradient(
            &verdicts,
            &shard.of_fakes,
            features,
            &mut worker.workspace,
            &mut worker.views,
        );
        self.logit_gradient(shard, worker);
        let kl_scales = vec![self.options.kl / self.real as f32; self.pass.network.config.latent];
        self.pass.gradient_of_logits(
            &shard.fakes[..n * self.judge.critic.image.len()],
            both.then_some(&kl_scales[..]),
            &mut shard.maps,
            &mut worker.gradient,
        );
    }

    /// Replaces the pixels of the fakes by the gradient of their logits, from that of their views in `worker.views`, and for
    /// reconstructions from the loss of pixels.
    fn logit_gradient(&self, shard: &mut Shard, worker: &mut Worker) {
        let image = self.judge.critic.image;
        let (size, real) = (image.len(), self.pictures_or_none(shard));
        let scale = self.options.pixels / (self.real * size) as f32;
        worker.picture.resize(size, 0.0);
        let fakes = shard.fakes.chunks_exact_mut(size).take(shard.count);
        for (at, (fake, shown)) in fakes.zip(worker.views.chunks_exact(size)).enumerate() {
            let gradient = &mut worker.picture;
            self.batch.views[shard.first + at].back(image, shown, gradient);
            if let Some(real) = real {
                let [pixels, squares] =
                    compare(fake, &real[at * size..][..size], (scale, self.focus), gradient);
                shard.sums.pixels += pixels;
                shard.sums.squares += squares;
                if self.pass.network.config.likelihood == Likelihood::Bernoulli {
                    shard.sums.nats += cross_entropy(fake, &real[at * size..][..size]);
                }
            }
            for (value, gradient) in fake.iter_mut().zip(gradient) {
                *value = *gradient * *value * (1.0 - *value);
            }
        }
    }

    fn pictures_or_none(&self, shard: &Shard) -> Option<&[f32]> {
        (shard.role == Role::Reconstruction).then(|| self.pictures(shard))
    }
}

fn hinge(value: f32) -> f32 {
    // Not `max`, which would hide NaN.
    if value < 0.0 { 0.0 } else { value }
}

/// Adds the gradient of `scale` times the absolute difference, with a weight for each position. Returns the sums of the absolute and of
/// the squared difference, without weights.
fn compare(fake: &[f32], real: &[f32], (scale, focus): (f32, &[f32]), gradient: &mut [f32]) -> [f64; 2] {
    let (mut pixels, mut squares) = (0.0, 0.0);
    let weights = focus.iter().cycle();
    for (((fake, real), gradient), weight) in fake.iter().zip(real).zip(gradient).zip(weights) {
        let difference = fake - real;
        pixels += f64::from(difference.abs());
        squares += f64::from(difference * difference);
        *gradient += scale * weight * sign(difference);
    }
    [pixels, squares]
}

/// The binary cross-entropy of a picture in nats, from its pixels.
fn cross_entropy(fake: &[f32], real: &[f32]) -> f64 {
    let pairs = fake.iter().zip(real);
    let sum: f64 = pairs
        .map(|(&fake, &real)| {
            let p = fake.clamp(NEAREST, 1.0 - NEAREST);
            f64::from(real * libm::logf(p) + (1.0 - real) * libm::logf(1.0 - p))
        })
        .sum();
    -sum
}
