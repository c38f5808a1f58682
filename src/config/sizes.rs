//! Sizes that follow from a config: feature maps and parameter tensors.

use super::{Kind, ModelConfig};

/// Size of one feature map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapShape {
    /// Channels.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl MapShape {
    /// Positions: height * width.
    pub fn positions(&self) -> usize {
        self.height * self.width
    }
}

/// Name, shape and fan-in of one parameter tensor, in PyTorch's layouts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorSpec {
    /// As in the model file, e.g. `encoder.conv.0.weight`.
    pub name: String,
    /// E.g. `[out, in, kernel, kernel]`.
    pub shape: Vec<usize>,
    /// Inputs that one output sums over; sets the scale of the initial weights.
    pub fan_in: usize,
    /// Axis of `shape` that counts output channels; each channel has one i8 scale.
    pub output_axis: usize,
}

impl TensorSpec {
    /// Number of values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Never true for a checked config; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of values, even if it does not fit a 32-bit `usize`.
    pub(super) fn wide_len(&self) -> u64 {
        self.shape.iter().map(|&side| side as u64).product()
    }
}

impl ModelConfig {
    /// Feature maps from the picture to the encoder's last layer: `layers.len() + 1` shapes.
    /// A convolution with stride s turns a side n into ceil(n / s).
    pub fn maps(&self) -> Vec<MapShape> {
        let mut maps = Vec::with_capacity(self.layers.len() + 1);
        let mut map = MapShape {
            channels: self.image.channels,
            height: self.image.height,
            width: self.image.width,
        };
        maps.push(map);
        for layer in &self.layers {
            map = MapShape {
                channels: layer.filters,
                height: map.height.div_ceil(layer.stride),
                width: map.width.div_ceil(layer.stride),
            };
            maps.push(map);
        }
        maps
    }

    /// Values that the encoder's last layer hands to the linear layer.
    pub fn flat(&self) -> usize {
        let last = self.maps()[self.layers.len()];
        last.channels * last.positions()
    }

    /// Every parameter tensor, in the order of the data.
    pub fn tensors(&self) -> Vec<TensorSpec> {
        let mut specs = Vec::new();
        let mut push = |name: String, shape: &[usize], fan_in: usize, output_axis: usize| {
            specs.push(TensorSpec {
                name: format!("{name}.weight"),
                shape: shape.to_vec(),
                fan_in,
                output_axis,
            });
            specs.push(TensorSpec {
                name: format!("{name}.bias"),
                shape: [shape[output_axis]].to_vec(),
                fan_in,
                output_axis: 0,
            });
        };
        let maps = self.maps();
        let flat = self.flat();
        for (n, layer) in self.layers.iter().enumerate() {
            let (input, k) = (maps[n].channels, layer.kernel);
            push(
                format!("encoder.conv.{n}"),
                &[layer.filters, input, k, k],
                input * k * k,
                0,
            );
        }
        push("encoder.mean".into(), &[self.latent, flat], flat, 0);
        if self.kind == Kind::Variational {
            push("encoder.log_var".into(), &[self.latent, flat], flat, 0);
        }
        push("decoder.linear".into(), &[flat, self.latent], self.latent, 0);
        for (n, layer) in self.layers.iter().rev().enumerate() {
            let output = maps[self.layers.len() - 1 - n].channels;
            let k = layer.kernel;
            // A transposed convolution with stride s sums over about k * k / (s * s) taps for one output.
            let fan_in = (layer.filters * k * k).div_ceil(layer.stride * layer.stride);
            push(
                format!("decoder.deconv.{n}"),
                &[layer.filters, output, k, k],
                fan_in,
                1,
            );
        }
        specs
    }

    /// Number of trainable values.
    pub fn parameters(&self) -> usize {
        self.tensors().iter().map(TensorSpec::len).sum()
    }
}
