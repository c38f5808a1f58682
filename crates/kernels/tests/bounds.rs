//! Callers can pass any offsets and sizes, but no safe function may access memory outside its slices.
//!
//! Each case corrupts one field of a valid call. In release builds sums wrap silently, so each panic must come from the check itself and
//! not from the overflow check of a debug build.

use std::panic::{AssertUnwindSafe, catch_unwind};

use latent_lab_kernels::{Arithmetic, Dot, Finish, Kernels, Pack, Product, Row, Tap, Transpose};

/// Sizes that wrap to a small number when they are added to an offset or multiplied by a width.
const HOSTILE: [usize; 6] = [
    usize::MAX,
    usize::MAX - 15,
    usize::MAX / 2 + 1,
    usize::MAX / 4 + 1,
    usize::MAX / 8 + 1,
    usize::MAX / 16 + 1,
];

fn tables() -> Vec<&'static Kernels> {
    [Arithmetic::Fastest, Arithmetic::Reproducible]
        .into_iter()
        .filter_map(Kernels::pick)
        .collect()
}

/// Runs `call` with every set of kernels; it must panic in a check of bounds or shape.
fn refused(what: &str, call: impl Fn(&Kernels)) {
    for kernels in tables() {
        let panic = catch_unwind(AssertUnwindSafe(|| call(kernels)))
            .expect_err(&format!("{what} was accepted by {}", kernels.name));
        let message = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        assert!(
            ["out of bounds", "whole "]
                .iter()
                .any(|part| message.contains(part)),
            "{what} with {}: {message}",
            kernels.name
        );
    }
}

/// The fields of a product of 2 rows with 2 taps and 16 columns.
#[derive(Clone, Copy)]
struct Sizes {
    row: Row,
    tap: Tap,
    depth: usize,
    panel_stride: usize,
    columns: usize,
    weight_stride: usize,
    channel_stride: usize,
}

const GOOD: Sizes = Sizes {
    row: Row {
        input: 16,
        output: 16,
    },
    tap: Tap { input: 16, panel: 64 },
    depth: 16,
    panel_stride: 512,
    columns: 16,
    weight_stride: 512,
    channel_stride: 64,
};

fn product(kernels: &Kernels, sizes: Sizes, finish: Finish<'_>) -> Vec<f32> {
    let (input, panels, bias) = ([0.5; 64], [0.25; 1024], [1.0; 16]);
    let mut output = vec![0.0; 64];
    (kernels.product)(Product {
        input: &input,
        rows: &[Row::default(), sizes.row],
        taps: &[Tap { input: 0, panel: 0 }, sizes.tap],
        depth: sizes.depth,
        panels: &panels,
        panel_stride: sizes.panel_stride,
        bias: Some(&bias),
        columns: sizes.columns,
        finish,
        output: &mut output,
    });
    output
}

fn dot(kernels: &Kernels, sizes: Sizes) -> Vec<f32> {
    let (input, weights, bias) = ([0.5; 64], [0.25; 1024], [1.0; 2]);
    let mut output = vec![0.0; 128];
    (kernels.dot)(Dot {
        input: &input,
        rows: &[Row::default(), sizes.row],
        taps: &[Tap { input: 0, panel: 0 }, sizes.tap],
        depth: sizes.depth,
        weights: &weights,
        weight_stride: sizes.weight_stride,
        bias: &bias,
        channel_stride: sizes.channel_stride,
        output: &mut output,
    });
    output
}

fn pack(kernels: &Kernels, columns: usize, panel_stride: usize) -> Vec<f32> {
    let mut panels = vec![0.0; 128];
    kernels.pack(Pack {
        rows: &[0.5; 64],
        stride: columns,
        columns,
        panels: &mut panels,
        sums: None,
        panel_stride,
    });
    panels
}

fn transpose(kernels: &Kernels, columns: usize, stride: usize) -> Vec<f32> {
    let mut turned = vec![0.0; 64];
    kernels.transpose(Transpose {
        rows: &[0.5; 64],
        columns,
        turned: &mut turned,
        stride,
    });
    turned
}

#[test]
fn the_calls_that_are_corrupted_below_are_valid() {
    for kernels in tables() {
        // Two taps with 16 products of 0.5 and 0.25 each, and the bias.
        assert_eq!(product(kernels, GOOD, Finish::Linear)[16..32], [5.0; 16]);
        assert_eq!(dot(kernels, GOOD)[16], 5.0);
        assert_eq!(pack(kernels, 32, 32)[..16], [0.5; 16]);
        assert_eq!(transpose(kernels, 16, 4), [0.5; 64]);
    }
}

#[test]
fn a_product_whose_offsets_or_sizes_wrap_is_refused() {
    for size in HOSTILE {
        let spoiled = [
            ("depth", Sizes { depth: size, ..GOOD }),
            (
                "columns",
                Sizes {
                    columns: size,
                    ..GOOD
                },
            ),
            (
                "columns, whole",
                Sizes {
                    columns: size / 16 * 16,
                    ..GOOD
                },
            ),
            (
                "panel stride",
                Sizes {
                    panel_stride: size,
                    columns: 32,
                    ..GOOD
                },
            ),
        ];
        for (what, sizes) in spoiled {
            refused(&format!("{what} {size}"), |kernels| {
                product(kernels, sizes, Finish::Linear);
            });
        }
    }
    for offset in [64, u32::MAX - 15, u32::MAX] {
        for (what, row, tap) in misplaced(offset, offset.saturating_mul(16)) {
            refused(&format!("{what} {offset}"), |kernels| {
                product(kernels, Sizes { row, tap, ..GOOD }, Finish::Linear);
            });
        }
    }
}

#[test]
fn a_product_with_too_few_activations_is_refused() {
    refused("63 activations for 64 outputs", |kernels| {
        product(kernels, GOOD, Finish::LeakyGradient(&[0.0; 63]));
    });
}

#[test]
fn dot_products_whose_offsets_or_sizes_wrap_are_refused() {
    for size in HOSTILE {
        for (what, sizes) in [
            ("depth", Sizes { depth: size, ..GOOD }),
            (
                "depth, whole",
                Sizes {
                    depth: size / 16 * 16,
                    ..GOOD
                },
            ),
            (
                "weight stride",
                Sizes {
                    weight_stride: size,
                    ..GOOD
                },
            ),
            (
                "channel stride",
                Sizes {
                    channel_stride: size,
                    ..GOOD
                },
            ),
        ] {
            refused(&format!("{what} {size}"), |kernels| {
                dot(kernels, sizes);
            });
        }
    }
    for offset in [1024, u32::MAX - 15, u32::MAX] {
        for (what, row, tap) in misplaced(offset, offset) {
            refused(&format!("{what} {offset}"), |kernels| {
                dot(kernels, Sizes { row, tap, ..GOOD });
            });
        }
    }
}

#[test]
fn packing_or_transposing_rows_beyond_the_end_is_refused() {
    for size in HOSTILE {
        refused(&format!("panel stride {size}"), |kernels| {
            pack(kernels, 32, size);
        });
        refused(&format!("column stride {size}"), |kernels| {
            transpose(kernels, 16, size);
        });
    }
    for columns in [0, 3, 20] {
        refused(&format!("{columns} columns"), |kernels| {
            pack(kernels, columns, 32);
        });
    }
    for columns in [0, 3] {
        refused(&format!("{columns} columns"), |kernels| {
            transpose(kernels, columns, 4);
        });
    }
}

/// Rows and taps of [`GOOD`], each with one offset replaced.
fn misplaced(offset: u32, panel: u32) -> [(&'static str, Row, Tap); 4] {
    [
        (
            "row's input",
            Row {
                input: offset,
                ..GOOD.row
            },
            GOOD.tap,
        ),
        (
            "row's output",
            Row {
                output: offset,
                ..GOOD.row
            },
            GOOD.tap,
        ),
        (
            "tap's input",
            GOOD.row,
            Tap {
                input: offset,
                ..GOOD.tap
            },
        ),
        ("tap's panel", GOOD.row, Tap { panel, ..GOOD.tap }),
    ]
}
