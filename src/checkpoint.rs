//! `Checkpoint`: what a training run needs to go on.

use crate::{
    config::ModelConfig,
    container::{Container, Dtype, Stored, write},
    engine::TrainingState,
    error::{Result, invalid_file},
    text::quoted,
    weights::{Tensor, Weights},
};

/// What the metadata of a checkpoint says.
const FORMAT: &str = "latent-lab-checkpoint/1";
const FIRST: &str = "adam.first.";
const SECOND: &str = "adam.second.";
const AVERAGE: &str = "average.";

/// Weights, Adam's moments and the caller's own progress: the same container as a model file, always f32, so that a run which
/// goes on from it ends where it would have ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The network.
    pub config: ModelConfig,
    /// Weights and moments, and the steps taken.
    pub state: TrainingState,
    /// The moving average of the weights, when the run keeps one.
    pub average: Option<Weights>,
    /// Whatever the caller needs to go on; JSON by convention, not looked at.
    pub progress: String,
}

impl Checkpoint {
    /// Reads and checks a checkpoint.
    ///
    /// # Errors
    /// As [`ModelFile::from_bytes`](crate::ModelFile::from_bytes).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let container = Container::read("checkpoint", FORMAT, bytes)?;
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
            .collect();
        let metadata = [
            ("format", FORMAT),
            ("config", &self.config.to_json()),
            ("step", &self.state.step.to_string()),
            ("progress", &self.progress),
        ];
        write(&metadata, tensors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_comes_back_bit_for_bit_with_and_without_an_average() {
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
    fn a_checkpoint_and_a_model_file_are_told_apart() {
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
