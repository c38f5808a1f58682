//! The machine's own limit: multiply-adds per second of one thread in the inner loop of any matrix product, a tile of sums
//! in registers whose operands come from the first-level cache. `limit.mjs` measures the same in WebAssembly.

use std::{hint::black_box, time::Instant};

/// The speed of one instruction set.
pub(crate) struct Limit {
    /// As the engine calls the instruction set.
    pub(crate) variant: &'static str,
    /// A multiply-add counts as two operations.
    pub(crate) gflops: f64,
}

/// Steps of one turn.
const STEPS: usize = 4;
/// Registers in one row of sums.
const COLUMNS: usize = 2;
const TURNS: u32 = 300_000;
const SAMPLES: usize = 20;

/// Operands of one turn. Its steps cancel each other without a rounding, so that sums never grow.
struct Operands<const LANES: usize, const ROWS: usize> {
    inputs: [[f32; STEPS]; ROWS],
    weights: [[[f32; LANES]; COLUMNS]; STEPS],
}

impl<const LANES: usize, const ROWS: usize> Operands<LANES, ROWS> {
    fn new() -> Self {
        let weight = |step: usize| if step.is_multiple_of(2) { 0.5 } else { -0.5 };
        Self {
            inputs: [[0.75; STEPS]; ROWS],
            weights: std::array::from_fn(|step| [[weight(step); LANES]; COLUMNS]),
        }
    }

    /// Best of some samples: disturbances only make a measurement longer.
    fn measure(&self, variant: &'static str, run: impl Fn(&Self) -> f32) -> Limit {
        let operations = f64::from(TURNS) * (2 * LANES * ROWS * COLUMNS * STEPS) as f64;
        let gflops = (0..SAMPLES).map(|_| {
            let start = Instant::now();
            let end = black_box(run(self));
            let seconds = start.elapsed().as_secs_f64();
            assert!(end == (ROWS * COLUMNS) as f32, "the sums end at {end} in all");
            operations / seconds / 1e9
        });
        Limit {
            variant,
            gflops: gflops.fold(0.0, f64::max),
        }
    }
}

/// The limits of the instruction sets that the engine knows and this machine has.
#[cfg(target_arch = "x86_64")]
pub(crate) fn all() -> Vec<Limit> {
    let mut limits = Vec::new();
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        limits.push(Operands::new().measure("AVX2 with FMA", |operands| {
            // SAFETY: the machine has these features, as was just asked.
            unsafe { x86::fused(operands) }
        }));
    }
    limits.push(Operands::new().measure("plain Rust", |operands| {
        // SAFETY: every x86-64 has SSE.
        unsafe { x86::separate(operands) }
    }));
    limits
}

/// The limit of four lanes as the compiler makes them.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn all() -> Vec<Limit> {
    vec![Operands::new().measure("plain Rust", portable)]
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::{
        arch::x86_64::{
            _mm_add_ps, _mm_cvtss_f32, _mm_loadu_ps, _mm_mul_ps, _mm_set1_ps, _mm256_cvtss_f32,
            _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps,
        },
        hint::black_box,
    };

    use super::{COLUMNS, Operands, STEPS, TURNS};

    /// Eight lanes, multiply and add in one instruction: twelve sums, two weights and an input in sixteen registers.
    #[target_feature(enable = "avx2,fma")]
    pub(super) fn fused(operands: &Operands<8, 6>) -> f32 {
        let mut sums = [[_mm256_set1_ps(1.0); COLUMNS]; 6];
        for _ in 0..TURNS {
            // Hidden from the compiler, so that it must load them.
            let operands = black_box(operands);
            for step in 0..STEPS {
                // SAFETY: each is an array of as many values as are loaded.
                let weights = operands.weights[step]
                    .each_ref()
                    .map(|w| unsafe { _mm256_loadu_ps(w.as_ptr()) });
                for (row, inputs) in sums.iter_mut().zip(&operands.inputs) {
                    let input = _mm256_set1_ps(inputs[step]);
                    row[0] = _mm256_fmadd_ps(input, weights[0], row[0]);
                    row[1] = _mm256_fmadd_ps(input, weights[1], row[1]);
                }
            }
        }
        sums.as_flattened().iter().map(|&sum| _mm256_cvtss_f32(sum)).sum()
    }

    /// Four lanes, multiply, then add: ten sums, since the product needs a register too.
    #[target_feature(enable = "sse")]
    pub(super) fn separate(operands: &Operands<4, 5>) -> f32 {
        let mut sums = [[_mm_set1_ps(1.0); COLUMNS]; 5];
        for _ in 0..TURNS {
            let operands = black_box(operands);
            for step in 0..STEPS {
                // SAFETY: each is an array of as many values as are loaded.
                let weights = operands.weights[step]
                    .each_ref()
                    .map(|w| unsafe { _mm_loadu_ps(w.as_ptr()) });
                for (row, inputs) in sums.iter_mut().zip(&operands.inputs) {
                    let input = _mm_set1_ps(inputs[step]);
                    row[0] = _mm_add_ps(_mm_mul_ps(input, weights[0]), row[0]);
                    row[1] = _mm_add_ps(_mm_mul_ps(input, weights[1]), row[1]);
                }
            }
        }
        sums.as_flattened().iter().map(|&sum| _mm_cvtss_f32(sum)).sum()
    }
}

/// Four lanes in arrays, which compilers turn into vectors.
#[cfg(not(target_arch = "x86_64"))]
fn portable(operands: &Operands<4, 5>) -> f32 {
    let mut sums = [[[1.0_f32; 4]; COLUMNS]; 5];
    for _ in 0..TURNS {
        let operands = black_box(operands);
        for step in 0..STEPS {
            for (row, inputs) in sums.iter_mut().zip(&operands.inputs) {
                for (sum, weights) in row.iter_mut().zip(&operands.weights[step]) {
                    for (lane, weight) in sum.iter_mut().zip(weights) {
                        *lane += inputs[step] * weight;
                    }
                }
            }
        }
    }
    sums.as_flattened().iter().map(|lanes| lanes[0]).sum()
}
