//! `ModelConfig` determines a network. Every size is derived here.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, Result},
    text::{one_of, quoted},
};

mod sizes;
mod text;

pub use sizes::{MapShape, TensorSpec};

/// Size of one picture: `[channels, height, width]`, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageShape {
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: usize,
    /// Rows, 8 to 128.
    pub height: usize,
    /// Columns, 8 to 128.
    pub width: usize,
}

impl ImageShape {
    /// Values in one picture: channels * height * width.
    pub fn len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Never true for a checked config; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One convolution of the encoder; the decoder mirrors it as a transposed convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerConfig {
    /// Output channels of the convolution.
    pub filters: usize,
    /// Side of the square kernel: 3 or 5. Padding is (kernel - 1) / 2.
    pub kernel: usize,
    /// Step between output positions: 1 or 2.
    pub stride: usize,
}

impl LayerConfig {
    /// Zeros added at each side: (kernel - 1) / 2.
    pub fn padding(&self) -> usize {
        (self.kernel - 1) / 2
    }
}

/// The kind of network: its latent is a distribution (VAE) or a point (plain autoencoder).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", rename_all = "lowercase")]
pub enum Kind {
    /// Mean and log-variance; trained on the ELBO (Kingma and Welling 2013).
    Variational,
    /// One code; trained on reconstruction alone.
    Autoencoder,
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let kinds = [
            ("variational", Self::Variational),
            ("autoencoder", Self::Autoencoder),
        ];
        one_of(&name, &kinds)
    }
}

/// How the decoder's output is scored against a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", rename_all = "lowercase")]
pub enum Likelihood {
    /// Binary cross-entropy on logits, summed over pixels.
    Bernoulli,
    /// Squared error after the sigmoid, summed over pixels.
    Gaussian,
}

impl TryFrom<String> for Likelihood {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        one_of(
            &name,
            &[("bernoulli", Self::Bernoulli), ("gaussian", Self::Gaussian)],
        )
    }
}

/// A network: picture size, layers, latent size, kind and likelihood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Size of the pictures.
    pub image: ImageShape,
    /// The encoder's convolutions, in the order of the data: 1 to 6.
    pub layers: Vec<LayerConfig>,
    /// Latent dimensions: 1 to 1024.
    pub latent: usize,
    /// Variational or plain.
    pub kind: Kind,
    /// Bernoulli or gaussian.
    pub likelihood: Likelihood,
}

/// Names that [`ModelConfig::preset`] knows.
pub const PRESETS: [&str; 5] = ["digits", "map", "digits-plain", "cats", "article"];

/// Largest number of filters in one layer.
pub const MAX_FILTERS: usize = 1024;

/// Largest number of parameters: 256 MB as f32. Keeps an absurd config from taking all of the machine's memory.
pub const MAX_PARAMETERS: usize = 64 << 20;

impl ModelConfig {
    /// One of [`PRESETS`].
    ///
    /// # Errors
    /// `Config` when there is no such preset.
    pub fn preset(name: &str) -> Result<Self> {
        let layer = |filters, kernel, stride| LayerConfig {
            filters,
            kernel,
            stride,
        };
        let image = |channels, side| ImageShape {
            channels,
            height: side,
            width: side,
        };
        let digits = |latent, kind| Self {
            image: image(1, 28),
            layers: [32, 64, 128].map(|filters| layer(filters, 3, 2)).to_vec(),
            latent,
            kind,
            likelihood: Likelihood::Bernoulli,
        };
        Ok(match name {
            "digits" => digits(16, Kind::Variational),
            "map" => digits(2, Kind::Variational),
            "digits-plain" => digits(16, Kind::Autoencoder),
            "cats" => Self {
                image: image(3, 64),
                layers: [32, 64, 128, 256].map(|filters| layer(filters, 3, 2)).to_vec(),
                latent: 256,
                kind: Kind::Variational,
                likelihood: Likelihood::Gaussian,
            },
            "article" => Self {
                image: image(1, 64),
                layers: [
                    layer(32, 5, 2),
                    layer(32, 3, 1),
                    layer(64, 5, 2),
                    layer(64, 3, 1),
                    layer(128, 3, 2),
                ]
                .to_vec(),
                latent: 128,
                kind: Kind::Autoencoder,
                likelihood: Likelihood::Gaussian,
            },
            _ => {
                return Err(Error::new(
                    ErrorKind::Config,
                    format!(
                        "unknown preset {}; expected one of {}",
                        quoted(name),
                        PRESETS.join(", ")
                    ),
                ));
            }
        })
    }

    /// Checks every field against its range.
    ///
    /// # Errors
    /// `Config`, naming the field, its range and the value.
    pub fn validate(&self) -> Result<()> {
        let ImageShape {
            channels,
            height,
            width,
        } = self.image;
        check(
            channels == 1 || channels == 3,
            "image.channels",
            "1 or 3",
            channels,
        )?;
        check((8..=128).contains(&height), "image.height", "8 to 128", height)?;
        check((8..=128).contains(&width), "image.width", "8 to 128", width)?;
        check(
            (1..=6).contains(&self.layers.len()),
            "the number of layers",
            "1 to 6",
            self.layers.len(),
        )?;
        for layer in &self.layers {
            check(
                (1..=MAX_FILTERS).contains(&layer.filters),
                "filters",
                "1 to 1024",
                layer.filters,
            )?;
            check(
                layer.kernel == 3 || layer.kernel == 5,
                "kernel",
                "3 or 5",
                layer.kernel,
            )?;
            check(
                layer.stride == 1 || layer.stride == 2,
                "stride",
                "1 or 2",
                layer.stride,
            )?;
        }
        check(
            (1..=1024).contains(&self.latent),
            "latent",
            "1 to 1024",
            self.latent,
        )?;
        let parameters: u64 = self.tensors().iter().map(TensorSpec::wide_len).sum();
        if parameters > MAX_PARAMETERS as u64 {
            return Err(Error::new(
                ErrorKind::Config,
                format!(
                    "a model has at most {MAX_PARAMETERS} parameters, but this one would have {parameters}"
                ),
            ));
        }
        Ok(())
    }
}

fn check(holds: bool, what: &str, range: &str, got: usize) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Config,
        format!("{what} must be {range}, got {got}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preset_digits_has_maps_with_sides_of_28_14_7_and_4() {
        let config = ModelConfig::preset("digits").unwrap();
        let sides: Vec<usize> = config.maps().iter().map(|map| map.height).collect();
        assert_eq!(sides, [28, 14, 7, 4]);
        assert_eq!(config.flat(), 2048);
    }

    #[test]
    fn every_preset_is_valid_and_survives_json() {
        for name in PRESETS {
            let config = ModelConfig::preset(name).unwrap();
            assert_eq!(ModelConfig::from_json(&config.to_json()).unwrap(), config);
            assert_eq!(config.to_json(), serde_json::to_string(&config).unwrap());
        }
    }

    #[test]
    fn values_out_of_range_name_the_field_and_the_value() {
        let mut config = ModelConfig::preset("digits").unwrap();
        config.layers[1].kernel = 4;
        let message = config.validate().unwrap_err().to_string();
        assert_eq!(message, "kernel must be 3 or 5, got 4");
    }
}
