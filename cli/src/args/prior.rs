//! The options of `prior`, and of the commands that draw from one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use latent_lab::MAX_COMPONENTS;

use super::{DataArgs, train::positive};

/// Numbers of components to try if none is given.
const AUTO: [usize; 6] = [1, 2, 5, 10, 20, 50];

const HELP: &str = "\
Fit a mixture of normal distributions to the codes of the training images

Random latents of a standard normal often lie where no picture does. This encodes the training images, fits a mixture with full \
covariances to their means or codes by expectation maximization, from several seeded starts, and writes the model anew with it. \
`sample --prior` and the page draw from it. The weights keep their bytes.

Of several numbers of components the one is taken under which a tenth of the training images, left out of these fits, are likeliest; \
the fit that is written is to all training images.

With --temperature below 1 the prior is narrower than the codes: draws from it give better pictures and fewer kinds of them \
(truncation; Brock, Donahue and Simonyan 2019).";

/// Fit a mixture of normal distributions to the codes of the training images
#[derive(Args, Debug)]
#[command(long_about = HELP)]
pub(crate) struct PriorArgs {
    /// A model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Number of components, several to choose from (1,2,5), or auto: 1,2,5,10,20,50
    #[arg(long, value_name = "K|auto", default_value = "auto", value_parser = parse_components)]
    pub(crate) components: Components,
    /// Factor of the deviations of the prior's components, so that draws lie nearer to their means
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, allow_negative_numbers = true, value_parser = positive)]
    pub(crate) temperature: f32,
    /// Fixes the starts of the fit, and the images left out to choose among numbers of components
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace an existing file; accept data other than the card names, and note it there
    #[arg(long)]
    pub(crate) force: bool,
}

/// Numbers of components to choose from: at least one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Components(pub(crate) Vec<usize>);

fn parse_components(text: &str) -> Result<Components, String> {
    if text == "auto" {
        return Ok(Components(AUTO.into()));
    }
    let numbers: Option<Vec<usize>> = text
        .split(',')
        .map(|number| number.trim().parse().ok())
        .map(|number| number.filter(|number| (1..=MAX_COMPONENTS).contains(number)))
        .collect();
    let numbers = numbers.ok_or_else(|| {
        format!("expected numbers from 1 to {MAX_COMPONENTS}, separated by commas, or auto")
    })?;
    Ok(Components(numbers))
}

/// Distribution of random latents.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum PriorName {
    /// The standard normal distribution
    Normal,
    /// The normal distribution with the mean and covariance of the model's fitted prior
    Gaussian,
    /// The model's fitted prior
    Mixture,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_a_number_a_list_or_auto() {
        assert_eq!(parse_components("50"), Ok(Components(vec![50])));
        assert_eq!(parse_components("1, 2,64"), Ok(Components(vec![1, 2, 64])));
        assert_eq!(parse_components("auto"), Ok(Components(AUTO.into())));
        for text in ["", "0", "65", "1,,2", "many", "-1", "1.5"] {
            assert!(parse_components(text).is_err(), "{text}");
        }
    }
}
