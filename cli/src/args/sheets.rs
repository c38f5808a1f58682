//! The options of the commands that draw: `sample`, `reconstruct`, `interpolate`.

use std::path::PathBuf;

use clap::Args;

use super::{DataArgs, PriorName, train::not_negative};
use crate::engines::EngineName;

/// Options that all sheets share.
#[derive(Args, Debug)]
pub(crate) struct SheetArgs {
    /// A model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The PNG file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Enlarges each pixel to a square of this side
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=16))]
    pub(crate) scale: u32,
    /// Replace an existing file of another kind; sheets are replaced in any case
    #[arg(long)]
    pub(crate) force: bool,
    /// Engine that computes
    #[arg(long, visible_alias = "device", value_enum, default_value_t = EngineName::Cpu)]
    pub(crate) engine: EngineName,
}

/// Draw random pictures: a sheet of decoded random latents
#[derive(Args, Debug)]
pub(crate) struct SampleArgs {
    #[command(flatten)]
    pub(crate) sheet: SheetArgs,
    /// Number of pictures
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) count: u32,
    /// Pictures in a row
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) columns: u32,
    /// Distribution of random latents
    #[arg(long, value_enum, default_value_t = PriorName::Normal)]
    pub(crate) prior: PriorName,
    /// Factor of the deviations of random latents; below 1, pictures have fewer faults and are less varied
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, allow_negative_numbers = true, value_parser = not_negative)]
    pub(crate) temperature: f32,
    /// Fixes the draws: picture n is the same for any number of pictures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Draw test images, each above its reconstruction
#[derive(Args, Debug)]
pub(crate) struct ReconstructArgs {
    #[command(flatten)]
    pub(crate) sheet: SheetArgs,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Number of pictures
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) count: u32,
    /// Pictures in a row
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) columns: u32,
}

/// Draw the path from one test image to the next
///
/// A row for each pair: the first image, pictures decoded along the path between both codes, the second image.
#[derive(Args, Debug)]
pub(crate) struct InterpolateArgs {
    #[command(flatten)]
    pub(crate) sheet: SheetArgs,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Number of rows
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) pairs: u32,
    /// Decoded pictures in a row, both ends included
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(2..=98))]
    pub(crate) frames: u32,
    /// The path between two codes
    #[arg(long, default_value = "slerp")]
    pub(crate) path: PathName,
}

/// The values of `--path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PathName {
    /// A straight line
    Lerp,
    /// An arc
    Slerp,
    /// Short and even in pixels, through places where the model's prior is dense
    Geodesic,
}
