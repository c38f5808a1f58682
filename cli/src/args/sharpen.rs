//! The options of `sharpen`.

use std::path::PathBuf;

use clap::Args;
use latent_lab::{Augment, Precision, SharpenOptions};

use super::{
    DataArgs, parse_precision,
    train::{CheckpointArgs, decay, not_negative, parse_augment, positive, share},
};
use crate::engines::EngineName;

const SHARPEN_HELP: &str = "\
A second network, the critic, learns to tell the training images from what the model draws: from reconstructions, from pictures \
between two images, and from random ones, whose latents are nearer to the mean of the codes with a --temperature below 1. The model \
learns to pass for real. It minimizes, with means over pictures and values,

  --pixels times the absolute difference of pixels between an image and its reconstruction, in which the middle of a picture weighs \
--middle times as much as its edge

  + --features times the absolute difference of the critic's features of both, summed over its layers

  - --verdict times the critic's verdict on everything drawn

  + --kl times the KL in nats.

A critic that learns more slowly than the model stays near knowing nothing. With --critic-steps 2, some --network-waits and a smaller \
--decoder-rate it knows more. With --closeups it sees part of the pictures from nearer, and asks more of what is small, such as eyes.

The critic is thrown away at the end. The model keeps its size, its file format and its latent space, but codes move, and their spread \
shrinks: `whiten` makes standard normal latents fit them again.

A line says, as means over its steps: pixels and features as above; real and fake, the critic's verdicts (above 0 says real); clear \
fakes, the part of what was drawn that the critic is sure about; critic, its own loss, from 0 (it knows everything) to 2 and above (it knows \
nothing). Pixels and features are means over the steps in which the model learns. The run stops when the critic has been sure of nearly \
everything for hundreds of steps: then it has nothing left to teach.

Sources: Larsen et al. 2016 (a critic on an autoencoder, and its features as a loss), Miyato et al. 2018 (spectral normalization), Lim \
and Ye 2017 (hinge loss), Zhao et al. 2020 (augmentation of what the critic sees).";

/// Make the pictures of a trained model sharp, by adversarial training
///
/// Prints a line every few steps. Ctrl-C and SIGTERM finish the step, write a checkpoint and say
/// how to continue; the same command with --resume then ends with the same bits as an uninterrupted
/// run, whatever the number of threads.
#[derive(Args, Debug)]
#[command(after_long_help = SHARPEN_HELP)]
pub(crate) struct SharpenArgs {
    /// The model file to start from
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The model file to write; FILE.checkpoint and sheets are written beside it
    #[arg(long, visible_alias = "output", value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Steps of the run; --resume with more steps continues a finished one
    #[arg(long, value_name = "N", default_value_t = 8000, value_parser = clap::value_parser!(u64).range(1..1 << 40))]
    pub(crate) steps: u64,
    /// Training images in a step; twice as many pictures are drawn
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) batch: u32,
    /// Threads that compute; the result does not depend on their number [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) threads: Option<u32>,
    /// Fixes the critic's first weights, the order of the images and all draws
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Random changes of the training images, as for `train`
    #[arg(long, value_name = "LIST", value_parser = parse_augment)]
    pub(crate) augment: Option<Augment>,
    /// Begin with the critic of another run, from its checkpoint, in place of a new one
    ///
    /// A critic that has learned for long is a stricter judge than a new one, against which the model adds grain at first. The other
    /// run may be of another network, for images of the same size, and must have the same --critic-filters and --critic-gain.
    #[arg(long, value_name = "FILE")]
    pub(crate) critic: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) weights: LossArgs,
    /// Use only the first N training images and the first N test images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Precision of the stored weights
    #[arg(long, default_value = "f32", value_name = "f32|f16|i8|i7", value_parser = parse_precision)]
    pub(crate) precision: Precision,
    /// Steps between lines
    #[arg(long, value_name = "STEPS", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) report_every: u64,
    /// Steps between sheets of pictures, FILE.STEP.png; 0 for none
    ///
    /// Rows from the top: test images, their reconstructions, pictures between each and the next, random ones. Each sheet comes
    /// with a line on how sharp they are, as in `eval --sharpness`, over at most 100 test images.
    #[arg(long, value_name = "STEPS", default_value_t = 500)]
    pub(crate) sheet_every: u64,
    /// Steps between checkpoints
    #[arg(long, value_name = "STEPS", default_value_t = 250, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) checkpoint_every: u64,
    #[command(flatten)]
    pub(crate) checkpoint: CheckpointArgs,
    /// With --resume: continue with other weights, step sizes and numbers of steps than before; the card has both commands
    #[arg(long, requires = "resume")]
    pub(crate) retune: bool,
    /// Replace an existing model; accept data other than the card names, and note it there
    #[arg(long)]
    pub(crate) force: bool,
    /// Engine that computes: cpu or reproducible
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
}

/// The numbers of [`SharpenOptions`] that a user may want to change.
#[derive(Args, Clone, Debug)]
pub(crate) struct LossArgs {
    /// Weight of the difference of pixels
    #[arg(long, value_name = "WEIGHT", default_value_t = SharpenOptions::default().pixels, allow_negative_numbers = true, value_parser = not_negative)]
    pixels: f32,
    /// Weight of the middle of a picture in the difference of pixels, relative to its edge
    #[arg(long, value_name = "WEIGHT", default_value_t = SharpenOptions::default().middle, allow_negative_numbers = true, value_parser = not_negative)]
    middle: f32,
    /// Weight of the difference of the critic's features
    #[arg(long, value_name = "WEIGHT", default_value_t = SharpenOptions::default().features, allow_negative_numbers = true, value_parser = not_negative)]
    features: f32,
    /// Weight of the critic's verdict
    #[arg(long, value_name = "WEIGHT", default_value_t = SharpenOptions::default().verdict, allow_negative_numbers = true, value_parser = not_negative)]
    verdict: f32,
    /// Weight of a nat of KL
    #[arg(long, value_name = "WEIGHT", default_value_t = SharpenOptions::default().kl, allow_negative_numbers = true, value_parser = not_negative)]
    kl: f32,
    /// Share of the posterior's deviation that the noise of reconstructions has
    #[arg(long, value_name = "SHARE", default_value_t = SharpenOptions::default().noise, allow_negative_numbers = true, value_parser = not_negative)]
    noise: f32,
    /// Adam's step size for the encoder
    #[arg(long, value_name = "RATE", default_value_t = SharpenOptions::default().encoder_rate, allow_negative_numbers = true, value_parser = not_negative)]
    encoder_rate: f32,
    /// Adam's step size for the decoder
    #[arg(long, value_name = "RATE", default_value_t = SharpenOptions::default().decoder_rate, allow_negative_numbers = true, value_parser = not_negative)]
    decoder_rate: f32,
    /// Adam's step size for the critic
    #[arg(long, value_name = "RATE", default_value_t = SharpenOptions::default().critic_rate, allow_negative_numbers = true, value_parser = not_negative)]
    critic_rate: f32,
    /// Steps before the encoder starts to learn
    #[arg(long, value_name = "STEPS", default_value_t = SharpenOptions::default().encoder_waits)]
    encoder_waits: u64,
    /// Steps after which the encoder is its moving average and no longer learns [default: never]
    #[arg(long, value_name = "STEPS")]
    encoder_stops: Option<u64>,
    /// Steps before the network starts to learn
    #[arg(long, value_name = "STEPS", default_value_t = SharpenOptions::default().network_waits)]
    network_waits: u64,
    /// Steps of the critic for one of the network, which learns in the last of them
    #[arg(long, value_name = "N", default_value_t = SharpenOptions::default().critic_steps, value_parser = clap::value_parser!(u64).range(1..))]
    critic_steps: u64,
    /// Factor of the critic's verdict
    #[arg(long, value_name = "FACTOR", default_value_t = SharpenOptions::default().critic_gain, allow_negative_numbers = true, value_parser = positive)]
    critic_gain: f32,
    /// Filters of the critic's four convolutions
    #[arg(long, value_name = "N,N,N,N", default_value = "32,64,128,192", value_parser = four_filters)]
    critic_filters: [usize; 4],
    /// Factor of the deviations of random latents from the mean of the codes
    #[arg(long, value_name = "FACTOR", default_value_t = SharpenOptions::default().temperature, allow_negative_numbers = true, value_parser = not_negative)]
    temperature: f32,
    /// Share of what the critic sees that is the middle of a picture at twice its size
    #[arg(long, value_name = "SHARE", default_value_t = SharpenOptions::default().closeups, allow_negative_numbers = true, value_parser = share)]
    closeups: f32,
    /// Decay of the moving average of the weights, for one step; the average is what is written
    #[arg(long, value_name = "DECAY", default_value_t = SharpenOptions::default().average, allow_negative_numbers = true, value_parser = decay)]
    average: f32,
}

impl LossArgs {
    pub(crate) fn options(&self) -> SharpenOptions {
        SharpenOptions {
            pixels: self.pixels,
            middle: self.middle,
            features: self.features,
            verdict: self.verdict,
            kl: self.kl,
            noise: self.noise,
            encoder_rate: self.encoder_rate,
            decoder_rate: self.decoder_rate,
            critic_rate: self.critic_rate,
            encoder_waits: self.encoder_waits,
            encoder_stops: self
                .encoder_stops
                .unwrap_or(SharpenOptions::default().encoder_stops),
            network_waits: self.network_waits,
            critic_steps: self.critic_steps,
            critic_gain: self.critic_gain,
            critic_filters: self.critic_filters,
            temperature: self.temperature,
            closeups: self.closeups,
            average: self.average,
            ..SharpenOptions::default()
        }
    }
}

fn four_filters(text: &str) -> Result<[usize; 4], String> {
    let numbers: Option<Vec<usize>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let filters = numbers.and_then(|numbers| <[usize; 4]>::try_from(numbers).ok());
    filters
        .filter(|filters| filters.iter().all(|count| (1..=1024).contains(count)))
        .ok_or_else(|| "expected four numbers from 1 to 1024, separated by commas".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_four_numbers_from_1_to_1024() {
        assert_eq!(four_filters("48, 96,192,1024"), Ok([48, 96, 192, 1024]));
        for bad in [
            "",
            "8,8,8",
            "8,8,8,8,8",
            "8,8,8,0",
            "8,8,8,1025",
            "8,8,8,-1",
            "a,b,c,d",
        ] {
            assert!(four_filters(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_filters_that_help_names_are_those_of_the_library() {
        let named = four_filters("32,64,128,192");
        assert_eq!(named, Ok(SharpenOptions::default().critic_filters));
    }
}
