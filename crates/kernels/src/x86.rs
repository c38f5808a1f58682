//! AVX2 with fused multiply-add: a row is two registers of eight lanes.
//!
//! The intrinsics are compiled into functions that enable the features (see `lib.rs`); a value of [`Avx2`] exists only after the
//! features were detected at run time.

use std::arch::x86_64::*;

use super::lanes::Lanes;

#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256, __m256);

/// True if this machine has the instructions that [`Avx2`] needs.
pub(crate) fn available() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

/// SAFETY of every block below: AVX2 and FMA are there, because the kernels over `Avx2` are reached only through the
/// table that `lib.rs` hands out after [`available`].
macro_rules! both {
    ($f:ident($($register:expr),*)) => {
        // SAFETY: see the macro.
        unsafe { $f($($register),*) }
    };
}

impl Lanes for Avx2 {
    const WIDTH: usize = 16;
    const TILE: usize = 6;
    const STEPS: usize = 4;

    #[inline(always)]
    unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller's promise; these loads need no alignment.
        unsafe { Self(_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8))) }
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe {
            _mm256_storeu_ps(at, self.0);
            _mm256_storeu_ps(at.add(8), self.1);
        }
    }
    #[inline(always)]
    fn splat(value: f32) -> Self {
        let row = both!(_mm256_set1_ps(value));
        Self(row, row)
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(
            both!(_mm256_add_ps(self.0, other.0)),
            both!(_mm256_add_ps(self.1, other.1)),
        )
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(
            both!(_mm256_sub_ps(self.0, other.0)),
            both!(_mm256_sub_ps(self.1, other.1)),
        )
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(
            both!(_mm256_mul_ps(self.0, other.0)),
            both!(_mm256_mul_ps(self.1, other.1)),
        )
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(
            both!(_mm256_div_ps(self.0, other.0)),
            both!(_mm256_div_ps(self.1, other.1)),
        )
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(
            both!(_mm256_fmadd_ps(self.0, factor.0, addend.0)),
            both!(_mm256_fmadd_ps(self.1, factor.1, addend.1)),
        )
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(both!(_mm256_sqrt_ps(self.0)), both!(_mm256_sqrt_ps(self.1)))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // The instruction returns its second operand where the two compare equal.
        Self(
            both!(_mm256_max_ps(other.0, self.0)),
            both!(_mm256_max_ps(other.1, self.1)),
        )
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(
            both!(_mm256_min_ps(other.0, self.0)),
            both!(_mm256_min_ps(other.1, self.1)),
        )
    }
    #[inline(always)]
    fn round(self) -> Self {
        const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
        // SAFETY: see `both`.
        unsafe {
            Self(
                _mm256_round_ps::<NEAREST>(self.0),
                _mm256_round_ps::<NEAREST>(self.1),
            )
        }
    }
    #[inline(always)]
    fn exp2_of_integer(self) -> Self {
        // SAFETY: see `both`.
        let one = |n| unsafe {
            let biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
            _mm256_castsi256_ps(_mm256_slli_epi32::<23>(biased))
        };
        Self(one(self.0), one(self.1))
    }
    #[inline(always)]
    fn where_not_negative(self, yes: Self, no: Self) -> Self {
        // SAFETY: see `both`.
        let one = |x, yes, no| unsafe {
            _mm256_blendv_ps(no, yes, _mm256_cmp_ps::<_CMP_GE_OQ>(x, _mm256_setzero_ps()))
        };
        Self(one(self.0, yes.0, no.0), one(self.1, yes.1, no.1))
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
        // SAFETY: the caller's promise; these loads and stores need no alignment.
        unsafe {
            let row = |r: usize| _mm_loadu_ps(from.add(r * stride));
            let (mut a, mut b, mut c, mut d) = (row(0), row(1), row(2), row(3));
            _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
            for (column, values) in [a, b, c, d].into_iter().enumerate() {
                _mm_storeu_ps(to.add(column * to_stride), values);
            }
        }
    }
    #[inline(always)]
    fn sum(self) -> f32 {
        let mut lanes = [0.0; 8];
        // SAFETY: see `both`; the array has eight lanes.
        unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), _mm256_add_ps(self.0, self.1)) }
        let [a, b, c, d, e, f, g, h] = lanes;
        ((a + e) + (b + f)) + ((c + g) + (d + h))
    }
}
