//! Value by value: sigmoid, losses with their gradients, Adam.

use super::{
    bounds::within,
    lanes::{Lanes, exp, sigmoid},
};

/// The widest row of lanes, to which a tail is padded.
const MAX_WIDTH: usize = 16;

/// Loads up to a row; missing lanes are `fill`.
#[inline(always)]
fn load<V: Lanes>(values: &[f32], fill: f32) -> V {
    if values.len() >= V::WIDTH {
        // SAFETY: the slice has WIDTH values.
        return unsafe { V::load(values.as_ptr()) };
    }
    let mut row = [fill; MAX_WIDTH];
    row[..values.len()].copy_from_slice(values);
    // SAFETY: the array has at least WIDTH values.
    unsafe { V::load(row.as_ptr()) }
}

/// Stores as many lanes as fit into `values`.
#[inline(always)]
fn store<V: Lanes>(row: V, values: &mut [f32]) {
    if values.len() >= V::WIDTH {
        // SAFETY: the slice has WIDTH values.
        return unsafe { row.store(values.as_mut_ptr()) };
    }
    let mut lanes = [0.0; MAX_WIDTH];
    // SAFETY: the array has at least WIDTH values.
    unsafe { row.store(lanes.as_mut_ptr()) };
    let count = values.len();
    values.copy_from_slice(&lanes[..count]);
}

/// Logits to pixels, in place.
#[inline(always)]
pub(crate) fn sigmoids<V: Lanes>(values: &mut [f32]) {
    for row in values.chunks_mut(V::WIDTH) {
        store(sigmoid(load::<V>(row, 0.0)), row);
    }
}

/// Binary cross-entropy on logits, max(l, 0) - l x + ln(1 + e^-|l|), summed over one picture; the logits are replaced by
/// their gradients, (sigmoid(l) - x) * scale.
#[inline(always)]
pub(crate) fn bernoulli<V: Lanes>(logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let mut sum = zero;
    for (logits, pixels) in logits.chunks_mut(V::WIDTH).zip(pixels.chunks(V::WIDTH)) {
        // A tail is padded with a certain and correct logit, which adds less than 1e-37 to the sum.
        let l = load::<V>(logits, -100.0);
        let x = load::<V>(pixels, 0.0);
        let e = exp(zero.sub(l.max(zero.sub(l))));
        let r = one.div(one.add(e));
        let probability = l.where_not_negative(r, e.mul(r));
        sum = sum.add(l.max(zero).sub(l.mul(x))).add(ln_1p_of_unit(e));
        store(probability.sub(x).mul(V::splat(scale)), logits);
    }
    sum.sum()
}

/// Squared error after the sigmoid, summed over one picture; the logits are replaced by their gradients,
/// 2 (s - x) s (1 - s) * scale.
#[inline(always)]
pub(crate) fn gaussian<V: Lanes>(logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
    let one = V::splat(1.0);
    let mut sum = V::splat(0.0);
    for (logits, pixels) in logits.chunks_mut(V::WIDTH).zip(pixels.chunks(V::WIDTH)) {
        let s = sigmoid(load::<V>(logits, 0.0));
        // sigmoid(0) is one half, exactly: the padding has no error.
        let error = s.sub(load::<V>(pixels, 0.5));
        sum = sum.add(error.mul(error));
        let slope = s.mul(one.sub(s));
        store(error.mul(slope).mul(V::splat(2.0 * scale)), logits);
    }
    sum.sum()
}

/// ln(1 + e) for e in 0..=1, by 2 artanh(e / (2 + e)); relative error below 1e-6.
#[inline(always)]
fn ln_1p_of_unit<V: Lanes>(e: V) -> V {
    let t = e.div(V::splat(2.0).add(e));
    let t2 = t.mul(t);
    let mut p = V::splat(2.0 / 13.0);
    for coefficient in [2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 2.0] {
        p = p.mul_add(t2, V::splat(coefficient));
    }
    p.mul(t)
}

/// One step of Adam on part of the parameters; all slices have the same length.
pub struct Adam<'a> {
    /// Updated.
    pub weights: &'a mut [f32],
    /// Of the loss.
    pub gradient: &'a [f32],
    /// First moments; updated.
    pub first: &'a mut [f32],
    /// Second moments; updated.
    pub second: &'a mut [f32],
    /// Decay of the first and the second moments.
    pub betas: [f32; 2],
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// learning rate / (1 - beta1^t)
    pub step_size: f32,
    /// 1 / (1 - beta2^t)
    pub second_correction: f32,
}

/// Kingma and Ba 2015, with epsilon added to the corrected root, as PyTorch does.
#[inline(always)]
pub(crate) fn adam<V: Lanes>(adam: Adam<'_>) {
    let [beta_1, beta_2] = adam.betas.map(V::splat);
    let [rest_1, rest_2] = adam.betas.map(|beta| V::splat(1.0 - beta));
    let rows = (adam
        .weights
        .chunks_mut(V::WIDTH)
        .zip(adam.gradient.chunks(V::WIDTH)))
    .zip(
        adam.first
            .chunks_mut(V::WIDTH)
            .zip(adam.second.chunks_mut(V::WIDTH)),
    );
    for ((weights, gradient), (first, second)) in rows {
        let g = load::<V>(gradient, 0.0);
        let m = beta_1.mul_add(load(first, 0.0), rest_1.mul(g));
        let v = beta_2.mul_add(load(second, 0.0), rest_2.mul(g).mul(g));
        let root = v.mul(V::splat(adam.second_correction)).sqrt();
        let step = m
            .mul(V::splat(adam.step_size))
            .div(root.add(V::splat(adam.epsilon)));
        store(load::<V>(weights, 0.0).sub(step), weights);
        store(m, first);
        store(v, second);
    }
}

/// Rows of one feature map position after the other, cut into panels of a row of lanes each, as a [`super::Product`] takes them.
pub struct Pack<'a> {
    /// `[rows][stride]`; the last row may end after its `columns`.
    pub rows: &'a [f32],
    /// Values from one row to the next.
    pub stride: usize,
    /// Number of values of each row that are cut, from the first; a multiple of the width.
    pub columns: usize,
    /// `[columns / WIDTH][rows][WIDTH]`; overwritten.
    pub panels: &'a mut [f32],
    /// The sum of the rows is added to this row of `columns`, in the same pass.
    pub sums: Option<&'a mut [f32]>,
    /// Values from one panel to the next.
    pub panel_stride: usize,
}

#[inline(always)]
pub(crate) fn pack<V: Lanes>(pack: Pack<'_>) {
    let Pack {
        rows,
        stride,
        columns,
        panels,
        mut sums,
        panel_stride,
    } = pack;
    assert!(
        columns.is_multiple_of(V::WIDTH) && columns > 0 && columns <= stride,
        "whole rows of lanes"
    );
    let last = (columns / V::WIDTH - 1).checked_mul(panel_stride);
    assert!(
        within(
            panels.len(),
            [last, rows.len().div_ceil(stride).checked_mul(V::WIDTH)]
        ),
        "panels are out of bounds"
    );
    for column in (0..columns).step_by(V::WIDTH) {
        let mut sum = V::splat(0.0);
        let panel = &mut panels[column / V::WIDTH * panel_stride..];
        for (to, row) in panel.chunks_exact_mut(V::WIDTH).zip(rows.chunks(stride)) {
            let row = load::<V>(&row[column..column + V::WIDTH], 0.0);
            sum = sum.add(row);
            store(row, to);
        }
        if let Some(sums) = &mut sums {
            let sums = &mut sums[column..column + V::WIDTH];
            store(load::<V>(sums, 0.0).add(sum), sums);
        }
    }
}

/// Rows of one feature map position, one picture after the other, to columns: a channel's values side by side.
pub struct Transpose<'a> {
    /// `[rows][columns]`
    pub rows: &'a [f32],
    /// A multiple of four.
    pub columns: usize,
    /// `[columns][stride]`; the first values of each column are overwritten.
    pub turned: &'a mut [f32],
    /// Values from one column to the next.
    pub stride: usize,
}

#[inline(always)]
pub(crate) fn transpose<V: Lanes>(transpose: Transpose<'_>) {
    let Transpose {
        rows,
        columns,
        turned,
        stride,
    } = transpose;
    assert!(columns.is_multiple_of(4) && columns > 0, "whole rows of four");
    let count = rows.len() / columns;
    assert!(
        within(turned.len(), [(columns - 1).checked_mul(stride), Some(count)]),
        "columns are out of bounds"
    );
    let fours = count / 4 * 4;
    for row in (0..fours).step_by(4) {
        for column in (0..columns).step_by(4) {
            // SAFETY: rows up to row + 3 are in `rows`, each `columns` long; the last value written is the last of the
            // last column, which was checked above.
            unsafe {
                let from = rows.as_ptr().add(row * columns + column);
                V::transpose(
                    from,
                    columns,
                    turned.as_mut_ptr().add(column * stride + row),
                    stride,
                );
            }
        }
    }
    for (row, values) in rows.chunks_exact(columns).enumerate().skip(fours) {
        for (column, value) in values.iter().enumerate() {
            turned[column * stride + row] = *value;
        }
    }
}

/// `sum[i] += other[i]`, up to the shorter length.
#[inline(never)] // into code that is compiled for size, where vectorization is not certain
pub fn add(sum: &mut [f32], other: &[f32]) {
    for (sum, &value) in sum.iter_mut().zip(other) {
        *sum += value;
    }
}

/// `sum[i] = a[i] + b[i]`, up to the shortest length.
#[inline(never)] // into code that is compiled for size, where vectorization is not certain
pub fn add_pair(sum: &mut [f32], a: &[f32], b: &[f32]) {
    for (sum, (&a, &b)) in sum.iter_mut().zip(a.iter().zip(b)) {
        *sum = a + b;
    }
}

/// True if no value is NaN or infinite.
#[inline(never)] // into code that is compiled for size, where vectorization is not certain
pub fn all_finite(values: &[f32]) -> bool {
    // Without an early exit, so that it is vectorized.
    values.iter().fold(true, |all, value| all & value.is_finite())
}
