//! The module `pkg/cpu-relaxed`: `pkg/cpu` in relaxed SIMD. Faster where multiply-add is one instruction; the last bits differ.

pub use latent_lab_web::*;
