//! The options of `experiment`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Reproduce the numbers and pictures of the article
///
/// Trains every network of the experiment that is not trained yet, measures them on held-out images, and writes NAME.json
/// and NAME.png. Ctrl-C writes a checkpoint; the same command continues from it.
#[derive(Args, Debug)]
pub(crate) struct ExperimentArgs {
    /// The experiment to run
    #[arg(value_enum, value_name = "NAME")]
    pub(crate) name: ExperimentName,
    /// Data other than the experiment's own: mnist, fashion-mnist, or a folder of images
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// Never download
    #[arg(long)]
    pub(crate) offline: bool,
    /// Take seconds instead of hours: a few small pictures, two epochs. Shows that all parts work
    #[arg(long)]
    pub(crate) quick: bool,
    /// Folder of models and checkpoints
    #[arg(long, value_name = "FOLDER", default_value = "runs")]
    pub(crate) runs: PathBuf,
    /// Folder to write NAME.json and NAME.png to
    #[arg(long, value_name = "FOLDER", default_value = "www/results")]
    pub(crate) out: PathBuf,
    /// Folder of the project's own models, which some experiments measure
    #[arg(long, value_name = "FOLDER", default_value = "www/models")]
    pub(crate) models: PathBuf,
    /// Start over runs that were stopped
    #[arg(long)]
    pub(crate) restart: bool,
}

/// The experiments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExperimentName {
    /// A plain autoencoder on 150 cats, gray and in color
    FewCats,
    /// The same on gray cats with latents of 64 to 1024
    CatSizes,
    /// Digits with latents of 2 to 128, compared with principal components
    DigitSizes,
    /// Three to five layers, kernels of 3 and 5, longer training
    Architectures,
    /// Random latents of a VAE and of a plain autoencoder, digits and cats
    RandomLatents,
    /// Paths between two digits and between two cats
    Interpolation,
    /// How much detail the blurred cats have, compared with as many principal components
    CatDetail,
    /// How sharp and how real cats look before and after training with a critic
    SharpCats,
    /// The cost of a picture for the shipped models in nats, and the part that no model can save
    Price,
    /// Random digits from a standard normal and from mixtures fitted to codes
    Priors,
}

impl ExperimentName {
    /// The name as typed.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::FewCats => "few-cats",
            Self::CatSizes => "cat-sizes",
            Self::DigitSizes => "digit-sizes",
            Self::Architectures => "architectures",
            Self::RandomLatents => "random-latents",
            Self::Interpolation => "interpolation",
            Self::CatDetail => "cat-detail",
            Self::SharpCats => "sharp-cats",
            Self::Price => "price",
            Self::Priors => "priors",
        }
    }
}
