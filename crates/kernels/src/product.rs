//! The product behind convolutions, transposed convolutions, their data gradients and linear
//! layers: each output row is a sum over taps of an input row times a weight panel.

use super::{
    Isa,
    bounds::{farthest, within},
    lanes::Lanes,
};

/// Slope of the leaky ReLU for negative values.
pub(crate) const LEAKY_SLOPE: f32 = 0.2;

/// One tap: where its input row lies relative to the row's base, and where its weights begin in a panel. In values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Where the input begins.
    pub input: u32,
    /// Where the weights begin.
    pub panel: u32,
}

/// Where a row's input begins, and where its output goes. In values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    /// Where the input begins.
    pub input: u32,
    /// Where the output goes.
    pub output: u32,
}

/// An operation on a sum before it is stored.
#[derive(Clone, Copy)]
pub enum Finish<'a> {
    /// Nothing.
    Linear,
    /// Leaky ReLU.
    Leaky,
    /// The derivative of leaky ReLU: times the slope where this activation, laid out as the output, is negative.
    LeakyGradient(&'a [f32]),
    /// Added to what the output holds.
    Add,
}

/// Rows times all columns.
///
/// `output[row.output + column] = finish(bias[column] + sum over taps, k < depth of
/// input[row.input + tap.input + k] * panel(column)[tap.panel + k][column])`, where the panel of a column is
/// `panels[column / WIDTH * panel_stride ..]`, laid out `[tap][k][WIDTH]`.
pub struct Product<'a> {
    /// Where the input begins.
    pub input: &'a [f32],
    /// Rows of inputs and outputs.
    pub rows: &'a [Row],
    /// The taps that each row sums over.
    pub taps: &'a [Tap],
    /// Values of an input row.
    pub depth: usize,
    /// Weights, column panel by column panel.
    pub panels: &'a [f32],
    /// Values from one column panel to the next.
    pub panel_stride: usize,
    /// One for each column, or none at all.
    pub bias: Option<&'a [f32]>,
    /// A multiple of the width.
    pub columns: usize,
    /// The operation on each sum.
    pub finish: Finish<'a>,
    /// Where the output goes.
    pub output: &'a mut [f32],
}

/// Best number of rows to process at once when their inputs are read again for each panel: they stay in the first-level cache.
///
/// A multiple of the heights of all tiles.
pub const MAX_ROWS: usize = 30;

/// The memory that one tile reads and writes; made and checked by [`run`].
pub(crate) struct Tile {
    input: *const f32,
    rows: *const Row,
    taps: *const Tap,
    tap_count: usize,
    depth: usize,
    panel: *const f32,
    bias: *const f32,
    finish: TileFinish,
    output: *mut f32,
}

#[derive(Clone, Copy)]
enum TileFinish {
    Linear,
    Leaky,
    LeakyGradient(*const f32),
    Add,
}

/// Splits the rows into tiles and computes them, panel by panel.
pub(crate) fn run<I: Isa>(product: Product<'_>) {
    let width = I::Lanes::WIDTH;
    product.check(width);
    let Product {
        input,
        rows,
        taps,
        depth,
        panels,
        bias,
        finish,
        output,
        ..
    } = product;
    for column in (0..product.columns).step_by(width) {
        let mut tile = Tile {
            input: input.as_ptr(),
            rows: rows.as_ptr(),
            taps: taps.as_ptr(),
            tap_count: taps.len(),
            depth,
            panel: panels[column / width * product.panel_stride..].as_ptr(),
            bias: bias.map_or(std::ptr::null(), |bias| bias[column..].as_ptr()),
            finish: match finish {
                Finish::Linear => TileFinish::Linear,
                Finish::Leaky => TileFinish::Leaky,
                Finish::LeakyGradient(activation) => TileFinish::LeakyGradient(activation[column..].as_ptr()),
                Finish::Add => TileFinish::Add,
            },
            output: output[column..].as_mut_ptr(),
        };
        let mut left = rows.len();
        while left > 0 {
            let count = fair_share(left, I::Lanes::TILE);
            // SAFETY: `check` has shown that every row, tap, panel, bias and output lies inside its slice.
            unsafe {
                match count {
                    // Where tiles are lower, this arm is dead code.
                    6 if I::Lanes::TILE >= 6 => I::product_tile::<6>(&tile),
                    5 => I::product_tile::<5>(&tile),
                    4 => I::product_tile::<4>(&tile),
                    3 => I::product_tile::<3>(&tile),
                    2 => I::product_tile::<2>(&tile),
                    _ => I::product_tile::<1>(&tile),
                }
                tile.rows = tile.rows.add(count);
            }
            left -= count;
        }
    }
}

/// How many of `left` to take at once, at most `most`: all that fit while many are left, and at the end two halves instead of a
/// full tile and a small rest, since few rows are slow.
pub fn fair_share(left: usize, most: usize) -> usize {
    if left >= 2 * most {
        most
    } else {
        left.div_ceil(left.div_ceil(most))
    }
}

impl Product<'_> {
    /// Panics unless every access of the tiles is in bounds: with it, the unsafe code below is sound for any input.
    fn check(&self, width: usize) {
        let row = farthest(self.rows.iter().map(|row| row.input));
        let tap = farthest(self.taps.iter().map(|tap| tap.input));
        let panel = farthest(self.taps.iter().map(|tap| tap.panel));
        let output = farthest(self.rows.iter().map(|row| row.output));
        let last_panel = (self.columns / width)
            .saturating_sub(1)
            .checked_mul(self.panel_stride);
        assert!(
            self.columns.is_multiple_of(width) && self.depth > 0,
            "whole columns, at least one step"
        );
        assert!(
            within(self.input.len(), [row, tap, Some(self.depth)]),
            "inputs are out of bounds"
        );
        assert!(
            within(
                self.panels.len(),
                [last_panel, panel, self.depth.checked_mul(width)]
            ),
            "panels are out of bounds"
        );
        assert!(
            within(self.output.len(), [output, Some(self.columns)]),
            "outputs are out of bounds"
        );
        assert!(
            self.bias.is_none_or(|bias| bias.len() >= self.columns),
            "biases are out of bounds"
        );
        if let Finish::LeakyGradient(activation) = self.finish {
            assert!(
                activation.len() >= self.output.len(),
                "activations are out of bounds"
            );
        }
    }
}

/// R rows times one row of lanes: the micro-kernel.
///
/// Several steps of k are unrolled, so that their offsets are immediates, with an exit after each. Without these branches LLVM
/// orders the operations sum by sum instead of step by step; then the weights of all steps occupy registers at once and sums are
/// spilled to the stack, which cost a quarter of the speed on V8.
///
/// # Safety
/// All of `tile` must be in bounds, as [`Product::check`] shows, and the machine must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn tile<V: Lanes, const R: usize>(tile: &Tile) {
    // SAFETY: the caller's promise covers every pointer below.
    unsafe {
        let bias = if tile.bias.is_null() {
            V::splat(0.0)
        } else {
            V::load(tile.bias)
        };
        let mut sums = [bias; R];
        let mut tap = tile.taps;
        let end = tile.taps.add(tile.tap_count);
        while tap != end {
            let base = tile.input.add((*tap).input as usize);
            let mut inputs = [base; R];
            for (r, input) in inputs.iter_mut().enumerate() {
                *input = base.add((*tile.rows.add(r)).input as usize);
            }
            let mut weights = tile.panel.add((*tap).panel as usize);
            let mut left = tile.depth;
            'depth: loop {
                macro_rules! step {
                    ($k:literal) => {
                        let row = V::load(weights.add($k * V::WIDTH));
                        for r in 0..R {
                            sums[r] = V::splat(*inputs[r].add($k)).mul_add(row, sums[r]);
                        }
                        left -= 1;
                        if left == 0 {
                            break 'depth;
                        }
                    };
                }
                step!(0);
                step!(1);
                step!(2);
                step!(3);
                if V::STEPS == 8 {
                    step!(4);
                    step!(5);
                    step!(6);
                    step!(7);
                }
                for input in &mut inputs {
                    *input = input.add(V::STEPS);
                }
                weights = weights.add(V::STEPS * V::WIDTH);
            }
            tap = tap.add(1);
        }
        let slope = V::splat(LEAKY_SLOPE);
        for (r, &sum) in sums.iter().enumerate() {
            let at = (*tile.rows.add(r)).output as usize;
            let value = match tile.finish {
                TileFinish::Linear => sum,
                TileFinish::Leaky => sum.max(sum.mul(slope)),
                TileFinish::LeakyGradient(activation) => {
                    V::load(activation.add(at)).where_not_negative(sum, sum.mul(slope))
                }
                TileFinish::Add => V::load(tile.output.add(at)).add(sum),
            };
            value.store(tile.output.add(at));
        }
    }
}
