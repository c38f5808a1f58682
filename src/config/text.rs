//! A config as JSON, and back.

use super::ModelConfig;
use crate::{
    error::{Error, ErrorKind, Result},
    text::reason,
};

impl ModelConfig {
    /// Reads and checks a config.
    ///
    /// # Errors
    /// `Config` when the text is not JSON, has unknown or missing fields, or a value out of range.
    pub fn from_json(text: &str) -> Result<Self> {
        // As bytes, like the header of a file: a second kind of reader would be 2 kB of the page's module.
        let config: Self = serde_json::from_slice(text.as_bytes()).map_err(|error| {
            Error::new(
                ErrorKind::Config,
                format!("the model config is not valid: {}", reason(&error)),
            )
        })?;
        config.validate()?;
        Ok(config)
    }

    /// The config as JSON, fields in the order of the struct.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a config is text and integers")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_with_unknown_missing_or_invalid_fields_is_refused_with_a_reason() {
        let good = ModelConfig::preset("map").unwrap().to_json();
        for (from, to, reason) in [
            ("\"latent\"", "\"latents\"", "unknown field `latents`"),
            ("\"latent\":2,", "", "missing field `latent`"),
            (
                "\"latent\":2,",
                "\"latent\":2,\"latent\":2,",
                "duplicate field `latent`",
            ),
            (
                "\"latent\":2",
                "\"latent\":2.5",
                "floating point `2.5`, expected usize",
            ),
            (
                "variational",
                "discrete",
                "unknown value \"discrete\"; expected one of variational, autoencoder",
            ),
            ("\"stride\":2},", "\"stride\":2,", "key must be a string"),
        ] {
            assert!(good.contains(from));
            let error = ModelConfig::from_json(&good.replacen(from, to, 1)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            let message = error.to_string();
            assert!(
                message.starts_with("the model config is not valid: ") && message.contains(reason),
                "{message}"
            );
        }
    }
}
