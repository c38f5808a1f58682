//! The last transposed convolution: one or three output channels are too few for a row of lanes, so here the lanes cover the input
//! channels, and each output is a dot product.

use super::{
    Isa,
    bounds::{farthest, within},
    lanes::Lanes,
    product::{Row, Tap},
};

/// `output[row.output + channel * channel_stride] = bias[channel] + sum over taps, k < depth of
/// input[row.input + tap.input + k] * weights[tap.panel + channel * weight_stride + k]`.
pub struct Dot<'a> {
    /// Input rows.
    pub input: &'a [f32],
    /// Rows of inputs and outputs.
    pub rows: &'a [Row],
    /// The taps that each row sums over.
    pub taps: &'a [Tap],
    /// A multiple of the width.
    pub depth: usize,
    /// Weights, channel by channel.
    pub weights: &'a [f32],
    /// Values from one channel's weights to the next.
    pub weight_stride: usize,
    /// One for each output channel.
    pub bias: &'a [f32],
    /// Values from one channel's output to the next.
    pub channel_stride: usize,
    /// Output planes.
    pub output: &'a mut [f32],
}

pub(crate) struct Tile {
    input: *const f32,
    rows: *const Row,
    taps: *const Tap,
    tap_count: usize,
    depth: usize,
    weights: *const f32,
    bias: f32,
    output: *mut f32,
}

/// Rows of one tile: twelve accumulators, as in a product.
const ROWS: usize = 6;

pub(crate) fn run<I: Isa>(dot: Dot<'_>) {
    dot.check(I::Lanes::WIDTH);
    for (channel, &bias) in dot.bias.iter().enumerate() {
        let mut tile = Tile {
            input: dot.input.as_ptr(),
            rows: dot.rows.as_ptr(),
            taps: dot.taps.as_ptr(),
            tap_count: dot.taps.len(),
            depth: dot.depth,
            weights: dot.weights[channel * dot.weight_stride..].as_ptr(),
            bias,
            output: dot.output[channel * dot.channel_stride..].as_mut_ptr(),
        };
        let mut left = dot.rows.len();
        while left > 0 {
            let count = left.min(ROWS);
            // SAFETY: `check` has shown that every access is in bounds.
            unsafe {
                match count {
                    ROWS => I::dot_tile::<ROWS>(&tile),
                    3..ROWS => {
                        I::dot_tile::<3>(&tile);
                        left -= 3;
                        tile.rows = tile.rows.add(3);
                        continue;
                    }
                    _ => {
                        I::dot_tile::<1>(&tile);
                        left -= 1;
                        tile.rows = tile.rows.add(1);
                        continue;
                    }
                }
                tile.rows = tile.rows.add(count);
            }
            left -= count;
        }
    }
}

impl Dot<'_> {
    /// Panics unless every access of the tiles is in bounds.
    fn check(&self, width: usize) {
        let row = farthest(self.rows.iter().map(|row| row.input));
        let tap = farthest(self.taps.iter().map(|tap| tap.input));
        let panel = farthest(self.taps.iter().map(|tap| tap.panel));
        let output = farthest(self.rows.iter().map(|row| row.output));
        let last = self
            .bias
            .len()
            .checked_sub(1)
            .expect("there is at least one channel");
        assert!(self.depth.is_multiple_of(width), "whole rows of lanes");
        assert!(
            within(self.input.len(), [row, tap, Some(self.depth)]),
            "inputs are out of bounds"
        );
        let weights = [last.checked_mul(self.weight_stride), panel, Some(self.depth)];
        assert!(within(self.weights.len(), weights), "weights are out of bounds");
        let outputs = [last.checked_mul(self.channel_stride), output, Some(1)];
        assert!(within(self.output.len(), outputs), "outputs are out of bounds");
    }
}

/// R outputs at once.
///
/// # Safety
/// All of `tile` must be in bounds, as [`Dot::check`] shows, and the machine must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn tile<V: Lanes, const R: usize>(tile: &Tile) {
    // SAFETY: the caller's promise covers every pointer below.
    unsafe {
        let mut sums = [V::splat(0.0); R];
        let mut tap = tile.taps;
        let end = tile.taps.add(tile.tap_count);
        while tap != end {
            let base = tile.input.add((*tap).input as usize);
            let mut inputs = [base; R];
            for (r, input) in inputs.iter_mut().enumerate() {
                *input = base.add((*tile.rows.add(r)).input as usize);
            }
            let weights = tile.weights.add((*tap).panel as usize);
            let mut k = 0;
            while k < tile.depth {
                let row = V::load(weights.add(k));
                for r in 0..R {
                    sums[r] = V::load(inputs[r].add(k)).mul_add(row, sums[r]);
                }
                k += V::WIDTH;
            }
            tap = tap.add(1);
        }
        for (r, sum) in sums.iter().enumerate() {
            *tile.output.add((*tile.rows.add(r)).output as usize) = sum.sum() + tile.bias;
        }
    }
}
