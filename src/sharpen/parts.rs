//! Steps that are taken in parts, and verdicts: for a page that shows a run while it continues.

use super::{Inputs, Sharpener};
use crate::{
    cpu::{Begun, SharpenLosses},
    error::{Error, ErrorKind, Result},
};

/// A step under way.
pub(super) struct Part {
    inputs: Inputs,
    begun: Begun,
}

impl Sharpener {
    /// A part of a step as [`Sharpener::step`] takes it, a few pictures long: losses after the last part.
    ///
    /// # Errors
    /// As [`Sharpener::step`].
    pub fn step_part(&mut self) -> Result<Option<SharpenLosses>> {
        let Some(mut part) = self.part.take() else {
            let inputs = self.draw()?;
            let begun = self.contest.begin(inputs.batch());
            self.part = Some(Part { inputs, begun });
            return Ok(None);
        };
        let losses = self.contest.step_part(part.inputs.batch(), &mut part.begun)?;
        match losses {
            Some(_) => self.batches.advance(),
            None => self.part = Some(part),
        }
        Ok(losses)
    }

    /// The critic's verdicts on pictures `[n, channels, height, width]`, values 0 to 1, as they are: above 0 says "real".
    ///
    /// # Errors
    /// `Argument` when the values are not a multiple of a picture's.
    pub fn verdicts(&self, pixels: &[f32]) -> Result<Vec<f32>> {
        if !pixels.len().is_multiple_of(self.shape.len()) {
            return Err(Error::new(
                ErrorKind::Argument,
                format!("a picture has {} values, got {}", self.shape.len(), pixels.len()),
            ));
        }
        Ok(self.contest.verdicts(pixels))
    }

    /// Number of the critic's parameters.
    pub fn critic_parameters(&self) -> usize {
        self.contest.critic_parameters()
    }
}
