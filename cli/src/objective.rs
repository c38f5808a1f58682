//! The training objective of a model, which is -ELBO only where beta is 1.

use latent_lab::{Card, Evaluation, Kind, ModelConfig};
use serde_json::{Value, json};

/// reconstruction + beta * KL, each latent dimension counting at least `free_bits` nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Objective {
    pub(crate) beta: f32,
    pub(crate) free_bits: f32,
}

impl Objective {
    /// The objective of a variational model, from its card. Older cards have only the command, whose `--beta` gives it. `None` for
    /// a plain autoencoder, and for a model whose card does not say.
    pub(crate) fn of(card: &Card, config: &ModelConfig) -> Option<Self> {
        if config.kind == Kind::Autoencoder {
            return None;
        }
        Some(Self {
            beta: card.beta.or_else(|| beta_of(&card.command))?,
            free_bits: card.free_bits.unwrap_or(0.0),
        })
    }

    pub(crate) fn is_elbo(self) -> bool {
        self.beta == 1.0 && self.free_bits == 0.0
    }

    /// Its value on the images of an evaluation; `None` for a plain autoencoder.
    pub(crate) fn value(self, measured: &Evaluation) -> Option<f64> {
        let (elbo, latents) = (measured.elbo?, measured.latents.as_ref()?);
        // The same sum as -ELBO where possible, so that the last digits agree.
        let kl = match self.free_bits {
            0.0 => elbo.kl,
            free_bits => latents.kl_with_free_bits(free_bits),
        };
        Some(elbo.reconstruction + f64::from(self.beta) * kl)
    }

    /// For people: "reconstruction + 0.03 KL".
    pub(crate) fn text(self) -> String {
        let beta = match self.beta {
            1.0 => String::new(),
            beta => format!("{beta} "),
        };
        let free = match self.free_bits {
            0.0 => String::new(),
            free => format!(", at least {free} nats for each dimension"),
        };
        let elbo = if self.is_elbo() { " (-ELBO)" } else { "" };
        format!("reconstruction + {beta}KL{free}{elbo}")
    }

    /// For programs.
    pub(crate) fn json(self) -> Value {
        json!({"beta": self.beta, "free_bits": self.free_bits})
    }
}

/// The beta of a `train` command; 1 if it has none.
fn beta_of(command: &str) -> Option<f32> {
    let mut words = command.split_whitespace();
    if (words.next(), words.next()) != (Some("latent-lab"), Some("train")) {
        return None;
    }
    while let Some(word) = words.next() {
        let value = match word.split_once('=') {
            Some(("--beta", value)) => Some(value),
            _ if word == "--beta" => words.next(),
            _ => continue,
        };
        return value?.parse().ok();
    }
    Some(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objective(beta: Option<f32>, command: &str) -> Option<Objective> {
        let card = Card {
            beta,
            command: command.into(),
            ..Card::default()
        };
        Objective::of(&card, &ModelConfig::preset("digits").unwrap())
    }

    #[test]
    fn beta_is_read_from_the_card_or_on_older_cards_from_the_command() {
        let beta = |beta, command| objective(beta, command).map(|objective| objective.beta);
        assert_eq!(beta(Some(0.5), "latent-lab train --beta 2"), Some(0.5));
        assert_eq!(
            beta(
                None,
                "latent-lab train --beta 0.03 --out a && latent-lab whiten a"
            ),
            Some(0.03)
        );
        assert_eq!(beta(None, "latent-lab train --beta=4"), Some(4.0));
        assert_eq!(beta(None, "latent-lab train --data mnist"), Some(1.0));
        assert_eq!(beta(None, "made in a browser"), None);
        let plain = ModelConfig::preset("digits-plain").unwrap();
        assert_eq!(Objective::of(&Card::default(), &plain), None);
    }

    #[test]
    fn the_objective_is_called_elbo_only_if_it_is() {
        let text = |beta, free_bits| Objective { beta, free_bits }.text();
        assert_eq!(text(1.0, 0.0), "reconstruction + KL (-ELBO)");
        assert_eq!(text(0.03, 0.0), "reconstruction + 0.03 KL");
        assert_eq!(
            text(1.0, 0.25),
            "reconstruction + KL, at least 0.25 nats for each dimension"
        );
    }
}
