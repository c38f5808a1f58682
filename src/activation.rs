//! The activation as files name it.
//!
//! Called by model files and checkpoints, which refuse any other. The engines compute it.

use crate::{
    container::Container,
    error::{Result, invalid_file},
    text::quoted,
};

/// The activation after every layer but the last. The config has no field for it: as a metadata key of its own, it
/// spares readers in other languages a guess, and older versions of this one, which skip unknown keys, still read the
/// file.
pub(crate) const ACTIVATION: &str = r#"{"name":"leaky_relu","negative_slope":0.2}"#;

/// Refuses a file that was trained with another activation; older files do not name theirs.
///
/// # Errors
/// `ModelFile`, naming both.
pub(crate) fn check_activation(container: &Container<'_>) -> Result<()> {
    match container.text("activation") {
        None | Some(ACTIVATION) => Ok(()),
        Some(other) => Err(invalid_file(format!(
            "the activation must be {ACTIVATION}, got {}",
            quoted(other)
        ))),
    }
}
