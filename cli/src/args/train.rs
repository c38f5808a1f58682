//! The options of `train`.

use std::path::PathBuf;

use clap::{Args, builder::PossibleValuesParser};
use latent_lab::{Augment, PRESETS, Precision};

use super::{DataArgs, parse_precision};
use crate::{engines::EngineName, schedule::Schedule, suggest};

/// Train a model
///
/// Prints a line per epoch, or a progress bar on a terminal. Ctrl-C and SIGTERM finish the step, write a checkpoint and say
/// how to continue; the same command with --resume then ends with the same bits as an uninterrupted run. A finished run
/// continues with --resume and more --epochs.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("network").required(true)))]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The network: digits, map, digits-plain, cats or article
    #[arg(long, value_name = "NAME", group = "network", hide_possible_values = true, value_parser = PossibleValuesParser::new(PRESETS))]
    pub(crate) preset: Option<String>,
    /// The network: a model config as JSON
    #[arg(long, value_name = "FILE", group = "network")]
    pub(crate) config: Option<PathBuf>,
    /// The network and its first weights: a model file
    #[arg(long, value_name = "MODEL", group = "network")]
    pub(crate) start_from: Option<PathBuf>,
    /// Latent dimensions, in place of those of the preset or config
    #[arg(long, value_name = "N", conflicts_with = "start_from", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) latent: Option<u32>,
    /// The model file to write; FILE.checkpoint is written beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Times that each training image is seen; --resume with more epochs continues a finished run
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) epochs: u32,
    /// Images in a step
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) batch: u32,
    /// Weight of the KL term; 1 is the ELBO
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, value_parser = not_negative)]
    pub(crate) beta: f32,
    /// Epochs over which beta grows linearly from 0
    #[arg(long, value_name = "EPOCHS", default_value_t = 0.0, allow_negative_numbers = true, value_parser = not_negative)]
    pub(crate) kl_warmup: f32,
    /// Least cost of each latent dimension in nats, so that none is given up
    ///
    /// The KL term becomes the sum over latent dimensions of max(NATS, KL of the dimension, mean over the batch), the free bits
    /// of Kingma et al. 2016 (arXiv 1606.04934).
    #[arg(long, value_name = "NATS", default_value_t = 0.0, allow_negative_numbers = true, value_parser = not_negative)]
    pub(crate) free_bits: f32,
    /// Adam's highest step size
    #[arg(long, default_value_t = 1e-3, allow_negative_numbers = true, value_parser = positive)]
    pub(crate) learning_rate: f32,
    /// Step size after the warm-up
    ///
    /// Step s of S (from 0), with W warm-up steps: for s < W the rate is R (s + 1) / W. After that it stays R (constant),
    /// or is R (1 + cos(pi (s - W) / (S - W))) / 2 (cosine), which ends at 0.
    #[arg(long, value_enum, default_value_t = Schedule::Cosine)]
    pub(crate) schedule: Schedule,
    /// Steps over which the step size grows from 0; at most a tenth of the run
    #[arg(long, value_name = "STEPS", default_value_t = 200)]
    pub(crate) warmup_steps: u32,
    /// Decay of the moving average of the weights, for one step; 0 turns it off
    ///
    /// The model is written, and tested, with the average. After t steps the decay is the smaller of this and (1 + t) /
    /// (10 + t), so that the first weights are soon forgotten. It is updated every 8 steps with the decay to the power of
    /// 8.
    #[arg(long, value_name = "DECAY", default_value_t = 0.999, allow_negative_numbers = true, value_parser = decay)]
    pub(crate) average: f32,
    /// Fixes the first weights, the order of the images, the noise and the augmentation
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Random changes of the training images, e.g. flip,rotate=10,shift=0.1,zoom=0.1
    ///
    /// flip: left and right, for half of the images. rotate: degrees, either way. shift: share of the side, either way. zoom: share
    /// of the size, in or out.
    #[arg(long, value_name = "LIST", value_parser = parse_augment)]
    pub(crate) augment: Option<Augment>,
    /// Use only the first N training images and the first N test images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Precision of the stored weights
    #[arg(long, default_value = "f32", value_name = "f32|f16|i8|i7", value_parser = parse_precision)]
    pub(crate) precision: Precision,
    /// Epochs between checkpoints, or minutes: 1, 5, 10min
    #[arg(long, value_name = "INTERVAL", default_value = "1", value_parser = parse_interval)]
    pub(crate) checkpoint_every: Interval,
    #[command(flatten)]
    pub(crate) checkpoint: CheckpointArgs,
    /// Replace an existing model
    #[arg(long)]
    pub(crate) force: bool,
    /// Write a line of JSON for each epoch
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Epochs between evaluations on the test images; 0 for only one at the end
    #[arg(long, value_name = "EPOCHS", default_value_t = 5)]
    pub(crate) eval_every: u32,
    /// Name on the card [default: that of FILE]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// License of the data on the card; known for mnist and fashion-mnist
    #[arg(long, value_name = "TEXT")]
    pub(crate) license: Option<String>,
    /// Further text on the card
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) notes: String,
    /// Engine that computes
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
    /// Threads that share a step [default: one per processor]
    ///
    /// The result is the same with any number. At most 8 can share a step, and at most one per 8 of its images.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) threads: Option<u32>,
}

/// Handling of the checkpoint that an earlier run left.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CheckpointArgs {
    /// Continue from the checkpoint beside FILE, with the same settings
    #[arg(long)]
    pub(crate) resume: bool,
    /// Start over even if an unfinished run left a checkpoint
    #[arg(long, conflicts_with = "resume")]
    pub(crate) restart: bool,
}

/// Time between checkpoints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Interval {
    Epochs(u32),
    Minutes(f64),
}

fn parse_interval(text: &str) -> Result<Interval, String> {
    let expected = "expected a number of epochs (5) or minutes (10min), more than 0";
    let interval = match text.strip_suffix("min") {
        Some(minutes) => minutes
            .trim()
            .parse()
            .ok()
            .filter(|m: &f64| m.is_finite() && *m > 0.0)
            .map(Interval::Minutes),
        None => text
            .parse()
            .ok()
            .filter(|&epochs| epochs > 0)
            .map(Interval::Epochs),
    };
    interval.ok_or_else(|| expected.into())
}

fn number(text: &str, expected: &str, good: impl Fn(f32) -> bool) -> Result<f32, String> {
    text.parse()
        .ok()
        .filter(|&value: &f32| value.is_finite() && good(value))
        .ok_or_else(|| format!("expected {expected}"))
}

pub(super) fn not_negative(text: &str) -> Result<f32, String> {
    number(text, "a number of 0 or more", |value| value >= 0.0)
}

pub(super) fn positive(text: &str) -> Result<f32, String> {
    number(text, "a number above 0", |value| value > 0.0)
}

pub(super) fn decay(text: &str) -> Result<f32, String> {
    number(text, "a number from 0 to less than 1", |value| {
        (0.0..1.0).contains(&value)
    })
}

pub(super) fn share(text: &str) -> Result<f32, String> {
    number(text, "a number from 0 to 1", |value| (0.0..=1.0).contains(&value))
}

pub(super) fn parse_augment(text: &str) -> Result<Augment, String> {
    let mut augment = Augment {
        flip: false,
        rotate_degrees: 0.0,
        shift: 0.0,
        zoom: 0.0,
    };
    for item in text.split(',') {
        let (name, value) = item
            .split_once('=')
            .map_or((item, None), |(name, value)| (name, Some(value)));
        let amount = |highest: f32| {
            number(
                value.unwrap_or(""),
                &format!("{name}=X with X from 0 to {highest}"),
                |x| (0.0..=highest).contains(&x),
            )
        };
        match name.trim() {
            "flip" if value.is_none() => augment.flip = true,
            "rotate" => augment.rotate_degrees = amount(180.0)?,
            "shift" => augment.shift = amount(0.5)?,
            "zoom" => augment.zoom = amount(0.5)?,
            _ => {
                let meant = suggest::nearest(name, ["flip", "rotate", "shift", "zoom"]);
                return Err(format!(
                    "{item:?} is not one of flip, rotate=DEGREES, shift=PART, zoom=PART{meant}"
                ));
            }
        }
    }
    Ok(augment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_checkpoints_is_in_epochs_or_minutes() {
        assert_eq!(parse_interval("3"), Ok(Interval::Epochs(3)));
        assert_eq!(parse_interval("2.5min"), Ok(Interval::Minutes(2.5)));
        for bad in ["0", "0min", "-1", "min", "NaNmin", "x", "1h"] {
            assert!(parse_interval(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn augmentation_is_a_list_of_names_and_amounts() {
        let all = parse_augment("flip,rotate=10,shift=0.1,zoom=0.2").unwrap();
        assert!(all.flip);
        assert_eq!((all.rotate_degrees, all.shift, all.zoom), (10.0, 0.1, 0.2));
        for bad in [
            "",
            "flip=1",
            "rotate",
            "rotate=181",
            "shift=0.6",
            "zoom=-0.1",
            "zoom=NaN",
            "turn=3",
        ] {
            assert!(parse_augment(bad).is_err(), "{bad}");
        }
    }
}
