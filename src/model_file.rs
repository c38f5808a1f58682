//! `ModelFile`: config, card and weights <-> the bytes of a `.safetensors` file, in f32, f16 or i8.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    config::ModelConfig,
    error::{Error, ErrorKind, Result},
    weights::{Tensor, Weights},
};

use quantized::{dequantize, is_scale, quantize, scale_name};
use safetensors::{Container, Dtype, Stored, wrong};

mod checkpoint;
mod header;
mod quantized;
pub(crate) mod safetensors;

pub use checkpoint::Checkpoint;

/// What the metadata of a model file says.
const FORMAT: &str = "latent-lab/1";

/// Where a model comes from. Every field may be empty; fields this version does not know are skipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The model's name.
    pub name: String,
    /// The data set it was trained on.
    pub data: String,
    /// The license of the data.
    pub license: String,
    /// The command that made it.
    pub command: String,
    /// The seed of weights, order and noise.
    pub seed: u64,
    /// Passes over the data.
    pub epochs: u32,
    /// What was measured, by name, e.g. `kl`; values that are not finite are not saved.
    pub losses: BTreeMap<String, f64>,
    /// Anything else.
    pub notes: String,
}

/// How the weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Exact.
    F32,
    /// Half precision: weights out of range become the largest f16, 65504.
    F16,
    /// Weights as value / scale in -127 to 127, with one scale for each output channel; biases stay f32.
    I8,
}

impl FromStr for Precision {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "f32" => Ok(Self::F32),
            "f16" => Ok(Self::F16),
            "i8" => Ok(Self::I8),
            _ => Err(Error::new(
                ErrorKind::Argument,
                format!("unknown precision {name:?}; expected f32, f16 or i8"),
            )),
        }
    }
}

/// A model with its card.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    /// The network.
    pub config: ModelConfig,
    /// Where it comes from.
    pub card: Card,
    /// Its parameters, in f32 whatever they are stored as.
    pub weights: Weights,
}

impl ModelFile {
    /// Reads and checks a model file. However hostile the bytes, no allocation is larger than a small multiple of them.
    ///
    /// # Errors
    /// `ModelFile` when the bytes are cut off, of another format, or contradict their header; `Config` when the config is
    /// out of range; `Weights` when a tensor is missing, left over or of another shape than the config says; `NotFinite`
    /// when a weight is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let parts = Parts::from_bytes(bytes)?;
        let card = match &parts.card[..] {
            "" => Card::default(),
            card => serde_json::from_str(card)
                .map_err(|e| wrong(format!("the card of the model file is not valid: {e}")))?,
        };
        Ok(Self {
            config: parts.config,
            card,
            weights: parts.weights,
        })
    }

    /// The file's bytes: the same for the same model. `weights` must be of `config`.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mut card = self.card.clone();
        // JSON has no NaN; it would come back as a null that nothing reads.
        card.losses.retain(|_, loss| loss.is_finite());
        let card = serde_json::to_string(&card).expect("a card is text and numbers");
        to_bytes(&self.config, &self.weights, &card, precision)
    }
}

/// A model file whose card is still text: reading numbers nobody asked for would double the size of the module that a
/// page loads.
pub(crate) struct Parts {
    pub(crate) config: ModelConfig,
    /// JSON, or empty when the file has none.
    pub(crate) card: String,
    pub(crate) weights: Weights,
}

impl Parts {
    /// As [`ModelFile::from_bytes`], but a card of the wrong form is only known when it is read.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("model file", FORMAT, bytes)?;
        let config = ModelConfig::from_json(container.required("config")?)?;
        let card = container.text("card").unwrap_or_default().into();
        let specs = config.tensors();
        let tensors = container
            .tensors
            .iter()
            .filter(|stored| !is_scale(&container, &stored.name))
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
            config,
            card,
        })
    }
}

/// The bytes of a model file; `card` is JSON.
pub(crate) fn to_bytes(config: &ModelConfig, weights: &Weights, card: &str, precision: Precision) -> Vec<u8> {
    let mut stored = Vec::new();
    for (spec, tensor) in config.tensors().iter().zip(weights.tensors()) {
        let (name, shape, values) = (tensor.name.clone(), &tensor.shape[..], &tensor.values[..]);
        match precision {
            Precision::F16 => stored.push(Stored::f16(name, shape, values)),
            Precision::I8 if shape.len() > 1 => {
                let (scales, bytes) = quantize(spec, values);
                stored.push(Stored::f32(scale_name(&name), &[scales.len()], &scales));
                stored.push(Stored {
                    name,
                    dtype: Dtype::I8,
                    shape: shape.to_vec(),
                    bytes: bytes.into(),
                });
            }
            Precision::F32 | Precision::I8 => stored.push(Stored::f32(name, shape, values)),
        }
    }
    let metadata = [("format", FORMAT), ("config", &config.to_json()), ("card", card)];
    safetensors::write(&metadata, stored)
}

#[cfg(test)]
mod tests;
