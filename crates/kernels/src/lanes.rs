//! `Lanes`: a row of f32 that is computed on at once. Every kernel is written once, over this trait.

/// A short row of f32: one pair of registers.
///
/// Each operation rounds each lane separately, as IEEE 754 says; only `mul_add` may be fused. The kernels combine lanes only in
/// [`Lanes::sum`], whose order is fixed, so instruction sets of the same width that do not fuse give the same bits.
pub(crate) trait Lanes: Copy {
    /// Lanes in the row: 8, or 16 on AVX2.
    const WIDTH: usize;

    /// Rows of one tile: as many as leave registers for two of weights and one input, and one for a product, where adding it to its
    /// sum is a separate instruction. Six rows are twelve sums.
    const TILE: usize;

    /// Unrolled steps of a product, 4 or 8: more where the loop counter costs more than the code.
    const STEPS: usize;

    /// # Safety
    /// `WIDTH` values must be readable at `at`, which need not be aligned.
    unsafe fn load(at: *const f32) -> Self;
    /// # Safety
    /// `WIDTH` values must be writable at `at`, which need not be aligned.
    unsafe fn store(self, at: *mut f32);

    fn splat(value: f32) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// self * factor + addend, with one rounding or two.
    fn mul_add(self, factor: Self, addend: Self) -> Self;
    fn sqrt(self) -> Self;
    /// The larger of two numbers; `self` where they compare equal.
    fn max(self, other: Self) -> Self;
    /// The smaller of two numbers; `self` where they compare equal.
    fn min(self, other: Self) -> Self;
    /// To the nearest integer, halves to even.
    fn round(self) -> Self;
    /// 2^self for integers from -126 to 127.
    fn exp2_of_integer(self) -> Self;
    /// `yes` where self >= 0, else `no`.
    fn where_not_negative(self, yes: Self, no: Self) -> Self;
    /// Sum of all lanes: first the halves of the row, then neighbors.
    fn sum(self) -> f32;

    /// Four rows of four to four columns; strides in values.
    ///
    /// # Safety
    /// Four values must be readable at `from` and at each of three strides from there, and writable so at `to`.
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
        for row in 0..4 {
            for column in 0..4 {
                // SAFETY: the caller's promise.
                unsafe { *to.add(column * to_stride + row) = *from.add(row * stride + column) };
            }
        }
    }
}

/// e^x on every lane, with a relative error below 2e-7 (Cephes' polynomial); x is clamped to -87..=88.
#[inline(always)]
pub(crate) fn exp<V: Lanes>(x: V) -> V {
    let x = x.max(V::splat(-87.0)).min(V::splat(88.0));
    let n = x.mul(V::splat(std::f32::consts::LOG2_E)).round();
    // ln 2 in two parts, so that n * ln 2 loses no bits.
    let r = x
        .sub(n.mul(V::splat(0.693_359_4)))
        .sub(n.mul(V::splat(-2.121_944_4e-4)));
    let mut p = V::splat(1.987_569_1e-4);
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1] {
        p = p.mul_add(r, V::splat(coefficient));
    }
    let y = p.mul(r).mul_add(r, r).add(V::splat(1.0));
    y.mul(n.exp2_of_integer())
}

/// 1 / (1 + e^-x) on every lane.
#[inline(always)]
pub(crate) fn sigmoid<V: Lanes>(x: V) -> V {
    let one = V::splat(1.0);
    one.div(one.add(exp(V::splat(0.0).sub(x))))
}
