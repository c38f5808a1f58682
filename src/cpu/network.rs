//! `Network`: the layers that a config determines, and where every parameter lies.

use latent_lab_kernels::Kernels;

use super::{
    layer::{Channels, Layer, Panels},
    taps,
    threads::share_out,
    window::Window,
};
use crate::{
    config::{Kind, ModelConfig},
    weights::Weights,
};

/// Side of the tiles in which tensors are copied to vectors and back.
const TILE: usize = 16;

/// The layers, in the order of the data. All parameters lie in one vector, so that Adam is one pass.
pub(super) struct Network {
    pub(super) config: ModelConfig,
    pub(super) width: usize,
    pub(super) window_in: Window,
    /// The first convolution, as a product over windows.
    pub(super) first: Layer,
    /// The other convolutions.
    pub(super) convolutions: Vec<Layer>,
    /// Mean, then log-variance, in one row.
    pub(super) head: Layer,
    /// From the latent.
    pub(super) linear: Layer,
    /// The transposed convolutions but the last.
    pub(super) transposed: Vec<Layer>,
    /// The last transposed convolution, seen from its output: from windows to features.
    pub(super) last: Layer,
    pub(super) last_bias: usize,
    pub(super) window_out: Window,
    /// Length of a parameter vector.
    pub(super) parameters: usize,
    placements: Vec<Placement>,
}

/// Where the values of one tensor lie: at `offset + i * strides[0] + j * strides[1] + ...` for the index (i, j, ...) in
/// `lengths`, row-major.
struct Placement {
    offset: usize,
    lengths: [usize; 3],
    strides: [usize; 3],
}

impl Network {
    /// The network of a valid config, for rows of `width` lanes.
    pub(super) fn new(config: &ModelConfig, width: usize) -> Self {
        let maps = config.maps();
        let layers = &config.layers;
        let depth = layers.len();
        let channels = |n: usize| Channels::padded(maps[n].channels, width);
        let codes = match config.kind {
            Kind::Variational => 2 * config.latent,
            Kind::Autoencoder => config.latent,
        };
        let positions = maps[depth].positions();
        let window = || Window::new(config.image, layers[0], maps[1]);
        let (window_in, window_out) = (window(), window());
        let edge = || {
            let taps = taps::each_position(maps[1]);
            Layer::new(&taps, window_in.values, channels(1))
        };
        let inner = |n: usize| taps::convolution(layers[n], maps[n], maps[n + 1]);
        let to_one = taps::to_one(positions);
        let mut network = Self {
            config: config.clone(),
            width,
            first: edge(),
            convolutions: (1..depth)
                .map(|n| Layer::new(&inner(n), channels(n), channels(n + 1)))
                .collect(),
            head: Layer::new(&to_one, channels(depth), Channels::padded(codes, width)),
            linear: Layer::new(
                &to_one.reversed(),
                Channels::padded(config.latent, width),
                channels(depth),
            )
            .with_bias_by_position(),
            transposed: (1..depth)
                .rev()
                .map(|n| Layer::new(&inner(n).reversed(), channels(n + 1), channels(n)))
                .collect(),
            last: edge(),
            last_bias: 0,
            window_in,
            window_out,
            parameters: 0,
            placements: Vec::new(),
        };
        network.place();
        network
    }

    /// Every layer that has weights, in the order of the data.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let encoder = std::iter::once(&self.first)
            .chain(&self.convolutions)
            .chain([&self.head, &self.linear]);
        encoder.chain(&self.transposed).chain([&self.last])
    }

    fn place(&mut self) {
        let mut end = 0;
        // Multiples of 16 values: a cache line, and every width divides them.
        let mut take = |len: usize| {
            let at = end;
            end += len.next_multiple_of(16);
            at
        };
        let encoder = std::iter::once(&mut self.first).chain(&mut self.convolutions);
        let all = encoder
            .chain([&mut self.head, &mut self.linear])
            .chain(&mut self.transposed);
        for layer in all.chain([&mut self.last]) {
            layer.place.weight = take(layer.weight_len());
            layer.place.bias = take(layer.bias_len());
        }
        self.last_bias = take(self.config.image.channels);
        self.parameters = end;
        self.placements = self.placements();
    }

    /// One placement for each of [`ModelConfig::tensors`].
    fn placements(&self) -> Vec<Placement> {
        let config = &self.config;
        let mut all = Vec::new();
        let mut push = |offset, lengths, strides| {
            all.push(Placement {
                offset,
                lengths,
                strides,
            })
        };
        let bias = |layer: &Layer| (layer.place.bias, [1, 1, layer.output.used], [0, 0, 1]);

        // encoder.conv.0: [out, in, kernel * kernel]; a window's values lie in that order.
        let layer = &self.first;
        let window = self.window_in.values.used;
        push(
            layer.place.weight,
            [layer.output.used, 1, window],
            [1, 0, layer.output.padded],
        );
        let (offset, lengths, strides) = bias(layer);
        push(offset, lengths, strides);

        for layer in &self.convolutions {
            let (input, output) = (layer.input, layer.output);
            push(
                layer.place.weight,
                [output.used, input.used, layer.blocks],
                [1, output.padded, input.padded * output.padded],
            );
            let (offset, lengths, strides) = bias(layer);
            push(offset, lengths, strides);
        }

        // encoder.mean, encoder.log_var: [latent, channel * position].
        let (input, output) = (self.head.input, self.head.output);
        for first in (0..output.used).step_by(config.latent) {
            push(
                self.head.place.weight + first,
                [config.latent, input.used, self.head.blocks],
                [1, output.padded, input.padded * output.padded],
            );
            push(self.head.place.bias + first, [1, 1, config.latent], [0, 0, 1]);
        }

        // decoder.linear: [channel * position, latent].
        let (input, output) = (self.linear.input, self.linear.output);
        let positions = self.linear.blocks;
        push(
            self.linear.place.weight,
            [output.used, positions, input.used],
            [1, input.padded * output.padded, output.padded],
        );
        push(
            self.linear.place.bias,
            [1, output.used, positions],
            [0, 1, output.padded],
        );

        // decoder.deconv.N: [in, out, kernel * kernel].
        for layer in &self.transposed {
            let (input, output) = (layer.input, layer.output);
            push(
                layer.place.weight,
                [input.used, output.used, layer.blocks],
                [output.padded, 1, input.padded * output.padded],
            );
            let (offset, lengths, strides) = bias(layer);
            push(offset, lengths, strides);
        }
        let features = self.last.output;
        push(
            self.last.place.weight,
            [features.used, 1, window],
            [1, 0, features.padded],
        );
        push(self.last_bias, [1, 1, config.image.channels], [0, 0, 1]);
        all
    }

    /// Tensors to a parameter vector; padding is zero.
    pub(super) fn scatter(&self, weights: &Weights, vector: &mut Vec<f32>) {
        vector.clear();
        vector.resize(self.parameters, 0.0);
        for (at, tensor) in weights.tensors().iter().enumerate() {
            self.scatter_tensor(at, &tensor.values, vector);
        }
    }

    /// A parameter vector to tensors.
    pub(super) fn gather(&self, vector: &[f32]) -> Weights {
        let mut weights = Weights::zeros(&self.config);
        for (at, tensor) in weights.tensors_mut().iter_mut().enumerate() {
            self.gather_tensor(at, vector, &mut tensor.values);
        }
        weights
    }

    /// Writes the tensor at `at` of [`ModelConfig::tensors`] to its places in a parameter vector.
    pub(super) fn scatter_tensor(&self, at: usize, tensor: &[f32], vector: &mut [f32]) {
        self.placements[at].each(|from, to| vector[to] = tensor[from]);
    }

    /// Reads the tensor at `at` of [`ModelConfig::tensors`] from its places in a parameter vector.
    pub(super) fn gather_tensor(&self, at: usize, vector: &[f32], tensor: &mut [f32]) {
        self.placements[at].each(|to, from| tensor[to] = vector[from]);
    }

    /// Repacks all weights for the forward products.
    pub(super) fn pack_forward<W: Send>(
        &self,
        kernels: &Kernels,
        parameters: &[f32],
        panels: &mut Panels,
        threads: &mut [W],
    ) {
        panels.forward.resize(self.parameters, 0.0);
        let count = threads.len();
        let strips = self
            .weights(&mut panels.forward)
            .flat_map(|(layer, weights)| layer.forward_strips((self.width, count), weights));
        share_out(threads, strips, |_, strip| {
            strip.pack_forward(kernels, parameters)
        });
    }

    /// Repacks the weights of the layers that pass a gradient on.
    pub(super) fn pack_backward<W: Send>(
        &self,
        kernels: &Kernels,
        parameters: &[f32],
        panels: &mut Panels,
        threads: &mut [W],
    ) {
        panels.backward.resize(self.parameters, 0.0);
        let count = threads.len();
        let inner = |layer: &Layer| {
            let [first, last] = [&self.first, &self.last].map(|edge| edge.place.weight);
            ![first, last].contains(&layer.place.weight)
        };
        let strips = self
            .weights(&mut panels.backward)
            .filter(|(layer, _)| inner(layer))
            .flat_map(|(layer, weights)| layer.backward_strips((self.width, count), weights));
        share_out(threads, strips, |_, strip| {
            strip.pack_backward(kernels, parameters)
        });
    }

    /// Each layer, and where its weights lie in a vector.
    fn weights<'a>(&'a self, mut vector: &'a mut [f32]) -> impl Iterator<Item = (&'a Layer, &'a mut [f32])> {
        let mut passed = 0;
        self.layers().map(move |layer| {
            let (_, rest) = std::mem::take(&mut vector).split_at_mut(layer.place.weight - passed);
            let (weights, rest) = rest.split_at_mut(layer.weight_len());
            passed = layer.place.weight + layer.weight_len();
            vector = rest;
            (layer, weights)
        })
    }
}

impl Placement {
    /// Calls `visit` with each index into the tensor's values and its place in the vector. Rows in one are columns in
    /// the other, so this goes tile by tile: the part of both that a tile touches stays in the cache.
    fn each(&self, mut visit: impl FnMut(usize, usize)) {
        let [a, b, c] = self.lengths;
        let [i_stride, j_stride, k_stride] = self.strides;
        for first_i in (0..a).step_by(TILE) {
            for first_j in (0..b).step_by(TILE) {
                for k in 0..c {
                    for i in first_i..(first_i + TILE).min(a) {
                        let mut index = (i * b + first_j) * c + k;
                        let mut place = self.offset + i * i_stride + first_j * j_stride + k * k_stride;
                        for _ in first_j..(first_j + TILE).min(b) {
                            visit(index, place);
                            (index, place) = (index + c, place + j_stride);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tensor_of_every_preset_survives_conversion_to_a_vector_and_back() {
        for name in crate::config::PRESETS {
            let config = ModelConfig::preset(name).unwrap();
            for width in [8, 16] {
                let network = Network::new(&config, width);
                let mut weights = Weights::zeros(&config);
                let mut next = 0.0;
                for value in weights
                    .tensors_mut()
                    .iter_mut()
                    .flat_map(|tensor| &mut tensor.values)
                {
                    next += 1.0;
                    *value = next;
                }
                let mut vector = Vec::new();
                network.scatter(&weights, &mut vector);
                assert_eq!(network.gather(&vector), weights);
                let placed = vector.iter().filter(|&&value| value != 0.0).count();
                assert_eq!(placed, config.parameters());
            }
        }
    }
}
