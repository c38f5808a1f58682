//! The module `pkg/cpu`: the boundary with the cpu engine, in SIMD128, which every browser has. Reproducible to the last bit.

pub use latent_lab_web::*;
