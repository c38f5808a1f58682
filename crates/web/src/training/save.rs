//! A `Model` as a file.

use js_sys::{JSON, Promise, Uint8Array};
use latent_lab::{Precision, RawModelFile};
use wasm_bindgen::prelude::*;

use crate::model::Model;

#[wasm_bindgen]
impl Model {
    /// A model file: `precision` is "f32", "f16", "i8" or "i7", `card` replaces the card.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint8Array>")]
    pub fn save(
        &self,
        precision: String,
        #[wasm_bindgen(unchecked_param_type = "Card | undefined")] card: JsValue,
    ) -> Promise {
        let (own_card, prior) = (self.card.clone(), self.prior.clone());
        self.engine.run(async move |engine| {
            let precision: Precision = precision.parse()?;
            let card = match card.is_undefined() {
                true => own_card,
                false => JSON::stringify(&card).map_or_else(|_| String::new(), String::from),
            };
            let file = RawModelFile {
                weights: engine.weights().await?,
                config: engine.config().clone(),
                card,
                prior,
            };
            Ok(Uint8Array::from(&file.to_bytes(precision)[..]).into())
        })
    }
}
