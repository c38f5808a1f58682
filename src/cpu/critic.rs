//! `Critic`: the network that learns to tell pictures of the training set from decoded ones, and whose verdict the decoder is
//! trained against (Goodfellow et al. 2014). It is needed only while training and is never shipped.
//!
//! Convolutions with 4x4 kernels and stride 2, leaky ReLU after each, then two heads on the last features: one that looks at
//! patches, 3x3 positions at a time, and is averaged over all of them, and one that looks at the whole picture. The verdict is
//! their sum: above 0 says "real". All weights are divided by their spectral norm; see [`spectral`].

mod judge;
pub(super) mod spectral;
#[cfg(test)]
mod tests;
pub(super) mod view;

pub(super) use judge::{Features, Judge, Opinion, Workspace, sign};

use latent_lab_kernels::Kernels;

use super::{
    layer::{Channels, Layer, Panels},
    taps,
    window::Window,
};
use crate::{
    config::{ImageShape, LayerConfig, MapShape},
    random::{Purpose, generator, unit},
};

/// Filters of the convolutions, unless others are asked for.
pub(super) const FILTERS: [usize; 4] = [32, 64, 128, 192];

/// Most filters of a convolution.
pub(super) const MOST_FILTERS: usize = 1024;

/// Side of their kernels.
const KERNEL: usize = 4;

/// No convolution on maps with a side below this: there is little left to look at.
const SMALLEST_SIDE: usize = 6;

/// The layers of a critic for pictures of one size. All parameters lie in one vector, as in the network that it judges.
pub(super) struct Critic {
    pub(super) image: ImageShape,
    window: Window,
    /// The first convolution, as a product over windows.
    first: Layer,
    /// The other convolutions.
    convolutions: Vec<Layer>,
    patch: Layer,
    global: Layer,
    /// Factor of the verdict.
    gain: f32,
    width: usize,
    /// Length of a parameter vector.
    pub(super) parameters: usize,
}

impl Critic {
    /// A critic for pictures of the size `image`, with these filters of its convolutions and this factor of its verdict, for rows of
    /// `width` lanes.
    pub(super) fn new(image: ImageShape, (filters, gain): ([usize; 4], f32), width: usize) -> Self {
        let maps = maps(image, filters);
        let convolution = |filters| LayerConfig {
            filters,
            kernel: KERNEL,
            stride: 2,
        };
        let channels = |n: usize| Channels::padded(maps[n].channels, width);
        let (last, one) = (maps.len() - 1, Channels::padded(1, width));
        let window = Window::new(image, convolution(maps[1].channels), maps[1]);
        let look = LayerConfig {
            filters: 1,
            kernel: 3,
            stride: 1,
        };
        let inner = |n: usize| {
            let taps = taps::convolution(convolution(maps[n + 1].channels), maps[n], maps[n + 1]);
            Layer::new(&taps, channels(n), channels(n + 1))
        };
        let mut critic = Self {
            image,
            first: Layer::new(&taps::each_position(maps[1]), window.values, channels(1)),
            convolutions: (1..last).map(inner).collect(),
            patch: Layer::new(
                &taps::convolution(look, maps[last], maps[last]),
                channels(last),
                one,
            ),
            global: Layer::new(&taps::to_one(maps[last].positions()), channels(last), one),
            window,
            gain,
            width,
            parameters: 0,
        };
        critic.place();
        critic
    }

    fn place(&mut self) {
        let mut end = 0;
        // Multiples of 16 values, as in the network.
        let mut take = |len: usize| {
            let at = end;
            end += len.next_multiple_of(16);
            at
        };
        let convolutions = std::iter::once(&mut self.first).chain(&mut self.convolutions);
        for layer in convolutions.chain([&mut self.patch, &mut self.global]) {
            layer.place.weight = take(layer.weight_len());
            layer.place.bias = take(layer.bias_len());
        }
        self.parameters = end;
    }

    /// Every layer, in the order of the data.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let convolutions = std::iter::once(&self.first).chain(&self.convolutions);
        convolutions.chain([&self.patch, &self.global])
    }

    /// Seeded first parameters: weights uniform within 1 / sqrt(fan-in), biases zero. The spectral norm takes away the scale of
    /// the function, but how far a step of Adam turns the weights depends on it.
    pub(super) fn initial(&self, seed: u64) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.len());
        for (index, layer) in self.layers().enumerate() {
            let mut random = generator(Purpose::Critic, seed, index as u64);
            let fan_in = layer.blocks * layer.input.used;
            let bound = (1.0 / fan_in as f32).sqrt();
            let weights = (0..fan_in * layer.output.used).map(|_| (2.0 * unit(&mut random) - 1.0) * bound);
            values.extend(weights);
            values.extend(std::iter::repeat_n(0.0, layer.output.used));
        }
        self.scatter(&values)
    }

    /// Number of parameters, without padding.
    pub(super) fn len(&self) -> usize {
        self.places().count()
    }

    /// The place of every parameter in a vector, without padding: in the same order whatever the width of a row of
    /// lanes.
    fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.layers().flat_map(|layer| {
            let (input, output) = (layer.input, layer.output);
            let rows = (0..layer.blocks)
                .flat_map(move |block| (0..input.used).map(move |channel| block * input.padded + channel));
            let weights =
                rows.flat_map(move |row| (0..output.used).map(move |column| row * output.padded + column));
            let biases = (0..output.used).map(|column| layer.place.bias + column);
            weights.map(|at| layer.place.weight + at).chain(biases)
        })
    }

    /// Parameters without padding, to a vector.
    pub(super) fn scatter(&self, values: &[f32]) -> Vec<f32> {
        let mut vector = vec![0.0; self.parameters];
        for (at, value) in self.places().zip(values) {
            vector[at] = *value;
        }
        vector
    }

    /// A vector to parameters without padding.
    pub(super) fn gather(&self, vector: &[f32]) -> Vec<f32> {
        self.places().map(|at| vector[at]).collect()
    }

    /// Repacks all weights for products in both directions.
    pub(super) fn pack(&self, kernels: &Kernels, parameters: &[f32], panels: &mut Panels) {
        panels.forward.resize(self.parameters, 0.0);
        panels.backward.resize(self.parameters, 0.0);
        for (index, layer) in self.layers().enumerate() {
            let weights = layer.place.weight..layer.place.weight + layer.weight_len();
            for strip in layer.forward_strips((self.width, 1), &mut panels.forward[weights.clone()]) {
                strip.pack_forward(kernels, parameters);
            }
            // The first layer hands its gradient on to the picture by its windows.
            if index > 0 {
                for strip in layer.backward_strips((self.width, 1), &mut panels.backward[weights]) {
                    strip.pack_backward(kernels, parameters);
                }
            }
        }
    }
}

/// Shapes of the picture and of each convolution's output.
fn maps(image: ImageShape, filters: [usize; 4]) -> Vec<MapShape> {
    let mut maps = vec![MapShape {
        channels: image.channels,
        height: image.height,
        width: image.width,
    }];
    for channels in filters {
        let last = maps[maps.len() - 1];
        if last.height.min(last.width) < SMALLEST_SIDE {
            break;
        }
        maps.push(MapShape {
            channels,
            height: last.height / 2,
            width: last.width / 2,
        });
    }
    maps
}
