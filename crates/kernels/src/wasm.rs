//! 128-bit SIMD of WebAssembly: a row is two registers of four lanes.

use std::arch::wasm32::*;

use super::lanes::Lanes;

/// Multiply, then add: the same bits everywhere.
#[cfg(not(feature = "relaxed-simd"))]
#[derive(Clone, Copy)]
pub(crate) struct Plain(v128, v128);

/// Relaxed SIMD: fused where the machine can.
#[cfg(feature = "relaxed-simd")]
#[derive(Clone, Copy)]
pub(crate) struct Relaxed(v128, v128);

macro_rules! lanes {
    ($name:ident, $tile:literal, $steps:literal, |$a:ident, $b:ident, $c:ident| $mul_add:expr) => {
        impl Lanes for $name {
            const WIDTH: usize = 8;
            const TILE: usize = $tile;
            const STEPS: usize = $steps;

            #[inline(always)]
            unsafe fn load(at: *const f32) -> Self {
                // SAFETY: the caller's promise; wasm loads need no alignment.
                unsafe { Self(v128_load(at.cast()), v128_load(at.add(4).cast())) }
            }
            #[inline(always)]
            unsafe fn store(self, at: *mut f32) {
                // SAFETY: the caller's promise.
                unsafe {
                    v128_store(at.cast(), self.0);
                    v128_store(at.add(4).cast(), self.1);
                }
            }
            #[inline(always)]
            fn splat(value: f32) -> Self {
                Self(f32x4_splat(value), f32x4_splat(value))
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(f32x4_add(self.0, other.0), f32x4_add(self.1, other.1))
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(f32x4_sub(self.0, other.0), f32x4_sub(self.1, other.1))
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(f32x4_mul(self.0, other.0), f32x4_mul(self.1, other.1))
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(f32x4_div(self.0, other.0), f32x4_div(self.1, other.1))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                let one = |$a: v128, $b: v128, $c: v128| $mul_add;
                Self(
                    one(self.0, factor.0, addend.0),
                    one(self.1, factor.1, addend.1),
                )
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(f32x4_sqrt(self.0), f32x4_sqrt(self.1))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(f32x4_pmax(self.0, other.0), f32x4_pmax(self.1, other.1))
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(f32x4_pmin(self.0, other.0), f32x4_pmin(self.1, other.1))
            }
            #[inline(always)]
            fn round(self) -> Self {
                Self(f32x4_nearest(self.0), f32x4_nearest(self.1))
            }
            #[inline(always)]
            fn exp2_of_integer(self) -> Self {
                let one = |n| i32x4_shl(i32x4_add(i32x4_trunc_sat_f32x4(n), i32x4_splat(127)), 23);
                Self(one(self.0), one(self.1))
            }
            #[inline(always)]
            fn where_not_negative(self, yes: Self, no: Self) -> Self {
                let zero = f32x4_splat(0.0);
                Self(
                    v128_bitselect(yes.0, no.0, f32x4_ge(self.0, zero)),
                    v128_bitselect(yes.1, no.1, f32x4_ge(self.1, zero)),
                )
            }
            #[inline(always)]
            fn sum(self) -> f32 {
                let half = f32x4_add(self.0, self.1);
                (f32x4_extract_lane::<0>(half) + f32x4_extract_lane::<1>(half))
                    + (f32x4_extract_lane::<2>(half) + f32x4_extract_lane::<3>(half))
            }
            #[inline(always)]
            unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
                // SAFETY: the caller's promise; wasm loads need no alignment.
                unsafe {
                    let row = |r: usize| v128_load(from.add(r * stride).cast());
                    let (a, b, c, d) = (row(0), row(1), row(2), row(3));
                    let (ab, cd) = (
                        i32x4_shuffle::<0, 4, 1, 5>(a, b),
                        i32x4_shuffle::<0, 4, 1, 5>(c, d),
                    );
                    v128_store(to.cast(), i64x2_shuffle::<0, 2>(ab, cd));
                    v128_store(to.add(to_stride).cast(), i64x2_shuffle::<1, 3>(ab, cd));
                    let (ab, cd) = (
                        i32x4_shuffle::<2, 6, 3, 7>(a, b),
                        i32x4_shuffle::<2, 6, 3, 7>(c, d),
                    );
                    v128_store(to.add(2 * to_stride).cast(), i64x2_shuffle::<0, 2>(ab, cd));
                    v128_store(to.add(3 * to_stride).cast(), i64x2_shuffle::<1, 3>(ab, cd));
                }
            }
        }
    };
}

// V8 has 15 registers available.
#[cfg(not(feature = "relaxed-simd"))]
lanes!(Plain, 5, 8, |a, b, c| f32x4_add(f32x4_mul(a, b), c));
#[cfg(feature = "relaxed-simd")]
lanes!(Relaxed, 6, 4, |a, b, c| {
    #[allow(unused_unsafe)] // not needed where the whole crate is built with the feature
    // SAFETY: this build is only loaded where relaxed SIMD validates; a module with it fails to compile elsewhere.
    unsafe {
        f32x4_relaxed_madd(a, b, c)
    }
});
