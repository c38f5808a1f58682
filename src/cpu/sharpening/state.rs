//! A contest as one flat vector, and back.

use super::{Contest, Learner, Spectra};
use crate::{
    config::ModelConfig,
    error::{Error, ErrorKind, Result},
    weights::Weights,
};

impl Contest {
    /// Everything that steps change except their number: of the network its weights, both moments and the average, each
    /// in the order of [`ModelConfig::tensors`](crate::ModelConfig::tensors); of the critic its weights and both
    /// moments, its singular vectors; and how sure the critic is.
    pub(crate) fn to_flat(&self) -> Vec<f32> {
        let Learner {
            weights,
            first,
            second,
        } = &self.generator;
        let mut flat = Vec::with_capacity(self.flat_len());
        for vector in [weights, first, second, &self.average] {
            for tensor in self.network.gather(vector).tensors() {
                flat.extend_from_slice(&tensor.values);
            }
        }
        for vector in [&self.judge.weights, &self.judge.first, &self.judge.second] {
            flat.extend(self.critic.gather(vector));
        }
        flat.extend(self.spectra.to_flat(&self.critic));
        flat.push(self.sureness);
        flat
    }

    /// Length of [`Contest::to_flat`].
    pub(crate) fn flat_len(&self) -> usize {
        self.flat_len_for(&self.network.config)
    }

    /// The same for another network and this critic.
    fn flat_len_for(&self, config: &ModelConfig) -> usize {
        4 * config.parameters() + 3 * self.critic.len() + Spectra::flat_len(&self.critic) + 1
    }

    /// Takes the critic of another contest, of networks of any config for pictures of this size, from its [`Contest::to_flat`]: its
    /// weights and singular vectors. Its moments start at 0, and how sure it is of this network it has yet to find out.
    ///
    /// # Errors
    /// `Argument` when the pictures have another size, or the state a length that it cannot have with this critic; `NotFinite` when a
    /// value of it is not finite.
    pub(crate) fn take_critic(&mut self, of: &ModelConfig, flat: &[f32]) -> Result<()> {
        if of.image != self.critic.image {
            return Err(Error::new(
                ErrorKind::Argument,
                "that critic has learned from pictures of another size",
            ));
        }
        self.check_flat(flat, of)?;
        let rest = &flat[4 * of.parameters()..];
        let (critic, rest) = rest.split_at(3 * self.critic.len());
        self.judge = Learner::new(self.critic.scatter(&critic[..self.critic.len()]));
        let spectra = &rest[..rest.len() - 1];
        self.spectra = Spectra::from_flat(&self.critic, &self.judge.weights, spectra);
        self.pack_critic();
        Ok(())
    }

    /// Checks the state of a contest of networks of `config` with this critic.
    fn check_flat(&self, flat: &[f32], config: &ModelConfig) -> Result<()> {
        let expected = self.flat_len_for(config);
        if flat.len() != expected {
            let message = format!("expected a state of {expected} values, got {}", flat.len());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        self.check_finite(flat, "state")
    }

    /// Continues from [`Contest::to_flat`] after `step` steps.
    ///
    /// # Errors
    /// `Argument` when the length is wrong; `NotFinite` when a value is not finite.
    pub(crate) fn restore(&mut self, flat: &[f32], step: u64) -> Result<()> {
        let config = &self.network.config;
        self.check_flat(flat, config)?;
        let (network, rest) = flat.split_at(4 * config.parameters());
        let mut vectors = network.chunks_exact(config.parameters()).map(|values| {
            let mut vector = Vec::new();
            self.network
                .scatter(&Weights::from_flat(config, values), &mut vector);
            vector
        });
        let mut next = || vectors.next().expect("four vectors");
        let generator = Learner {
            weights: next(),
            first: next(),
            second: next(),
        };
        self.average = next();
        self.generator = generator;
        let (critic, rest) = rest.split_at(3 * self.critic.len());
        let mut vectors = critic
            .chunks_exact(self.critic.len())
            .map(|values| self.critic.scatter(values));
        let mut next = || vectors.next().expect("three vectors");
        self.judge = Learner {
            weights: next(),
            first: next(),
            second: next(),
        };
        let (spectra, sureness) = rest.split_at(rest.len() - 1);
        self.spectra = Spectra::from_flat(&self.critic, &self.judge.weights, spectra);
        self.sureness = sureness[0];
        self.step = step;
        self.pack_critic();
        self.pack_generator();
        Ok(())
    }
}
