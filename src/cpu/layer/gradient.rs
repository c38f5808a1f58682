//! The gradient of a layer's weights and biases.

use std::ops::Range;

use latent_lab_kernels::{Finish, Kernels, Pack, Product, Row, Tap, Transpose, add, fair_share};

use super::{Layer, ranges, room};
use crate::cpu::taps::Run;

/// Length of the sums in a gradient of weights: long enough to hide loads and stores of the sums,
/// short enough for the panel to stay in the first-level cache.
const SUMMED: usize = 256;

/// Where a gradient goes: it replaces the values that are there, or is added to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cpu) enum Existing {
    /// Replaces them.
    Overwritten,
    /// The chunks are added to them, one after the other.
    Continued,
    /// The sum of the chunks is added to them.
    Added,
}

/// Buffers for gradients of weights.
#[derive(Default)]
pub(in crate::cpu) struct Scratch {
    /// Sums of a weight block or of biases, to be added to others.
    sums: Vec<f32>,
    /// `[line][channel][place in the line][n]`
    turned: Vec<f32>,
    /// `[column / WIDTH][place][n][WIDTH]`
    panels: Vec<f32>,
}

impl Layer {
    /// Adds the gradient of the weights, and of the biases if asked for, to `gradient`, the engine's whole vector, whose padding must hold
    /// zeros. The pictures are summed chunk by chunk; while a weight block is in the cache, all chunks are added to it.
    ///
    /// For each weight block and chunk this is a product too: its rows are input channels, and what is summed over are the pictures of
    /// all pairs of places that the block connects.
    pub(in crate::cpu) fn add_gradient(
        &self,
        kernels: &Kernels,
        (input, output_gradient): (&[f32], &[f32]),
        (gradient, scratch): (&mut [f32], &mut Scratch),
        (chunks, biases, existing): (&[usize], bool, Existing),
    ) {
        let Scratch { sums, turned, panels } = scratch;
        let total = chunks.iter().sum();
        let (turned, panels) = (
            room(turned, self.input_len(total)),
            room(panels, self.output_len(total)),
        );
        let places = self.place.bias..self.place.bias + self.bias_len();
        let mut biases = biases.then(|| target(&mut gradient[places.clone()], sums, existing));
        if let Some(biases) = biases.as_deref_mut().filter(|_| existing != Existing::Continued) {
            biases.fill(0.0);
        }
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
        if biases.is_some() && existing == Existing::Added {
            add(&mut gradient[places], sums);
        }
        let block_len = self.input.padded * self.output.padded;
        for (block, runs) in self.runs.iter().enumerate() {
            // If nothing is summed, all gradients are zero, and the buffer holds other values.
            if runs.is_empty() {
                continue;
            }
            let at = self.place.weight + block * block_len;
            // Without the padding of the rows.
            let block = &mut gradient[at..at + self.input.used * self.output.padded];
            let target = target(block, sums, existing);
            let mut finish = match existing {
                Existing::Continued => Finish::Add,
                Existing::Overwritten | Existing::Added => Finish::Linear,
            };
            for pictures in ranges(chunks.iter().copied()) {
                let from = (
                    &turned[self.input_len(pictures.start)..],
                    &panels[self.output_len(pictures.start)..],
                );
                self.add_to_block(kernels, runs, from, target, (pictures.len(), &mut finish));
            }
            if existing == Existing::Added {
                add(block, sums);
            }
        }
    }

    /// The gradient of one weight block from a chunk of n pictures. The first product finishes as specified; the
    /// following ones are added.
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

    /// Rearranges the input of some of `total` pictures.
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
}

/// Where a gradient is summed: in its own buffer if the sum is to be added to other values.
fn target<'a>(values: &'a mut [f32], sums: &'a mut Vec<f32>, existing: Existing) -> &'a mut [f32] {
    match existing {
        Existing::Added => room(sums, values.len()),
        Existing::Overwritten | Existing::Continued => values,
    }
}
