//! Every engine compared with the oracle of `tests/fixtures`, an independent implementation in NumPy and float64.

use crate::{
    fixture::{Fixture, fixtures},
    support::{assert_close, engines, parts},
};
use latent_lab::{ADAM_BETA_1, ADAM_BETA_2, Batch, Engine, StepOptions};

/// f32 has a relative rounding error of 6e-8; sums of a few hundred terms of both signs lose a digit, and chains of eight layers another.
const FORWARD: f32 = 1e-5;

/// For a gradient, the chain of forward and backward passes is twice as long. Relative to the largest value of its tensor.
const GRADIENT: f32 = 2e-5;

/// Adam divides a gradient by its magnitude, so the rounding error of a small one moves a weight; `write.py` makes sure that this is at
/// most a thousandth of the learning rate in every fixture. Relative to the learning rate, which is about the change of a weight in one
/// step. A wrong beta of 0.99 would change some weight by at least five times this tolerance in every fixture, and an epsilon of 1e-5 by
/// fifty times.
const ADAM: f32 = 2e-3;

/// Runs `test` on every fixture with a new instance of every engine.
fn for_all(test: impl Fn(&str, &Fixture, &mut dyn Engine)) {
    for fixture in fixtures() {
        for (name, mut engine) in engines(&fixture.config, &fixture.weights("")) {
            test(&format!("{}, {name}", fixture.name), &fixture, &mut *engine);
        }
    }
}

fn options(fixture: &Fixture) -> StepOptions {
    StepOptions {
        beta: fixture.beta,
        free_bits: fixture.free_bits,
        learning_rate: fixture.learning_rate,
    }
}

#[test]
fn encoders_agree_with_the_oracle() {
    for_all(|what, fixture, engine| {
        let posterior = engine.encode(fixture.get("pixels")).unwrap();
        assert_close(
            &format!("{what}: mean"),
            &posterior.mean,
            fixture.get("mean"),
            FORWARD,
        );
        assert_eq!(
            posterior.log_var.is_some(),
            fixture.find("log_var").is_some(),
            "{what}"
        );
        if let Some(log_var) = posterior.log_var {
            assert_close(
                &format!("{what}: log-variance"),
                &log_var,
                fixture.get("log_var"),
                FORWARD,
            );
        }
    });
}

#[test]
fn decoders_agree_with_the_oracle() {
    for_all(|what, fixture, engine| {
        let latents = fixture.get("latents");
        let logits = engine.decode_logits(latents).unwrap();
        assert_close(
            &format!("{what}: logits"),
            &logits,
            fixture.get("logits"),
            FORWARD,
        );
        let pixels = engine.decode(latents).unwrap();
        assert_close(
            &format!("{what}: pixels"),
            &pixels,
            fixture.get("decoded"),
            FORWARD,
        );
    });
}

/// After the first step, Adam's moments are the scaled gradient and its scaled square, from which the gradient is read.
#[test]
fn losses_and_gradients_of_a_noisy_batch_agree_with_the_oracle() {
    for_all(|what, fixture, engine| {
        let batch = Batch {
            pixels: fixture.get("pixels"),
            noise: fixture.get("noise"),
        };
        let losses = engine.train_step(batch, options(fixture)).unwrap();
        assert_close(
            &format!("{what}: losses"),
            &parts(losses),
            fixture.get("losses"),
            FORWARD,
        );

        let state = engine.state().unwrap();
        assert_eq!(state.step, 1, "{what}");
        let expected = fixture.weights("gradient.");
        let moments = state
            .first_moment
            .tensors()
            .iter()
            .zip(state.second_moment.tensors());
        for ((first, second), expected) in moments.zip(expected.tensors()) {
            let what = format!("{what}: gradient of {}", expected.name);
            let scale = largest(&expected.values);
            let relative = |values: Vec<f32>| values.iter().map(|value| value / scale).collect::<Vec<_>>();
            let gradient = first.values.iter().map(|m| m / (1.0 - ADAM_BETA_1)).collect();
            let expected = relative(expected.values.clone());
            assert_close(&what, &relative(gradient), &expected, GRADIENT);
            let size = second
                .values
                .iter()
                .map(|v| (v / (1.0 - ADAM_BETA_2)).sqrt())
                .collect();
            let sizes: Vec<f32> = expected.iter().map(|value| value.abs()).collect();
            assert_close(&format!("{what}, its size"), &relative(size), &sizes, GRADIENT);
        }
    });
}

#[test]
fn four_noise_free_steps_of_adam_agree_with_the_oracle() {
    for_all(|what, fixture, engine| {
        let noise = vec![0.0; fixture.get("noise").len()];
        let batch = Batch {
            pixels: fixture.get("pixels"),
            noise: &noise,
        };
        for (step, expected) in fixture.get("steps").chunks_exact(3).enumerate() {
            let losses = engine.train_step(batch, options(fixture)).unwrap();
            let what = format!("{what}: losses of step {step}");
            // The losses of the first step need only a forward pass; later ones depend on Adam's changes of the weights.
            let tolerance = if step == 0 {
                FORWARD
            } else {
                ADAM * fixture.learning_rate
            };
            assert_close(&what, &parts(losses), expected, tolerance);
        }
        let weights = engine.weights().unwrap();
        let expected = fixture.weights("trained.");
        for (tensor, expected) in weights.tensors().iter().zip(expected.tensors()) {
            let what = format!("{what}: {} after four steps", tensor.name);
            assert_close(
                &what,
                &tensor.values,
                &expected.values,
                ADAM * fixture.learning_rate,
            );
        }
    });
}

/// The fixture tests the derivative of leaky ReLU at exactly 0, a convention that applies to black pixels under a zero bias. It is useful
/// only if its pictures are black enough.
#[test]
fn the_dark_fixture_is_dark() {
    let fixtures = fixtures();
    let dark = fixtures.iter().find(|fixture| fixture.name == "dark").unwrap();
    let zeros = dark.get("pixels").iter().filter(|&&pixel| pixel == 0.0).count();
    assert!(zeros * 2 >= dark.get("pixels").len());
    assert_eq!(dark.get("encoder.conv.0.bias"), [0.0; 5]);
}

fn largest(values: &[f32]) -> f32 {
    values
        .iter()
        .fold(0.0, |largest: f32, value| largest.max(value.abs()))
}
