//! The boundary to JavaScript of the module for pictures on their way in and out; see `web.rs` for the networks'. Apart from
//! them, since few visitors need it.
#![allow(unreachable_pub)] // wasm-bindgen exports these to JavaScript, the crate does not

use js_sys::Uint8Array;
use latent_lab::{
    Augment, Error, ErrorKind, ImageShape, augment, bytes_from_rgba as from_rgba, pixels_from_bytes,
    pixels_to_bytes,
};
use wasm_bindgen::prelude::*;

use crate::{Clip, apng, gif, strip};

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
) -> Result<Uint8Array, JsError> {
    let clip = Clip::new(frames, width, height, scale)?;
    let bytes = match format {
        "gif" => gif(&clip, rate),
        "apng" => apng(&clip, rate),
        "strip" => strip(&clip),
        _ => Err(Error::new(ErrorKind::Argument, "a format is gif, apng or strip")),
    }?;
    Ok(Uint8Array::from(&bytes[..]))
}

/// One picture, bytes `[channels, height, width]`, as a step would change it; see `Trainer.setAugment`.
#[wasm_bindgen(js_name = augmentPicture)]
#[allow(clippy::too_many_arguments)] // an object would need a reader of floats in the module
pub fn augment_picture(
    pixels: &[u8],
    height: usize,
    width: usize,
    flip: bool,
    rotate: f32,
    shift: f32,
    zoom: f32,
    index: u32,
) -> Result<Uint8Array, JsError> {
    let options = Augment {
        flip,
        rotate_degrees: rotate,
        shift,
        zoom,
    };
    options.validate()?;
    let channels = pixels.len() / (height * width).max(1);
    let image = ImageShape {
        channels,
        height,
        width,
    };
    if image.is_empty() || image.len() != pixels.len() {
        return Err(Error::new(
            ErrorKind::Argument,
            "expected one picture of this height and width",
        )
        .into());
    }
    let moved = augment(image, &pixels_from_bytes(pixels), &options, 0, index.into());
    Ok(Uint8Array::from(&pixels_to_bytes(&moved)[..]))
}

/// RGBA pictures below each other to bytes `[n, channels, height, width]`, on white, gray by their luma.
#[wasm_bindgen(js_name = bytesFromRgba)]
pub fn bytes_from_rgba(
    rgba: &[u8],
    channels: usize,
    height: usize,
    width: usize,
) -> Result<Uint8Array, JsError> {
    let image = ImageShape {
        channels,
        height,
        width,
    };
    Ok(Uint8Array::from(&from_rgba(image, rgba)?[..]))
}
