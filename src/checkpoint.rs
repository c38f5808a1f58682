//! `Checkpoint`: everything that a training run needs to continue.

use crate::{
    activation::{ACTIVATION, check_activation},
    config::ModelConfig,
    container::{Container, Dtype, Stored, write},
    engine::TrainingState,
    error::{Result, invalid_file},
    text::quoted,
    weights::{Tensor, Weights},
};

/// The `format` of a checkpoint.
const FORMAT: &str = "latent-lab-checkpoint/1";
const FIRST: &str = "adam.first.";
const SECOND: &str = "adam.second.";
const AVERAGE: &str = "average.";

/// Weights, Adam's moments and the caller's own progress: the same container as a model file, always f32, so that a run
/// that continues from it ends as if it had never stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The network.
    pub config: ModelConfig,
    /// Weights, moments, and the number of steps taken.
    pub state: TrainingState,
    /// The moving average of the weights, when the run keeps one.
    pub average: Option<Weights>,
    /// The caller's own progress; JSON by convention, not read here.
    pub progress: String,
}

impl Checkpoint {
    /// Reads and checks a checkpoint.
    ///
    /// # Errors
    /// As [`ModelFile::from_bytes`](crate::ModelFile::from_bytes).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("checkpoint", FORMAT, bytes)?;
        check_activation(&container)?;
        check_sum(&container)?;
        let config = ModelConfig::from_json(container.required("config")?)?;
        let step = container.required("step")?;
        let step = step.parse().map_err(|_| {
            invalid_file(format!(
                "the step of a checkpoint must be a number, got {}",
                quoted(step)
            ))
        })?;
        let mut groups = [const { Vec::new() }; 4];
        for stored in &container.tensors {
            if stored.dtype != Dtype::F32 {
                return Err(invalid_file(format!(
                    "tensor {} of a checkpoint must be F32, got {}",
                    stored.name,
                    stored.dtype.name()
                )));
            }
            let (group, name) = [FIRST, SECOND, AVERAGE]
                .iter()
                .enumerate()
                .find_map(|(group, prefix)| Some((group + 1, stored.name.strip_prefix(prefix)?)))
                .unwrap_or((0, &stored.name));
            groups[group].push(Tensor {
                name: name.into(),
                shape: stored.shape.clone(),
                values: stored.floats()?,
            });
        }
        let [weights, first, second, average] = groups;
        let average = match average.is_empty() {
            true => None,
            false => Some(Weights::from_tensors(&config, average)?),
        };
        Ok(Self {
            state: TrainingState {
                weights: Weights::from_tensors(&config, weights)?,
                first_moment: Weights::from_tensors(&config, first)?,
                second_moment: Weights::from_tensors(&config, second)?,
                step,
            },
            average,
            progress: container.text("progress").unwrap_or_default().into(),
            config,
        })
    }

    /// The file's bytes: the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        let groups = [
            ("", Some(&self.state.weights)),
            (FIRST, Some(&self.state.first_moment)),
            (SECOND, Some(&self.state.second_moment)),
            (AVERAGE, self.average.as_ref()),
        ];
        let tensors = groups
            .into_iter()
            .flat_map(|(prefix, weights)| weights.into_iter().map(move |weights| (prefix, weights)))
            .flat_map(|(prefix, weights)| weights.tensors().iter().map(move |tensor| (prefix, tensor)))
            .map(|(prefix, tensor)| {
                Stored::f32(format!("{prefix}{}", tensor.name), &tensor.shape, &tensor.values)
            })
            .collect::<Vec<_>>();
        let texts = [
            &self.config.to_json(),
            &self.state.step.to_string(),
            &self.progress,
        ];
        let sum = checksum(texts.map(|text| &text[..]), &tensors);
        let metadata = [
            ("format", FORMAT),
            ("config", texts[0]),
            ("activation", ACTIVATION),
            ("step", texts[1]),
            ("progress", texts[2]),
            ("checksum", &sum),
        ];
        write(&metadata, tensors)
    }
}

/// FNV-1a (64 bits, Fowler, Noll and Vo), as hexadecimal digits, of config, step, progress and all values: any damage to a
/// single byte changes it.
pub(crate) fn checksum(texts: [&str; 3], tensors: &[Stored<'_>]) -> String {
    let texts = texts.iter().map(|text| text.as_bytes());
    let values = tensors.iter().map(|tensor| &tensor.bytes[..]);
    let hash = texts
        .chain(values)
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// Compares the checksum with the stored one; older checkpoints have none.
///
/// # Errors
/// `ModelFile` when they differ.
pub(crate) fn check_sum(container: &Container<'_>) -> Result<()> {
    let Some(written) = container.text("checksum") else {
        return Ok(());
    };
    let texts = ["config", "step", "progress"].map(|key| container.text(key).unwrap_or_default());
    let got = checksum(texts, &container.tensors);
    if got == written {
        return Ok(());
    }
    Err(invalid_file(format!(
        "the checkpoint is damaged: the checksum of its values is {got}, {} was written",
        quoted(written)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_back_bit_for_bit_with_and_without_an_average() {
        let config = ModelConfig::preset("map").unwrap();
        let mut checkpoint = Checkpoint {
            state: TrainingState {
                weights: Weights::init(&config, 1),
                first_moment: Weights::init(&config, 2),
                second_moment: Weights::init(&config, 3),
                step: u64::MAX,
            },
            average: None,
            progress: r#"{"epoch":3}"#.into(),
            config: config.clone(),
        };
        assert_eq!(
            Checkpoint::from_bytes(&checkpoint.to_bytes()).unwrap(),
            checkpoint
        );
        checkpoint.average = Some(Weights::init(&config, 4));
        assert_eq!(
            Checkpoint::from_bytes(&checkpoint.to_bytes()).unwrap(),
            checkpoint
        );
        assert_eq!(checkpoint.to_bytes(), checkpoint.clone().to_bytes());
    }

    #[test]
    fn a_damaged_checkpoint_is_detected_by_its_checksum_and_older_ones_need_none() {
        let config = ModelConfig::preset("map").unwrap();
        let checkpoint = Checkpoint {
            state: TrainingState::new(&config, Weights::init(&config, 1)),
            average: None,
            progress: r#"{"epoch":3}"#.into(),
            config,
        };
        let good = checkpoint.to_bytes();
        let header = 8 + u64::from_le_bytes(*good.first_chunk().unwrap()) as usize;
        let epoch = good.windows(5).position(|text| text == b"epoch").unwrap();
        // One bit of the first value, of the last value, and of the caller's text is flipped.
        for at in [header, good.len() - 1, epoch] {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            let message = Checkpoint::from_bytes(&bytes).unwrap_err().to_string();
            assert!(message.starts_with("the checkpoint is damaged"), "{message}");
        }

        // Renaming the key to another of the same length makes a file as before there were checksums.
        let mut older = good;
        let key = older.windows(8).position(|text| text == b"checksum").unwrap();
        older[key..key + 8].copy_from_slice(b"nonesuch");
        assert_eq!(Checkpoint::from_bytes(&older).unwrap(), checkpoint);
    }

    #[test]
    fn a_checkpoint_and_a_model_file_are_not_mistaken_for_each_other() {
        let config = ModelConfig::preset("map").unwrap();
        let checkpoint = Checkpoint {
            state: TrainingState::new(&config, Weights::init(&config, 1)),
            average: None,
            progress: String::new(),
            config,
        };
        let message = crate::ModelFile::from_bytes(&checkpoint.to_bytes())
            .unwrap_err()
            .to_string();
        assert_eq!(
            message,
            r#"this is not a model file: expected the format "latent-lab/1", got "latent-lab-checkpoint/1""#
        );
    }
}
