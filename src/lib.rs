//! Autoencoders and variational autoencoders that a reader can touch.
//!
//! Scope: one family of small convolutional networks ([`ModelConfig`]), encoded, decoded and trained by interchangeable
//! engines ([`Engine`]), stored in one file format. Not in scope: other architectures, data loading from disk or network,
//! user interfaces; those live in the command, the page and the blog post.
//!
//! Rooms: [`ModelConfig`] derives every size · [`Weights`] are checked tensors · `model_file` is the `.safetensors` format ·
//! [`Engine`] is what computes (`cpu`, ours; `burn`, the second opinion) · `objective` defines the losses · [`Trainer`] takes
//! steps · `data` and `augment` make batches · `latent` draws and interpolates · `pixels` scales · `metrics` measures.

mod config;
mod engine;
mod error;
mod weights;

pub use config::{
    ImageShape, Kind, LayerConfig, Likelihood, MAX_FILTERS, MAX_PARAMETERS, MapShape, ModelConfig, PRESETS,
    TensorSpec,
};
pub use engine::{
    ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON, Batch, Engine, Losses, Posterior, StepOptions, TrainingState,
    latent_count, picture_count,
};
pub use error::{Error, ErrorKind, Result};
pub use weights::{Tensor, Weights};
