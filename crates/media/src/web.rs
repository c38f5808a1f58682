//! The boundary to JavaScript of the module for images: parses the arguments, calls the core or [`animation`](crate) once, converts
//! the result. Separate from the networks' boundary, since few visitors need it.
#![allow(unreachable_pub)] // wasm-bindgen exports these to JavaScript, the crate does not

use js_sys::Uint8Array;
use latent_lab::{
    Augment, Error, ErrorKind, ImageShape, augment, bytes_from_rgba as from_rgba, pixels_from_bytes,
    pixels_to_bytes,
};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::{Clip, apng, gif, strip};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Size of one image. */
export interface ImageShape { channels: number; height: number; width: number }

/** How far an image is moved each time it is seen; all zero leaves it as it is. */
export interface Augmentation { flip: boolean; rotate: number; shift: number; zoom: number }

/** Each pixel becomes a square of `scale` by `scale`; `rate` is in frames per second. */
export interface AnimationOptions { format: 'gif' | 'apng' | 'strip'; width: number; height: number; scale: number; rate: number }
"#;

/// Options of `animate`.
#[derive(Deserialize)]
struct AnimationOptions {
    format: Format,
    width: usize,
    height: usize,
    scale: usize,
    rate: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Gif,
    Apng,
    Strip,
}

/// Frames `[n * height, width, 4]` as a file.
#[wasm_bindgen]
pub fn animate(
    frames: &[u8],
    #[wasm_bindgen(unchecked_param_type = "AnimationOptions")] options: JsValue,
) -> Result<Uint8Array, JsError> {
    let AnimationOptions {
        format,
        width,
        height,
        scale,
        rate,
    } = serde_wasm_bindgen::from_value(options)?;
    let clip = Clip::new(frames, width, height, scale)?;
    let bytes = match format {
        Format::Gif => gif(&clip, rate),
        Format::Apng => apng(&clip, rate),
        Format::Strip => strip(&clip),
    }?;
    Ok(Uint8Array::from(&bytes[..]))
}

/// One image, bytes `[channels, height, width]`, as a training step would change it; see `Trainer.setAugment`.
#[wasm_bindgen(js_name = augmentPicture)]
pub fn augment_picture(
    pixels: &[u8],
    #[wasm_bindgen(unchecked_param_type = "ImageShape")] image: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Augmentation")] options: JsValue,
    index: u32,
) -> Result<Uint8Array, JsError> {
    let image: ImageShape = serde_wasm_bindgen::from_value(image)?;
    let options: Augment = serde_wasm_bindgen::from_value(options)?;
    options.validate()?;
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

/// RGBA images below each other to bytes `[n, channels, height, width]`, on white, gray by their luma.
#[wasm_bindgen(js_name = bytesFromRgba)]
pub fn bytes_from_rgba(
    rgba: &[u8],
    #[wasm_bindgen(unchecked_param_type = "ImageShape")] image: JsValue,
) -> Result<Uint8Array, JsError> {
    let image: ImageShape = serde_wasm_bindgen::from_value(image)?;
    Ok(Uint8Array::from(&from_rgba(image, rgba)?[..]))
}
