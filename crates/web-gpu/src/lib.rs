//! The module `pkg/webgpu`: the boundary with burn on the browser's GPU. The page fetches it after its first picture.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::*;

pub use latent_lab_web::*;

// SAFETY: the linker makes this function. It runs the constructors that crates registered, without arguments or
// result; the ones here (`inventory`, below burn) record that they have run, and may run again.
unsafe extern "C" {
    safe fn __wasm_call_ctors();
}

/// Runs the constructors once, as the module starts. If no code does so, the linker runs all of them, thousands, at the start of
/// every call into the module, which took two thirds of the time to the first steps of a training run.
#[wasm_bindgen(start)]
fn construct() {
    __wasm_call_ctors();
}
