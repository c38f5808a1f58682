//! The module `pkg/cpu-relaxed`: the boundary with the cpu engine, in relaxed SIMD. Faster than `pkg/cpu` where multiply-add is
//! one instruction; the last bits differ.

pub use latent_lab_web::*;
