//! The network as a burn module: config -> [`Network::init`] -> `forward`.
//!
//! Fields are in the order of the data and have the names of the model file, so that walking the module walks the
//! tensors of [`ModelConfig::tensors`].

use ::burn::{
    module::Module,
    nn::{
        Linear, LinearConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig},
    },
    tensor::{Device, Tensor, activation::leaky_relu},
};

use crate::config::{Kind, LayerConfig, MapShape, ModelConfig};

/// Slope of leaky ReLU below zero; its derivative at exactly zero is 1.
const SLOPE: f64 = 0.2;

/// Encoder and decoder.
#[derive(Module, Debug)]
pub(super) struct Network {
    pub(super) encoder: Encoder,
    pub(super) decoder: Decoder,
}

/// Pictures to means and log-variances, or codes.
#[derive(Module, Debug)]
pub(super) struct Encoder {
    conv: Vec<Conv2d>,
    mean: Linear,
    log_var: Option<Linear>,
}

/// Latents to logits.
#[derive(Module, Debug)]
pub(super) struct Decoder {
    linear: Linear,
    deconv: Vec<ConvTranspose2d>,
    /// `[channels, height, width]` of the first transposed convolution's input.
    unflattened: [usize; 3],
}

impl Network {
    /// The network of `config`, with burn's own initial weights until others are assigned. They are drawn on first use,
    /// so never.
    pub(super) fn init(config: &ModelConfig, device: &Device) -> Self {
        Self {
            encoder: Encoder::init(config, device),
            decoder: Decoder::init(config, device),
        }
    }
}

impl Encoder {
    fn init(config: &ModelConfig, device: &Device) -> Self {
        let maps = config.maps();
        let linear = || LinearConfig::new(config.flat(), config.latent).init(device);
        Self {
            conv: (config.layers.iter().zip(&maps))
                .map(|(layer, input)| convolution(layer, input.channels).init(device))
                .collect(),
            mean: linear(),
            log_var: (config.kind == Kind::Variational).then(linear),
        }
    }

    /// `[batch, channels, height, width]`, 0 to 1, to mean and log-variance, each `[batch, latent]`; a plain
    /// autoencoder's mean is its code.
    pub(super) fn forward(&self, pixels: Tensor<4>) -> (Tensor<2>, Option<Tensor<2>>) {
        let mut x = pixels;
        for conv in &self.conv {
            x = leaky_relu(conv.forward(x), SLOPE);
        }
        let x = x.flatten(1, 3); // channel, row, column
        let log_var = self.log_var.as_ref().map(|linear| linear.forward(x.clone()));
        (self.mean.forward(x), log_var)
    }
}

impl Decoder {
    fn init(config: &ModelConfig, device: &Device) -> Self {
        let maps = config.maps();
        let last = maps[config.layers.len()];
        let mirrored = config.layers.iter().zip(maps.windows(2)).rev();
        Self {
            linear: LinearConfig::new(config.latent, config.flat()).init(device),
            deconv: mirrored
                .map(|(layer, sides)| transposed_convolution(layer, sides[1], sides[0]).init(device))
                .collect(),
            unflattened: [last.channels, last.height, last.width],
        }
    }

    /// `[batch, latent]` to logits `[batch, channels, height, width]`.
    pub(super) fn forward(&self, latents: Tensor<2>) -> Tensor<4> {
        let [batch, _] = latents.dims();
        let [channels, height, width] = self.unflattened;
        let mut x = self
            .linear
            .forward(latents)
            .reshape([batch, channels, height, width]);
        for deconv in &self.deconv {
            x = deconv.forward(leaky_relu(x, SLOPE));
        }
        x
    }
}

fn convolution(layer: &LayerConfig, channels: usize) -> Conv2dConfig {
    let padding = layer.padding();
    Conv2dConfig::new([channels, layer.filters], [layer.kernel; 2])
        .with_stride([layer.stride; 2])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
}

/// The mirror of a convolution: from its output's size back to exactly its input's.
fn transposed_convolution(layer: &LayerConfig, from: MapShape, to: MapShape) -> ConvTranspose2dConfig {
    let padding = layer.padding();
    // Without output padding a side n becomes (n - 1) * stride - 2 * padding + kernel.
    let missing = |from: usize, to: usize| to + 2 * padding - layer.kernel - (from - 1) * layer.stride;
    ConvTranspose2dConfig::new([from.channels, to.channels], [layer.kernel; 2])
        .with_stride([layer.stride; 2])
        .with_padding([padding; 2])
        .with_padding_out([missing(from.height, to.height), missing(from.width, to.width)])
}
