//! `ModelFile`: config, card and weights <-> the bytes of a `.safetensors` file, in f32, f16 or i8.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    config::{ModelConfig, TensorSpec},
    error::{Error, ErrorKind, Result},
    weights::{Tensor, Weights},
};

use safetensors::{Container, Dtype, Stored, wrong};

mod checkpoint;
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
        let container = Container::read("model file", FORMAT, bytes)?;
        let config = ModelConfig::from_json(container.required("config")?)?;
        let card = match container.text("card") {
            None => Card::default(),
            Some(card) => serde_json::from_str(card)
                .map_err(|e| wrong(format!("the card of the model file is not valid: {e}")))?,
        };
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

    /// The file's bytes: the same for the same model. `weights` must be of `config`.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mut stored = Vec::new();
        for (spec, tensor) in self.config.tensors().iter().zip(self.weights.tensors()) {
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
        let mut card = self.card.clone();
        // JSON has no NaN; it would come back as a null that nothing reads.
        card.losses.retain(|_, loss| loss.is_finite());
        let card = serde_json::to_string(&card).expect("a card is text and numbers");
        let metadata = [
            ("format", FORMAT),
            ("config", &self.config.to_json()),
            ("card", &card),
        ];
        safetensors::write(&metadata, stored)
    }
}

fn scale_name(name: &str) -> String {
    format!("{name}.scale")
}

/// Whether `name` is the scale of an I8 tensor that is in the file.
fn is_scale(container: &Container<'_>, name: &str) -> bool {
    let scaled = name.strip_suffix(".scale").and_then(|name| container.find(name));
    scaled.is_some_and(|tensor| tensor.dtype == Dtype::I8)
}

/// The output channel that the value at `position` of a tensor belongs to.
fn channel(spec: &TensorSpec, position: usize) -> usize {
    let inner: usize = spec.shape[spec.output_axis + 1..].iter().product();
    position / inner % spec.shape[spec.output_axis]
}

/// One scale for each output channel, the largest magnitude / 127, and every value / scale, rounded, as i8.
fn quantize(spec: &TensorSpec, values: &[f32]) -> (Vec<f32>, Vec<u8>) {
    let mut scales = vec![0.0_f32; spec.shape[spec.output_axis]];
    for (position, value) in values.iter().enumerate() {
        let scale = &mut scales[channel(spec, position)];
        *scale = scale.max(value.abs());
    }
    for scale in &mut scales {
        *scale /= 127.0;
        // Rounded up, the largest f32 / 127 would read back as infinity.
        if !(*scale * 127.0).is_finite() {
            *scale = scale.next_down();
        }
    }
    let bytes = values
        .iter()
        .enumerate()
        .map(|(position, value)| match scales[channel(spec, position)] {
            // All of the channel is zero, or too small for any scale.
            0.0 => 0,
            // Ties to even: one instruction in WebAssembly.
            scale => (value / scale).round_ties_even().clamp(-127.0, 127.0) as i8 as u8,
        })
        .collect();
    (scales, bytes)
}

/// The values of an I8 tensor: i8 * scale.
fn dequantize(container: &Container<'_>, specs: &[TensorSpec], stored: &Stored<'_>) -> Result<Vec<f32>> {
    let name = &stored.name;
    let Some(spec) = specs
        .iter()
        .find(|spec| spec.name == *name && spec.shape == stored.shape)
    else {
        return Err(Error::new(
            ErrorKind::Weights,
            format!(
                "tensor {name} with shape {:?} does not belong to this config",
                stored.shape
            ),
        ));
    };
    let outputs = spec.shape[spec.output_axis];
    let scale_name = scale_name(name);
    let scales = match container.find(&scale_name) {
        Some(scale) if scale.dtype == Dtype::F32 && scale.shape == [outputs] => scale.floats()?,
        _ => {
            return Err(wrong(format!(
                "tensor {name} is I8 and needs {outputs} scales in F32, called {scale_name}"
            )));
        }
    };
    if let Some(at) = scales.iter().position(|scale| !scale.is_finite() || *scale < 0.0) {
        return Err(Error::new(
            ErrorKind::NotFinite,
            format!(
                "{scale_name} must be finite and not negative, the one at {at} is {}",
                scales[at]
            ),
        ));
    }
    let values = stored.bytes.iter().enumerate();
    Ok(values
        .map(|(position, &byte)| f32::from(byte as i8) * scales[channel(spec, position)])
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> ModelFile {
        let config = ModelConfig::preset("map").unwrap();
        ModelFile {
            card: Card {
                name: "a \"map\"\n".into(),
                losses: [("kl".into(), 6.25), ("lost".into(), f64::NAN)].into(),
                ..Card::default()
            },
            weights: Weights::init(&config, 3),
            config,
        }
    }

    /// The file with `from` in its header replaced by `to`, the header's length set right.
    fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
        assert!(header.contains(from), "{header}");
        let header = header.replacen(from, to, 1);
        [
            &(header.len() as u64).to_le_bytes(),
            header.as_bytes(),
            &bytes[8 + length..],
        ]
        .concat()
    }

    fn error_of(bytes: &[u8]) -> (ErrorKind, String) {
        let error = ModelFile::from_bytes(bytes).unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn a_model_comes_back_from_f32_bit_for_bit_but_for_losses_that_are_not_finite() {
        let mut model = model();
        let bytes = model.to_bytes(Precision::F32);
        assert_eq!(bytes, model.to_bytes(Precision::F32));
        model.card.losses.remove("lost");
        assert_eq!(ModelFile::from_bytes(&bytes).unwrap(), model);
    }

    #[test]
    fn tensors_are_aligned_to_their_values() {
        for precision in [Precision::F32, Precision::F16, Precision::I8] {
            let bytes = model().to_bytes(precision);
            let start = bytes.as_ptr() as usize;
            let container = Container::read("model file", FORMAT, &bytes).unwrap();
            for tensor in &container.tensors {
                let offset = tensor.bytes.as_ptr() as usize - start;
                assert!(offset.is_multiple_of(tensor.bytes.len() / tensor.shape.iter().product::<usize>()));
            }
        }
    }

    #[test]
    fn scales_belong_to_output_channels_also_where_those_are_the_second_axis() {
        let spec = TensorSpec {
            name: String::new(),
            shape: vec![2, 2, 1, 1],
            fan_in: 1,
            output_axis: 1,
        };
        let (scales, bytes) = quantize(&spec, &[127.0, 0.0, -63.5, 0.0]);
        assert_eq!(scales, [1.0, 0.0]);
        assert_eq!(
            bytes.iter().map(|&byte| byte as i8).collect::<Vec<_>>(),
            [127, 0, -64, 0]
        );
        // The largest and the smallest f32 stay finite.
        let (scales, bytes) = quantize(&spec, &[f32::MAX, f32::from_bits(1), -f32::MAX, 0.0]);
        assert!((127.0 * scales[0]).is_finite());
        assert_eq!((bytes[0] as i8, bytes[2] as i8, bytes[1]), (127, -127, 0));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_said_to_be_so() {
        let bytes = model().to_bytes(Precision::I8);
        assert_eq!(
            error_of(&bytes[..3]).1,
            "the model file is cut off: it has 3 bytes"
        );
        let message = error_of(&bytes[..53]).1;
        assert!(message.ends_with("bytes, 45 are there"), "{message}");
        let (kind, message) = error_of(&bytes[..bytes.len() - 1]);
        assert_eq!(kind, ErrorKind::ModelFile);
        assert!(
            message.starts_with("the model file is cut off: its tensors take"),
            "{message}"
        );
        assert!(
            error_of(b"<!DOCTYPE html><title>404")
                .1
                .starts_with("this is not a model file")
        );
        let (_, message) = error_of(&[&bytes[..], b"x"].concat());
        assert!(message.contains("1 bytes behind its last tensor"), "{message}");
    }

    #[test]
    fn a_header_that_contradicts_itself_the_file_or_the_config_is_refused() {
        let bytes = model().to_bytes(Precision::I8);
        let kind_after = |from: &str, to: &str| error_of(&edited(&bytes, from, to)).0;
        assert_eq!(kind_after("latent-lab/1", "latent-lab/9"), ErrorKind::ModelFile);
        assert_eq!(kind_after("\"I8\"", "\"I4\""), ErrorKind::ModelFile);
        assert_eq!(kind_after("\"I8\"", "\"U8\""), ErrorKind::ModelFile);
        assert_eq!(kind_after("[0,", "[4,"), ErrorKind::ModelFile);
        assert_eq!(
            kind_after("[32,1,3,3]", "[9,9,9,9,9,9,9,9,9999999999,9999999999]"),
            ErrorKind::ModelFile
        );
        assert_eq!(kind_after("[32,1,3,3]", "[1,32,3,3]"), ErrorKind::Weights);
        assert_eq!(
            kind_after("encoder.mean.bias", "encoder.mean.b"),
            ErrorKind::Weights
        );
        assert_eq!(
            kind_after("encoder.mean.bias", "encoder.log_var.bias"),
            ErrorKind::ModelFile
        );
        assert_eq!(
            kind_after("encoder.mean.weight.scale", "encoder.mean.weight.scales"),
            ErrorKind::ModelFile
        );
        assert_eq!(
            kind_after(r#"\"latent\":2"#, r#"\"latent\":3"#),
            ErrorKind::Weights
        );
        assert_eq!(
            kind_after(r#"\"latent\":2"#, r#"\"latent\":-2"#),
            ErrorKind::Config
        );
        assert_eq!(
            kind_after(r#"\"filters\":32"#, r#"\"filters\":1024"#),
            ErrorKind::Weights
        );
    }

    #[test]
    fn weights_and_scales_that_are_not_finite_are_refused() {
        for (precision, value) in [
            (Precision::F32, f32::NAN),
            (Precision::I8, f32::INFINITY),
            (Precision::I8, -1.0),
        ] {
            let mut bytes = model().to_bytes(precision);
            // The first tensor is a weight in f32, and its scales in i8.
            let first = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            bytes[first..first + 4].copy_from_slice(&value.to_le_bytes());
            assert_eq!(error_of(&bytes).0, ErrorKind::NotFinite);
        }
    }
}
