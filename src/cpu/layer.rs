//! A `Layer`: tap lists, where its parameters lie, and how it runs forward and backward on a chunk of pictures.
//!
//! Feature maps lie `[position][picture][channel]`, channels padded to the width of a row of lanes. So every output
//! position of a chunk is a small matrix product whose left side is contiguous, and pictures fill the tiles.

use std::ops::Range;

use latent_lab_kernels::{Finish, Kernels, MAX_ROWS, Pack, Product, Row, Tap, Transpose, fair_share};

use super::taps::{Group, Run, Taps};

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

/// How much is summed at once in a gradient of weights: long enough to hide loads and stores of the sums, short enough for the
/// panel to stay in the first-level cache.
const SUMMED: usize = 256;

/// Rows of weights that are repacked at once: they stay in the first-level cache.
const PACKED: usize = 8;

/// Buffers for maps laid out anew, for gradients of weights.
#[derive(Default)]
pub(super) struct Scratch {
    /// `[line][channel][place in the line][n]`
    turned: Vec<f32>,
    /// `[column / WIDTH][place][n][WIDTH]`
    panels: Vec<f32>,
}

/// The pictures of chunks that follow each other.
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

/// Parameter vectors repacked for the micro-kernel, at the same offsets: `[column / WIDTH][block][k][WIDTH]`.
#[derive(Default)]
pub(super) struct Panels {
    /// Columns are output channels.
    pub(super) forward: Vec<f32>,
    /// Columns are input channels: the weights transposed, for data gradients. Empty unless training.
    pub(super) backward: Vec<f32>,
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

    /// Adds the gradient of the weights, and of the biases if asked for, to `gradient`, the engine's whole vector; `is_fresh` overwrites
    /// what is there of this layer, but for the padding, which must hold zeros. The pictures are summed chunk by chunk; while a weight
    /// block is in the cache, all chunks are added to it.
    ///
    /// For each weight block and chunk this is a product too: its rows are input channels, and what is summed over are the pictures of
    /// all pairs of places that the block connects.
    pub(super) fn add_gradient(
        &self,
        kernels: &Kernels,
        (input, output_gradient): (&[f32], &[f32]),
        (gradient, scratch): (&mut [f32], &mut Scratch),
        (chunks, biases, is_fresh): (&[usize], bool, bool),
    ) {
        let mut biases = biases.then(|| &mut gradient[self.place.bias..self.place.bias + self.bias_len()]);
        if let Some(biases) = biases.as_deref_mut().filter(|_| is_fresh) {
            biases.fill(0.0);
        }
        let total = chunks.iter().sum();
        let (turned, panels) = (
            room(&mut scratch.turned, self.input_len(total)),
            room(&mut scratch.panels, self.output_len(total)),
        );
        for pictures in ranges(chunks.iter().copied()) {
            let panels = &mut panels[self.output_len(pictures.start)..];
            self.pack_output(
                kernels,
                output_gradient,
                panels,
                biases.as_deref_mut(),
                (total, &pictures),
            );
            let turned = &mut turned[self.input_len(pictures.start)..];
            self.turn_input(kernels, input, turned, (total, &pictures));
        }
        let block_len = self.input.padded * self.output.padded;
        for (block, runs) in self.runs.iter().enumerate() {
            let at = self.place.weight + block * block_len;
            let block = &mut gradient[at..at + block_len];
            let mut finish = if is_fresh { Finish::Linear } else { Finish::Add };
            for pictures in ranges(chunks.iter().copied()) {
                let from = (
                    &turned[self.input_len(pictures.start)..],
                    &panels[self.output_len(pictures.start)..],
                );
                self.add_to_block(kernels, runs, from, block, (pictures.len(), &mut finish));
            }
        }
    }

    /// The gradient of one weight block from a chunk of n pictures. The first product finishes as said; the following ones are added.
    fn add_to_block(
        &self,
        kernels: &Kernels,
        runs: &[Run],
        (turned, panels): (&[f32], &[f32]),
        block: &mut [f32],
        (n, finish): (usize, &mut Finish<'_>),
    ) {
        let (width, columns) = (kernels.width, self.output.padded);
        let row = |channel: usize| Row {
            input: (channel * self.input_line * n) as u32,
            output: (channel * columns) as u32,
        };
        let rows: Vec<Row> = (0..self.input.used).map(row).collect();
        let (mut taps, most) = (Vec::new(), (SUMMED / n).max(1));
        let mut product = |places: usize, taps: &mut Vec<Tap>| {
            if !taps.is_empty() {
                (kernels.product)(Product {
                    input: turned,
                    rows: &rows,
                    taps,
                    depth: places * n,
                    panels,
                    panel_stride: self.output_positions * n * width,
                    bias: None,
                    columns,
                    finish: std::mem::replace(finish, Finish::Add),
                    output: block,
                });
                taps.clear();
            }
        };
        // Taps of one length, as many as may be summed at once.
        let mut places = 0;
        for run in runs {
            let (mut left, mut done) = (run.count as usize, 0);
            while left > 0 {
                let count = fair_share(left, most);
                if count != places || (taps.len() + 1) * places > most {
                    product(places, &mut taps);
                    places = count;
                }
                taps.push(Tap {
                    input: self.turned_at(run.input as usize + done, n) as u32,
                    panel: ((run.output as usize + done) * n * width) as u32,
                });
                left -= count;
                done += count;
            }
        }
        product(places, &mut taps);
    }

    /// Where the first channel of an input place begins in [`Scratch::turned`].
    fn turned_at(&self, place: usize, n: usize) -> usize {
        let (line, in_line) = (place / self.input_line, place % self.input_line);
        (line * self.input.padded * self.input_line + in_line) * n
    }

    /// Lays the input of some of `total` pictures out anew.
    fn turn_input(
        &self,
        kernels: &Kernels,
        input: &[f32],
        turned: &mut [f32],
        (total, pictures): (usize, &Range<usize>),
    ) {
        let (n, columns) = (pictures.len(), self.input.padded);
        let positions = input.chunks_exact(columns * total);
        for (rows, &place) in positions.zip(&self.input_places) {
            kernels.transpose(Transpose {
                rows: &rows[pictures.start * columns..pictures.end * columns],
                columns,
                turned: &mut turned[self.turned_at(place as usize, n)..],
                stride: self.input_line * n,
            });
        }
    }

    /// Cuts the output of some of `total` pictures into panels. Adds each column to its bias on the way.
    fn pack_output(
        &self,
        kernels: &Kernels,
        output: &[f32],
        panels: &mut [f32],
        mut biases: Option<&mut [f32]>,
        (total, pictures): (usize, &Range<usize>),
    ) {
        let (n, width, columns) = (pictures.len(), kernels.width, self.output.padded);
        let positions = output.chunks_exact(total * columns).zip(&self.output_places);
        for (position, (rows, &place)) in positions.enumerate() {
            let bias = if self.bias_by_position {
                position * columns
            } else {
                0
            };
            kernels.pack(Pack {
                rows: &rows[pictures.start * columns..pictures.end * columns],
                stride: columns,
                columns,
                panels: &mut panels[place as usize * n * width..],
                panel_stride: self.output_positions * n * width,
                sums: biases
                    .as_deref_mut()
                    .map(|biases| &mut biases[bias..bias + columns]),
            });
        }
    }

    /// The forward product's packed weights, in about `count` strips.
    pub(super) fn forward_strips<'a>(
        &'a self,
        (width, count): (usize, usize),
        packed: &'a mut [f32],
    ) -> impl Iterator<Item = Strip<'a>> {
        self.strips((width, count), (self.output, self.input), packed)
    }

    /// The data gradient's packed weights, in about `count` strips.
    pub(super) fn backward_strips<'a>(
        &'a self,
        (width, count): (usize, usize),
        packed: &'a mut [f32],
    ) -> impl Iterator<Item = Strip<'a>> {
        self.strips((width, count), (self.input, self.output), packed)
    }

    fn strips<'a>(
        &'a self,
        (width, count): (usize, usize),
        (columns, rows): (Channels, Channels),
        packed: &'a mut [f32],
    ) -> impl Iterator<Item = Strip<'a>> {
        let columns = (columns.padded / width).div_ceil(count) * width;
        packed
            .chunks_mut(self.blocks * rows.padded * columns)
            .zip((0..).step_by(columns))
            .map(|(values, first)| Strip {
                layer: self,
                first,
                values,
            })
    }
}

/// The packed weights of neighboring columns: whole panels.
pub(super) struct Strip<'a> {
    layer: &'a Layer,
    /// First column.
    first: usize,
    values: &'a mut [f32],
}

impl Strip<'_> {
    /// Repacks the weights for the forward product.
    pub(super) fn pack_forward(self, kernels: &Kernels, parameters: &[f32]) {
        let (weights, stride) = self.weights(parameters);
        let count = weights.len() / stride;
        let columns = self.values.len() / count;
        for row in (0..count).step_by(PACKED) {
            let end = (row + PACKED).min(count) - 1;
            kernels.pack(Pack {
                rows: &weights[row * stride + self.first..end * stride + self.first + columns],
                stride,
                columns,
                panels: &mut self.values[row * kernels.width..],
                panel_stride: count * kernels.width,
                sums: None,
            });
        }
    }

    /// Repacks the weights, transposed, for the data gradient.
    pub(super) fn pack_backward(self, kernels: &Kernels, parameters: &[f32]) {
        let (weights, columns) = self.weights(parameters);
        let (width, block_len) = (kernels.width, self.layer.input.padded * columns);
        let panels = self.values.chunks_exact_mut(self.layer.blocks * columns * width);
        for (panel, first) in panels.zip((self.first..).step_by(width)) {
            let blocks = weights.chunks_exact(block_len);
            for (turned, block) in panel.chunks_exact_mut(columns * width).zip(blocks) {
                kernels.transpose(Transpose {
                    rows: &block[first * columns..(first + width) * columns],
                    columns,
                    turned,
                    stride: width,
                });
            }
        }
    }

    /// The layer's weights, and how many columns they have.
    fn weights<'a>(&self, parameters: &'a [f32]) -> (&'a [f32], usize) {
        let Layer { place, output, .. } = self.layer;
        let weights = &parameters[place.weight..place.weight + self.layer.weight_len()];
        (weights, output.padded)
    }
}

/// Data that the products of all groups of one pass share.
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
