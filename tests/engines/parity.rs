//! The engines compared with each other on random networks: two implementations that share no code agree only if both compute what the
//! config says.
//!
//! The networks are the same in every run; `PROPTEST_RNG_SEED` draws others and `PROPTEST_CASES` more.

use crate::support::{assert_close, engines, parts};
#[cfg(feature = "burn-ndarray")]
use latent_lab::EngineKind;
use latent_lab::{
    Batch, Engine, ImageShape, Kind, LayerConfig, Likelihood, Losses, ModelConfig, PRESETS, StepOptions,
    Weights, normal_draws,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};

/// f32 has a relative rounding error of 6e-8, in sums of up to a few thousand terms (the error grows with the square root of their number)
/// and over a dozen layers. Relative to the largest value compared, since a small value may be the difference of large ones.
const FORWARD: f32 = 1e-5;

/// The same for a gradient: the distance between two tensors relative to their length ...
const GRADIENT: f32 = 1e-5;

/// ... and relative to the length of the whole gradient, since a small tensor may be the sum of large terms that cancel: a bias sums
/// over all positions and pictures.
const CANCELLATION: f32 = 3e-6;

/// Of the half million units of the largest presets, a few are so near zero that rounding decides their sign, and with it whether the
/// derivative of leaky ReLU is 1 or 0.2. The largest resulting difference, relative to a tensor's length.
const KINKS: f32 = 0.02;

/// Adam divides by the magnitude of the gradient, so a weight whose gradient is only rounding error can move in either direction. There
/// are few such weights, and which ones depends on the processor's instructions. Relative to the distance that all weights have moved: 1e-6
/// for most networks, and 0.5 for a step without bias correction.
const STEPS: f32 = 2e-2;

/// Every third network is trained with free bits of about the KL of an untrained dimension, so that some dimensions are covered.
fn options(seed: u64) -> StepOptions {
    StepOptions {
        beta: 0.7,
        free_bits: if seed.is_multiple_of(3) { 0.05 } else { 0.0 },
        learning_rate: 0.002,
    }
}

/// Any valid network that is small enough for a test.
fn configs() -> impl Strategy<Value = ModelConfig> {
    let layer = (1..=20_usize, prop_oneof![Just(3), Just(5)], 1..=2_usize);
    let layers = vec(layer, 1..=6).prop_map(|layers| {
        let config = |(filters, kernel, stride)| LayerConfig {
            filters,
            kernel,
            stride,
        };
        layers.into_iter().map(config).collect::<Vec<_>>()
    });
    let image = (prop_oneof![Just(1), Just(3)], 8..=20_usize, 8..=20_usize);
    let kind = prop_oneof![Just(Kind::Variational), Just(Kind::Autoencoder)];
    let likelihood = prop_oneof![Just(Likelihood::Bernoulli), Just(Likelihood::Gaussian)];
    (image, layers, 1..=18_usize, kind, likelihood).prop_map(|(image, layers, latent, kind, likelihood)| {
        let (channels, height, width) = image;
        ModelConfig {
            image: ImageShape {
                channels,
                height,
                width,
            },
            layers,
            latent,
            kind,
            likelihood,
        }
    })
}

/// Initial weights, with nonzero biases if `seed` is odd. If it is even, sums over black pixels are exactly zero.
fn weights(config: &ModelConfig, seed: u64) -> Weights {
    let mut weights = Weights::init(config, seed);
    if seed % 2 == 1 {
        for (stream, tensor) in (1000..).zip(weights.tensors_mut()) {
            if tensor.shape.len() == 1 {
                let draws = normal_draws(seed, stream, tensor.values.len());
                tensor.values = draws.iter().map(|draw| 0.1 * draw).collect();
            }
        }
    }
    weights
}

/// `n` pictures of smooth noise with black and white areas, as in digits.
fn pictures(config: &ModelConfig, seed: u64, n: usize) -> Vec<f32> {
    let draws = normal_draws(seed, 1, n * config.image.len() + 2);
    draws
        .windows(3)
        .map(|of| (0.3 + 0.4 * (of[0] + of[1] + of[2])).clamp(0.0, 1.0))
        .collect()
}

/// The results of an engine for one batch.
struct Answers {
    mean: Vec<f32>,
    log_var: Vec<f32>,
    logits: Vec<f32>,
    pixels: Vec<f32>,
    losses: [f32; 3],
    /// Adam's first moment after one step: the gradient, scaled.
    gradient: Weights,
}

impl Answers {
    fn of(engine: &mut dyn Engine, pixels: &[f32], seed: u64) -> Self {
        let config = engine.config();
        let latents = normal_draws(seed, 2, pixels.len() / config.image.len() * config.latent);
        let posterior = engine.encode(pixels).unwrap();
        let logits = engine.decode_logits(&latents).unwrap();
        let decoded = engine.decode(&latents).unwrap();
        let losses = train(engine, pixels, seed, 0);
        Self {
            mean: posterior.mean,
            log_var: posterior.log_var.unwrap_or_default(),
            logits,
            pixels: decoded,
            losses: parts(losses),
            gradient: engine.state().unwrap().first_moment,
        }
    }

    fn assert_close(&self, what: &str, expected: &Self, share: f32) {
        let forward = [
            ("mean", &self.mean, &expected.mean),
            ("log-variance", &self.log_var, &expected.log_var),
            ("logits", &self.logits, &expected.logits),
            ("pixels", &self.pixels, &expected.pixels),
        ];
        for (part, got, expected) in forward {
            let largest = expected
                .iter()
                .fold(1.0, |largest: f32, value| largest.max(value.abs()));
            assert_close(&format!("{part}: {what}"), got, expected, FORWARD * largest);
        }
        assert_close(
            &format!("losses: {what}"),
            &self.losses,
            &expected.losses,
            FORWARD,
        );

        let whole = length(&flat(&expected.gradient));
        for (got, expected) in self.gradient.tensors().iter().zip(expected.gradient.tensors()) {
            let apart = distance(&got.values, &expected.values);
            let own = length(&expected.values);
            assert!(
                apart <= share * own + CANCELLATION * whole,
                "gradient of {}: distance {apart:e}, length {own:e}, length of all {whole:e}: {what}",
                got.name
            );
        }
    }
}

fn train(engine: &mut dyn Engine, pixels: &[f32], seed: u64, step: u64) -> Losses {
    let config = engine.config();
    let noise = normal_draws(seed, 3 + step, pixels.len() / config.image.len() * config.latent);
    let batch = Batch {
        pixels,
        noise: &noise,
    };
    engine.train_step(batch, options(seed)).unwrap()
}

/// Compares every engine with the last of the list, which is burn's, in encoding, decoding and one gradient of `n` pictures. Returns the
/// engines, trained for that step.
fn compare(config: &ModelConfig, seed: u64, n: usize, share: f32) -> Vec<(String, Box<dyn Engine>)> {
    let pixels = pictures(config, seed, n);
    let mut engines = engines(config, &weights(config, seed));
    let (reference, mut burn) = engines.pop().unwrap();
    let expected = Answers::of(&mut *burn, &pixels, seed);
    let mut compared = Vec::new();
    for (name, mut engine) in engines {
        let what = format!(
            "{name} and {reference}, {n} pictures, seed {seed}, {}",
            config.to_json()
        );
        Answers::of(&mut *engine, &pixels, seed).assert_close(&what, &expected, share);
        compared.push((what, engine));
    }
    compared.push((reference.into(), burn));
    compared
}

/// Takes two more steps of Adam, and compares all weights, relative to the distance that they have moved.
fn compare_steps(mut engines: Vec<(String, Box<dyn Engine>)>, config: &ModelConfig, seed: u64, n: usize) {
    let start = flat(&weights(config, seed));
    let pixels = pictures(config, seed, n);
    let after = |engine: &mut dyn Engine| {
        train(engine, &pixels, seed, 1);
        train(engine, &pixels, seed, 2);
        flat(&engine.weights().unwrap())
    };
    let (_, mut burn) = engines.pop().unwrap();
    let expected = after(&mut *burn);
    let way = distance(&expected, &start);
    for (what, mut engine) in engines {
        let apart = distance(&after(&mut *engine), &expected);
        assert!(
            apart <= STEPS * way,
            "weights: {apart:e} apart after moving by {way:e}: {what}"
        );
    }
}

fn flat(weights: &Weights) -> Vec<f32> {
    weights
        .tensors()
        .iter()
        .flat_map(|tensor| tensor.values.clone())
        .collect()
}

fn length(a: &[f32]) -> f32 {
    a.iter().map(|&a| f64::from(a).powi(2)).sum::<f64>().sqrt() as f32
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    length(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
}

#[test]
fn engines_agree_on_networks_drawn_at_random() {
    let asked = ProptestConfig::default(); // from environment variables
    let mut runner = TestRunner::new(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(32, |_| asked.cases),
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed => fixed,
        },
        failure_persistence: None,
        ..asked
    });
    let drawn = (configs(), 0..1000_u64, 1..=9_usize);
    let result = runner.run(&drawn, |(config, seed, n)| {
        config.validate().expect("the strategy draws valid configs");
        let engines = compare(&config, seed, n, GRADIENT);
        compare_steps(engines, &config, seed, n);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn engines_agree_on_every_preset() {
    for name in PRESETS {
        compare(&ModelConfig::preset(name).unwrap(), 1, 2, KINKS);
    }
}

/// A third implementation, on one network only, since this backend is a hundred times slower.
#[cfg(feature = "burn-ndarray")]
#[test]
fn burn_on_ndarray_agrees_with_the_cpu_engine_on_one_network() {
    let layer = |filters, kernel, stride| LayerConfig {
        filters,
        kernel,
        stride,
    };
    let config = ModelConfig {
        image: ImageShape {
            channels: 3,
            height: 9,
            width: 12,
        },
        layers: vec![layer(6, 3, 2), layer(9, 5, 1)],
        latent: 4,
        kind: Kind::Variational,
        likelihood: Likelihood::Bernoulli,
    };
    let (seed, pixels) = (3, pictures(&config, 3, 2));
    let answers = |kind: EngineKind| {
        let mut engine = kind.open(&config, &weights(&config, seed)).unwrap();
        Answers::of(&mut *engine, &pixels, seed)
    };
    let expected = answers(EngineKind::Ndarray);
    answers(EngineKind::Cpu).assert_close("cpu and ndarray", &expected, GRADIENT);
}
