//! The boundary to JavaScript: parses the arguments, calls the core once, converts the result. Computes nothing itself.
//!
//! The cdylibs `web-cpu`, `web-training` and their builds with relaxed SIMD, and `web-gpu`, are this crate with one engine each; the page's
//! worker calls them. Pixels and latents cross as typed arrays, settings and results as plain objects, decoded images as `ImageData`.
//! n, the number of images or latents, follows from the length of what is passed.

mod engine;
mod latents;
mod model;
mod shared;
#[cfg(feature = "training")]
mod training;
mod types;

pub use latents::{interpolate, latent_grid, normal_draws, parse_latents};
pub use model::Model;
#[cfg(all(feature = "training", feature = "cpu"))]
pub use training::{Geodesics, Sharpener};
#[cfg(feature = "training")]
pub use training::{Trainer, latent_divergences, parameter_count, sharpness, ssim};
