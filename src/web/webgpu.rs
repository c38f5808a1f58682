//! The page's engine where the module is built with burn, for the browser's GPU.

use std::{
    cell::{BorrowMutError, RefCell},
    rc::Rc,
};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use crate::{
    burn::{BurnDevice, BurnEngine},
    config::ModelConfig,
    error::{Error, ErrorKind, Result},
    weights::Weights,
};

pub(super) type PageEngine = BurnEngine;

/// As JavaScript names it.
pub(super) const ENGINE: &str = "webgpu";

pub(super) async fn open(config: &ModelConfig, weights: &Weights) -> Result<PageEngine> {
    BurnEngine::new(config, weights, &BurnDevice::gpu().await?)
}

pub(super) fn instructions(_: &PageEngine) -> &'static str {
    "WGSL"
}

/// Waits for the GPU.
macro_rules! wait {
    ($future:expr) => {
        $future.await
    };
}
pub(super) use wait;

/// A promise that is settled when the GPU has answered.
pub(super) fn promise(future: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    future_to_promise(async { future.await.map_err(JsValue::from) })
}

/// What calls work on, one at a time: a network that waits for a GPU must not be changed meanwhile.
pub(super) struct Worked<T>(Rc<RefCell<T>>);

impl<T: 'static> Worked<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Rc::new(RefCell::new(value)))
    }

    /// The promise of what `work` makes of the value; it is refused while a call is at work.
    #[allow(clippy::await_holding_refcell_ref)] // that a second call cannot borrow is what it is for
    pub(super) fn run(&mut self, work: impl AsyncFnOnce(&mut T) -> Result<JsValue> + 'static) -> Promise {
        let value = Rc::clone(&self.0);
        promise(async move { work(&mut *value.try_borrow_mut().map_err(busy)?).await })
    }

    /// What `work` makes of the value, at once.
    ///
    /// # Errors
    /// Also `Argument` while a call is at work.
    pub(super) fn now<R>(&mut self, work: impl FnOnce(&mut T) -> Result<R>) -> Result<R> {
        work(&mut *self.0.try_borrow_mut().map_err(busy)?)
    }
}

fn busy(_: BorrowMutError) -> Error {
    let message = "the call before this one has not finished: calls must not overlap";
    Error::new(ErrorKind::Argument, message)
}
