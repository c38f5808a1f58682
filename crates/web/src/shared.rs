//! `Shared`: a value for one call at a time, and the promises that these calls return.
//!
//! A network that waits for a GPU must not be changed meanwhile. A CPU never waits, and a module with only that engine has no
//! executor: its promises are already settled when they are returned.

use std::{cell::RefCell, rc::Rc};
#[cfg(not(feature = "webgpu"))]
use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use js_sys::Promise;
use latent_lab::{Error, ErrorKind};
use wasm_bindgen::prelude::*;

/// The result of a call.
pub(crate) type Answer = Result<JsValue, JsError>;

pub(crate) struct Shared<T>(Rc<RefCell<T>>);

impl<T: 'static> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(RefCell::new(value)))
    }

    /// Returns a promise of the result of `work` on the value. It is rejected while an earlier call holds the value.
    #[allow(clippy::await_holding_refcell_ref)] // that a second call cannot borrow the value is its purpose
    pub(crate) fn run(&self, work: impl AsyncFnOnce(&mut T) -> Answer + 'static) -> Promise {
        let value = Rc::clone(&self.0);
        promise(async move {
            match value.try_borrow_mut() {
                Ok(mut value) => work(&mut value).await,
                Err(_) => Err(busy().into()),
            }
        })
    }

    /// Calls `work` on the value at once.
    ///
    /// # Errors
    /// `Argument` while an earlier call holds the value.
    #[cfg(feature = "training")]
    pub(crate) fn now<R>(&self, work: impl FnOnce(&mut T) -> Result<R, Error>) -> Result<R, Error> {
        work(&mut *self.0.try_borrow_mut().map_err(|_| busy())?)
    }
}

fn busy() -> Error {
    let message = "the call before this one has not finished: calls must not overlap";
    Error::new(ErrorKind::Argument, message)
}

#[cfg(feature = "webgpu")]
pub(crate) fn promise(future: impl Future<Output = Answer> + 'static) -> Promise {
    wasm_bindgen_futures::future_to_promise(async { future.await.map_err(JsValue::from) })
}

#[cfg(not(feature = "webgpu"))]
pub(crate) fn promise(future: impl Future<Output = Answer> + 'static) -> Promise {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => settled(answer),
        Poll::Pending => unreachable!("no engine of this module waits"),
    }
}

#[cfg(not(feature = "webgpu"))]
#[inline(never)] // once, not in every export
fn settled(answer: Answer) -> Promise {
    match answer {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error.into()),
    }
}
