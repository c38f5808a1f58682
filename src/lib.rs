//! Autoencoders and variational autoencoders that a reader can touch.
//!
//! Scope: one family of small convolutional networks ([`ModelConfig`]), encoded, decoded and trained by interchangeable
//! engines ([`Engine`]), stored in one file format. Not in scope: other architectures, data loading from disk or network,
//! user interfaces; those live in the command, the page and the blog post.
//!
//! Rooms: [`ModelConfig`] derives every size · [`Weights`] are checked tensors · `model_file` is the `.safetensors` format ·
//! [`Engine`] is what computes (`cpu`, ours; `burn`, the second opinion) · `objective` defines the losses · [`Trainer`] takes
//! steps · `data` and `augment` make batches · `latent` draws and interpolates · `pixels` scales · `metrics` measures.

// The module for pictures uses few of the rooms.
#![cfg_attr(not(any(feature = "cpu", feature = "webgpu")), allow(dead_code))]

mod augment;
#[cfg(feature = "tensors")]
mod burn;
mod checkpoint;
mod config;
mod container;
#[cfg(feature = "cpu")]
mod cpu;
mod data;
mod engine;
mod error;
mod json;
mod latent;
mod latents_file;
mod metrics;
mod model_file;
mod objective;
mod pixels;
mod random;
mod train;
#[cfg(all(target_arch = "wasm32", any(feature = "cpu", feature = "webgpu")))]
mod web;
mod weights;

#[cfg(feature = "tensors")]
pub use self::burn::{BurnDevice, BurnEngine};
pub use augment::{Augment, augment};
pub use checkpoint::Checkpoint;
pub use config::{
    ImageShape, Kind, LayerConfig, Likelihood, MAX_FILTERS, MAX_PARAMETERS, MapShape, ModelConfig, PRESETS,
    TensorSpec,
};
#[cfg(feature = "cpu")]
pub use cpu::{Arithmetic, CpuEngine};
pub use data::{Images, images_from_idx, labels_from_idx, shuffled};
pub use engine::{
    ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON, Batch, Engine, Losses, Posterior, StepOptions, TrainingState,
    batch_count, latent_count, picture_count,
};
pub use error::{Error, ErrorKind, Result};
pub use latent::{Path, grid as latent_grid, lerp, normal_draws, path as latent_path, slerp};
pub use latents_file::LatentsFile;
pub use metrics::{Bounds, ElboParts, Evaluation, evaluate, importance_weighted_bound, mse, psnr, ssim};
pub use model_file::Precision;
#[cfg(feature = "card")]
pub use model_file::{Card, ModelFile};
pub use objective::{kl, reconstruction, sigmoid};
pub use pixels::{
    bytes_from_rgba, from_bytes as pixels_from_bytes, from_rgba as pixels_from_rgba,
    to_bytes as pixels_to_bytes, to_rgba as pixels_to_rgba,
};
pub use train::{Trainer, TrainerOptions};
pub use weights::{Tensor, Weights};
