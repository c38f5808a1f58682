//! A layer's weights repacked for the micro-kernel, in strips that threads share.

use latent_lab_kernels::{Kernels, Pack, Transpose};

use super::{Channels, Layer};

/// Rows of weights that are repacked at once: they fit the first-level cache.
const PACKED: usize = 8;

/// Parameter vectors repacked for the micro-kernel, at the same offsets: `[column / WIDTH][block][k][WIDTH]`.
#[derive(Default)]
pub(in crate::cpu) struct Panels {
    /// Columns are output channels.
    pub(in crate::cpu) forward: Vec<f32>,
    /// Columns are input channels: the weights transposed, for data gradients. Empty unless training.
    pub(in crate::cpu) backward: Vec<f32>,
}

impl Layer {
    /// The forward product's packed weights, in about `count` strips.
    pub(in crate::cpu) fn forward_strips<'a>(
        &'a self,
        (width, count): (usize, usize),
        packed: &'a mut [f32],
    ) -> impl Iterator<Item = Strip<'a>> {
        self.strips((width, count), (self.output, self.input), packed)
    }

    /// The data gradient's packed weights, in about `count` strips.
    pub(in crate::cpu) fn backward_strips<'a>(
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
pub(in crate::cpu) struct Strip<'a> {
    layer: &'a Layer,
    /// First column.
    first: usize,
    values: &'a mut [f32],
}

impl Strip<'_> {
    /// Repacks the weights for the forward product.
    pub(in crate::cpu) fn pack_forward(self, kernels: &Kernels, parameters: &[f32]) {
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
    pub(in crate::cpu) fn pack_backward(self, kernels: &Kernels, parameters: &[f32]) {
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

    /// The layer's weights, and their number of columns.
    fn weights<'a>(&self, parameters: &'a [f32]) -> (&'a [f32], usize) {
        let Layer { place, output, .. } = self.layer;
        let weights = &parameters[place.weight..place.weight + self.layer.weight_len()];
        (weights, output.padded)
    }
}
