//! A step that several workers share, each with an engine of its own: a replica with the same weights, batch and options.
//!
//! Worker `rank` of `workers` computes its share of the shards. Then the gradient is added up in rounds ([`plan`] and
//! [`sums`]), and each replica takes the same step. The bits are those of one worker alone. The caller carries the
//! messages.

mod plan;
mod sums;
#[cfg(test)]
mod tests;

pub use plan::Member;

use super::{CpuEngine, gradients::Gradients, training::Begun};
use crate::{
    engine::{Batch, Losses, StepOptions},
    error::{Error, ErrorKind, Result},
};

impl CpuEngine {
    /// Computes a part of the member's share of a step. True once the share is done; the exchange follows.
    ///
    /// # Errors
    /// As [`Engine::train_part`](crate::Engine::train_part); the next call begins a new step.
    pub fn share_part(&mut self, batch: Batch<'_>, options: StepOptions, member: Member) -> Result<bool> {
        let part = self.gradient_part(batch, options, |shards| member.share(shards));
        if part.is_err() {
            self.give_up_step();
        }
        part
    }

    /// Forgets a step that has begun, since another worker is lost.
    pub fn give_up(&mut self) {
        self.give_up_step();
    }

    /// The losses of the member's shards: for each, the reconstruction and the KL, summed over its pictures.
    ///
    /// # Errors
    /// `Argument` where no step has begun.
    pub fn share_losses(&mut self, member: Member) -> Result<Vec<f64>> {
        let shards = self.shards()?;
        let own = &self.begun()?.shards[member.share(shards)];
        Ok(own
            .iter()
            .flat_map(|shard| [shard.sums.reconstruction, shard.sums.kl])
            .collect())
    }

    /// Takes the step, once all sums are there. `losses` are those of all shares, in the order of the ranks.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or a loss or a sum is missing; `NotFinite` as [`Engine::train_step`](crate::Engine::train_step).
    pub fn finish_shared(&mut self, losses: &[f64], options: StepOptions) -> Result<Losses> {
        let shards = self.shards()?;
        check_len("losses of shards", losses.len(), 2 * shards)?;
        let parameters = self.network.parameters;
        let (gradients, begun) = self.exchange()?;
        check_len("the gradient", begun.summed, parameters)?;
        for (shard, losses) in begun.shards.iter_mut().zip(losses.chunks_exact(2)) {
            (shard.sums.reconstruction, shard.sums.kl) = (losses[0], losses[1]);
        }
        let (gradient, is_finite) = (gradients.take_sum(), begun.is_finite);
        self.training.as_mut().ok_or_else(none_begun)?.gradient = gradient;
        self.take_step(is_finite, options)
    }

    /// The step that has begun, and the gradients of the member's shards.
    fn exchange(&mut self) -> Result<(&mut Gradients, &mut Begun)> {
        let training = self.training.as_mut().ok_or_else(none_begun)?;
        let begun = training.begun.as_mut().ok_or_else(none_begun)?;
        Ok((&mut training.gradients[0], begun))
    }

    fn begun(&self) -> Result<&Begun> {
        let training = self.training.as_ref().ok_or_else(none_begun)?;
        training.begun.as_ref().ok_or_else(none_begun)
    }

    fn shards(&self) -> Result<usize> {
        Ok(self.begun()?.shards.len())
    }
}

fn none_begun() -> Error {
    Error::new(ErrorKind::Argument, "no step has begun")
}

fn check_len(what: &str, got: usize, expected: usize) -> Result<()> {
    if got == expected {
        return Ok(());
    }
    let message = format!("{what}: expected {expected} values, got {got}");
    Err(Error::new(ErrorKind::Argument, message))
}
