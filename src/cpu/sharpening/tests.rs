//! A step of network and critic compared with finite differences, with direct definitions, and with itself on other numbers of threads.

mod schedule;

use super::*;
use crate::{
    config::{ImageShape, LayerConfig, Likelihood},
    cpu::CpuEngine,
    engine::Engine,
    latent::normal_draws,
};

fn config(kind: Kind, image: (usize, usize, usize), filters: &[usize]) -> ModelConfig {
    let (channels, height, width) = image;
    let layer = |&filters| LayerConfig {
        filters,
        kernel: 3,
        stride: 2,
    };
    ModelConfig {
        image: ImageShape {
            channels,
            height,
            width,
        },
        layers: filters.iter().map(layer).collect(),
        latent: 3,
        kind,
        likelihood: Likelihood::Gaussian,
    }
}

/// Both kinds, one and three channels, odd sides.
fn configs() -> [ModelConfig; 2] {
    [
        config(Kind::Variational, (3, 9, 12), &[5, 12]),
        config(Kind::Autoencoder, (1, 16, 16), &[8]),
    ]
}

/// Weights of the parts of the loss, large enough that an error in any part is detected in the gradient.
const OPTIONS: SharpenOptions = SharpenOptions {
    pixels: 10.0,
    middle: 0.4,
    features: 4.0,
    verdict: 3.0,
    kl: 0.05,
    noise: 0.7,
    encoder_rate: 1e-3,
    decoder_rate: 1e-3,
    critic_rate: 2e-3,
    betas: [0.5, 0.99],
    encoder_waits: 0,
    encoder_stops: u64::MAX,
    network_waits: 0,
    critic_steps: 1,
    critic_gain: 2.0,
    critic_filters: [8, 16, 24, 32],
    average: 0.9,
    brightness: 0.15,
    contrast: 0.25,
    shift: 0.1,
    temperature: 0.8,
    closeups: 0.25,
};

/// The owned parts of a batch.
struct Inputs {
    pixels: Vec<f32>,
    noise: Vec<f32>,
    along: Vec<f32>,
    random: Vec<f32>,
    views: Vec<View>,
}

impl Inputs {
    fn new(config: &ModelConfig, n: usize, seed: u64) -> Self {
        let draws = normal_draws(11, seed, n * config.image.len());
        let half = n.div_ceil(2);
        let view = |at: usize| View::draw(config.image, OPTIONS.limits(), seed, at as u64);
        Self {
            pixels: draws.iter().map(|draw| 1.0 / (1.0 + libm::expf(-draw))).collect(),
            noise: normal_draws(12, seed, n * config.latent),
            along: (0..half).map(|at| 0.3 + 0.1 * at as f32).collect(),
            random: normal_draws(13, seed, half * config.latent),
            views: (0..n + 2 * half).map(view).collect(),
        }
    }

    fn batch(&self) -> SharpenBatch<'_> {
        SharpenBatch {
            pixels: &self.pixels,
            noise: &self.noise,
            along: &self.along,
            random: &self.random,
            views: &self.views,
        }
    }
}

fn contest(config: &ModelConfig, options: SharpenOptions, arithmetic: Arithmetic, threads: usize) -> Contest {
    let weights = Weights::init(config, 5);
    Contest::new(config, &weights, (options, 1), (arithmetic, threads)).unwrap()
}

/// Both gradients of a batch, without a step. Pictures halfway between others have the latents `drawn`, or by default their own.
fn gradients(
    contest: &mut Contest,
    inputs: &Inputs,
    n: usize,
    drawn: Option<&[f32]>,
) -> (SharpenLosses, Vec<f32>) {
    let batch = inputs.batch();
    contest.cut(n, 2 * inputs.along.len());
    contest.encode_round(batch);
    let drawn = drawn.map_or_else(|| contest.drawn_latents(batch), <[f32]>::to_vec);
    contest.critic_round(batch, &drawn);
    contest.network_round(batch);
    (contest.losses(n), drawn)
}

fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

/// A direction half along the gradient, so that a wrong gradient is detected, and zero in the padding.
fn direction(gradient: &[f32]) -> Vec<f32> {
    let random = normal_draws(17, 0, gradient.len());
    let scales = (1.0 / length(gradient), 1.0 / length(&random));
    let pairs = gradient.iter().zip(&random);
    let part = |(g, r): (&f32, &f32)| {
        if *g == 0.0 {
            0.0
        } else {
            g * scales.0 + r * scales.1
        }
    };
    pairs.map(part).collect()
}

fn assert_slope(what: &str, gradient: &[f32], mut side: impl FnMut(&[f32], f32) -> f64) {
    let (direction, step) = (direction(gradient), 5e-4);
    let difference = (side(&direction, step) - side(&direction, -step)) / (2.0 * f64::from(step));
    let products = gradient.iter().zip(&direction);
    let expected: f64 = products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    let scale = f64::from(length(gradient));
    // The tolerance is for kinks of leaky ReLU, absolute values and the hinge within the step, and for f32 sums.
    assert!(
        scale > 1e-4 && (difference - expected).abs() < 0.02 * scale,
        "{what}: slope {expected}, difference {difference}, length {scale}"
    );
}

/// The loss that the network minimizes, by its definition.
fn network_loss(losses: SharpenLosses) -> f64 {
    let weighted = [
        (OPTIONS.pixels, losses.pixels),
        (OPTIONS.features, losses.features),
        (-OPTIONS.verdict, losses.fake),
        (OPTIONS.kl, losses.kl),
    ];
    weighted
        .iter()
        .map(|&(weight, loss)| f64::from(weight) * f64::from(loss))
        .sum()
}

#[test]
fn gradients_of_the_whole_loss_agree_with_finite_differences_in_every_layer() {
    for config in configs() {
        let n = 5;
        let inputs = Inputs::new(&config, n, 1);
        let mut contest = contest(&config, OPTIONS, Arithmetic::Reproducible, 1);
        let (_, drawn) = gradients(&mut contest, &inputs, n, None);
        let gradient = contest.gradient.clone();
        let start = contest.generator.weights.clone();
        let places: Vec<_> = (contest.network.layers())
            .map(|layer| layer.place.weight..layer.place.weight + layer.weight_len())
            .chain(std::iter::once(
                contest.network.last_bias..contest.network.last_bias + config.image.channels,
            ))
            .collect();
        for range in places {
            let what = format!("{:?} {range:?}", config.kind);
            assert_slope(&what, &gradient[range.clone()], |direction, step| {
                contest.generator.weights.copy_from_slice(&start);
                for (value, d) in contest.generator.weights[range.clone()].iter_mut().zip(direction) {
                    *value += step * d;
                }
                contest.pack_generator();
                network_loss(gradients(&mut contest, &inputs, n, Some(&drawn)).0)
            });
        }
    }
}

#[test]
fn gradients_of_the_hinge_loss_agree_with_finite_differences_in_every_layer_of_the_critic() {
    for config in configs() {
        let n = 5;
        let inputs = Inputs::new(&config, n, 2);
        let mut contest = contest(&config, OPTIONS, Arithmetic::Reproducible, 1);
        gradients(&mut contest, &inputs, n, None);
        let gradient = contest.critic_gradient.clone();
        let start = contest.normalized.clone();
        let places: Vec<_> = (contest.critic.layers())
            .map(|layer| layer.place.weight..layer.place.weight + layer.weight_len())
            .collect();
        for range in places {
            assert_slope(
                &format!("{range:?}"),
                &gradient[range.clone()],
                |direction, step| {
                    contest.normalized.copy_from_slice(&start);
                    for (value, d) in contest.normalized[range.clone()].iter_mut().zip(direction) {
                        *value += step * d;
                    }
                    contest
                        .critic
                        .pack(contest.kernels, &contest.normalized, &mut contest.critic_panels);
                    gradients(&mut contest, &inputs, n, None).0.critic.into()
                },
            );
        }
    }
}

#[test]
fn losses_agree_with_their_definitions() {
    for config in configs() {
        let n = 4;
        let mut inputs = Inputs::new(&config, n, 3);
        inputs.noise.fill(0.0);
        let mut contest = contest(&config, OPTIONS, Arithmetic::Reproducible, 1);
        let (losses, _) = gradients(&mut contest, &inputs, n, None);

        let weights = Weights::init(&config, 5);
        let mut engine = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
        let posterior = engine.encode(&inputs.pixels).unwrap();
        let decoded = engine.decode(&posterior.mean).unwrap();
        let mean = |of: &dyn Fn(f32) -> f32| -> f32 {
            let differences = decoded.iter().zip(&inputs.pixels).map(|(a, b)| of(a - b));
            differences.sum::<f32>() / decoded.len() as f32
        };
        let near = |a: f32, b: f32| (a - b).abs() < 1e-5 * (1.0 + b.abs());
        assert!(near(losses.pixels, mean(&f32::abs)));
        assert!(near(losses.mse, mean(&|d| d * d)));
        let kl = posterior.log_var.map_or(0.0, |log_var| {
            let all = crate::objective::kl(&posterior.mean, &log_var) as f32;
            all / n as f32
        });
        assert!(near(losses.kl, kl), "{} and {kl}", losses.kl);
        assert_eq!(contest.encode(&inputs.pixels).mean, posterior.mean);
        assert!(near(
            losses.reconstruction,
            config.image.len() as f32 * losses.mse
        ));
    }
}

#[test]
fn the_loss_of_gray_targets_agrees_with_the_objective() {
    let mut config = configs()[1].clone();
    config.likelihood = Likelihood::Bernoulli;
    let n = 3;
    let inputs = Inputs::new(&config, n, 4);
    let mut contest = contest(&config, OPTIONS, Arithmetic::Reproducible, 1);
    let (losses, _) = gradients(&mut contest, &inputs, n, None);
    let mut engine =
        CpuEngine::with_arithmetic(&config, &Weights::init(&config, 5), Arithmetic::Reproducible).unwrap();
    let codes = engine.encode(&inputs.pixels).unwrap().mean;
    let decoded = engine.decode(&codes).unwrap();
    let logits: Vec<f32> = decoded.iter().map(|p| libm::logf(p / (1.0 - p))).collect();
    let nats = crate::objective::reconstruction(Likelihood::Bernoulli, &logits, &inputs.pixels) / n as f64;
    assert!(
        (f64::from(losses.reconstruction) - nats).abs() < 1e-4 * nats,
        "{} and {nats}",
        losses.reconstruction
    );
}

#[test]
fn a_step_in_parts_gives_the_same_bits_as_a_whole_step() {
    for config in configs() {
        // In the second step of a pair the network learns, too.
        let options = SharpenOptions {
            critic_steps: 2,
            ..OPTIONS
        };
        let states = [false, true].map(|in_parts| {
            let mut contest = contest(&config, options, Arithmetic::Reproducible, 2);
            let losses = [1, 2, 3].map(|seed| {
                let inputs = Inputs::new(&config, 21, seed);
                if !in_parts {
                    return contest.step(inputs.batch()).unwrap();
                }
                let mut begun = contest.begin(inputs.batch());
                let mut parts = 0;
                loop {
                    parts += 1;
                    if let Some(losses) = contest.step_part(inputs.batch(), &mut begun).unwrap() {
                        assert!(parts > if seed == 2 { 4 } else { 2 }, "{parts}");
                        return losses;
                    }
                }
            });
            (losses, contest.to_flat())
        });
        assert!(states[0] == states[1]);
    }
}

#[test]
fn verdicts_on_unchanged_pictures_come_from_the_current_critic() {
    let config = configs()[0].clone();
    let mut contest = contest(&config, OPTIONS, Arithmetic::Reproducible, 1);
    // Uniform gray fakes are easy to tell from noisy real pictures.
    let inputs = Inputs::new(&config, 8, 1);
    let gray = vec![0.5; 3 * config.image.len()];
    for _ in 0..60 {
        contest.step(inputs.batch()).unwrap();
    }
    let verdicts = contest.verdicts(&[&inputs.pixels[..], &gray].concat());
    assert_eq!(verdicts.len(), 11);
    let mean = |verdicts: &[f32]| verdicts.iter().sum::<f32>() / verdicts.len() as f32;
    assert!(mean(&verdicts[..8]) > mean(&verdicts[8..]), "{verdicts:?}");
    assert_eq!(contest.verdicts(&gray), verdicts[8..]);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for config in configs() {
        for arithmetic in [Arithmetic::Reproducible, Arithmetic::Fastest] {
            let n = 21;
            let states = [1, 2, 3].map(|threads| {
                let mut contest = contest(&config, OPTIONS, arithmetic, threads);
                let losses = [1, 2].map(|seed| contest.step(Inputs::new(&config, n, seed).batch()).unwrap());
                (losses, contest.to_flat())
            });
            assert!(states[0] == states[1] && states[0] == states[2], "{arithmetic:?}");
        }
    }
}

#[test]
fn a_restored_state_continues_bit_for_bit() {
    let config = configs()[0].clone();
    let steps = |contest: &mut Contest, seeds: std::ops::Range<u64>| {
        for seed in seeds {
            contest.step(Inputs::new(&config, 6, seed).batch()).unwrap();
        }
    };
    let options = SharpenOptions {
        encoder_waits: 2,
        ..OPTIONS
    };
    let new = || contest(&config, options, Arithmetic::Reproducible, 1);
    let mut whole = new();
    steps(&mut whole, 0..3);
    let state = whole.to_flat();
    steps(&mut whole, 3..6);
    let mut resumed = new();
    resumed.restore(&state, 3).unwrap();
    assert!(resumed.to_flat() == state);
    steps(&mut resumed, 3..6);
    assert!(resumed.to_flat() == whole.to_flat());

    assert_eq!(
        resumed.restore(&state[1..], 3).unwrap_err().kind(),
        ErrorKind::Argument
    );
    let spoiled = [&state[1..], &[f32::NAN]].concat();
    assert_eq!(
        resumed.restore(&spoiled, 3).unwrap_err().kind(),
        ErrorKind::NotFinite
    );
}

#[test]
fn a_critic_wins_against_a_network_that_does_not_change() {
    let config = configs()[1].clone();
    let options = SharpenOptions {
        decoder_rate: 0.0,
        encoder_rate: 0.0,
        critic_rate: 4e-3,
        ..OPTIONS
    };
    let mut contest = contest(&config, options, Arithmetic::Fastest, 1);
    let start = contest.average();
    let mut last = SharpenLosses::default();
    let mut steps = 0;
    while !last.critic_has_won() {
        last = contest.step(Inputs::new(&config, 4, steps % 3).batch()).unwrap();
        steps += 1;
        assert!(steps < 2000, "{last:?}");
    }
    assert!(
        steps > 400 && last.clear_fakes > 0.9 && last.real > 1.0 && last.fake < -1.0,
        "{steps} {last:?}"
    );
    assert_eq!(contest.average(), start);
}

#[test]
fn a_step_that_is_not_finite_is_an_error() {
    let config = configs()[0].clone();
    let mut weights = Weights::init(&config, 5);
    for value in &mut weights.tensors_mut()[0].values {
        *value = 1e38;
    }
    let arithmetic = (Arithmetic::Fastest, 1);
    let mut contest = Contest::new(&config, &weights, (OPTIONS, 1), arithmetic).unwrap();
    let error = contest.step(Inputs::new(&config, 4, 1).batch()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFinite);
}
