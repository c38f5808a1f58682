//! Code that only a training run or a geodesic needs: its methods and types are added to those of the other modules, which do not
//! depend on it.
//!
//! The article's first picture does not wait for it: `web-cpu` does not contain it.

#[cfg(feature = "cpu")]
mod critic;
mod divergences;
mod elbo;
mod engine;
mod fidelity;
mod fit;
#[cfg(feature = "cpu")]
mod geodesics;
mod save;
#[cfg(feature = "cpu")]
mod sharing;
mod sharpness;
mod trainer;
mod types;

#[cfg(feature = "cpu")]
pub use critic::Sharpener;
pub use divergences::latent_divergences;
pub use fidelity::ssim;
#[cfg(feature = "cpu")]
pub use geodesics::Geodesics;
pub use sharpness::sharpness;
pub use trainer::{Trainer, parameter_count};
