//! What a page that trains needs beside the steps: its state out and in, augmentation, and numbers known before the start.

use super::*;
use crate::{augment::Augment, engine::TrainingState};

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

fn limits(flip: bool, rotate_degrees: f32, shift: f32, zoom: f32) -> Augment {
    Augment {
        flip,
        rotate_degrees,
        shift,
        zoom,
    }
}
