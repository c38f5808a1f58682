//! `Weights`: named tensors, checked against a config.

use crate::{
    config::{Kind, ModelConfig, TensorSpec},
    error::{Error, ErrorKind, Result},
    random::{Purpose, generator, unit},
    text::list,
};

/// Prefix of the names of the log-variance's tensors, which a plain autoencoder does not have.
const LOG_VAR: &str = "encoder.log_var";

/// One parameter tensor, row-major, in PyTorch's layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// As in the model file, e.g. `encoder.conv.0.weight`.
    pub name: String,
    /// E.g. `[out, in, kernel, kernel]`.
    pub shape: Vec<usize>,
    /// As many values as the shape holds.
    pub values: Vec<f32>,
}

/// All tensors of a model, in the order of [`ModelConfig::tensors`].
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    tensors: Vec<Tensor>,
}

impl Weights {
    /// Seeded initial weights: uniform with the variance of He et al. 2015 for a leaky ReLU of slope 0.2
    /// (2 / (1.04 fan-in)), or 1 / fan-in for the linear layers that no ReLU follows; biases are zero.
    /// `config` must be valid.
    pub fn init(config: &ModelConfig, seed: u64) -> Self {
        let tensors = config
            .tensors()
            .into_iter()
            .enumerate()
            .map(|(n, spec)| Tensor {
                values: initial_values(&spec, seed, n as u64),
                name: spec.name,
                shape: spec.shape,
            })
            .collect();
        Self { tensors }
    }

    /// As [`Weights::init`] for the variational network of the same sizes, without its log-variance if `config` is a plain
    /// autoencoder: two networks to be compared start from the same values. `config` must be valid.
    pub fn init_twin(config: &ModelConfig, seed: u64) -> Self {
        let mut variational = config.clone();
        variational.kind = Kind::Variational;
        let mut weights = Self::init(&variational, seed);
        let specs = config.tensors();
        weights
            .tensors
            .retain(|tensor| specs.iter().any(|spec| spec.name == tensor.name));
        weights
    }

    /// Starts from `start`, the weights of a network that differs from `config` at most in its kind. A plain
    /// autoencoder leaves the log-variance out; in a variational network whose start has none it begins at 0, a
    /// variance of 1 everywhere.
    ///
    /// # Errors
    /// `Weights` when another tensor is missing or a shape differs; `NotFinite` when a value is NaN or infinite.
    pub fn init_from(config: &ModelConfig, start: &Self) -> Result<Self> {
        let mut weights = Self::zeros(config);
        for tensor in &mut weights.tensors {
            match start.tensors.iter().find(|given| given.name == tensor.name) {
                Some(given) => *tensor = given.clone(),
                None if tensor.name.starts_with(LOG_VAR) => {}
                None => {
                    let message = format!("tensor {} is missing", tensor.name);
                    return Err(Error::new(ErrorKind::Weights, message));
                }
            }
        }
        weights.check(config)?;
        Ok(weights)
    }

    /// Zeros of the right shapes, from which Adam's moments start. `config` must be valid.
    pub fn zeros(config: &ModelConfig) -> Self {
        let tensors = config
            .tensors()
            .into_iter()
            .map(|spec| Tensor {
                values: vec![0.0; spec.len()],
                name: spec.name,
                shape: spec.shape,
            })
            .collect();
        Self { tensors }
    }

    /// Weights from the values of all tensors in a row, in the order of [`ModelConfig::tensors`]; `values` is `[parameters]`.
    pub(crate) fn from_flat(config: &ModelConfig, mut values: &[f32]) -> Self {
        let tensors = config
            .tensors()
            .into_iter()
            .map(|spec| {
                let (mine, rest) = values.split_at(spec.len());
                values = rest;
                Tensor {
                    values: mine.to_vec(),
                    name: spec.name,
                    shape: spec.shape,
                }
            })
            .collect();
        Self { tensors }
    }

    /// Checks tensors, in any order, against a config.
    ///
    /// # Errors
    /// `Weights` when one is missing, left over, or of another shape; `NotFinite` when a value is NaN or infinite.
    pub fn from_tensors(config: &ModelConfig, mut tensors: Vec<Tensor>) -> Result<Self> {
        let wrong = |message| Error::new(ErrorKind::Weights, message);
        let mut ordered = Vec::with_capacity(tensors.len());
        for spec in config.tensors() {
            let Some(at) = tensors.iter().position(|tensor| tensor.name == spec.name) else {
                return Err(wrong(format!("tensor {} is missing", spec.name)));
            };
            let tensor = tensors.swap_remove(at);
            check_tensor(&spec, &tensor)?;
            ordered.push(tensor);
        }
        match tensors.first() {
            Some(extra) => Err(wrong(format!(
                "tensor {} does not belong to this config",
                extra.name
            ))),
            None => Ok(Self { tensors: ordered }),
        }
    }

    /// Checks that these are weights of `config`, as engines do before they take them.
    ///
    /// # Errors
    /// `Weights` when a tensor is missing, left over, or of another shape; `NotFinite` when a value is NaN or infinite.
    pub fn check(&self, config: &ModelConfig) -> Result<()> {
        let specs = config.tensors();
        if specs.len() != self.tensors.len() {
            return Err(Error::new(
                ErrorKind::Weights,
                format!(
                    "this config has {} tensors, got {}",
                    specs.len(),
                    self.tensors.len()
                ),
            ));
        }
        for (spec, tensor) in specs.iter().zip(&self.tensors) {
            check_tensor(spec, tensor)?;
        }
        Ok(())
    }

    /// The tensors, in the order of [`ModelConfig::tensors`].
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The tensors, to change values in place; names and shapes must stay.
    pub fn tensors_mut(&mut self) -> &mut [Tensor] {
        &mut self.tensors
    }

    /// Values of the tensor called `name`.
    pub fn get(&self, name: &str) -> Option<&[f32]> {
        let tensor = self.tensors.iter().find(|tensor| tensor.name == name)?;
        Some(&tensor.values)
    }

    /// Moves every value toward `other` by `rate` (0 stays, 1 arrives): one step of an exponential moving average. Both must have
    /// the same config.
    pub fn move_towards(&mut self, other: &Self, rate: f32) {
        for (mine, theirs) in self.tensors.iter_mut().zip(&other.tensors) {
            debug_assert_eq!(mine.name, theirs.name);
            for (value, target) in mine.values.iter_mut().zip(&theirs.values) {
                *value += rate * (target - *value);
            }
        }
    }
}

fn check_tensor(spec: &TensorSpec, tensor: &Tensor) -> Result<()> {
    if tensor.name != spec.name || tensor.shape != spec.shape || tensor.values.len() != spec.len() {
        return Err(Error::new(
            ErrorKind::Weights,
            format!(
                "tensor {} must have shape {}, got {} of shape {} with {} values",
                spec.name,
                list(&spec.shape),
                tensor.name,
                list(&tensor.shape),
                tensor.values.len()
            ),
        ));
    }
    check_values(&spec.name, &tensor.values)
}

/// Checks the values of the tensor called `name`.
pub(crate) fn check_values(name: &str, values: &[f32]) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(Error::new(
            ErrorKind::NotFinite,
            format!("tensor {name} has a value that is not finite at {at}"),
        )),
        None => Ok(()),
    }
}

fn initial_values(spec: &TensorSpec, seed: u64, tensor: u64) -> Vec<f32> {
    if spec.shape.len() == 1 {
        return vec![0.0; spec.len()];
    }
    let no_activation = spec.name.starts_with("encoder.mean") || spec.name.starts_with(LOG_VAR);
    let variance = if no_activation { 1.0 } else { 2.0 / 1.04 } / spec.fan_in as f32;
    // A uniform draw on [-b, b] has variance b * b / 3.
    let bound = libm::sqrtf(3.0 * variance);
    let mut random = generator(Purpose::Weights, seed, tensor);
    (0..spec.len())
        .map(|_| (2.0 * unit(&mut random) - 1.0) * bound)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_weights_and_another_seed_different_ones() {
        let config = ModelConfig::preset("map").unwrap();
        assert_eq!(Weights::init(&config, 7), Weights::init(&config, 7));
        assert_ne!(Weights::init(&config, 7), Weights::init(&config, 8));
    }

    #[test]
    fn a_plain_twin_starts_from_the_weights_of_the_variational_network() {
        let variational = ModelConfig::preset("digits").unwrap();
        let plain = ModelConfig::preset("digits-plain").unwrap();
        let both = Weights::init(&variational, 7);
        assert_eq!(Weights::init_twin(&variational, 7), both);
        let twin = Weights::init_twin(&plain, 7);
        twin.check(&plain).unwrap();
        assert_eq!(twin.tensors().len() + 2, both.tensors().len());
        for tensor in twin.tensors() {
            assert_eq!(
                both.get(&tensor.name),
                Some(&tensor.values[..]),
                "{}",
                tensor.name
            );
        }
        assert_ne!(
            Weights::init(&plain, 7),
            twin,
            "a plain network by itself draws its own"
        );
    }

    #[test]
    fn a_network_can_start_from_another_of_the_same_sizes_of_any_kind() {
        let variational = ModelConfig::preset("digits").unwrap();
        let plain = ModelConfig::preset("digits-plain").unwrap();
        let start = Weights::init(&variational, 7);
        assert_eq!(Weights::init_from(&variational, &start).unwrap(), start);

        let twin = Weights::init_from(&plain, &start).unwrap();
        assert_eq!(twin.tensors().len() + 2, start.tensors().len());
        for tensor in twin.tensors() {
            assert_eq!(start.get(&tensor.name), Some(&tensor.values[..]));
        }

        let back = Weights::init_from(&variational, &twin).unwrap();
        for tensor in back.tensors() {
            match twin.get(&tensor.name) {
                Some(values) => assert_eq!(values, tensor.values),
                None => assert!(tensor.values.iter().all(|&value| value == 0.0), "{}", tensor.name),
            }
        }
        let map = ModelConfig::preset("map").unwrap();
        assert_eq!(
            Weights::init_from(&map, &start).unwrap_err().kind(),
            ErrorKind::Weights
        );
    }

    #[test]
    fn weights_of_another_config_are_detected() {
        let map = ModelConfig::preset("map").unwrap();
        let digits = ModelConfig::preset("digits").unwrap();
        let plain = ModelConfig::preset("digits-plain").unwrap();
        let weights = Weights::init(&map, 1);
        weights.check(&map).unwrap();
        assert_eq!(weights.check(&digits).unwrap_err().kind(), ErrorKind::Weights);
        assert_eq!(weights.check(&plain).unwrap_err().kind(), ErrorKind::Weights);

        let mut spoiled = weights;
        spoiled.tensors_mut()[3].values[0] = f32::INFINITY;
        assert_eq!(spoiled.check(&map).unwrap_err().kind(), ErrorKind::NotFinite);
    }

    #[test]
    fn tensors_are_accepted_in_any_order_but_none_may_be_missing_wrong_or_extra() {
        let config = ModelConfig::preset("map").unwrap();
        let good = Weights::init(&config, 1);
        let mut tensors = good.tensors().to_vec();
        tensors.reverse();
        assert_eq!(Weights::from_tensors(&config, tensors.clone()).unwrap(), good);

        let missing = tensors[1..].to_vec();
        let message = Weights::from_tensors(&config, missing).unwrap_err().to_string();
        assert_eq!(message, "tensor decoder.deconv.2.bias is missing");

        let mut wrong = tensors.clone();
        wrong[0].values[0] = f32::NAN;
        assert_eq!(
            Weights::from_tensors(&config, wrong).unwrap_err().kind(),
            ErrorKind::NotFinite
        );

        let mut extra = tensors;
        extra.push(Tensor {
            name: "encoder.conv.9.weight".into(),
            shape: vec![1],
            values: vec![0.0],
        });
        assert_eq!(
            Weights::from_tensors(&config, extra).unwrap_err().kind(),
            ErrorKind::Weights
        );
    }
}
