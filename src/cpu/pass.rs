//! Pictures through the network, forward and backward: one chunk, or in training a few small ones together.

mod guided;

use std::ops::Range;

use latent_lab_kernels::{Finish, Kernels, add};

use super::{
    layer::{Existing, Panels, Scratch, ranges, room},
    network::Network,
};
use crate::config::{Kind, Likelihood};

/// The inputs of every pass: the network, its parameters and the kernels.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub(super) network: &'a Network,
    pub(super) kernels: &'static Kernels,
    pub(super) parameters: &'a [f32],
    pub(super) panels: &'a Panels,
}

/// Feature maps of one pass, `[position][n][channel]`, kept for the backward pass.
#[derive(Default)]
pub(super) struct Maps {
    /// Windows of the pictures, which the first layer's gradient needs again.
    windows: Vec<f32>,
    /// Windows of the logits' gradient.
    logit_windows: Vec<f32>,
    encoder: Vec<Vec<f32>>,
    /// `[n][mean, log-variance, padding]`
    pub(super) codes: Vec<f32>,
    /// `[n][latent, padding]`
    latents: Vec<f32>,
    pub(super) decoder: Vec<Vec<f32>>,
    /// Two gradients of feature maps, used alternately.
    gradients: [Vec<f32>; 2],
    latent_gradients: Vec<f32>,
    code_gradients: Vec<f32>,
    /// standard deviation * noise, `[n][latent]`
    deviations: Vec<f32>,
    scratch: Scratch,
}

/// Loss parts summed over pictures.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) reconstruction: f64,
    pub(super) kl: f64,
}

/// Pictures that go through the network together: as many as let a layer's input and output fit the
/// second-level cache. Depends on nothing but the config, so that the order of sums is the same
/// everywhere.
pub(super) fn chunk_len(network: &Network) -> usize {
    const VALUES: usize = 160_000;
    let maps = network.config.maps();
    let values = |n: usize| maps[n].channels * maps[n].positions();
    let largest = (1..maps.len())
        .map(|n| values(n) + if n > 1 { values(n - 1) } else { 0 })
        .max();
    (VALUES / largest.unwrap_or(1).max(1)).clamp(4, 32)
}

/// Splits n pictures into chunks of nearly equal size, so that the last one is not thin.
pub(super) fn chunks(mut n: usize, largest: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let count = n.div_ceil(n.div_ceil(largest).max(1));
        n -= count;
        (count > 0).then_some(count)
    })
}

/// The next of [`chunks`] that go through the network together in training: a few small ones, so that weights and their
/// gradients are read and written once for all of them. The sums are those of one chunk after the other.
pub(super) fn together(n: usize, largest: usize) -> Vec<usize> {
    const MOST: usize = 8;
    let mut count = 0;
    chunks(n, largest)
        .take_while(|chunk| {
            let is_first = count == 0;
            count += chunk;
            is_first || count <= MOST
        })
        .collect()
}

/// The pictures of each of [`chunks`].
pub(super) fn chunk_ranges(n: usize, largest: usize) -> impl Iterator<Item = Range<usize>> {
    ranges(chunks(n, largest))
}

/// The sum of each chunk: the order of sums does not depend on how many chunks go through the network together.
fn sums(chunks: &[usize], mut values: impl Iterator<Item = f64>) -> Vec<f64> {
    let sum = |&count: &usize| values.by_ref().take(count).sum();
    chunks.iter().map(sum).collect()
}

impl Pass<'_> {
    /// Pictures `[n][channel][row][column]` to `maps.codes`.
    pub(super) fn encode(&self, pictures: &[f32], maps: &mut Maps) {
        let network = self.network;
        let n = pictures.len() / network.config.image.len();
        let run = (self.kernels, self.parameters, self.panels);
        let windows = room(
            &mut maps.windows,
            network.first.output_positions * n * network.first.input.padded,
        );
        network.window_in.gather(pictures, windows);
        maps.encoder.resize_with(network.config.layers.len(), Vec::new);
        let out = room(&mut maps.encoder[0], network.first.output_len(n));
        network.first.forward(run, windows, out, (n, Finish::Leaky));
        for (at, layer) in network.convolutions.iter().enumerate() {
            let (done, rest) = maps.encoder.split_at_mut(at + 1);
            let out = room(&mut rest[0], layer.output_len(n));
            layer.forward(run, &done[at], out, (n, Finish::Leaky));
        }
        let codes = room(&mut maps.codes, network.head.output_len(n));
        network.head.forward(
            run,
            &maps.encoder[maps.encoder.len() - 1],
            codes,
            (n, Finish::Linear),
        );
    }

    /// `latents`, `[n][latent]`, to logits `[n][channel][row][column]`.
    pub(super) fn decode(&self, latents: &[f32], logits: &mut [f32], maps: &mut Maps) {
        let size = self.network.config.latent;
        let padded = self.network.linear.input.padded;
        let n = latents.len() / size;
        let rows = room(&mut maps.latents, n * padded);
        for (row, latent) in rows.chunks_exact_mut(padded).zip(latents.chunks_exact(size)) {
            row[..size].copy_from_slice(latent);
        }
        self.decode_rows(n, logits, maps);
    }

    /// `maps.latents` to logits.
    fn decode_rows(&self, n: usize, logits: &mut [f32], maps: &mut Maps) {
        let network = self.network;
        let run = (self.kernels, self.parameters, self.panels);
        maps.decoder.resize_with(network.config.layers.len(), Vec::new);
        let out = room(&mut maps.decoder[0], network.linear.output_len(n));
        network
            .linear
            .forward(run, &maps.latents, out, (n, Finish::Leaky));
        for (at, layer) in network.transposed.iter().enumerate() {
            let (done, rest) = maps.decoder.split_at_mut(at + 1);
            let out = room(&mut rest[0], layer.output_len(n));
            layer.forward(run, &done[at], out, (n, Finish::Leaky));
        }
        let weights = &self.parameters[network.last.place.weight..][..network.last.weight_len()];
        let bias = &self.parameters[network.last_bias..][..network.config.image.channels];
        let features = &maps.decoder[maps.decoder.len() - 1];
        network.window_out.scatter(
            self.kernels,
            (weights, bias),
            features,
            network.last.output,
            logits,
        );
    }

    /// Adds the gradient of these pictures' part of the mean loss over `total` pictures to `gradient`, or overwrites it, and its losses to
    /// `sums`. The gradient's padding must hold zeros.
    ///
    /// The pictures go through the network together, but losses and gradients of weights are summed chunk by chunk. `noise` is
    /// `[n][latent]`. The loss is the sum over the pictures of reconstruction / `total` and, for each latent dimension, of
    /// its KL times its entry of `kl_scales`.
    pub(super) fn gradient(
        &self,
        (pictures, noise): (&[f32], &[f32]),
        (kl_scales, total): (&[f32], usize),
        (chunks, logits): (&[usize], &mut [f32]),
        maps: &mut Maps,
        (gradient, existing): (&mut [f32], Existing),
        sums: &mut Sums,
    ) {
        let n = chunks.iter().sum();
        let scale = 1.0 / total as f32;
        self.encode(pictures, maps);
        for kl in self.sample(chunks, noise, maps) {
            sums.kl += kl;
        }
        self.decode_rows(n, logits, maps);
        for reconstruction in self.losses(chunks, pictures, scale, logits) {
            sums.reconstruction += reconstruction;
        }
        let side = self.decoder_gradient(chunks, logits, maps, (&mut *gradient, existing));
        self.latent_gradient(n, kl_scales, maps);
        self.encoder_gradient((chunks, side), maps, (gradient, existing));
    }

    /// Reparameterisation: latent = mean + exp(log-variance / 2) * noise. Returns the KL divergence from the standard
    /// normal, summed over each chunk: half the sum of mean^2 + variance - 1 - log-variance. A plain autoencoder's latent is
    /// its code, and its KL 0.
    fn sample(&self, chunks: &[usize], noise: &[f32], maps: &mut Maps) -> Vec<f64> {
        let n = chunks.iter().sum::<usize>();
        let size = self.network.config.latent;
        let (code_len, padded) = (self.network.head.output.padded, self.network.linear.input.padded);
        let latents = room(&mut maps.latents, n * padded);
        let deviations = room(&mut maps.deviations, n * size);
        let mut divergences = vec![0.0; n];
        for (image, codes) in maps.codes[..n * code_len].chunks_exact(code_len).enumerate() {
            let row = &mut latents[image * padded..][..size];
            if self.network.config.kind == Kind::Autoencoder {
                row.copy_from_slice(&codes[..size]);
                continue;
            }
            let (mean, log_var) = codes[..2 * size].split_at(size);
            let noise = &noise[image * size..][..size];
            let deviations = &mut deviations[image * size..][..size];
            let mut sum = 0.0;
            for i in 0..size {
                let deviation = libm::expf(0.5 * log_var[i]);
                deviations[i] = deviation * noise[i];
                row[i] = mean[i] + deviations[i];
                sum += mean[i] * mean[i] + deviation * deviation - 1.0 - log_var[i];
            }
            divergences[image] = f64::from(0.5 * sum);
        }
        sums(chunks, divergences.into_iter())
    }

    /// Turns logits into their gradients and returns the reconstruction loss, summed over each chunk.
    fn losses(&self, chunks: &[usize], pictures: &[f32], scale: f32, logits: &mut [f32]) -> Vec<f64> {
        let len = self.network.config.image.len();
        let one = |(logits, pixels): (&mut [f32], &[f32])| match self.network.config.likelihood {
            Likelihood::Bernoulli => self.kernels.bernoulli(logits, pixels, scale),
            Likelihood::Gaussian => self.kernels.gaussian(logits, pixels, scale),
        };
        let pairs = logits.chunks_exact_mut(len).zip(pictures.chunks_exact(len));
        sums(chunks, pairs.map(|pair| f64::from(one(pair))))
    }

    /// From the gradient of the logits to the gradient of the latents. Returns which of `maps.gradients` is free.
    fn decoder_gradient(
        &self,
        chunks: &[usize],
        logits: &[f32],
        maps: &mut Maps,
        (gradient, existing): (&mut [f32], Existing),
    ) -> usize {
        let network = self.network;
        let n = chunks.iter().sum::<usize>();
        let channel_len = network.config.image.height * network.config.image.width;
        let bias = &mut gradient[network.last_bias..][..network.config.image.channels];
        let mut sums = match existing {
            Existing::Continued => bias.to_vec(),
            Existing::Overwritten | Existing::Added => vec![0.0; bias.len()],
        };
        for (channel, logits) in logits.chunks_exact(channel_len).enumerate() {
            sums[channel % bias.len()] += logits.iter().sum::<f32>();
        }
        match existing {
            Existing::Added => add(bias, &sums),
            Existing::Overwritten | Existing::Continued => bias.copy_from_slice(&sums),
        }
        let features = &maps.decoder[maps.decoder.len() - 1];
        let windows = room(
            &mut maps.logit_windows,
            network.last.output_positions * n * network.last.input.padded,
        );
        network.window_out.gather(logits, windows);
        network.last.add_gradient(
            self.kernels,
            (windows, features),
            (gradient, &mut maps.scratch),
            (chunks, false, existing),
        );
        let out = room(&mut maps.gradients[0], network.last.output_len(n));
        let finish = Finish::LeakyGradient(features);
        network
            .last
            .forward_without_bias((self.kernels, self.panels), windows, out, (n, finish));

        let mut side = 0;
        for (at, layer) in network.transposed.iter().enumerate().rev() {
            let (from, to) = turn(&mut maps.gradients, side);
            layer.add_gradient(
                self.kernels,
                (&maps.decoder[at], from),
                (gradient, &mut maps.scratch),
                (chunks, true, existing),
            );
            let to = room(to, layer.input_len(n));
            layer.backward(
                (self.kernels, self.panels),
                from,
                to,
                (n, Finish::LeakyGradient(&maps.decoder[at])),
            );
            side = 1 - side;
        }
        let (from, _) = turn(&mut maps.gradients, side);
        network.linear.add_gradient(
            self.kernels,
            (&maps.latents, from),
            (gradient, &mut maps.scratch),
            (chunks, true, existing),
        );
        let to = room(&mut maps.latent_gradients, network.linear.input_len(n));
        network
            .linear
            .backward((self.kernels, self.panels), from, to, (n, Finish::Linear));
        1 - side
    }

    /// From the gradient of the latents to that of means and log-variances, with the KL's own.
    fn latent_gradient(&self, n: usize, kl_scales: &[f32], maps: &mut Maps) {
        let size = self.network.config.latent;
        let (code_len, padded) = (self.network.head.output.padded, self.network.linear.input.padded);
        let gradients = room(&mut maps.code_gradients, n * code_len);
        for (image, gradients) in gradients.chunks_exact_mut(code_len).enumerate() {
            let from = &maps.latent_gradients[image * padded..][..size];
            if self.network.config.kind == Kind::Autoencoder {
                gradients[..size].copy_from_slice(from);
                continue;
            }
            let (mean, log_var) = maps.codes[image * code_len..][..2 * size].split_at(size);
            let deviations = &maps.deviations[image * size..][..size];
            for (i, &kl_scale) in kl_scales.iter().enumerate() {
                gradients[i] = from[i] + kl_scale * mean[i];
                let variance = libm::expf(log_var[i]);
                gradients[size + i] = 0.5 * (from[i] * deviations[i] + kl_scale * (variance - 1.0));
            }
        }
    }

    /// From the gradient of the codes to the first layer. `side` is the free one of `maps.gradients`.
    fn encoder_gradient(
        &self,
        (chunks, mut side): (&[usize], usize),
        maps: &mut Maps,
        (gradient, existing): (&mut [f32], Existing),
    ) {
        let network = self.network;
        let n = chunks.iter().sum::<usize>();
        let last = &maps.encoder[maps.encoder.len() - 1];
        network.head.add_gradient(
            self.kernels,
            (last, &maps.code_gradients),
            (gradient, &mut maps.scratch),
            (chunks, true, existing),
        );
        let out = room(&mut maps.gradients[side], network.head.input_len(n));
        let finish = Finish::LeakyGradient(last);
        network.head.backward(
            (self.kernels, self.panels),
            &maps.code_gradients,
            out,
            (n, finish),
        );
        for (at, layer) in network.convolutions.iter().enumerate().rev() {
            let (from, to) = turn(&mut maps.gradients, side);
            layer.add_gradient(
                self.kernels,
                (&maps.encoder[at], from),
                (gradient, &mut maps.scratch),
                (chunks, true, existing),
            );
            let to = room(to, layer.input_len(n));
            layer.backward(
                (self.kernels, self.panels),
                from,
                to,
                (n, Finish::LeakyGradient(&maps.encoder[at])),
            );
            side = 1 - side;
        }
        let (from, _) = turn(&mut maps.gradients, side);
        network.first.add_gradient(
            self.kernels,
            (&maps.windows, from),
            (gradient, &mut maps.scratch),
            (chunks, true, existing),
        );
    }
}

/// The buffer that was written last, and the other one.
fn turn(gradients: &mut [Vec<f32>; 2], side: usize) -> (&Vec<f32>, &mut Vec<f32>) {
    let [a, b] = gradients;
    if side == 0 { (a, b) } else { (b, a) }
}
