//! Gradients of weights: for each weight block, a sum over pairs of positions of input rows times output gradients.

use super::{Isa, lanes::Lanes};

/// Where the rows of an input position and of an output position begin. In values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Input of the layer.
    pub input: u32,
    /// Gradient with respect to the layer's output.
    pub output: u32,
}

/// `gradient[i][column] += sum over pairs, images n of input[pair.input + n * input_stride + i] *
/// output[pair.output + n * columns + column]`, for i < depth.
pub struct WeightGradient<'a> {
    /// Input of the layer.
    pub input: &'a [f32],
    /// Values from one image to the next.
    pub input_stride: usize,
    /// Values of an input row.
    pub depth: usize,
    /// Gradient with respect to the layer's output.
    pub output: &'a [f32],
    /// Also the stride of `output`'s rows: a multiple of the width.
    pub columns: usize,
    /// Positions that meet.
    pub pairs: &'a [Pair],
    /// Images of each position.
    pub images: usize,
    /// `[depth][columns]`
    pub gradient: &'a mut [f32],
}

/// Rows (pairs times images) for which the accumulators of a tile stay in registers: long enough to hide their loads and
/// stores, short enough for both operands to stay in the first-level cache.
const ROWS: usize = 32;

/// Tiles of one height, one below the other.
pub(crate) struct Tiles {
    input: *const f32,
    input_stride: usize,
    output: *const f32,
    output_stride: usize,
    pairs: *const Pair,
    pair_count: usize,
    images: usize,
    gradient: *mut f32,
    count: usize,
}

pub(crate) fn run<I: Isa>(work: WeightGradient<'_>) {
    let width = I::Lanes::WIDTH;
    work.check(width);
    // As many tiles as it takes, of heights that differ by one at most; found once, since a division is as long as a few rows.
    let tiles = work.depth.div_ceil(I::Lanes::TILE);
    let (height, higher) = (work.depth / tiles, work.depth % tiles);
    for pairs in work.pairs.chunks((ROWS / work.images).max(1)) {
        for column in (0..work.columns).step_by(width) {
            let mut tile = Tiles {
                input: work.input.as_ptr(),
                input_stride: work.input_stride,
                output: work.output[column..].as_ptr(),
                output_stride: work.columns,
                pairs: pairs.as_ptr(),
                pair_count: pairs.len(),
                images: work.images,
                gradient: work.gradient[column..].as_mut_ptr(),
                count: 0,
            };
            for (count, height) in [(higher, height + 1), (tiles - higher, height)] {
                tile.count = count;
                // SAFETY: `check` has shown that every access is in bounds; the heights add up to the depth, and what the
                // last step leaves behind is not read.
                unsafe {
                    match height {
                        _ if count == 0 => {}
                        6 if I::Lanes::TILE >= 6 => I::gradient_tiles::<6>(&tile),
                        5 => I::gradient_tiles::<5>(&tile),
                        4 => I::gradient_tiles::<4>(&tile),
                        3 => I::gradient_tiles::<3>(&tile),
                        2 => I::gradient_tiles::<2>(&tile),
                        _ => I::gradient_tiles::<1>(&tile),
                    }
                    tile.input = tile.input.add(count * height);
                }
                tile.gradient = tile.gradient.wrapping_add(count * height * work.columns);
            }
        }
    }
}

impl WeightGradient<'_> {
    /// Panics unless every access of the tiles is in bounds.
    fn check(&self, width: usize) {
        let farthest_input = self
            .pairs
            .iter()
            .map(|pair| pair.input as usize)
            .max()
            .unwrap_or(0);
        let farthest_output = self
            .pairs
            .iter()
            .map(|pair| pair.output as usize)
            .max()
            .unwrap_or(0);
        let images = self.images.checked_sub(1).expect("there is at least one image");
        assert!(self.columns.is_multiple_of(width) && self.depth > 0);
        assert!(farthest_input + images * self.input_stride + self.depth <= self.input.len());
        assert!(farthest_output + images * self.columns + self.columns <= self.output.len());
        assert!(self.depth * self.columns <= self.gradient.len());
    }
}

/// R rows of a weight block times one row of lanes, and as many more below it as asked for.
///
/// # Safety
/// All of `tiles` in bounds, as [`WeightGradient::check`] shows; the machine has the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn tiles<V: Lanes, const R: usize>(tiles: &Tiles) {
    let (mut first, mut gradient) = (tiles.input, tiles.gradient);
    let end = tiles.pairs.wrapping_add(tiles.pair_count);
    for _ in 0..tiles.count {
        // SAFETY: the caller's promise covers every pointer below.
        unsafe {
            let mut sums = [V::splat(0.0); R];
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(gradient.add(r * tiles.output_stride));
            }
            let mut pair = tiles.pairs;
            while pair != end {
                let mut input = first.add((*pair).input as usize);
                let mut output = tiles.output.add((*pair).output as usize);
                let mut left = tiles.images;
                // As in the product, a way out after each step keeps the steps apart.
                'images: loop {
                    macro_rules! step {
                        () => {
                            let row = V::load(output);
                            for (r, sum) in sums.iter_mut().enumerate() {
                                *sum = V::splat(*input.add(r)).mul_add(row, *sum);
                            }
                            left -= 1;
                            if left == 0 {
                                break 'images;
                            }
                            input = input.add(tiles.input_stride);
                            output = output.add(tiles.output_stride);
                        };
                    }
                    step!();
                    step!();
                    step!();
                    step!();
                }
                pair = pair.add(1);
            }
            for (r, sum) in sums.iter().enumerate() {
                sum.store(gradient.add(r * tiles.output_stride));
            }
            first = first.add(R);
        }
        gradient = gradient.wrapping_add(R * tiles.output_stride);
    }
}
