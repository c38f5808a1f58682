//! `ModelFile`: a model with its card parsed, for callers that need its numbers; the page shows the card as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    config::ModelConfig,
    container::{self, Container, Stored},
    error::{Result, invalid_file},
    prior::{self, Prior, is_of_prior},
    weights::Weights,
};

use super::{FORMAT, Precision, RawModelFile, to_bytes};

/// The origin of a model. Every field may be empty; fields that this version does not know are skipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The model's name.
    pub name: String,
    /// The data set it was trained on.
    pub data: String,
    /// The choice of test images, if it is not the default of the data set.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub test_images: String,
    /// The license of the data.
    pub license: String,
    /// The command that made it.
    pub command: String,
    /// The seed of weights, order and noise.
    pub seed: u64,
    /// Number of passes over the data.
    pub epochs: u32,
    /// Measurements by name, e.g. `kl`; values that are not finite are not saved.
    pub losses: BTreeMap<String, f64>,
    /// Weight of the KL term at the end of training; missing in older files and of a plain autoencoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta: Option<f32>,
    /// Least cost of each latent dimension in nats, if training had free bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_bits: Option<f32>,
    /// Anything else.
    pub notes: String,
}

/// A model with its card.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    /// The network.
    pub config: ModelConfig,
    /// Its origin.
    pub card: Card,
    /// Its parameters, in f32 whatever the stored precision.
    pub weights: Weights,
    /// The fitted distribution of its codes, if any.
    pub prior: Option<Prior>,
}

impl ModelFile {
    /// Reads and checks a model file. However hostile the bytes, no allocation is larger than a small multiple of them.
    ///
    /// # Errors
    /// `ModelFile` when the bytes are cut off, of another format, or contradict their header; `Config` when the config is
    /// out of range; `Weights` when a tensor is missing, left over or of another shape than the config says, or a prior
    /// is invalid; `NotFinite` when a weight or a value of the prior is not finite.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let raw = RawModelFile::from_bytes(bytes)?;
        let card = match &raw.card[..] {
            "" => Card::default(),
            card => serde_json::from_str(card)
                .map_err(|e| invalid_file(format!("the card of the model file is not valid: {e}")))?,
        };
        Ok(Self {
            config: raw.config,
            card,
            weights: raw.weights,
            prior: raw.prior,
        })
    }

    /// The bytes of a model file with another card and prior; its weights stay as they are stored. `prior` must be of its config.
    ///
    /// # Errors
    /// As [`ModelFile::from_bytes`].
    pub fn amended(bytes: &[u8], card: &Card, prior: &Prior) -> Result<Vec<u8>> {
        Self::from_bytes(bytes)?;
        let container = Container::read("model file", FORMAT, bytes)?;
        let card = card_text(card);
        let mut metadata: Vec<(&str, &str)> =
            container.metadata().filter(|&(name, _)| name != "card").collect();
        metadata.push(("card", &card));
        let mut tensors: Vec<Stored<'_>> = container.tensors.clone();
        tensors.retain(|stored| !is_of_prior(&stored.name));
        prior::write(prior, &mut tensors);
        Ok(container::write(&metadata, tensors))
    }

    /// The file's bytes: the same for the same model. `weights` and `prior` must be of `config`.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let (prior, card) = (self.prior.as_ref(), card_text(&self.card));
        to_bytes(&self.config, &self.weights, prior, &card, precision)
    }
}

/// The card as JSON, which has no NaN: it would be written as a null that no reader takes.
fn card_text(card: &Card) -> String {
    let mut card = card.clone();
    card.losses.retain(|_, loss| loss.is_finite());
    serde_json::to_string(&card).expect("a card is text and numbers")
}
