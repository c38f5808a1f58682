//! A `Layer`: tap lists, where its parameters lie, and how it runs forward and backward on a chunk of pictures.
//!
//! Feature maps lie `[position][picture][channel]`, channels padded to the width of a row of lanes. So every output
//! position of a chunk is a small matrix product whose left side is contiguous, and pictures fill the tiles.

use latent_lab_kernels::{
    Finish, Kernels, MAX_ROWS, Pair, Product, Row, Tap, WeightGradient, add_rows, fair_share,
};

use super::taps::{self, Group, Link};

/// Channels of one side of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Channels {
    /// That carry values.
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

/// A linear map between feature maps, given by links.
pub(super) struct Layer {
    pub(super) input: Channels,
    pub(super) output: Channels,
    pub(super) blocks: usize,
    pub(super) place: Place,
    /// Each output position has a bias of its own: the decoder's linear layer.
    bias_by_position: bool,
    pub(super) input_positions: usize,
    pub(super) output_positions: usize,
    forward: Vec<Group>,
    backward: Vec<Group>,
    pairs: Vec<Vec<(u32, u32)>>,
}

/// Parameter vectors repacked for the micro-kernel, at the same offsets: `[column / WIDTH][block][k][WIDTH]`.
#[derive(Default)]
pub(super) struct Panels {
    /// Columns are output channels.
    pub(super) forward: Vec<f32>,
    /// Columns are input channels: the weights transposed, for data gradients. Empty unless training.
    pub(super) backward: Vec<f32>,
}

impl Layer {
    pub(super) fn new(links: &[Link], input: Channels, output: Channels, blocks: usize) -> Self {
        let input_positions = 1 + links.iter().map(|link| link.input).max().unwrap_or(0) as usize;
        let output_positions = 1 + links.iter().map(|link| link.output).max().unwrap_or(0) as usize;
        Self {
            input,
            output,
            blocks,
            place: Place::default(),
            bias_by_position: false,
            input_positions,
            output_positions,
            forward: taps::groups(links),
            backward: taps::groups(&taps::reversed(links)),
            pairs: taps::pairs(links, blocks),
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
            // With a bias for each position, each has weight blocks of its own too, so its group holds no other.
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

    /// Adds the gradient of the weights to `gradient`, the engine's whole vector.
    pub(super) fn add_weight_gradient(
        &self,
        kernels: &Kernels,
        input: &[f32],
        output_gradient: &[f32],
        gradient: &mut [f32],
        n: usize,
    ) {
        let block_len = self.input.padded * self.output.padded;
        let (input_step, output_step) = (n * self.input.padded, n * self.output.padded);
        let mut pairs = Vec::new();
        for (block, positions) in self.pairs.iter().enumerate() {
            pairs.clear();
            pairs.extend(positions.iter().map(|&(input, output)| Pair {
                input: (input as usize * input_step) as u32,
                output: (output as usize * output_step) as u32,
            }));
            let at = self.place.weight + block * block_len;
            (kernels.weight_gradient)(WeightGradient {
                input,
                input_stride: self.input.padded,
                depth: self.input.used,
                output: output_gradient,
                columns: self.output.padded,
                pairs: &pairs,
                images: n,
                gradient: &mut gradient[at..at + block_len],
            });
        }
    }

    /// Adds the gradient of the biases to `gradient`, the engine's whole vector.
    pub(super) fn add_bias_gradient(&self, output_gradient: &[f32], gradient: &mut [f32], n: usize) {
        let width = self.output.padded;
        let biases = &mut gradient[self.place.bias..self.place.bias + self.bias_len()];
        for (position, rows) in output_gradient[..self.output_positions * n * width]
            .chunks(n * width)
            .enumerate()
        {
            let at = if self.bias_by_position {
                position * width
            } else {
                0
            };
            add_rows(rows, &mut biases[at..at + width]);
        }
    }

    /// Repacks the weights for the forward product.
    pub(super) fn pack_forward(&self, width: usize, parameters: &[f32], panels: &mut Panels) {
        let range = self.place.weight..self.place.weight + self.weight_len();
        let (weights, columns) = (&parameters[range.clone()], self.output.padded);
        let rows = self.blocks * self.input.padded;
        for (panel, column) in panels.forward[range]
            .chunks_exact_mut(rows * width)
            .zip((0..columns).step_by(width))
        {
            for (to, from) in panel.chunks_exact_mut(width).zip(weights.chunks_exact(columns)) {
                to.copy_from_slice(&from[column..column + width]);
            }
        }
    }

    /// Repacks the weights, transposed, for the data gradient.
    pub(super) fn pack_backward(&self, width: usize, parameters: &[f32], panels: &mut Panels) {
        let range = self.place.weight..self.place.weight + self.weight_len();
        let (weights, columns) = (&parameters[range.clone()], self.output.padded);
        let block_len = self.input.padded * columns;
        let panels = &mut panels.backward[range];
        for (panel, first) in panels
            .chunks_exact_mut(self.blocks * columns * width)
            .zip((0..).step_by(width))
        {
            for (to, block) in panel
                .chunks_exact_mut(columns * width)
                .zip(weights.chunks_exact(block_len))
            {
                let block = &block[first * columns..(first + width) * columns];
                for (lane, row) in block.chunks_exact(columns).enumerate() {
                    for (to, &value) in to[lane..].iter_mut().step_by(width).zip(row) {
                        *to = value;
                    }
                }
            }
        }
    }
}

/// What the products of all groups of one pass have in common.
struct GroupProduct<'a> {
    kernels: &'a Kernels,
    input: Channels,
    output: Channels,
    panels: &'a [f32],
    blocks: usize,
    n: usize,
}

impl GroupProduct<'_> {
    /// Positions times pictures of one group, a few rows at a time.
    fn run(
        &self,
        group: &Group,
        bias: Option<&[f32]>,
        input: &[f32],
        output: &mut [f32],
        finish: Finish<'_>,
    ) {
        let width = self.kernels.width;
        let tap = |&(position, block): &(u32, u32)| Tap {
            input: (position as usize * self.n * self.input.padded) as u32,
            panel: (block as usize * self.input.padded * width) as u32,
        };
        let taps: Vec<Tap> = group.taps.iter().map(tap).collect();
        let row = |(from, to): (u32, u32), picture: usize| Row {
            input: ((from as usize * self.n + picture) * self.input.padded) as u32,
            output: ((to as usize * self.n + picture) * self.output.padded) as u32,
        };
        for_rows(&group.positions, self.n, row, |rows| {
            (self.kernels.product)(Product {
                input,
                rows,
                taps: &taps,
                depth: self.input.used,
                panels: self.panels,
                panel_stride: self.blocks * self.input.padded * width,
                bias,
                columns: self.output.padded,
                finish,
                output,
            });
        });
    }
}

/// Calls `run` with the rows (positions times n pictures), block by block.
pub(super) fn for_rows(
    positions: &[(u32, u32)],
    n: usize,
    row: impl Fn((u32, u32), usize) -> Row,
    mut run: impl FnMut(&[Row]),
) {
    let mut rows = [Row::default(); MAX_ROWS];
    let mut left = positions.len() * n;
    let (mut position, mut picture) = (0, 0);
    while left > 0 {
        let count = fair_share(left, MAX_ROWS);
        for slot in &mut rows[..count] {
            *slot = row(positions[position], picture);
            picture += 1;
            if picture == n {
                (position, picture) = (position + 1, 0);
            }
        }
        run(&rows[..count]);
        left -= count;
    }
}
