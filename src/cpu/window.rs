//! The edges of the network, where feature maps meet a picture of one or three channels.
//!
//! So few channels would leave most of a tile empty, so here a feature position sees its whole window of the picture at
//! once, as one row of kernel * kernel * channels values: the first convolution and the data gradient of the last
//! transposed convolution are then products over such rows.

use latent_lab_kernels::{Dot, Kernels, Row, Tap};

use super::{
    layer::{Channels, for_rows},
    taps::{self, Group},
};
use crate::config::{ImageShape, LayerConfig, MapShape};

/// Geometry between pictures `[n][channel][row][column]` and feature maps `[position][n][channel]`.
pub(super) struct Window {
    image: ImageShape,
    layer: LayerConfig,
    features: MapShape,
    /// Values of a window, in the order channel, row, column, padded to a multiple of 4 for the product.
    pub(super) values: Channels,
    /// Pixels grouped by the feature positions that reach them.
    pixels: Vec<Group>,
}

impl Window {
    pub(super) fn new(image: ImageShape, layer: LayerConfig, features: MapShape) -> Self {
        let fine = MapShape {
            channels: image.channels,
            height: image.height,
            width: image.width,
        };
        Self {
            image,
            layer,
            features,
            values: Channels::padded(layer.kernel * layer.kernel * image.channels, 4),
            pixels: taps::convolution(layer, fine, features).reversed().groups(),
        }
    }

    /// Copies each position's window, zeros outside the picture: `[n][channel][row][column]` to
    /// `[position][n][window]`.
    pub(super) fn gather(&self, pictures: &[f32], rows: &mut [f32]) {
        match self.layer.kernel {
            3 => self.gather_lines::<3>(pictures, rows),
            _ => self.gather_lines::<5>(pictures, rows),
        }
    }

    /// With the kernel as a constant, so that a copy of three to five values is a few instructions.
    pub(super) fn gather_lines<const KERNEL: usize>(&self, pictures: &[f32], rows: &mut [f32]) {
        let ImageShape {
            channels,
            height,
            width,
        } = self.image;
        let (stride, padding) = (self.layer.stride, self.layer.padding());
        let n = pictures.len() / self.image.len();
        let mut rows = rows.chunks_exact_mut(self.values.padded);
        for y in 0..self.features.height {
            for x in 0..self.features.width {
                // Columns of the kernel that fall inside the picture.
                let first = padding.saturating_sub(stride * x);
                let end = KERNEL.min(width + padding - stride * x);
                let left = stride * x + first - padding;
                for (picture, row) in pictures.chunks_exact(self.image.len()).zip(rows.by_ref().take(n)) {
                    row.fill(0.0);
                    for channel in 0..channels {
                        for ky in 0..KERNEL {
                            let line = stride * y + ky;
                            if line < padding || line >= height + padding {
                                continue;
                            }
                            let from = &picture[(channel * height + line - padding) * width + left..];
                            let to = &mut row[(channel * KERNEL + ky) * KERNEL..][..KERNEL];
                            if end - first == KERNEL {
                                to.copy_from_slice(&from[..KERNEL]);
                            } else {
                                to[first..end].copy_from_slice(&from[..end - first]);
                            }
                        }
                    }
                }
            }
        }
    }

    /// The last transposed convolution: features `[position][n][channel]` to logits `[n][channel][row][column]`.
    /// `weights` lie `[window][feature channel]`, `bias` holds one value for each picture channel.
    pub(super) fn scatter(
        &self,
        kernels: &Kernels,
        (weights, bias): (&[f32], &[f32]),
        features: &[f32],
        channels: Channels,
        logits: &mut [f32],
    ) {
        let n = logits.len() / self.image.len();
        let row = |(feature, pixel): (u32, u32), picture: usize| Row {
            input: ((feature as usize * n + picture) * channels.padded) as u32,
            output: (picture * self.image.len() + pixel as usize) as u32,
        };
        for group in &self.pixels {
            let tap = |&(position, block): &(u32, u32)| Tap {
                input: (position as usize * n * channels.padded) as u32,
                panel: (block as usize * channels.padded) as u32,
            };
            let taps: Vec<Tap> = group.taps.iter().map(tap).collect();
            for_rows(&group.positions, n, row, |rows| {
                (kernels.dot)(Dot {
                    input: features,
                    rows,
                    taps: &taps,
                    depth: channels.padded,
                    weights,
                    weight_stride: self.layer.kernel * self.layer.kernel * channels.padded,
                    bias,
                    channel_stride: self.image.height * self.image.width,
                    output: logits,
                });
            });
        }
    }
}
