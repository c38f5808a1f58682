//! `SharpenCheckpoint`: everything that a run of adversarial training needs to continue, as a file.

use crate::{
    checkpoint::{check_sum, checksum},
    config::ModelConfig,
    container::{Container, Stored, write},
    error::{Result, invalid_file},
    text::quoted,
};

/// The `format` of such a file.
const FORMAT: &str = "latent-lab-sharpening/1";
const STATE: &str = "state";

/// State and progress of a run, in the container of model files.
#[derive(Clone, Debug, PartialEq)]
pub struct SharpenCheckpoint {
    /// The network.
    pub config: ModelConfig,
    /// Steps taken.
    pub step: u64,
    /// The result of [`Sharpener::state`](crate::Sharpener::state), which checks it.
    pub state: Vec<f32>,
    /// The caller's own progress; JSON by convention, not read here.
    pub progress: String,
}

impl SharpenCheckpoint {
    /// Reads a checkpoint.
    ///
    /// # Errors
    /// As [`ModelFile::from_bytes`](crate::ModelFile::from_bytes).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("checkpoint of sharpening", FORMAT, bytes)?;
        check_sum(&container)?;
        let step = container.required("step")?;
        let step = step.parse().map_err(|_| {
            invalid_file(format!(
                "the step of a checkpoint must be a number, got {}",
                quoted(step)
            ))
        })?;
        let state = container
            .find(STATE)
            .ok_or_else(|| invalid_file("the checkpoint has no state"))?;
        Ok(Self {
            config: ModelConfig::from_json(container.required("config")?)?,
            step,
            state: state.floats()?,
            progress: container.text("progress").unwrap_or_default().into(),
        })
    }

    /// The file's bytes: the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tensors = vec![Stored::f32(STATE.into(), &[self.state.len()], &self.state)];
        let texts = [&self.config.to_json()[..], &self.step.to_string(), &self.progress];
        let sum = checksum(texts, &tensors);
        let metadata = [
            ("format", FORMAT),
            ("config", texts[0]),
            ("step", texts[1]),
            ("progress", texts[2]),
            ("checksum", &sum),
        ];
        write(&metadata, tensors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_checkpoint_is_read_back_bit_for_bit_and_damage_is_detected() {
        let checkpoint = SharpenCheckpoint {
            config: ModelConfig::preset("map").unwrap(),
            step: 17,
            state: vec![0.5, -1.0, 3.0e-9],
            progress: r#"{"best":3}"#.into(),
        };
        let bytes = checkpoint.to_bytes();
        assert_eq!(SharpenCheckpoint::from_bytes(&bytes).unwrap(), checkpoint);
        for at in [
            bytes.len() - 1,
            bytes.windows(4).position(|text| text == b"best").unwrap(),
        ] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let error = SharpenCheckpoint::from_bytes(&damaged).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ModelFile);
        }
    }
}
