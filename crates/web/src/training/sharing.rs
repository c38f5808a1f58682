//! The steps of a `Trainer` that several workers share.

use js_sys::{ArrayBuffer, Float32Array};
use latent_lab::{Error, ErrorKind, Member};
use wasm_bindgen::prelude::*;

use super::{
    trainer::{Run, Trainer},
    types::{StepOptions, from_object},
};
use crate::types::to_object;

/// Steps that several workers share, each with a trainer of its own: the same network at the same step, with the same images. Their
/// methods return at once.
#[wasm_bindgen]
impl Trainer {
    /// Computes a part of the share of worker `rank` of `workers` in the next step. True once the share is done; then each worker
    /// gets the other workers' `shareLosses`, and an exchange adds up the gradient.
    #[wasm_bindgen(js_name = sharePart)]
    pub fn share_part(
        &self,
        #[wasm_bindgen(unchecked_param_type = "StepOptions")] options: JsValue,
        rank: usize,
        workers: usize,
    ) -> Result<bool, JsError> {
        let options: StepOptions = from_object("the step options", options)?;
        let member = Member::new(rank, workers)?;
        Ok(self.run.now(|Run { engine, batches }| {
            batches.set_batch(options.batch)?;
            let (batch, begun) = batches.begin_part(options.of_step())?;
            let part = engine.sharing()?.share_part(batch, begun, member);
            if let Err(error) = &part {
                batches.after_part(&Err(error.clone()));
            }
            part
        })?)
    }

    /// Forgets a step that has begun: another worker is lost.
    #[wasm_bindgen(js_name = giveUpStep)]
    pub fn give_up_step(&self) -> Result<(), JsError> {
        Ok(self.run.now(|Run { engine, batches }| {
            engine.sharing()?.give_up();
            batches.seek(batches.steps());
            Ok(())
        })?)
    }

    /// The losses of the worker's share, two values for each shard.
    #[wasm_bindgen(js_name = shareLosses)]
    pub fn share_losses(&self, rank: usize, workers: usize) -> Result<Vec<f64>, JsError> {
        let member = Member::new(rank, workers)?;
        Ok(self.run.now(|run| run.engine.sharing()?.share_losses(member))?)
    }

    /// Rounds of the exchange of gradients. In each round every worker adds up one part: all get the others' `shareSlice`, pass
    /// them to `addSlices`, and get the others' sums for `takeSum`.
    #[wasm_bindgen(js_name = exchangeRounds)]
    pub fn exchange_rounds(&self, workers: usize) -> Result<usize, JsError> {
        Ok(self
            .run
            .now(|run| Ok(run.engine.sharing()?.exchange_rounds(workers)))?)
    }

    /// The part of the worker's gradient that worker `peer` adds up, in `buffer` if that is large enough. It must be taken before
    /// the sum of that part arrives.
    #[wasm_bindgen(js_name = shareSlice)]
    pub fn share_slice(
        &self,
        rank: usize,
        workers: usize,
        peer: usize,
        round: usize,
        buffer: Option<ArrayBuffer>,
    ) -> Result<Float32Array, JsError> {
        let member = Member::new(rank, workers)?;
        Ok(self.run.now(|run| {
            let parts = run.engine.sharing()?.share_slice(member, peer, round)?;
            Ok(array_in(buffer, &parts))
        })?)
    }

    /// Adds up the worker's part of the gradient from its own and from what the others have sent, `slices` in the order of their
    /// ranks. Returns the sum for the others, in `buffer` if that is large enough.
    #[wasm_bindgen(js_name = addSlices)]
    pub fn add_slices(
        &self,
        rank: usize,
        workers: usize,
        round: usize,
        mut slices: Vec<Float32Array>,
        buffer: Option<ArrayBuffer>,
    ) -> Result<Float32Array, JsError> {
        let member = Member::new(rank, workers)?;
        // Nothing in the place of the worker itself, so that an index is a rank.
        slices.insert(rank.min(slices.len()), Float32Array::new_with_length(0));
        let lens: Vec<usize> = slices.iter().map(|slice| slice.length() as usize).collect();
        let read = |peer: usize, at: usize, values: &mut [f32]| {
            let start = at as u32;
            let part = slices[peer].subarray(start, start + values.len() as u32);
            part.copy_to(values);
        };
        Ok(self.run.now(|run| {
            let sum = run.engine.sharing()?.add_slices((member, round), &lens, read)?;
            Ok(array_in(buffer, &[sum]))
        })?)
    }

    /// Takes the sum that worker `peer` has sent.
    #[wasm_bindgen(js_name = takeSum)]
    pub fn take_sum(
        &self,
        workers: usize,
        peer: usize,
        round: usize,
        sum: &Float32Array,
    ) -> Result<(), JsError> {
        let peer = Member::new(peer, workers)?;
        let (len, read) = (sum.length() as usize, |values: &mut [f32]| sum.copy_to(values));
        Ok(self
            .run
            .now(|run| run.engine.sharing()?.take_sum((peer, round), len, read))?)
    }

    /// Takes the step, once all parts of the gradient are there. `losses` are all workers' in a row.
    #[wasm_bindgen(js_name = finishShared, unchecked_return_type = "Losses")]
    pub fn finish_shared(&self, losses: &[f64]) -> Result<JsValue, JsError> {
        let losses = self.run.now(|Run { engine, batches }| {
            let options = batches
                .begun()
                .ok_or_else(|| Error::new(ErrorKind::Argument, "no step has begun"))?;
            let losses = engine.sharing()?.finish_shared(losses, options);
            batches.after_part(&losses.clone().map(Some));
            losses
        })?;
        to_object(&losses)
    }
}

/// An array with the values of all `parts`, in `buffer` if that is large enough. Buffers travel back and forth between workers: a
/// new one for each message would cost more than the message.
fn array_in(buffer: Option<ArrayBuffer>, parts: &[&[f32]]) -> Float32Array {
    let len = parts.iter().map(|part| part.len()).sum::<usize>() as u32;
    let array = match buffer.filter(|buffer| buffer.byte_length() >= 4 * len) {
        Some(buffer) => Float32Array::new_with_byte_offset_and_length(&buffer, 0, len),
        None => Float32Array::new_with_length(len),
    };
    let mut end = 0;
    for part in parts {
        let start = end;
        end += part.len() as u32;
        array.subarray(start, end).copy_from(part);
    }
    array
}
