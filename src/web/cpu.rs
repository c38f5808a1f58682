//! The page's engine where the module is built with ours.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use js_sys::{Float32Array, Promise};
use wasm_bindgen::prelude::*;

use super::Model;
use crate::{config::ModelConfig, cpu::CpuEngine, error::Result, weights::Weights};

pub(super) type PageEngine = CpuEngine;

/// As JavaScript names it.
pub(super) const ENGINE: &str = "cpu";

pub(super) async fn open(config: &ModelConfig, weights: &Weights) -> Result<PageEngine> {
    CpuEngine::new(config, weights)
}

pub(super) fn instructions(engine: &PageEngine) -> &'static str {
    engine.instructions()
}

#[wasm_bindgen]
impl Model {
    /// Latents `[n, latent]` to what every layer of the decoder makes of them, in the order of the data: after leaky ReLU, of the
    /// last layer the logits. Of each latent the layers in a row, each `[channels, height, width]`.
    #[wasm_bindgen(js_name = decoderMaps, unchecked_return_type = "Promise<Float32Array>")]
    pub fn decoder_maps(&mut self, latents: Vec<f32>) -> Promise {
        self.engine.run(async move |engine| {
            let values = engine.decoder_maps(&latents)?;
            Ok(Float32Array::from(&values[..]).into())
        })
    }
}

/// The result of a future of this engine, which never waits: written out as `.await`, every export would carry code for
/// going on later.
macro_rules! wait {
    ($future:expr) => {
        $crate::web::cpu::ready($future)
    };
}
pub(super) use wait;

pub(super) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the CPU engine never waits"),
    }
}

/// A promise that is settled already: an executor cost 14 kB.
pub(super) fn promise(future: impl Future<Output = Result<JsValue>>) -> Promise {
    settled(ready(future))
}

#[inline(never)] // once, not in every export
fn settled(result: Result<JsValue>) -> Promise {
    match result {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error.into()),
    }
}

/// What calls work on, one at a time: this engine is done when the call is.
pub(super) struct Worked<T>(T);

impl<T> Worked<T> {
    pub(super) fn new(value: T) -> Self {
        Self(value)
    }

    /// The promise of what `work` makes of the value.
    pub(super) fn run(&mut self, work: impl AsyncFnOnce(&mut T) -> Result<JsValue>) -> Promise {
        promise(work(&mut self.0))
    }

    /// What `work` makes of the value, at once.
    pub(super) fn now<R>(&mut self, work: impl FnOnce(&mut T) -> Result<R>) -> Result<R> {
        work(&mut self.0)
    }
}
