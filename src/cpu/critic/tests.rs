//! The critic compared with direct definitions and finite differences.

use latent_lab_kernels::{Arithmetic, Kernels};

use super::{
    spectral::Spectra,
    view::{Limits, View},
    *,
};
use crate::latent::normal_draws;

/// With a gain, so that one that a pass forgets is detected.
const SHAPE: ([usize; 4], f32) = (FILTERS, 3.0);

fn image(channels: usize, height: usize, width: usize) -> ImageShape {
    ImageShape {
        channels,
        height,
        width,
    }
}

/// One to four convolutions, odd sides, both numbers of channels.
fn images() -> [ImageShape; 4] {
    [
        image(1, 8, 8),
        image(3, 13, 22),
        image(1, 28, 28),
        image(3, 97, 96),
    ]
}

/// A critic with the buffers that a pass needs.
struct Bench {
    critic: Critic,
    kernels: &'static Kernels,
    parameters: Vec<f32>,
    panels: Panels,
    work: Workspace,
}

impl Bench {
    fn new(image: ImageShape) -> Self {
        let kernels = Kernels::pick(Arithmetic::Reproducible).unwrap();
        let critic = Critic::new(image, SHAPE, kernels.width);
        let mut raw = critic.initial(4);
        // The biases are nonzero, so that errors in their gradients or in the padding are detected.
        for layer in critic.layers() {
            for value in &mut raw[layer.place.bias..][..layer.output.used] {
                *value = 0.1;
            }
        }
        let mut parameters = Vec::new();
        Spectra::new(&critic, &raw, 4).normalized(&critic, &raw, &mut parameters);
        let mut bench = Self {
            critic,
            kernels,
            parameters: Vec::new(),
            panels: Panels::default(),
            work: Workspace::default(),
        };
        bench.set(parameters);
        bench
    }

    fn set(&mut self, parameters: Vec<f32>) {
        self.critic.pack(self.kernels, &parameters, &mut self.panels);
        self.parameters = parameters;
    }

    /// A judge and its workspace.
    fn judge(&mut self) -> (Judge<'_>, &mut Workspace) {
        let judge = Judge {
            critic: &self.critic,
            kernels: self.kernels,
            parameters: &self.parameters,
            panels: &self.panels,
        };
        (judge, &mut self.work)
    }

    fn opinion(&mut self, views: &[f32]) -> Opinion {
        let n = views.len() / self.critic.image.len();
        let mut opinion = Opinion::default();
        let (judge, _) = self.judge();
        judge.see(views, &mut opinion);
        judge.judge(n, &mut opinion);
        opinion
    }

    /// The weighted sum of the verdicts.
    fn weighted(&mut self, views: &[f32], weights: &[f32]) -> f64 {
        let verdicts = self.opinion(views).verdicts;
        let products = verdicts.iter().zip(weights);
        products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }
}

fn views(image: ImageShape, n: usize, seed: u64) -> Vec<f32> {
    let draws = normal_draws(seed, 0, n * image.len());
    draws.iter().map(|draw| 0.5 * draw).collect()
}

fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

/// A direction of length about 1.4, half along the gradient, so that a wrong gradient is detected.
fn direction(gradient: &[f32], seed: u64) -> Vec<f32> {
    let random = normal_draws(seed, 1, gradient.len());
    let scales = (1.0 / length(gradient), 1.0 / length(&random));
    let pairs = gradient.iter().zip(&random);
    pairs.map(|(g, r)| g * scales.0 + r * scales.1).collect()
}

fn slope(gradient: &[f32], direction: &[f32]) -> f64 {
    let products = gradient.iter().zip(direction);
    products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Compares the central difference for a step with the slope. Errors by kinks of leaky ReLU and f32 sums are below 2 % of the gradient's
/// length.
fn assert_slope(
    what: &str,
    gradient: &[f32],
    direction: &[f32],
    step: f32,
    mut side: impl FnMut(f32) -> f64,
) {
    let difference = (side(step) - side(-step)) / (2.0 * f64::from(step));
    let (expected, scale) = (slope(gradient, direction), f64::from(length(gradient)));
    assert!(
        scale > 0.0 && (difference - expected).abs() < 0.02 * scale,
        "{what}: slope {expected}, difference {difference}, length {scale}"
    );
}

#[test]
fn smaller_pictures_have_fewer_convolutions() {
    let depths = images().map(|image| Critic::new(image, SHAPE, 8).convolutions.len() + 1);
    assert_eq!(depths, [1, 2, 3, 4]);
}

#[test]
fn parameters_survive_conversion_to_a_vector_for_any_width() {
    for width in [8, 16] {
        let critic = Critic::new(image(3, 13, 22), SHAPE, width);
        let values: Vec<f32> = (0..critic.len()).map(|at| at as f32).collect();
        let vector = critic.scatter(&values);
        assert_eq!(critic.gather(&vector), values);
        assert_eq!(vector.len(), critic.parameters);
    }
    let [narrow, wide] = [8, 16].map(|width| Critic::new(image(1, 28, 28), SHAPE, width));
    assert_eq!(narrow.gather(&narrow.initial(7)), wide.gather(&wide.initial(7)));
}

/// The definition as plain loops.
#[test]
fn a_verdict_is_the_mean_over_patches_and_the_whole_of_the_last_features() {
    let shape = image(1, 8, 8);
    let mut bench = Bench::new(shape);
    let view = views(shape, 1, 3);
    let found = bench.opinion(&view).verdicts[0];

    let (critic, parameters) = (&bench.critic, &bench.parameters);
    let weight = |layer: &Layer, block: usize, from: usize, to: usize| {
        parameters[layer.place.weight + (block * layer.input.padded + from) * layer.output.padded + to]
    };
    let bias = |layer: &Layer, to: usize| parameters[layer.place.bias + to];
    let filters = critic.first.output.used;
    let mut features = vec![[[0.0_f32; 4]; 4]; filters];
    let places = || (0..4).flat_map(|y| (0..4).map(move |x| (y, x)));
    for (filter, map) in features.iter_mut().enumerate() {
        for (y, x) in places() {
            let mut sum = bias(&critic.first, filter);
            for (at, (ky, kx)) in places().enumerate() {
                let (row, column) = (2 * y + ky, 2 * x + kx);
                if (1..9).contains(&row) && (1..9).contains(&column) {
                    sum += view[(row - 1) * 8 + column - 1] * weight(&critic.first, 0, at, filter);
                }
            }
            map[y][x] = sum.max(0.2 * sum);
        }
    }
    let mut verdict = bias(&critic.global, 0) + bias(&critic.patch, 0);
    for (filter, map) in features.iter().enumerate() {
        for (y, x) in places() {
            verdict += map[y][x] * weight(&critic.global, 4 * y + x, filter, 0);
            for (block, (ky, kx)) in (0..3).flat_map(|ky| (0..3).map(move |kx| (ky, kx))).enumerate() {
                // The patch around (py, px) has (y, x) at (ky, kx).
                let (py, px) = (y + 1, x + 1);
                let inside = (ky..ky + 4).contains(&py) && (kx..kx + 4).contains(&px);
                if inside {
                    verdict += map[y][x] * weight(&critic.patch, block, filter, 0) / 16.0;
                }
            }
        }
    }
    verdict *= critic.gain;
    // The tolerance is for f32 sums of a few hundred products.
    assert!((verdict - found).abs() < 1e-4, "{verdict} and {found}");
}

#[test]
fn gradients_of_all_weights_agree_with_finite_differences() {
    for shape in images() {
        let mut bench = Bench::new(shape);
        let n = 3;
        let (seen, weights) = (views(shape, n, 1), [1.0, -0.5, 2.0]);
        let opinion = bench.opinion(&seen);
        let mut gradient = vec![0.0; bench.critic.parameters];
        let (judge, work) = bench.judge();
        judge.add_gradient(&weights, &opinion, work, &mut gradient);
        let start = bench.parameters.clone();
        let places: Vec<_> = (bench.critic.layers())
            .flat_map(|layer| {
                let (weight, bias) = (layer.place.weight, layer.place.bias);
                [
                    weight..weight + layer.weight_len(),
                    bias..bias + layer.output.used,
                ]
            })
            .collect();
        for range in places {
            let part = &gradient[range.clone()];
            let mut direction = direction(part, 9);
            // The padding stays zero.
            for (value, start) in direction.iter_mut().zip(&start[range.clone()]) {
                *value = if *start == 0.0 { 0.0 } else { *value };
            }
            assert_slope(&format!("{shape:?} {range:?}"), part, &direction, 2e-3, |step| {
                let mut moved = start.clone();
                for (value, d) in moved[range.clone()].iter_mut().zip(&direction) {
                    *value += step * d;
                }
                bench.set(moved);
                bench.weighted(&seen, &weights)
            });
            bench.set(start.clone());
        }
    }
}

#[test]
fn gradients_by_pictures_agree_with_finite_differences_with_and_without_features() {
    for shape in images() {
        let mut bench = Bench::new(shape);
        let n = 2;
        let (seen, real, weights) = (views(shape, n, 1), views(shape, n, 2), [1.0, -0.5]);
        let (opinion, target) = (bench.opinion(&seen), bench.opinion(&real));
        for scale in [0.0, 3.0] {
            let features = (scale > 0.0).then_some(Features {
                target: &target,
                scale,
            });
            let mut gradient = vec![f32::NAN; seen.len()];
            let (judge, work) = bench.judge();
            judge.view_gradient(&weights, &opinion, features, work, &mut gradient);
            let direction = direction(&gradient, 8);
            assert_slope(
                &format!("{shape:?} {scale}"),
                &gradient,
                &direction,
                5e-3,
                |step| {
                    let pairs = seen.iter().zip(&direction);
                    let moved: Vec<f32> = pairs.map(|(value, d)| value + step * d).collect();
                    let verdicts = bench.weighted(&moved, &weights);
                    let opinion = bench.opinion(&moved);
                    let (judge, _) = bench.judge();
                    verdicts + f64::from(scale) * judge.feature_loss(n, &opinion, &target)
                },
            );
        }
    }
}

const LIMITS: Limits = Limits {
    brightness: 0.2,
    contrast: 0.3,
    shift: 0.25,
    closeups: 0.5,
};

#[test]
fn the_gradient_of_a_view_is_the_transpose_of_the_view() {
    let shape = image(3, 9, 12);
    for index in 0..20 {
        let view = View::draw(shape, LIMITS, 1, index);
        let [picture, change, weights] = [1, 2, 3].map(|seed| normal_draws(seed, index, shape.len()));
        let shown = |picture: &[f32]| {
            let mut shown = vec![f32::NAN; shape.len()];
            view.show(shape, picture, &mut shown);
            shown
        };
        let moved: Vec<f32> = picture.iter().zip(&change).map(|(a, b)| a + b).collect();
        let (before, after) = (shown(&picture), shown(&moved));
        let difference = slope(&after, &weights) - slope(&before, &weights);
        let mut back = vec![f32::NAN; shape.len()];
        view.back(shape, &weights, &mut back);
        // A view is affine, so a large step is exact except for rounding.
        assert!((difference - slope(&back, &change)).abs() < 1e-3);
    }
}

#[test]
fn a_view_with_limits_of_zero_is_the_picture_scaled_to_minus_one_to_one() {
    let shape = image(1, 4, 5);
    let none = Limits {
        brightness: 0.0,
        contrast: 0.0,
        shift: 0.0,
        closeups: 0.0,
    };
    let picture: Vec<f32> = (0..20).map(|at| at as f32 / 16.0).collect();
    let mut shown = vec![0.0; 20];
    View::draw(shape, none, 1, 1).show(shape, &picture, &mut shown);
    assert!((picture.iter().zip(&shown)).all(|(a, b)| (2.0 * a - 1.0 - b).abs() < 1e-6));
}

#[test]
fn shifts_are_whole_pixels_in_both_directions_and_edges_are_mirrored() {
    let shape = image(1, 16, 16);
    let only_shift = Limits {
        brightness: 0.0,
        contrast: 0.0,
        closeups: 0.0,
        ..LIMITS
    };
    let picture: Vec<f32> = (0..256).map(|at| (at % 16) as f32).collect();
    let mut counts = [0; 9];
    for index in 0..900 {
        let mut shown = vec![0.0; 256];
        View::draw(shape, only_shift, 2, index).show(shape, &picture, &mut shown);
        let line: Vec<i32> = shown[..16]
            .iter()
            .map(|value| ((value + 1.0) / 2.0).round() as i32)
            .collect();
        let shift = 8 - line[8];
        counts[(shift + 4) as usize] += 1;
        let mirrored = |at: i32| (at - shift).abs().min(30 - (at - shift).abs());
        assert!((0..16).all(|at| line[at as usize] == mirrored(at)), "{line:?}");
    }
    // Each of the nine shifts occurs about 100 times, within five standard deviations of 9.4.
    assert!(counts.iter().all(|count| (53..147).contains(count)), "{counts:?}");
}

#[test]
fn a_closeup_shows_the_middle_at_twice_its_size_as_often_as_asked_for() {
    let shape = image(1, 8, 16);
    let picture: Vec<f32> = (0..128).map(|at| at as f32).collect();
    let limits = Limits {
        brightness: 0.0,
        contrast: 0.0,
        shift: 0.0,
        closeups: 0.25,
    };
    let whole: Vec<f32> = picture.iter().map(|value| 2.0 * value - 1.0).collect();
    let middle: Vec<f32> = (0..128)
        .map(|at| 2.0 * picture[(2 + at / 32) * 16 + 4 + at % 16 / 2] - 1.0)
        .collect();
    let mut closeups = 0;
    for index in 0..400 {
        let mut shown = vec![0.0; 128];
        View::draw(shape, limits, 3, index).show(shape, &picture, &mut shown);
        assert!(shown == whole || shown == middle, "{shown:?}");
        closeups += u32::from(shown == middle);
    }
    // Within five standard deviations of 8.7.
    assert!((57..144).contains(&closeups), "{closeups}");
}

#[test]
fn views_that_are_not_closeups_are_those_drawn_without_closeups() {
    let shape = image(3, 12, 12);
    for index in 0..50 {
        let [none, hardly_any] = [0.0, f32::MIN_POSITIVE].map(|closeups| Limits { closeups, ..LIMITS });
        assert_eq!(
            View::draw(shape, none, 5, index),
            View::draw(shape, hardly_any, 5, index)
        );
    }
}
