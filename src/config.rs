//! `ModelConfig`: the whole truth about a network. Every size is derived here.

use crate::{
    error::{Error, ErrorKind, Result},
    json::{self, Reader},
};

/// Size of one picture: `[channels, height, width]`, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "card", derive(serde::Serialize))]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "card", derive(serde::Serialize))]
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

/// What the latent is: a distribution (VAE) or a point (plain autoencoder).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "card", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Kind {
    /// Mean and log-variance; trained on the ELBO (Kingma and Welling 2013).
    Variational,
    /// One code; trained on reconstruction alone.
    Autoencoder,
}

/// How the decoder's output is scored against a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "card", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Likelihood {
    /// Binary cross-entropy on logits, summed over pixels.
    Bernoulli,
    /// Squared error after the sigmoid, summed over pixels.
    Gaussian,
}

/// A network: picture size, layers, latent size, kind and likelihood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "card", derive(serde::Serialize))]
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
    /// Axis of `shape` that counts output channels (what an i8 scale belongs to).
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

    /// The number of values, also where it would not fit a 32-bit `usize`.
    fn wide_len(&self) -> u64 {
        self.shape.iter().map(|&side| side as u64).product()
    }
}

/// Names that [`ModelConfig::preset`] knows.
pub const PRESETS: [&str; 5] = ["digits", "map", "digits-plain", "cats", "article"];

/// Largest number of filters in one layer.
pub const MAX_FILTERS: usize = 1024;

/// Largest number of parameters: 256 MB as f32. Keeps an absurd config from taking the machine's memory.
pub const MAX_PARAMETERS: usize = 64 << 20;

impl ModelConfig {
    /// One of [`PRESETS`].
    ///
    /// # Errors
    /// `Config` when the name is none of them.
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
                        json::quoted(name),
                        PRESETS.join(", ")
                    ),
                ));
            }
        })
    }

    /// Reads and checks a config.
    ///
    /// # Errors
    /// `Config` when the text is not JSON, has unknown or missing fields, or a value out of range.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let config = Self::read(&mut reader).and_then(|config| reader.end().map(|()| config));
        let config = config.map_err(|message| {
            Error::new(
                ErrorKind::Config,
                format!("the model config is not valid: {message}"),
            )
        })?;
        config.validate()?;
        Ok(config)
    }

    /// The config as JSON, fields in the order of the struct.
    pub fn to_json(&self) -> String {
        let ImageShape {
            channels,
            height,
            width,
        } = self.image;
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|layer| {
                format!(
                    r#"{{"filters":{},"kernel":{},"stride":{}}}"#,
                    layer.filters, layer.kernel, layer.stride
                )
            })
            .collect();
        format!(
            r#"{{"image":{{"channels":{channels},"height":{height},"width":{width}}},"layers":[{}],"latent":{},"kind":"{}","likelihood":"{}"}}"#,
            layers.join(","),
            self.latent,
            KINDS[self.kind as usize],
            LIKELIHOODS[self.likelihood as usize]
        )
    }

    fn read(reader: &mut Reader<'_>) -> json::Result<Self> {
        let mut config = Self {
            image: ImageShape {
                channels: 0,
                height: 0,
                width: 0,
            },
            layers: Vec::new(),
            latent: 0,
            kind: Kind::Variational,
            likelihood: Likelihood::Bernoulli,
        };
        let names = ["image", "layers", "latent", "kind", "likelihood"];
        reader.fields(&names, names.len(), &mut |reader, field| {
            match field {
                0 => {
                    let [channels, height, width] = sizes(reader, ["channels", "height", "width"])?;
                    config.image = ImageShape {
                        channels,
                        height,
                        width,
                    };
                }
                1 => {
                    reader.open(b'[')?;
                    while reader.more(b']')? {
                        let [filters, kernel, stride] = sizes(reader, ["filters", "kernel", "stride"])?;
                        config.layers.push(LayerConfig {
                            filters,
                            kernel,
                            stride,
                        });
                    }
                }
                2 => config.latent = reader.size()?,
                3 if reader.one_of(&KINDS)? == 1 => config.kind = Kind::Autoencoder,
                4 if reader.one_of(&LIKELIHOODS)? == 1 => config.likelihood = Likelihood::Gaussian,
                _ => {}
            }
            Ok(())
        })?;
        Ok(config)
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
                format!("a model has at most {MAX_PARAMETERS} parameters, this one would have {parameters}"),
            ));
        }
        Ok(())
    }

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

    /// Number of trained values.
    pub fn parameters(&self) -> usize {
        self.tensors().iter().map(TensorSpec::len).sum()
    }
}

/// Names of [`Kind`] in a file, in its order.
const KINDS: [&str; 2] = ["variational", "autoencoder"];
/// Names of [`Likelihood`] in a file, in its order.
const LIKELIHOODS: [&str; 2] = ["bernoulli", "gaussian"];

/// An object of three sizes.
fn sizes(reader: &mut Reader<'_>, names: [&str; 3]) -> json::Result<[usize; 3]> {
    let mut sizes = [0; 3];
    reader.fields(&names, names.len(), &mut |reader, field| {
        sizes[field] = reader.size()?;
        Ok(())
    })?;
    Ok(sizes)
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
    fn digits_has_the_sizes_of_the_papers_it_follows() {
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
    fn a_config_with_fields_unknown_missing_or_of_the_wrong_form_is_refused_with_a_reason() {
        let good = ModelConfig::preset("map").unwrap().to_json();
        for (from, to, reason) in [
            ("\"latent\"", "\"latents\"", "unknown field \"latents\""),
            ("\"latent\":2,", "", "field latent is missing"),
            (
                "\"latent\":2,",
                "\"latent\":2,\"latent\":2,",
                "field latent is there twice",
            ),
            ("\"latent\":2", "\"latent\":2.5", "expected an unsigned integer"),
            (
                "variational",
                "discrete",
                "unknown value \"discrete\"; expected one of variational, autoencoder",
            ),
            ("\"stride\":2},", "\"stride\":2,", "expected text in quotes"),
        ] {
            assert!(good.contains(from));
            let error = ModelConfig::from_json(&good.replacen(from, to, 1)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            let message = error.to_string();
            assert!(
                message.starts_with("the model config is not valid: ") && message.contains(reason),
                "{message}"
            );
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
