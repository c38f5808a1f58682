//! What a page that trains needs beside the steps: its state out and in, augmentation, and numbers known before the start.

use super::*;
use crate::{
    augment::{self, Augment},
    config::ImageShape,
    engine::TrainingState,
};

#[wasm_bindgen]
impl Trainer {
    /// Changes each picture anew each time that it is seen: mirrored every second time, turned by up to `rotate` degrees,
    /// shifted by up to `shift` of the side, magnified by up to 1 + `zoom`. All zero: not at all.
    #[wasm_bindgen(js_name = setAugment)]
    pub fn set_augment(&mut self, flip: bool, rotate: f32, shift: f32, zoom: f32) -> Result<(), JsValue> {
        let options = limits(flip, rotate, shift, zoom);
        let some = (options != Augment::default()).then_some(options);
        self.trainer.now(|trainer| trainer.set_augment(some))?;
        Ok(())
    }

    /// Everything that training changed, `[3, parameters]`: weights and Adam's two moments.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn state(&mut self) -> Promise {
        self.trainer.run(async move |trainer| {
            let state = wait!(trainer.state())?;
            Ok(Float32Array::from(&state.to_flat()[..]).into())
        })
    }

    /// Goes on from what `state` gave after `steps` steps.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn restore(&mut self, state: Vec<f32>, steps: f64) -> Promise {
        self.trainer.run(async move |trainer| {
            let state = TrainingState::from_flat(trainer.engine_mut().config(), &state, steps as u64)?;
            wait!(trainer.restore(&state))?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// Number of parameters of a network.
#[wasm_bindgen(js_name = parameterCount)]
pub fn parameter_count(config: JsValue) -> Result<usize, JsValue> {
    Ok(ModelConfig::from_json(&text(&config, "the model config")?)?.parameters())
}

/// One picture, bytes `[channels, height, width]`, as a step would change it; see `setAugment`.
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
) -> Result<Uint8Array, JsValue> {
    let options = limits(flip, rotate, shift, zoom);
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
    let moved = augment::augment(image, &pixels::from_bytes(pixels), &options, 0, index.into());
    Ok(Uint8Array::from(&pixels::to_bytes(&moved)[..]))
}

fn limits(flip: bool, rotate_degrees: f32, shift: f32, zoom: f32) -> Augment {
    Augment {
        flip,
        rotate_degrees,
        shift,
        zoom,
    }
}

/// RGBA pictures below each other to bytes `[n, channels, height, width]`, on white, gray by their luma.
#[wasm_bindgen(js_name = bytesFromRgba)]
pub fn bytes_from_rgba(
    rgba: &[u8],
    channels: usize,
    height: usize,
    width: usize,
) -> Result<Uint8Array, JsValue> {
    let image = ImageShape {
        channels,
        height,
        width,
    };
    Ok(Uint8Array::from(&pixels::bytes_from_rgba(image, rgba)?[..]))
}
