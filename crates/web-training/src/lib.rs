//! The module `pkg/training`: the boundary with the cpu engine, all of it, in SIMD128, which every browser has. Reproducible to the last bit.
//! The page fetches it with the first command to a training run.

pub use latent_lab_web::*;
