//! Model files: config, card and weights <-> the bytes of a `.safetensors` file, in f32, f16 or i8.

use std::str::FromStr;

use crate::{
    activation::{ACTIVATION, check_activation},
    config::ModelConfig,
    container::{self, Container, Dtype, Stored},
    error::{Error, ErrorKind, Result},
    prior::{self, Prior, is_of_prior},
    text::quoted,
    weights::{Tensor, Weights},
};

use quantized::{dequantize, is_scale, quantize, scale_name};

mod card;
mod quantized;

pub use card::{Card, ModelFile};

/// The `format` of a model file.
const FORMAT: &str = "latent-lab/1";

/// How the weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Exact.
    F32,
    /// Half precision: weights out of range become the largest f16, 65504.
    F16,
    /// Weights as value / scale in -127 to 127, with one scale for each output channel; biases stay f32.
    I8,
    /// As I8, but in -63 to 63: the file is smaller by one bit per weight once a server compresses it.
    I7,
}

impl Precision {
    /// The largest magnitude of a stored integer.
    fn levels(self) -> Option<f32> {
        match self {
            Self::F32 | Self::F16 => None,
            Self::I8 => Some(127.0),
            Self::I7 => Some(63.0),
        }
    }
}

impl FromStr for Precision {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "f32" => Ok(Self::F32),
            "f16" => Ok(Self::F16),
            "i8" => Ok(Self::I8),
            "i7" => Ok(Self::I7),
            _ => Err(Error::new(
                ErrorKind::Argument,
                format!("unknown precision {}; expected f32, f16, i8 or i7", quoted(name)),
            )),
        }
    }
}

/// A model file whose card is still text, for the page: a browser reads JSON by itself, and a parser of numbers would be a sixth of
/// the module.
#[derive(Clone, Debug, PartialEq)]
pub struct RawModelFile {
    /// The network.
    pub config: ModelConfig,
    /// JSON, or empty when the file has none.
    pub card: String,
    /// Its parameters, in f32 whatever the stored precision.
    pub weights: Weights,
    /// The fitted distribution of its codes, if any.
    pub prior: Option<Prior>,
}

impl RawModelFile {
    /// As [`ModelFile::from_bytes`], but a card of the wrong form is only found when it is read.
    ///
    /// # Errors
    /// As there.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("model file", FORMAT, bytes)?;
        check_activation(&container)?;
        let config = ModelConfig::from_json(container.required("config")?)?;
        let card = container.text("card").unwrap_or_default().into();
        let specs = config.tensors();
        let tensors = container
            .tensors
            .iter()
            .filter(|stored| !is_scale(&container, &stored.name) && !is_of_prior(&stored.name))
            .map(|stored| {
                Ok(Tensor {
                    values: match stored.dtype {
                        Dtype::I8 => dequantize(&container, &specs, stored)?,
                        _ => stored.floats()?,
                    },
                    name: stored.name.clone(),
                    shape: stored.shape.clone(),
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            weights: Weights::from_tensors(&config, tensors)?,
            prior: prior::read(&container, config.latent)?,
            config,
            card,
        })
    }

    /// The file's bytes: the same for the same model. `weights` and `prior` must be of `config`.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let prior = self.prior.as_ref();
        to_bytes(&self.config, &self.weights, prior, &self.card, precision)
    }
}

/// The bytes of a model file; `card` is JSON.
fn to_bytes(
    config: &ModelConfig,
    weights: &Weights,
    prior: Option<&Prior>,
    card: &str,
    precision: Precision,
) -> Vec<u8> {
    let mut stored = Vec::new();
    for (spec, tensor) in config.tensors().iter().zip(weights.tensors()) {
        let (name, shape, values) = (tensor.name.clone(), &tensor.shape[..], &tensor.values[..]);
        match precision.levels() {
            None if precision == Precision::F16 => stored.push(Stored::f16(name, shape, values)),
            Some(levels) if shape.len() > 1 => {
                let (scales, bytes) = quantize(spec, values, levels);
                stored.push(Stored::f32(scale_name(&name), &[scales.len()], &scales));
                stored.push(Stored {
                    name,
                    dtype: Dtype::I8,
                    shape: shape.to_vec(),
                    bytes: bytes.into(),
                });
            }
            _ => stored.push(Stored::f32(name, shape, values)),
        }
    }
    if let Some(prior) = prior {
        prior::write(prior, &mut stored);
    }
    let metadata = [
        ("format", FORMAT),
        ("config", &config.to_json()),
        ("activation", ACTIVATION),
        ("card", card),
    ];
    container::write(&metadata, stored)
}

#[cfg(test)]
mod tests;
