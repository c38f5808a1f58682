//! The module `pkg/cpu`: the boundary with the cpu engine for figures, without training, in SIMD128, which every browser has. Reproducible to
//! the last bit. The article's first picture waits for it.

pub use latent_lab_web::*;
