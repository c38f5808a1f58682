//! Autoencoders and variational autoencoders for interactive figures.
//!
//! Scope: one family of small convolutional networks ([`ModelConfig`]), encoded, decoded and trained by interchangeable
//! engines ([`Engine`]), stored in one file format. Not in scope: other architectures, data loading from disk or network,
//! user interfaces; those live in the command and the page.
//!
//! Modules: [`ModelConfig`] derives every size · [`Weights`] are checked tensors · `model_file` is the `.safetensors` format ·
//! [`Engine`] computes (`cpu`, ours; `burn`, the independent one) · `objective` defines the losses · [`Trainer`] takes steps,
//! [`Sharpener`] adversarial ones · `data` and `augment` make batches · `latent` draws and interpolates, [`Prior`] draws
//! latents where codes are, [`Geodesics`] are paths that stay there · `pixels` scales · `metrics` measures.

mod activation;
mod augment;
mod batches;
#[cfg(feature = "tensors")]
mod burn;
mod checkpoint;
mod clamp;
mod config;
mod container;
mod cpu;
mod data;
mod engine;
mod engines;
mod error;
mod geodesic;
mod latent;
mod latents_file;
mod metrics;
mod model_file;
mod objective;
mod pixels;
mod prior;
mod random;
mod sharpen;
mod text;
mod train;
mod weights;

#[cfg(feature = "tensors")]
pub use self::burn::{BurnDevice, BurnEngine};
pub use augment::{Augment, augment};
pub use batches::{Batches, TrainerOptions};
pub use checkpoint::Checkpoint;
pub use config::{
    ImageShape, Kind, LayerConfig, Likelihood, MAX_FILTERS, MAX_PARAMETERS, MapShape, ModelConfig, PRESETS,
    TensorSpec,
};
pub use cpu::{Arithmetic, CpuEngine, MOST_SHARDS, Member, Referee, SharpenLosses, SharpenOptions};
pub use data::{Images, images_from_idx, labels_from_idx, shuffled};
pub use engine::{
    ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON, Batch, Engine, Losses, Posterior, StepOptions, TrainingState,
    batch_count, latent_count, picture_count,
};
pub use engines::EngineKind;
pub use error::{Error, ErrorKind, Result};
pub use geodesic::{GEODESIC_POINTS, Geodesics, path_frames};
pub use latent::{Path, grid as latent_grid, lerp, normal_draws, path as latent_path, slerp};
pub use latents_file::LatentsFile;
pub use metrics::{
    Bounds, ElboParts, Evaluation, LatentUse, Sharpness, evaluate, importance_weighted_bound, mse, psnr,
    reparameterize, round_trips, sharpness, ssim, target_entropy,
};
pub use model_file::{Card, ModelFile, Precision, RawModelFile};
pub use objective::{kl, reconstruction, sigmoid};
pub use pixels::{
    bytes_from_rgba, from_bytes as pixels_from_bytes, from_rgba as pixels_from_rgba,
    to_bytes as pixels_to_bytes, to_rgba as pixels_to_rgba,
};
pub use prior::{MAX_COMPONENTS, Prior};
pub use sharpen::{SharpenCheckpoint, SharpenRun, Sharpener, fitted_prior};
pub use train::Trainer;
pub use weights::{Tensor, Weights};
