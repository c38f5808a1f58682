//! A `Layer`: tap lists, where its parameters lie, and how it runs forward and backward on a chunk of pictures.
//!
//! Feature maps lie `[position][picture][channel]`, channels padded to the width of a row of lanes. So every output
//! position of a chunk is a small matrix product whose left side is contiguous, and pictures fill the tiles.

use std::ops::Range;

use latent_lab_kernels::{Finish, Kernels};

use super::taps::{Group, Run, Taps};
use product::GroupProduct;

mod gradient;
mod packing;
mod product;

pub(super) use gradient::{Existing, Scratch};
pub(super) use packing::Panels;
pub(super) use product::for_rows;

/// Channels of one side of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Channels {
    /// Channels that carry values.
    pub(super) used: usize,
    /// With the padding: the stride between pictures.
    pub(super) padded: usize,
}

impl Channels {
    /// `used` channels padded to a multiple of `to`; the padding always holds zeros.
    pub(super) fn padded(used: usize, to: usize) -> Self {
        Self {
            used,
            padded: used.next_multiple_of(to),
        }
    }
}

/// Where a layer's parameters lie in the engine's vectors.
///
/// Weights lie `[block][input channel][output channel]`, both padded; biases `[output channel]`, or one row of them for
/// each output position.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) weight: usize,
    pub(super) bias: usize,
}

/// A linear map between feature maps, given by taps.
pub(super) struct Layer {
    pub(super) input: Channels,
    pub(super) output: Channels,
    pub(super) blocks: usize,
    pub(super) place: Place,
    /// Each output position has a bias of its own: the decoder's linear layer.
    bias_by_position: bool,
    pub(super) input_positions: usize,
    pub(super) output_positions: usize,
    input_places: Vec<u32>,
    input_line: usize,
    output_places: Vec<u32>,
    forward: Vec<Group>,
    backward: Vec<Group>,
    /// Of each weight block.
    runs: Vec<Vec<Run>>,
}

/// The pictures of consecutive chunks.
pub(super) fn ranges(chunks: impl IntoIterator<Item = usize>) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    chunks.into_iter().map(move |count| {
        end += count;
        end - count..end
    })
}

/// Resizes a buffer to `len` values without clearing those that will be overwritten.
pub(super) fn room(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}

impl Layer {
    pub(super) fn new(taps: &Taps, input: Channels, output: Channels) -> Self {
        Self {
            input,
            output,
            blocks: taps.blocks,
            place: Place::default(),
            bias_by_position: false,
            input_positions: taps.input_places.len(),
            output_positions: taps.output_places.len(),
            input_places: taps.input_places.clone(),
            input_line: taps.lines.0 as usize,
            output_places: taps.output_places.clone(),
            forward: taps.groups(),
            backward: taps.reversed().groups(),
            runs: taps.runs(),
        }
    }

    /// The same layer with a bias for each output position.
    pub(super) fn with_bias_by_position(self) -> Self {
        Self {
            bias_by_position: true,
            ..self
        }
    }

    /// Number of weights, padding included.
    pub(super) fn weight_len(&self) -> usize {
        self.blocks * self.input.padded * self.output.padded
    }

    /// Number of biases, padding included.
    pub(super) fn bias_len(&self) -> usize {
        let rows = if self.bias_by_position {
            self.output_positions
        } else {
            1
        };
        rows * self.output.padded
    }

    /// Values of the output for n pictures.
    pub(super) fn output_len(&self, n: usize) -> usize {
        self.output_positions * n * self.output.padded
    }

    /// Values of the input for n pictures.
    pub(super) fn input_len(&self, n: usize) -> usize {
        self.input_positions * n * self.input.padded
    }

    /// `[input position][n][input channel]` to `[output position][n][output channel]`.
    pub(super) fn forward(
        &self,
        (kernels, parameters, panels): (&Kernels, &[f32], &Panels),
        input: &[f32],
        output: &mut [f32],
        (n, finish): (usize, Finish<'_>),
    ) {
        let biases = &parameters[self.place.bias..self.place.bias + self.bias_len()];
        let product = self.forward_product(kernels, panels, n);
        for group in &self.forward {
            // With a bias for each position, each also has its own weight blocks, so its group holds no other.
            let row = if self.bias_by_position {
                group.positions[0].1 as usize
            } else {
                0
            };
            product.run(
                group,
                Some(&biases[row * self.output.padded..]),
                input,
                output,
                finish,
            );
        }
    }

    /// The same product without a bias, for a layer that serves as the data gradient of its mirror image.
    pub(super) fn forward_without_bias(
        &self,
        (kernels, panels): (&Kernels, &Panels),
        input: &[f32],
        output: &mut [f32],
        (n, finish): (usize, Finish<'_>),
    ) {
        let product = self.forward_product(kernels, panels, n);
        for group in &self.forward {
            product.run(group, None, input, output, finish);
        }
    }

    fn forward_product<'a>(&self, kernels: &'a Kernels, panels: &'a Panels, n: usize) -> GroupProduct<'a> {
        GroupProduct {
            kernels,
            input: self.input,
            output: self.output,
            panels: &panels.forward[self.place.weight..self.place.weight + self.weight_len()],
            blocks: self.blocks,
            n,
        }
    }

    /// Gradient with respect to the output, to the gradient with respect to the input.
    pub(super) fn backward(
        &self,
        (kernels, panels): (&Kernels, &Panels),
        output_gradient: &[f32],
        input_gradient: &mut [f32],
        (n, finish): (usize, Finish<'_>),
    ) {
        let product = GroupProduct {
            kernels,
            input: self.output,
            output: self.input,
            panels: &panels.backward[self.place.weight..self.place.weight + self.weight_len()],
            blocks: self.blocks,
            n,
        };
        for group in &self.backward {
            product.run(group, None, output_gradient, input_gradient, finish);
        }
    }
}
