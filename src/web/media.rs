//! The boundary to JavaScript of the module that makes animations; see `web.rs` for the other modules.
#![allow(unreachable_pub)] // wasm-bindgen exports these to JavaScript, the crate does not

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::{
    animation::{Clip, apng, gif, strip},
    error::{Error, ErrorKind},
};

/// Frames `[n * height, width, 4]` as a file: `format` is "gif", "apng" or "strip", each pixel becomes a square of `scale` by
/// `scale`, `rate` is in frames a second.
#[wasm_bindgen]
pub fn animate(
    format: &str,
    frames: &[u8],
    width: usize,
    height: usize,
    scale: usize,
    rate: u32,
) -> Result<Uint8Array, JsValue> {
    let clip = Clip::new(frames, width, height, scale)?;
    let bytes = match format {
        "gif" => gif(&clip, rate),
        "apng" => apng(&clip, rate),
        "strip" => strip(&clip),
        _ => Err(Error::new(
            ErrorKind::Argument,
            "a format is gif, apng or strip",
        )),
    }?;
    Ok(Uint8Array::from(&bytes[..]))
}

/// What JavaScript catches: an `Error` with our message.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
