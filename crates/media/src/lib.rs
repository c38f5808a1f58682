//! Images on their way in and out: frames to GIF, APNG and PNG strips, and, for the page, augmented previews and RGBA.
//!
//! Called by the page's worker, in a separate module that is fetched when a visitor trains or
//! exports something. Scales no pixels itself: that is the core's `pixels.rs`.

mod animation;
#[cfg(target_arch = "wasm32")]
mod web;

pub use animation::{Clip, apng, gif, strip};
