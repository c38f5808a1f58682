//! The arithmetic of latent-lab's engine on the CPU, and the only crate with unsafe code: micro-kernels over `Lanes`, and the table
//! of those that a machine can run.
//!
//! Every kernel has a safe entry point that checks, once for many tiles and in release builds too, that all its accesses are in
//! bounds; the code behind it uses pointers. Instruction sets that are detected at run time are compiled into functions that enable
//! them (`target_feature`) and are reached only through [`Kernels::pick`].

mod bounds;
mod dot;
mod lanes;
mod pointwise;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
mod product;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

use lanes::Lanes;

pub use dot::Dot;
pub use pointwise::{Adam, Pack, Transpose, add, add_pair, all_finite};
pub use product::{Finish, MAX_ROWS, Product, Row, Tap, fair_share};

/// How multiplications and additions are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// The fastest instructions of this machine and build; where they fuse, results differ in the last bits.
    Fastest,
    /// Multiply, then add: the same bits on every machine and in every browser.
    Reproducible,
}

/// An instruction set: its lanes, and its tiles as functions of their own, compiled with its features. Separate functions for each
/// tile height limit the compiler's register allocation to one loop at a time.
trait Isa {
    type Lanes: Lanes;
    /// # Safety
    /// As [`product::tile`].
    unsafe fn product_tile<const R: usize>(tile: &product::Tile);
    /// # Safety
    /// As [`dot::tile`].
    unsafe fn dot_tile<const R: usize>(tile: &dot::Tile);
}

/// The kernels of one instruction set. The functions are safe to call on the table that [`Kernels::pick`] returns.
pub struct Kernels {
    /// Lanes in a row; channel counts are padded to a multiple of it.
    pub width: usize,
    /// Its name, for people.
    pub name: &'static str,
    /// See [`Product`].
    pub product: fn(Product<'_>),
    /// See [`Dot`].
    pub dot: fn(Dot<'_>),
    sigmoids: unsafe fn(&mut [f32]),
    bernoulli: unsafe fn(&mut [f32], &[f32], f32) -> f32,
    gaussian: unsafe fn(&mut [f32], &[f32], f32) -> f32,
    adam: unsafe fn(Adam<'_>),
    pack: unsafe fn(Pack<'_>),
    transpose: unsafe fn(Transpose<'_>),
}

/// Makes the table `KERNELS` of one instruction set in a module of its own.
macro_rules! instruction_set {
    ($module:ident, $name:literal, $lanes:ty $(, $features:literal)?) => {
        mod $module {
            use super::*;

            struct ThisIsa;

            impl Isa for ThisIsa {
                type Lanes = $lanes;
                #[inline(always)]
                unsafe fn product_tile<const R: usize>(tile: &product::Tile) {
                    // SAFETY: the caller's promise.
                    unsafe { product_tile::<R>(tile) }
                }
                #[inline(always)]
                unsafe fn dot_tile<const R: usize>(tile: &dot::Tile) {
                    // SAFETY: the caller's promise.
                    unsafe { dot_tile::<R>(tile) }
                }
            }

            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn product_tile<const R: usize>(tile: &product::Tile) {
                // SAFETY: the caller's promise.
                unsafe { product::tile::<$lanes, R>(tile) }
            }
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn dot_tile<const R: usize>(tile: &dot::Tile) {
                // SAFETY: the caller's promise.
                unsafe { dot::tile::<$lanes, R>(tile) }
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn sigmoids(values: &mut [f32]) {
                pointwise::sigmoids::<$lanes>(values)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn bernoulli(logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
                pointwise::bernoulli::<$lanes>(logits, pixels, scale)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn gaussian(logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
                pointwise::gaussian::<$lanes>(logits, pixels, scale)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn adam(adam: Adam<'_>) {
                pointwise::adam::<$lanes>(adam)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn pack(pack: Pack<'_>) {
                pointwise::pack::<$lanes>(pack)
            }
            $(#[target_feature(enable = $features)])?
            unsafe fn transpose(transpose: Transpose<'_>) {
                pointwise::transpose::<$lanes>(transpose)
            }

            pub(super) static KERNELS: Kernels = Kernels {
                width: <$lanes as Lanes>::WIDTH,
                name: $name,
                product: product::run::<ThisIsa>,
                dot: dot::run::<ThisIsa>,
                sigmoids,
                bernoulli,
                gaussian,
                adam,
                pack,
                transpose,
            };
        }
    };
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
instruction_set!(plain, "plain Rust", portable::Portable);
#[cfg(target_arch = "x86_64")]
instruction_set!(avx2, "AVX2 with FMA", x86::Avx2, "avx2,fma");
#[cfg(all(
    target_arch = "wasm32",
    target_feature = "simd128",
    not(feature = "relaxed-simd")
))]
instruction_set!(simd128, "SIMD128", wasm::Plain);
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed-simd"))]
instruction_set!(relaxed, "relaxed SIMD", wasm::Relaxed, "relaxed-simd");

impl Kernels {
    /// The table for this machine and this build. `None` if the build does not have this arithmetic: one with relaxed SIMD has no
    /// reproducible arithmetic, since a page that wants it loads the other build, and a second set of tiles takes 3 kB.
    pub fn pick(arithmetic: Arithmetic) -> Option<&'static Self> {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128", feature = "relaxed-simd"))]
        return (arithmetic == Arithmetic::Fastest).then_some(&relaxed::KERNELS);
        #[cfg(all(
            target_arch = "wasm32",
            target_feature = "simd128",
            not(feature = "relaxed-simd")
        ))]
        return Some(match arithmetic {
            Arithmetic::Fastest | Arithmetic::Reproducible => &simd128::KERNELS,
        });
        #[cfg(target_arch = "x86_64")]
        if arithmetic == Arithmetic::Fastest && x86::available() {
            return Some(&avx2::KERNELS);
        }
        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        return Some(&plain::KERNELS);
    }

    /// Logits to pixels, in place.
    pub fn sigmoids(&self, values: &mut [f32]) {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.sigmoids)(values) }
    }

    /// Binary cross-entropy on logits, summed over one picture; the logits are replaced by their gradients times `scale`.
    pub fn bernoulli(&self, logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.bernoulli)(logits, pixels, scale) }
    }

    /// Squared error after the sigmoid, summed over one picture; the logits are replaced by their gradients times `scale`.
    pub fn gaussian(&self, logits: &mut [f32], pixels: &[f32], scale: f32) -> f32 {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.gaussian)(logits, pixels, scale) }
    }

    /// One step of Adam on part of the parameters.
    pub fn adam(&self, adam: Adam<'_>) {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.adam)(adam) }
    }

    /// Cuts rows into panels.
    pub fn pack(&self, pack: Pack<'_>) {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.pack)(pack) }
    }

    /// Turns rows into columns.
    pub fn transpose(&self, transpose: Transpose<'_>) {
        // SAFETY: `pick` hands out only what this machine can run.
        unsafe { (self.transpose)(transpose) }
    }
}
