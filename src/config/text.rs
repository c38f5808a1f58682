//! A config as JSON, and back.

use super::{ImageShape, Kind, LayerConfig, Likelihood, ModelConfig};
use crate::{
    error::{Error, ErrorKind, Result},
    json::{self, Reader},
};

/// Names of [`Kind`] in a file, in its order.
const KINDS: [&str; 2] = ["variational", "autoencoder"];
/// Names of [`Likelihood`] in a file, in its order.
const LIKELIHOODS: [&str; 2] = ["bernoulli", "gaussian"];

impl ModelConfig {
    /// Reads and checks a config.
    ///
    /// # Errors
    /// `Config` when the text is not JSON, has unknown or missing fields, or a value out of range.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let config = Self::read(&mut reader).and_then(|config| reader.end().map(|()| config));
        let config = config.map_err(|message| {
            Error::new(
                ErrorKind::Config,
                format!("the model config is not valid: {message}"),
            )
        })?;
        config.validate()?;
        Ok(config)
    }

    /// The config as JSON, fields in the order of the struct.
    pub fn to_json(&self) -> String {
        let ImageShape {
            channels,
            height,
            width,
        } = self.image;
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|layer| {
                format!(
                    r#"{{"filters":{},"kernel":{},"stride":{}}}"#,
                    layer.filters, layer.kernel, layer.stride
                )
            })
            .collect();
        format!(
            r#"{{"image":{{"channels":{channels},"height":{height},"width":{width}}},"layers":[{}],"latent":{},"kind":"{}","likelihood":"{}"}}"#,
            layers.join(","),
            self.latent,
            KINDS[self.kind as usize],
            LIKELIHOODS[self.likelihood as usize]
        )
    }

    fn read(reader: &mut Reader<'_>) -> json::Result<Self> {
        let mut config = Self {
            image: ImageShape {
                channels: 0,
                height: 0,
                width: 0,
            },
            layers: Vec::new(),
            latent: 0,
            kind: Kind::Variational,
            likelihood: Likelihood::Bernoulli,
        };
        let names = ["image", "layers", "latent", "kind", "likelihood"];
        reader.fields(&names, names.len(), &mut |reader, field| {
            match field {
                0 => {
                    let [channels, height, width] = sizes(reader, ["channels", "height", "width"])?;
                    config.image = ImageShape {
                        channels,
                        height,
                        width,
                    };
                }
                1 => {
                    reader.open(b'[')?;
                    while reader.more(b']')? {
                        let [filters, kernel, stride] = sizes(reader, ["filters", "kernel", "stride"])?;
                        config.layers.push(LayerConfig {
                            filters,
                            kernel,
                            stride,
                        });
                    }
                }
                2 => config.latent = reader.size()?,
                3 if reader.one_of(&KINDS)? == 1 => config.kind = Kind::Autoencoder,
                4 if reader.one_of(&LIKELIHOODS)? == 1 => config.likelihood = Likelihood::Gaussian,
                _ => {}
            }
            Ok(())
        })?;
        Ok(config)
    }
}

/// An object of three sizes.
fn sizes(reader: &mut Reader<'_>, names: [&str; 3]) -> json::Result<[usize; 3]> {
    let mut sizes = [0; 3];
    reader.fields(&names, names.len(), &mut |reader, field| {
        sizes[field] = reader.size()?;
        Ok(())
    })?;
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_with_fields_unknown_missing_or_of_the_wrong_form_is_refused_with_a_reason() {
        let good = ModelConfig::preset("map").unwrap().to_json();
        for (from, to, reason) in [
            ("\"latent\"", "\"latents\"", "unknown field \"latents\""),
            ("\"latent\":2,", "", "field latent is missing"),
            (
                "\"latent\":2,",
                "\"latent\":2,\"latent\":2,",
                "field latent is there twice",
            ),
            ("\"latent\":2", "\"latent\":2.5", "expected an unsigned integer"),
            (
                "variational",
                "discrete",
                "unknown value \"discrete\"; expected one of variational, autoencoder",
            ),
            ("\"stride\":2},", "\"stride\":2,", "expected text in quotes"),
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
