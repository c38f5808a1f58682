//! The command line: commands, options, defaults and help. Nothing is computed here.

mod experiment;
mod lesson;
mod prior;
mod sharpen;
mod sheets;
mod train;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use latent_lab::Precision;

use crate::{data::Split, engines::EngineName};

pub(crate) use experiment::{ExperimentArgs, ExperimentName};
pub(crate) use lesson::{LessonArgs, LessonCommand};
pub(crate) use prior::{PriorArgs, PriorName};
pub(crate) use sharpen::SharpenArgs;
pub(crate) use sheets::{InterpolateArgs, PathName, ReconstructArgs, SampleArgs, SheetArgs};
pub(crate) use train::{Interval, TrainArgs};

/// Train, evaluate and publish small image autoencoders.
#[derive(Debug, Parser)]
#[command(name = "latent-lab", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Train(Box<TrainArgs>),
    Eval(EvalArgs),
    Latents(LatentsArgs),
    Info(InfoArgs),
    Convert(ConvertArgs),
    Whiten(WhitenArgs),
    Shrink(ShrinkArgs),
    Prior(PriorArgs),
    Sharpen(Box<SharpenArgs>),
    Sample(SampleArgs),
    Reconstruct(ReconstructArgs),
    Interpolate(InterpolateArgs),
    Experiment(ExperimentArgs),
    Lesson(LessonArgs),
}

const DATA_HELP: &str = "\
mnist, fashion-mnist, or a folder of pictures.

MNIST and Fashion-MNIST: each file is looked for in $LATENT_LAB_DATA/NAME, then in the cache folder (on Linux \
~/.cache/latent-lab/NAME, or $LATENT_LAB_CACHE/NAME), then downloaded into the cache folder. The MD5 of the uncompressed \
content is checked for files in the cache and for downloads. Files in $LATENT_LAB_DATA are yours: they may differ from \
the published ones, and then the command says so, and the model card too.

A folder is read with its subfolders; a relative name is also looked for under $LATENT_LAB_DATA. PNG, JPEG, GIF and WebP \
are read (of an animation the first frame), turned upright as their EXIF tag says, and converted to sRGB from their color \
profile. They are cropped to the middle and resized (Catmull-Rom) to the model's size; gray is BT.709 luma; transparency is \
put on white. Files that are damaged or of another kind are counted and left out.

One in ten is held out for testing, by its name alone: where its FNV-1a hash (64 bits) is divisible by 10. See --test-share \
and --test.";

const SHARE_HELP: &str = "\
Share of a folder's pictures that is held out for testing [default: 0.1]

By the name alone: a picture is held out when the decimal digits of its name's FNV-1a hash (64 bits), read from the last to \
the first behind a point, make a number below SHARE. Where that leaves a part without a picture that can be read, the next \
by that number changes sides.";

#[derive(Args, Clone, Debug)]
pub(crate) struct DataArgs {
    /// mnist, fashion-mnist, or a folder of images
    #[arg(long, value_name = "DATA", long_help = DATA_HELP)]
    pub(crate) data: String,
    /// A folder of test images; all of --data is then for training
    #[arg(long, value_name = "FOLDER", conflicts_with = "test_share")]
    pub(crate) test: Option<PathBuf>,
    /// Share of a folder's pictures that is held out for testing [default: 0.1]
    #[arg(long, value_name = "SHARE", long_help = SHARE_HELP, allow_negative_numbers = true, value_parser = parse_share)]
    pub(crate) test_share: Option<f64>,
    /// Never download
    #[arg(long)]
    pub(crate) offline: bool,
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|&share: &f64| share > 0.0 && share < 1.0);
    share.ok_or_else(|| "expected a number between 0 and 1".into())
}

const EVAL_HELP: &str = "\
Definitions: x is a test image, z a latent, q(z|x) the encoder's normal distribution, p(z) the standard normal, p(x|z) the \
decoder. All numbers are means over the images.

On gray targets (pixels 0 to 1 as they are):

  reconstruction: -log p(x|z) summed over pixels, for one z drawn from q(z|x). For a Bernoulli likelihood the cross-entropy \
-x log y - (1 - x) log(1 - y) in nats, for a Gaussian one the squared error.

  KL: KL(q(z|x) || p(z)) in nats, exact, summed over latent dimensions.

  -ELBO: reconstruction + KL (Kingma and Welling 2013), which is the training objective where beta is 1. With gray targets it is no \
bound on a likelihood: compare it only with numbers that are made the same way.

  objective: what training minimized, where that is something else: reconstruction + beta KL, and with free bits at least so \
many nats for each latent dimension. Older cards say it by their command.

  active units: latent dimensions whose mean varies over the images with a variance above 0.01 (Burda et al. 2016). The others \
say nothing about the picture; few of them are called posterior collapse.

  reconstruction, mean: the same loss for z the mean of q(z|x), or the code of a plain autoencoder, which has only this one.

  MSE: squared error per pixel of the picture decoded from the mean or code, pixels 0 to 1.

  round trip: the MSE between the picture decoded from the mean or code and what is decoded after encoding that; 95 in 100 images have one \
up to the 95th percentile.

  PSNR: 10 log10(1 / MSE), in decibels.

  entropy of the targets: the sum over pixels of -x log x - (1 - x) log(1 - x), only for a Bernoulli likelihood: what a \
perfect reconstruction of gray targets costs too, and so the floor of reconstruction and of -ELBO.

With --sharpness, of what the model draws, in percent of the test images, gray, means over as many pictures as there are test \
images:

  Laplacian: variance of the Laplacian (four neighbors less four times the pixel), a measure of focus; gradient: mean length of \
the gradient. Reconstructions are decoded means or codes; middles are halfway along the arc between the codes of two test \
images; random latents are drawn from the prior that is fitted in the file, or are standard normal where there is none.

  told from real: a fresh critic, the network of `sharpen`, learns to tell test images from drawn ones on the first half of both; \
the share of the second half that it gets right. 0.5 where it sees no difference, up to 1.

  precision, recall: the share of random pictures that lie where test images do, and the share of test images that lie where \
random pictures do: within the distance of a third neighbor, in features of a classifier that learned the training images \
(Kynkaanniemi et al. 2019).

  largest step of a path: the largest difference between neighbors of 11 pictures on the arc between two test images, as a multiple \
of the mean; 1 where all are equal.

On binarized targets (each pixel is 1 with its gray value as probability, drawn once from the seed; only for variational \
models with a Bernoulli likelihood):

  -ELBO: as above, averaged over k draws of z; here it is an upper bound of -log p(x).

  IWAE bound: -log of the mean over k draws z from q(z|x) of p(x|z) p(z) / q(z|x) (Burda et al. 2015, \"Importance Weighted \
Autoencoders\"); an upper bound of -log p(x) too, and the tighter the larger k is.";

/// Measure a model on test images
#[derive(Args, Debug)]
#[command(after_long_help = EVAL_HELP)]
pub(crate) struct EvalArgs {
    /// A model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Use only the first N test images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Draws per image for the importance-weighted bound; 0 leaves it out
    #[arg(short = 'k', long, value_name = "K", default_value_t = 100, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) samples: u32,
    /// Fixes the noise, the binarized targets, and the pairs and draws of --sharpness
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Also measure how sharp and how real reconstructions, middles and random latents are
    #[arg(long)]
    pub(crate) sharpness: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Engine that computes
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
}

/// Store the encoder's means for test or training images, for the page
///
/// The images are the first of each class in equal numbers, in the order of the data; without labels, or with --first, they are the
/// first ones; with --seed they are chosen at random.
#[derive(Args, Debug)]
pub(crate) struct LatentsArgs {
    /// A model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The part of the data that the images are from
    #[arg(long, value_enum, default_value_t = Split::Test)]
    pub(crate) part: Split,
    /// Number of images
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: u32,
    /// Take the first images instead of as many of each class
    #[arg(long)]
    pub(crate) first: bool,
    /// Choose images at random, the same ones for the same seed, instead of as many of each class
    #[arg(long, conflicts_with = "first")]
    pub(crate) seed: Option<u64>,
    /// Also draw the images as a PNG file, ten in a row and without gaps, in the order of their codes
    #[arg(long, value_name = "PNG")]
    pub(crate) sheet: Option<PathBuf>,
    /// Leave out the labels, which the page would take for digits
    #[arg(long)]
    pub(crate) no_labels: bool,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace an existing file of another kind; latents are replaced in any case
    #[arg(long)]
    pub(crate) force: bool,
    /// Engine that computes
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
}

/// Describe a model file or a checkpoint
#[derive(Args, Debug)]
pub(crate) struct InfoArgs {
    /// A model file or a checkpoint
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t = InfoFormat::Text)]
    pub(crate) format: InfoFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum InfoFormat {
    /// For people
    Text,
    /// The card as Markdown
    Markdown,
    /// Config and card as JSON
    Json,
}

/// A model, and where its changed copy goes.
#[derive(Args, Debug)]
pub(crate) struct ChangeArgs {
    /// A model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace an existing file; accept data other than the card names, and note it there
    #[arg(long)]
    pub(crate) force: bool,
    /// Engine that measures the result
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
}

/// Store a model in another precision
///
/// The test losses on the card are measured again, with the weights as stored.
#[derive(Args, Debug)]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// Precision of the stored weights
    #[arg(long, value_name = "f32|f16|i8|i7", value_parser = parse_precision)]
    pub(crate) precision: Precision,
}

/// Make random latents look like the training images
///
/// Gives the latent space new coordinates, in which draws from the posteriors of the training images have mean zero and
/// covariance one, as the prior has. Pictures decoded from means stay the same. The weights are written in f32.
#[derive(Args, Debug)]
pub(crate) struct WhitenArgs {
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Bring codes nearer to their mean where they say little about a picture
///
/// Measures how much each direction of the latent space changes what the decoder draws, and multiplies codes by e / (e + STRENGTH)
/// in it, where e is the squared change of a picture, summed over its values, for a step of length 1 (a Wiener filter). Most directions of
/// a large latent space hardly change the picture, and together they take codes far from where the decoder draws well: reconstructions
/// have fewer faults with little of their likeness lost. Whiten the model before; a few hundred steps of `sharpen` bring back the detail
/// that this takes, and `whiten` gives codes a covariance of one again. Without --posteriors only the encoder's means change, so KL and -ELBO
/// are not to be compared across `shrink`. The weights are written in f32.
#[derive(Args, Debug)]
pub(crate) struct ShrinkArgs {
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// The effect at which a direction shrinks by half
    #[arg(long, value_name = "EFFECT", default_value_t = 1.0, allow_negative_numbers = true, value_parser = strength)]
    pub(crate) strength: f64,
    /// Also give posteriors the variances that go with the factors, on axes along the directions
    ///
    /// A direction whose codes are multiplied by f gets the variance f (1 - f) for every picture, and the latent space is turned so that
    /// its axes are those directions. With `sharpen --noise 1` codes then stay shrunk: a decoder that learned from means alone would undo it.
    #[arg(long)]
    pub(crate) posteriors: bool,
    /// Fixes the latents at which effects are measured
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

fn strength(text: &str) -> Result<f64, String> {
    let strength = text
        .parse()
        .ok()
        .filter(|strength| (1e-6..=1e9).contains(strength));
    strength.ok_or_else(|| "expected a number from 1e-6 to 1e9".to_owned())
}

fn parse_precision(text: &str) -> Result<Precision, String> {
    text.parse().map_err(|error: latent_lab::Error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_valid() {
        Cli::command().debug_assert();
    }
}
