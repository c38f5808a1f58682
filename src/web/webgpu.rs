//! The page's engine where the module is built with burn, for the browser's GPU.

use std::{
    cell::{BorrowMutError, RefCell},
    rc::Rc,
};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
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

// SAFETY: the linker makes this function. It runs the constructors that crates registered, takes and gives nothing, and those
// that are here (`inventory`, below burn) note that they have run and may run again.
unsafe extern "C" {
    safe fn __wasm_call_ctors();
}

/// Runs the constructors once, as the module starts. A linker that finds nobody who does runs them, thousands, at the beginning
/// of every call into the module: that was two thirds of the time to the first steps of a training run.
#[wasm_bindgen(start)]
fn construct() {
    __wasm_call_ctors();
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
