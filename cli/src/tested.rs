//! The test numbers of a training run in a few words.

use latent_lab::Evaluation;

use crate::objective::Objective;

/// An evaluation as the lines of a run show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tested {
    /// A variational model; `objective` if training minimizes something other than -ELBO.
    Elbo {
        negative_elbo: f64,
        objective: Option<f64>,
    },
    /// A plain autoencoder.
    Plain { reconstruction: f64, mse: f64 },
}

impl Tested {
    pub(crate) fn new(measured: &Evaluation, objective: Option<Objective>) -> Self {
        match measured.elbo {
            Some(elbo) => Self::Elbo {
                negative_elbo: elbo.negative_elbo(),
                objective: objective
                    .filter(|objective| !objective.is_elbo())
                    .and_then(|objective| objective.value(measured)),
            },
            None => Self::Plain {
                reconstruction: measured.reconstruction_of_mean,
                mse: measured.mse,
            },
        }
    }

    /// The training objective on the test images.
    pub(crate) fn objective(&self) -> f64 {
        match *self {
            Self::Elbo {
                negative_elbo,
                objective,
            } => objective.unwrap_or(negative_elbo),
            Self::Plain { reconstruction, .. } => reconstruction,
        }
    }

    /// For people, with this number of decimals.
    pub(crate) fn text(&self, digits: usize) -> String {
        match *self {
            Self::Elbo {
                negative_elbo,
                objective: None,
            } => format!("test -ELBO {negative_elbo:.digits$}"),
            Self::Elbo {
                negative_elbo,
                objective: Some(objective),
            } => format!("test total {objective:.digits$}  -ELBO {negative_elbo:.digits$}"),
            Self::Plain { reconstruction, mse } => {
                format!("test reconstruction {reconstruction:.digits$}  MSE {mse:.5}")
            }
        }
    }
}
