//! The critic on one shard of pictures, forward and backward: to its weights, and to the pictures.

use latent_lab_kernels::{Finish, Kernels};

use super::Critic;
use crate::cpu::layer::{Existing, Layer, Panels, Scratch, room};

/// The inputs of every pass: the critic, its normalized parameters and the kernels.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) critic: &'a Critic,
    pub(crate) kernels: &'static Kernels,
    pub(crate) parameters: &'a [f32],
    pub(crate) panels: &'a Panels,
}

/// Output of the critic for one shard: its verdicts and, for the gradient, all maps on the way.
#[derive(Default)]
pub(crate) struct Opinion {
    /// `[n]`: above 0 says that a picture is real.
    pub(crate) verdicts: Vec<f32>,
    windows: Vec<f32>,
    /// Of each convolution, after leaky ReLU: `[position][n][channel]`.
    features: Vec<Vec<f32>>,
    patch: Vec<f32>,
    global: Vec<f32>,
}

/// Buffers of one thread.
#[derive(Default)]
pub(crate) struct Workspace {
    gradients: [Vec<f32>; 2],
    patch: Vec<f32>,
    global: Vec<f32>,
    scratch: Scratch,
}

/// The loss of features: L1 between those of two shards of pictures.
#[derive(Clone, Copy)]
pub(crate) struct Features<'a> {
    /// Features of the target pictures, which count as constants.
    pub(crate) target: &'a Opinion,
    /// Weight of each layer's mean distance for one picture.
    pub(crate) scale: f32,
}

impl Judge<'_> {
    /// Looks at views `[n, channels, height, width]`. They stay in `opinion`, so that a changed critic can judge them again.
    pub(crate) fn see(&self, views: &[f32], opinion: &mut Opinion) {
        let critic = self.critic;
        let n = views.len() / critic.image.len();
        // Named here and not chosen by `gather`, so that a page that trains no critic does not load it.
        critic
            .window
            .gather_lines::<{ super::KERNEL }>(views, room(&mut opinion.windows, critic.first.input_len(n)));
    }

    /// Forward, for the n latest views.
    pub(crate) fn judge(&self, n: usize, opinion: &mut Opinion) {
        let critic = self.critic;
        let run = (self.kernels, self.parameters, self.panels);
        let features = &mut opinion.features;
        features.resize_with(critic.convolutions.len() + 1, Vec::new);
        let out = room(&mut features[0], critic.first.output_len(n));
        critic
            .first
            .forward(run, &opinion.windows, out, (n, Finish::Leaky));
        for (at, layer) in critic.convolutions.iter().enumerate() {
            let (done, rest) = features.split_at_mut(at + 1);
            let out = room(&mut rest[0], layer.output_len(n));
            layer.forward(run, &done[at], out, (n, Finish::Leaky));
        }
        let last = &features[critic.convolutions.len()];
        let patch = room(&mut opinion.patch, critic.patch.output_len(n));
        critic.patch.forward(run, last, patch, (n, Finish::Linear));
        let global = room(&mut opinion.global, critic.global.output_len(n));
        critic.global.forward(run, last, global, (n, Finish::Linear));

        let (row, share) = (
            critic.patch.output.padded,
            1.0 / critic.patch.output_positions as f32,
        );
        let verdict = |image: usize| {
            let patches = patch.iter().skip(image * row).step_by(n * row);
            critic.gain * (share * patches.sum::<f32>() + global[image * row])
        };
        opinion.verdicts.clear();
        opinion.verdicts.extend((0..n).map(verdict));
    }

    /// The distance of features, summed over the pictures: the sum over layers of the mean difference. Both have n pictures.
    pub(crate) fn feature_loss(&self, n: usize, ours: &Opinion, target: &Opinion) -> f64 {
        let layers = self
            .convolutions()
            .zip(ours.features.iter().zip(&target.features));
        layers
            .map(|(layer, (ours, target))| {
                let len = layer.output_len(n);
                let rows = ours[..len].chunks_exact(layer.output.padded);
                let rows = rows.zip(target[..len].chunks_exact(layer.output.padded));
                // Sums of a row are short enough for f32.
                let sum: f64 = rows.map(|(a, b)| f64::from(distance(a, b))).sum();
                sum / values(layer)
            })
            .sum()
    }

    fn convolutions(&self) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.critic.first).chain(&self.critic.convolutions)
    }

    /// Adds the gradient of the weights to `gradient`; `verdicts` is that of the verdicts, `[n]`.
    pub(crate) fn add_gradient(
        &self,
        verdicts: &[f32],
        opinion: &Opinion,
        work: &mut Workspace,
        gradient: &mut [f32],
    ) {
        self.backward(verdicts, opinion, None, work, Some(gradient));
    }

    /// The gradient of the views, `[n, channels, height, width]`; `verdicts` is that of the verdicts, `[n]`. With
    /// `features`, it includes the gradient of their loss.
    pub(crate) fn view_gradient(
        &self,
        verdicts: &[f32],
        opinion: &Opinion,
        features: Option<Features<'_>>,
        work: &mut Workspace,
        views: &mut [f32],
    ) {
        let side = self.backward(verdicts, opinion, features, work, None);
        let first = &self.critic.first;
        let weights = &self.parameters[first.place.weight..][..first.weight_len()];
        let bias = [0.0; 3];
        self.critic.window.scatter(
            self.kernels,
            (weights, &bias[..self.critic.image.channels]),
            &work.gradients[side][..first.output_len(verdicts.len())],
            first.output,
            views,
        );
    }

    /// From the verdicts to the first convolution. Returns which of `work.gradients` holds its gradient.
    fn backward(
        &self,
        verdicts: &[f32],
        opinion: &Opinion,
        features: Option<Features<'_>>,
        work: &mut Workspace,
        mut gradient: Option<&mut [f32]>,
    ) -> usize {
        let critic = self.critic;
        let n = verdicts.len();
        self.heads(verdicts, opinion, work, gradient.as_deref_mut());
        let mut side = 0;
        self.through_activation(
            critic.convolutions.len(),
            n,
            opinion,
            features,
            &mut work.gradients[0],
        );
        for (at, layer) in critic.convolutions.iter().enumerate().rev() {
            let (first, second) = work.gradients.split_at_mut(1);
            let (from, to) = match side {
                0 => (&first[0], &mut second[0]),
                _ => (&second[0], &mut first[0]),
            };
            let input = &opinion.features[at];
            if let Some(gradient) = gradient.as_deref_mut() {
                layer.add_gradient(
                    self.kernels,
                    (input, from),
                    (gradient, &mut work.scratch),
                    (&[n], true, Existing::Continued),
                );
            }
            let out = room(to, layer.input_len(n));
            layer.backward((self.kernels, self.panels), from, out, (n, Finish::Linear));
            self.through_activation(at, n, opinion, features, to);
            side = 1 - side;
        }
        if let Some(gradient) = gradient {
            critic.first.add_gradient(
                self.kernels,
                (&opinion.windows, &work.gradients[side]),
                (gradient, &mut work.scratch),
                (&[n], true, Existing::Continued),
            );
        }
        side
    }

    /// From the verdicts to the last features, in the first of `work.gradients`.
    fn heads(
        &self,
        verdicts: &[f32],
        opinion: &Opinion,
        work: &mut Workspace,
        mut gradient: Option<&mut [f32]>,
    ) {
        let critic = self.critic;
        let n = verdicts.len();
        let last = &opinion.features[critic.convolutions.len()];
        let row = critic.patch.output.padded;
        let share = critic.gain / critic.patch.output_positions as f32;
        let patch = room(&mut work.patch, critic.patch.output_len(n));
        for (to, verdict) in patch.chunks_exact_mut(row).zip(verdicts.iter().cycle()) {
            to[0] = share * verdict;
        }
        let global = room(&mut work.global, critic.global.output_len(n));
        for (to, verdict) in global.chunks_exact_mut(row).zip(verdicts) {
            to[0] = critic.gain * verdict;
        }
        let out = room(&mut work.gradients[0], critic.patch.input_len(n));
        for (layer, from, finish) in [
            (&critic.patch, patch, Finish::Linear),
            (&critic.global, global, Finish::Add),
        ] {
            if let Some(gradient) = gradient.as_deref_mut() {
                layer.add_gradient(
                    self.kernels,
                    (last, from),
                    (gradient, &mut work.scratch),
                    (&[n], true, Existing::Continued),
                );
            }
            layer.backward((self.kernels, self.panels), from, out, (n, finish));
        }
    }

    /// Takes the gradient of the features of convolution `at` through its leaky ReLU, with that of the loss of features.
    fn through_activation(
        &self,
        at: usize,
        n: usize,
        opinion: &Opinion,
        features: Option<Features<'_>>,
        gradient: &mut [f32],
    ) {
        let layer = self.convolutions().nth(at).expect("a convolution");
        let len = layer.output_len(n);
        let (ours, gradient) = (&opinion.features[at][..len], &mut gradient[..len]);
        let Some(Features { target, scale }) = features else {
            for (value, ours) in gradient.iter_mut().zip(ours) {
                *value *= slope(*ours);
            }
            return;
        };
        let scale = scale / values(layer) as f32;
        for ((value, ours), target) in gradient.iter_mut().zip(ours).zip(&target.features[at][..len]) {
            *value = (*value + scale * sign(ours - target)) * slope(*ours);
        }
    }
}

/// Values of a picture's features, without padding.
fn values(layer: &Layer) -> f64 {
    (layer.output_positions * layer.output.used) as f64
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}

/// The derivative of leaky ReLU, by its output.
fn slope(output: f32) -> f32 {
    if output >= 0.0 { 1.0 } else { 0.2 }
}

/// The derivative of the absolute value; 0 at 0, unlike `signum`.
pub(crate) fn sign(value: f32) -> f32 {
    f32::from(value > 0.0) - f32::from(value < 0.0)
}
