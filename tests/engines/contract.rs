//! The contract of the trait `Engine`, checked for every engine.

use crate::support::{assert_close, engines};
use latent_lab::{
    Batch, Engine, ErrorKind, ImageShape, Kind, LayerConfig, Likelihood, ModelConfig, StepOptions,
    TrainingState, Weights, normal_draws,
};

/// Difference between a picture alone and in a batch: a matrix product may add the same terms in another order.
const GROUPING: f32 = 1e-6;

const OPTIONS: StepOptions = StepOptions {
    beta: 1.0,
    free_bits: 0.0,
    learning_rate: 0.003,
};

fn config(kind: Kind) -> ModelConfig {
    let layer = |filters, kernel| LayerConfig {
        filters,
        kernel,
        stride: 2,
    };
    ModelConfig {
        image: ImageShape {
            channels: 1,
            height: 9,
            width: 12,
        },
        layers: vec![layer(6, 3), layer(9, 5)],
        latent: 4,
        kind,
        likelihood: Likelihood::Bernoulli,
    }
}

/// Runs `test` with every engine on a network of each kind.
fn for_all(test: impl Fn(&str, &mut dyn Engine)) {
    for kind in [Kind::Variational, Kind::Autoencoder] {
        let config = config(kind);
        for (name, mut engine) in engines(&config, &Weights::init(&config, 3)) {
            test(&format!("{name}, {kind:?}"), &mut *engine);
        }
    }
}

/// `n` pictures with a bright ellipse at different positions.
fn pictures(config: &ModelConfig, n: usize) -> Vec<f32> {
    let ImageShape { height, width, .. } = config.image;
    let pixel = |at: usize| {
        let (picture, row, column) = (at / (height * width), at / width % height, at % width);
        let (dy, dx) = (row as f32 - 4.0, column as f32 - 2.0 - picture as f32);
        (-(dy * dy / 8.0 + dx * dx / 3.0)).exp()
    };
    (0..n * height * width).map(pixel).collect()
}

fn noise(config: &ModelConfig, n: usize, step: u64) -> Vec<f32> {
    normal_draws(11, step, n * config.latent)
}

fn train(engine: &mut dyn Engine, steps: std::ops::Range<u64>) -> Vec<f32> {
    let config = engine.config().clone();
    let pixels = pictures(&config, 6);
    let step = |step| {
        let noise = noise(&config, 6, step);
        let batch = Batch {
            pixels: &pixels,
            noise: &noise,
        };
        engine.train_step(batch, OPTIONS).unwrap().total
    };
    steps.map(step).collect()
}

#[test]
fn weights_are_returned_unchanged() {
    for_all(|what, engine| {
        let given = Weights::init(engine.config(), 3);
        assert_eq!(engine.weights().unwrap(), given, "{what}");
        let start = TrainingState::new(engine.config(), given);
        assert_eq!(engine.state().unwrap(), start, "{what}");
    });
}

#[test]
fn pictures_and_latents_have_the_same_results_alone_and_in_a_batch() {
    for_all(|what, engine| {
        let config = engine.config().clone();
        let pixels = pictures(&config, 5);
        let together = engine.encode(&pixels).unwrap();
        let decoded = engine.decode(&together.mean).unwrap();
        for (n, picture) in pixels.chunks_exact(config.image.len()).enumerate() {
            let alone = engine.encode(picture).unwrap();
            let mean = &together.mean[n * config.latent..][..config.latent];
            assert_close(&format!("{what}: mean of {n}"), &alone.mean, mean, GROUPING);
            let values = engine.decode(mean).unwrap();
            let expected = &decoded[n * config.image.len()..][..config.image.len()];
            assert_close(&format!("{what}: pixels of {n}"), &values, expected, GROUPING);
        }
    });
}

#[test]
fn decoded_pixels_are_the_sigmoid_of_the_logits() {
    for_all(|what, engine| {
        let latents = normal_draws(5, 0, 3 * engine.config().latent);
        let logits = engine.decode_logits(&latents).unwrap();
        let expected: Vec<f32> = logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
        let pixels = engine.decode(&latents).unwrap();
        assert_close(what, &pixels, &expected, GROUPING);
    });
}

#[test]
fn training_lowers_the_loss() {
    for_all(|what, engine| {
        let losses = train(engine, 0..40);
        let (first, last) = (losses[0], losses[39]);
        assert!(last < 0.8 * first, "{what}: from {first} to {last}");
    });
}

#[test]
fn training_from_a_restored_state_equals_uninterrupted_training() {
    for_all(|what, engine| {
        train(engine, 0..3);
        let state = engine.state().unwrap();
        assert_eq!(state.step, 3, "{what}");
        let unbroken = train(engine, 3..6);
        let end = engine.state().unwrap();

        train(engine, 6..8); // to another state
        engine.set_state(&state).unwrap();
        assert_eq!(engine.state().unwrap(), state, "{what}");
        assert_eq!(train(engine, 3..6), unbroken, "{what}");
        assert_eq!(engine.state().unwrap(), end, "{what}");
    });
}

#[test]
fn a_step_in_parts_equals_a_whole_step_and_the_network_can_be_used_between() {
    for_all(|what, engine| {
        let config = engine.config().clone();
        // More pictures than in any chunk, and not a multiple of one.
        let (pixels, noise) = (pictures(&config, 75), noise(&config, 75, 0));
        let batch = Batch {
            pixels: &pixels,
            noise: &noise,
        };
        // Free bits are compared with the mean over all parts.
        let options = StepOptions {
            free_bits: 0.05,
            ..OPTIONS
        };
        let start = engine.state().unwrap();
        let losses = engine.train_step(batch, options).unwrap();
        let end = engine.state().unwrap();

        engine.set_state(&start).unwrap();
        let mut parts = 0;
        let in_parts = loop {
            parts += 1;
            if let Some(losses) = engine.train_part(batch, options).unwrap() {
                break losses;
            }
            assert_eq!(engine.weights().unwrap(), start.weights, "{what}");
            engine.encode(&pixels[..config.image.len()]).unwrap();
            engine.decode(&noise).unwrap();
        };
        assert!(
            parts > 1 || !what.starts_with("cpu"),
            "{what}: a step of 75 pictures had only one part"
        );
        assert_eq!(in_parts, losses, "{what}");
        assert_eq!(engine.state().unwrap(), end, "{what}");

        // An unfinished step is discarded when another state is set.
        engine.set_state(&start).unwrap();
        engine.train_part(batch, options).unwrap();
        engine.set_state(&start).unwrap();
        assert_eq!(engine.train_step(batch, options).unwrap(), losses, "{what}");
        assert_eq!(engine.state().unwrap(), end, "{what}");
    });
}

#[test]
fn a_part_that_fails_ends_its_step() {
    let config = config(Kind::Variational);
    for (name, mut engine) in engines(&config, &Weights::init(&config, 3)) {
        let (pixels, noise) = (pictures(&config, 75), noise(&config, 75, 0));
        let whole = Batch {
            pixels: &pixels,
            noise: &noise,
        };
        let fewer = Batch {
            pixels: &pixels[..40 * config.image.len()],
            noise: &noise[..40 * config.latent],
        };
        let finished = engine.train_part(whole, OPTIONS).unwrap().is_some();
        let state = engine.state().unwrap();
        if !finished {
            let error = engine.train_part(fewer, OPTIONS).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument, "{name}");
        }
        assert_eq!(engine.state().unwrap(), state, "{name}");
        engine.train_step(fewer, OPTIONS).unwrap();
        assert_eq!(engine.state().unwrap().step, state.step + 1, "{name}");
    }
}

#[test]
fn a_plain_autoencoder_has_no_kl_and_ignores_noise_and_beta() {
    let config = config(Kind::Autoencoder);
    let pixels = pictures(&config, 2);
    for (name, mut engine) in engines(&config, &Weights::init(&config, 3)) {
        assert_eq!(engine.encode(&pixels).unwrap().log_var, None, "{name}");
        let start = engine.state().unwrap();
        let mut ends = Vec::new();
        for beta in [0.0, 5.0] {
            engine.set_state(&start).unwrap();
            let options = StepOptions { beta, ..OPTIONS };
            let batch = Batch {
                pixels: &pixels,
                noise: &vec![beta; 2 * config.latent],
            };
            let losses = engine.train_step(batch, options).unwrap();
            assert_eq!(losses.kl, 0.0, "{name}");
            assert_eq!(losses.total, losses.reconstruction, "{name}");
            ends.push(engine.weights().unwrap());
        }
        assert_eq!(ends[0], ends[1], "{name}");
    }
}

#[test]
fn input_of_a_wrong_length_or_not_finite_is_an_error_of_that_kind() {
    for_all(|what, engine| {
        let config = engine.config().clone();
        let (image, latent) = (config.image.len(), config.latent);
        let cases = [
            (0, 0.5, ErrorKind::Argument),
            (1, 0.5, ErrorKind::Argument),
            (2 * image * latent + 1, 0.5, ErrorKind::Argument),
            (image * latent, f32::NAN, ErrorKind::NotFinite),
            (image * latent, f32::INFINITY, ErrorKind::NotFinite),
        ];
        for (length, value, kind) in cases {
            let values = vec![value; length];
            let what = format!("{what}: {length} times {value}");
            assert_eq!(engine.encode(&values).unwrap_err().kind(), kind, "{what}");
            assert_eq!(engine.decode(&values).unwrap_err().kind(), kind, "{what}");
            assert_eq!(engine.decode_logits(&values).unwrap_err().kind(), kind, "{what}");
        }
    });
}

#[test]
fn an_invalid_batch_changes_nothing() {
    for_all(|what, engine| {
        let config = engine.config().clone();
        train(engine, 0..1);
        let before = engine.state().unwrap();
        let (pixels, noise) = (pictures(&config, 2), noise(&config, 2, 0));
        let not_finite = vec![f32::NAN; noise.len()];
        let bad_beta = StepOptions {
            beta: f32::INFINITY,
            ..OPTIONS
        };
        let bad_free_bits = StepOptions {
            free_bits: f32::NAN,
            ..OPTIONS
        };
        let bad_rate = StepOptions {
            learning_rate: f32::NAN,
            ..OPTIONS
        };
        let cases = [
            (&pixels[1..], &noise[..], OPTIONS, ErrorKind::Argument),
            (&pixels[..], &noise[1..], OPTIONS, ErrorKind::Argument),
            (&pixels[..], &noise[..config.latent], OPTIONS, ErrorKind::Argument),
            (&pixels[..], &[][..], OPTIONS, ErrorKind::Argument),
            (&pixels[..], &not_finite[..], OPTIONS, ErrorKind::NotFinite),
            (&pixels[..], &noise[..], bad_beta, ErrorKind::NotFinite),
            (&pixels[..], &noise[..], bad_free_bits, ErrorKind::NotFinite),
            (&pixels[..], &noise[..], bad_rate, ErrorKind::NotFinite),
        ];
        for (at, (pixels, noise, options, kind)) in cases.into_iter().enumerate() {
            let error = engine.train_step(Batch { pixels, noise }, options).unwrap_err();
            assert_eq!(error.kind(), kind, "{what}, case {at}: {error}");
        }
        assert_eq!(engine.state().unwrap(), before, "{what}");
    });
}

#[test]
fn a_step_whose_loss_is_not_finite_changes_nothing() {
    for_all(|what, engine| {
        train(engine, 0..2);
        let mut state = engine.state().unwrap();
        for tensor in state.weights.tensors_mut() {
            if tensor.name.ends_with("weight") {
                tensor.values.iter_mut().for_each(|value| *value *= 1e25);
            }
        }
        engine.set_state(&state).unwrap();
        let config = engine.config().clone();
        let batch = Batch {
            pixels: &pictures(&config, 2),
            noise: &noise(&config, 2, 0),
        };
        let error = engine.train_step(batch, OPTIONS).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFinite, "{what}: {error}");
        assert_eq!(engine.state().unwrap(), state, "{what}");
    });
}

#[test]
fn a_state_of_another_network_or_with_invalid_values_is_refused_and_changes_nothing() {
    for_all(|what, engine| {
        train(engine, 0..1);
        let before = engine.state().unwrap();
        let other = ModelConfig::preset("map").unwrap();
        let foreign = Weights::init(&other, 1);
        let mut negative = before.clone();
        negative.second_moment.tensors_mut()[0].values[0] = -1.0;
        let mut not_finite = before.clone();
        not_finite.weights.tensors_mut()[1].values[0] = f32::NAN;
        let cases = [
            (TrainingState::new(&other, foreign.clone()), ErrorKind::Weights),
            (
                TrainingState {
                    first_moment: foreign,
                    ..before.clone()
                },
                ErrorKind::Weights,
            ),
            (negative, ErrorKind::Argument),
            (not_finite, ErrorKind::NotFinite),
        ];
        for (at, (state, kind)) in cases.into_iter().enumerate() {
            let error = engine.set_state(&state).unwrap_err();
            assert_eq!(error.kind(), kind, "{what}, case {at}: {error}");
        }
        assert_eq!(engine.state().unwrap(), before, "{what}");
    });
}
