//! Each kernel is compared with its definition, at sizes small enough for Miri.
//!
//! `cargo +nightly miri test -p latent-lab-kernels` interprets these tests with the portable kernels and detects every access that is
//! out of bounds, unaligned or uninitialized.

use latent_lab_kernels::{
    Adam, Arithmetic, Dot, Finish, Kernels, Pack, Product, Row, Tap, Transpose, all_finite, fair_share,
};

/// Error of sums of a few dozen f32 products in a different order, and of polynomials accurate to 1e-6.
const ROUNDING: f32 = 1e-5;

fn tables() -> Vec<&'static Kernels> {
    [Arithmetic::Fastest, Arithmetic::Reproducible]
        .into_iter()
        .filter_map(Kernels::pick)
        .collect()
}

/// A Weyl sequence: numbers between -1 and 1 that any language can reproduce.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|n| (n.wrapping_add(seed).wrapping_mul(2_654_435_761) >> 8) as f32 / 8_388_608.0 - 1.0)
        .collect()
}

fn assert_close(what: &str, got: &[f32], expected: &[f32]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= ROUNDING * expected.abs().max(1.0),
            "{what} at {at}: {got}, expected {expected}"
        );
    }
}

fn leaky(sum: f32) -> f32 {
    if sum < 0.0 { 0.2 * sum } else { sum }
}

/// Rows whose inputs overlap and whose outputs are in a different order.
fn rows(count: usize, columns: usize) -> Vec<Row> {
    (0..count)
        .map(|n| Row {
            input: (n * 3) as u32,
            output: ((count - 1 - n) * columns) as u32,
        })
        .collect()
}

#[test]
fn products_of_any_number_of_rows_and_steps_are_sums_over_taps() {
    for kernels in tables() {
        let (width, columns) = (kernels.width, 2 * kernels.width);
        for (count, depth) in [(1, 1), (2, 4), (3, 5), (5, 3), (7, 9), (13, 2)] {
            let rows = rows(count, columns);
            let taps = [(0, 0), (7, 1), (2, 2)].map(|(input, block)| Tap {
                input,
                panel: (block * depth * width) as u32,
            });
            let panel_stride = 3 * depth * width;
            let input = numbers(3 * count + 7 + depth, 1);
            let panels = numbers(2 * panel_stride, 2);
            let bias = numbers(columns, 3);
            let before = numbers(count * columns, 4);
            let activation = numbers(count * columns, 5);
            let sum = |row: &Row, column: usize| -> f32 {
                let panel = &panels[column / width * panel_stride..];
                taps.iter()
                    .flat_map(|tap| (0..depth).map(move |k| (tap, k)))
                    .map(|(tap, k)| {
                        input[row.input as usize + tap.input as usize + k]
                            * panel[tap.panel as usize + k * width + column % width]
                    })
                    .sum()
            };
            for (what, finish, bias) in [
                ("linear", Finish::Linear, Some(&bias[..])),
                ("leaky", Finish::Leaky, Some(&bias[..])),
                ("gradient", Finish::LeakyGradient(&activation), None),
                ("added", Finish::Add, None),
            ] {
                let mut output = before.clone();
                (kernels.product)(Product {
                    input: &input,
                    rows: &rows,
                    taps: &taps,
                    depth,
                    panels: &panels,
                    panel_stride,
                    bias,
                    columns,
                    finish,
                    output: &mut output,
                });
                let mut expected = before.clone();
                for row in &rows {
                    for column in 0..columns {
                        let at = row.output as usize + column;
                        let sum = sum(row, column) + bias.map_or(0.0, |bias| bias[column]);
                        expected[at] = match finish {
                            Finish::Linear => sum,
                            Finish::Leaky => leaky(sum),
                            Finish::LeakyGradient(_) if activation[at] < 0.0 => 0.2 * sum,
                            Finish::LeakyGradient(_) => sum,
                            Finish::Add => before[at] + sum,
                        };
                    }
                }
                let what = format!("{what}, {count} rows, depth {depth}, {}", kernels.name);
                assert_close(&what, &output, &expected);
            }
        }
    }
}

#[test]
fn dot_products_are_written_to_a_plane_for_each_channel() {
    for kernels in tables() {
        let depth = 2 * kernels.width;
        for count in [1, 3, 4, 6, 11] {
            let rows = rows(count, 1);
            let taps = [(5, 0), (0, 1)].map(|(input, block)| Tap {
                input,
                panel: (block * depth) as u32,
            });
            let input = numbers(3 * count + 5 + depth, 1);
            let weights = numbers(3 * 2 * depth, 2);
            let bias = [0.5, -0.25, 2.0];
            let mut output = vec![9.0; 3 * (count + 1)];
            (kernels.dot)(Dot {
                input: &input,
                rows: &rows,
                taps: &taps,
                depth,
                weights: &weights,
                weight_stride: 2 * depth,
                bias: &bias,
                channel_stride: count + 1,
                output: &mut output,
            });
            for (channel, bias) in bias.iter().enumerate() {
                let plane = &output[channel * (count + 1)..][..count + 1];
                assert_eq!(plane[count], 9.0, "a value after the plane was written");
                for row in &rows {
                    let products = taps.iter().flat_map(|tap| {
                        let weights = &weights[channel * 2 * depth + tap.panel as usize..][..depth];
                        let input = &input[(row.input + tap.input) as usize..][..depth];
                        input.iter().zip(weights).map(|(a, b)| a * b)
                    });
                    let expected = products.sum::<f32>() + bias;
                    let what = format!("channel {channel}, {count} rows, {}", kernels.name);
                    assert_close(&what, &[plane[row.output as usize]], &[expected]);
                }
            }
        }
    }
}

#[test]
fn sigmoids_losses_and_their_gradients_follow_the_formulas_for_any_number_of_values() {
    let sigmoid = |logit: f32| 1.0 / (1.0 + (-logit).exp());
    for kernels in tables() {
        for count in [1, 7, 16, 37] {
            let logits: Vec<f32> = numbers(count, 1).iter().map(|value| 8.0 * value).collect();
            let pixels: Vec<f32> = numbers(count, 2).iter().map(|value| value.abs()).collect();
            let pairs = || logits.iter().zip(&pixels);
            let what = format!("{count} values, {}", kernels.name);

            let mut values = logits.clone();
            kernels.sigmoids(&mut values);
            let expected: Vec<f32> = logits.iter().map(|&logit| sigmoid(logit)).collect();
            assert_close(&what, &values, &expected);

            let mut values = logits.clone();
            let loss = kernels.bernoulli(&mut values, &pixels, 0.5);
            let expected: Vec<f32> = pairs().map(|(l, x)| 0.5 * (sigmoid(*l) - x)).collect();
            assert_close(&what, &values, &expected);
            let entropy = pairs().map(|(l, x)| l.max(0.0) - l * x + (-l.abs()).exp().ln_1p());
            assert_close(&what, &[loss], &[entropy.sum()]);

            let mut values = logits.clone();
            let loss = kernels.gaussian(&mut values, &pixels, 0.5);
            let slope = |(l, x): (&f32, &f32)| (sigmoid(*l) - x) * sigmoid(*l) * (1.0 - sigmoid(*l));
            let expected: Vec<f32> = pairs().map(slope).collect();
            assert_close(&what, &values, &expected);
            let squares = pairs().map(|(l, x)| (sigmoid(*l) - x).powi(2));
            assert_close(&what, &[loss], &[squares.sum()]);
        }
    }
}

#[test]
fn a_step_of_adam_follows_the_paper() {
    for kernels in tables() {
        let count = 19;
        let gradient = numbers(count, 2);
        let (before, mut weights) = (numbers(count, 1), numbers(count, 1));
        let (mut first, mut second) = (vec![0.25; count], vec![0.5; count]);
        kernels.adam(Adam {
            weights: &mut weights,
            gradient: &gradient,
            first: &mut first,
            second: &mut second,
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            step_size: 0.1,
            second_correction: 2.0,
        });
        for at in 0..count {
            let m = 0.9 * 0.25 + 0.1 * gradient[at];
            let v = 0.999 * 0.5 + 0.001 * gradient[at] * gradient[at];
            let weight = before[at] - 0.1 * m / ((2.0 * v).sqrt() + 1e-8);
            assert_close(
                kernels.name,
                &[weights[at], first[at], second[at]],
                &[weight, m, v],
            );
        }
    }
}

#[test]
fn rows_and_parts_of_rows_are_packed_into_panels_with_sums_or_transposed_into_columns() {
    for kernels in tables() {
        let (width, columns, count) = (kernels.width, 2 * kernels.width, 7);
        let rows = numbers(count * columns, 1);
        let stride = count * width + 3;
        let (mut panels, mut sums) = (vec![9.0; 2 * stride], vec![1.0; columns]);
        kernels.pack(Pack {
            rows: &rows,
            stride: columns,
            columns,
            panels: &mut panels,
            sums: Some(&mut sums),
            panel_stride: stride,
        });
        let mut second = vec![9.0; count * width];
        kernels.pack(Pack {
            rows: &rows[width..],
            stride: columns,
            columns: width,
            panels: &mut second,
            sums: None,
            panel_stride: stride,
        });
        assert_eq!(second, panels[stride..][..count * width], "{}", kernels.name);
        let mut turned = vec![9.0; columns * (count + 2)];
        kernels.transpose(Transpose {
            rows: &rows,
            columns,
            turned: &mut turned,
            stride: count + 2,
        });
        for column in 0..columns {
            let values: Vec<f32> = (0..count).map(|row| rows[row * columns + column]).collect();
            let packed: Vec<f32> = (0..count)
                .map(|row| panels[column / width * stride + row * width + column % width])
                .collect();
            assert_eq!(packed, values, "{}", kernels.name);
            assert_close(kernels.name, &[sums[column]], &[1.0 + values.iter().sum::<f32>()]);
            let (turned, behind) = turned[column * (count + 2)..][..count + 2].split_at(count);
            assert_eq!((turned, behind), (&values[..], &[9.0; 2][..]), "{}", kernels.name);
        }
    }
}

#[test]
fn a_value_that_is_not_finite_is_found_at_any_position() {
    for at in 0..9 {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut values = [1.0; 9];
            assert!(all_finite(&values));
            values[at] = value;
            assert!(!all_finite(&values));
        }
    }
}

#[test]
fn shares_add_up_to_the_total_and_are_never_small() {
    for left in 1..100 {
        let (mut rest, mut shares) = (left, Vec::new());
        while rest > 0 {
            shares.push(fair_share(rest, 6));
            rest -= shares[shares.len() - 1];
        }
        assert!(shares.iter().all(|share| (1..=6).contains(share)));
        assert!(left < 6 || shares.iter().all(|share| *share >= 3), "{shares:?}");
    }
}
