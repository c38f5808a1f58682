//! The engine compared with direct definitions, and its instruction sets with each other.

use std::iter::zip;

use super::{layer::Existing, training::power, *};
use crate::{
    config::{ImageShape, LayerConfig, Likelihood},
    latent::normal_draws,
    objective,
};

fn layer(filters: usize, kernel: usize, stride: usize) -> LayerConfig {
    LayerConfig {
        filters,
        kernel,
        stride,
    }
}

/// Computes the gradient of a batch in the engine without changing the weights.
fn whole_gradient(engine: &mut CpuEngine, batch: Batch<'_>, options: StepOptions) -> Losses {
    engine.give_up_step();
    engine.whole_gradient(batch, options).unwrap();
    engine.add_up_shards();
    let begun = engine.training.as_mut().unwrap().begun.take();
    begun.unwrap().losses(options.beta)
}

/// Small networks that together cover every kernel, stride, kind and likelihood, odd sizes and odd numbers of filters.
pub(super) fn networks() -> Vec<ModelConfig> {
    let image = |channels, height, width| ImageShape {
        channels,
        height,
        width,
    };
    let (variational, plain) = (Kind::Variational, Kind::Autoencoder);
    let (bernoulli, gaussian) = (Likelihood::Bernoulli, Likelihood::Gaussian);
    let config = |image, layers: &[LayerConfig], latent, kind, likelihood| ModelConfig {
        image,
        layers: layers.to_vec(),
        latent,
        kind,
        likelihood,
    };
    vec![
        config(image(1, 8, 8), &[layer(8, 3, 2)], 2, variational, bernoulli),
        config(
            image(3, 9, 11),
            &[layer(5, 5, 2), layer(12, 3, 1)],
            3,
            variational,
            gaussian,
        ),
        config(
            image(1, 13, 8),
            &[layer(3, 3, 1), layer(17, 5, 2), layer(9, 3, 2)],
            5,
            plain,
            bernoulli,
        ),
        config(
            image(3, 8, 8),
            &[layer(4, 5, 1), layer(6, 5, 1)],
            1,
            plain,
            gaussian,
        ),
    ]
}

pub(super) fn options(beta: f32, free_bits: f32) -> StepOptions {
    StepOptions {
        beta,
        free_bits,
        learning_rate: 3e-3,
    }
}

pub(super) fn pixels(config: &ModelConfig, n: usize) -> Vec<f32> {
    let draws = normal_draws(11, 0, n * config.image.len());
    draws
        .iter()
        .map(|draw| objective::sigmoid(f64::from(*draw)) as f32)
        .collect()
}

/// Mean KL of each latent dimension by the definition; empty for a plain autoencoder.
fn divergences(config: &ModelConfig, posterior: &Posterior) -> Vec<f64> {
    let Some(log_var) = &posterior.log_var else {
        return Vec::new();
    };
    let n = log_var.len() / config.latent;
    let of = |i: usize| -> f64 {
        let column = (i..log_var.len()).step_by(config.latent);
        column
            .map(|at| objective::kl(&posterior.mean[at..=at], &log_var[at..=at]))
            .sum()
    };
    (0..config.latent).map(|i| of(i) / n as f64).collect()
}

/// Free bits that cover about half of the dimensions.
fn half_free(engine: &mut CpuEngine, pictures: &[f32]) -> f32 {
    let posterior = engine.encode_now(pictures).unwrap();
    let mut sorted = divergences(&engine.network.config, &posterior);
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.5,
        1 => 0.5 * sorted[0] as f32,
        n => (0.5 * (sorted[n / 2 - 1] + sorted[n / 2])) as f32,
    }
}

/// Mean loss by the definitions, from the engine's own encoder and decoder.
fn loss(engine: &mut CpuEngine, pictures: &[f32], noise: &[f32], options: StepOptions) -> f64 {
    let config = engine.network.config.clone();
    let posterior = engine.encode_now(pictures).unwrap();
    let n = posterior.mean.len() / config.latent;
    let mut latents = posterior.mean.clone();
    let charged = divergences(&config, &posterior)
        .into_iter()
        .map(|kl| kl.max(options.free_bits.into()));
    let kl: f64 = charged.sum();
    if let Some(log_var) = &posterior.log_var {
        for ((latent, log_var), noise) in latents.iter_mut().zip(log_var).zip(noise) {
            *latent += (0.5 * log_var).exp() * noise;
        }
    }
    let logits = engine.decode_logits_now(&latents).unwrap();
    objective::reconstruction(config.likelihood, &logits, pictures) / n as f64 + f64::from(options.beta) * kl
}

#[test]
fn chunks_computed_together_give_the_same_bits_as_one_after_another() {
    for config in networks() {
        let chunks = [3, 1, 4];
        let n = chunks.iter().sum();
        let (pictures, noise) = (pixels(&config, n), normal_draws(5, 0, n * config.latent));
        let mut engine = CpuEngine::new(&config, &Weights::init(&config, 3)).unwrap();
        engine
            .network
            .pack_backward(engine.kernels, &engine.parameters, &mut engine.panels, &mut [()]);
        let (pass, _) = engine.pass();
        let run = |groups: &[&[usize]], existing: Existing, before: &[f32]| {
            let mut gradient = before.to_vec();
            let (mut maps, mut sums, mut first) = (Maps::default(), pass::Sums::default(), 0);
            let mut existing = existing;
            for &group in groups {
                let end = first + group.iter().sum::<usize>();
                let (image, latent) = (config.image.len(), config.latent);
                pass.gradient(
                    (
                        &pictures[first * image..end * image],
                        &noise[first * latent..end * latent],
                    ),
                    (&vec![0.1; latent], n),
                    (group, &mut vec![0.0; (end - first) * image]),
                    &mut maps,
                    (&mut gradient, existing),
                    &mut sums,
                );
                (first, existing) = (end, Existing::Continued);
            }
            (gradient, sums.reconstruction, sums.kl)
        };
        let zeros = vec![0.0; pass.network.parameters];
        let fresh = |groups: &[&[usize]]| run(groups, Existing::Overwritten, &zeros);
        let expected = fresh(&[&chunks[..1], &chunks[1..2], &chunks[2..]]);
        assert!(fresh(&[&chunks]) == expected, "{config:?}");
        assert!(fresh(&[&chunks[..2], &chunks[2..]]) == expected, "{config:?}");
        // The existing values are nonzero even where the pictures' gradient is zero, except in the padding.
        let before: Vec<f32> = expected.0.iter().map(|value| value * 0.3).collect();
        let (overwritten, ..) = run(&[&chunks], Existing::Overwritten, &before);
        assert!(overwritten == expected.0, "{config:?}");
        let (added, ..) = run(&[&chunks], Existing::Added, &before);
        let sum: Vec<f32> = zip(&before, &expected.0).map(|(a, b)| a + b).collect();
        assert!(added == sum, "{config:?}");
    }
}

#[test]
fn chunks_computed_together_are_the_same_as_those_computed_one_after_another() {
    for (n, largest) in [
        (8, 4),
        (7, 4),
        (8, 17),
        (10, 5),
        (64, 32),
        (64, 4),
        (9, 2),
        (1, 1),
    ] {
        let mut found = Vec::new();
        while found.iter().sum::<usize>() < n {
            let together = pass::together(n - found.iter().sum::<usize>(), largest);
            assert!(together.len() == 1 || together.iter().sum::<usize>() <= 8);
            found.extend(together);
        }
        assert!(pass::chunks(n, largest).eq(found), "{n} in chunks of {largest}");
    }
}

#[test]
fn gradients_agree_with_finite_differences_in_every_tensor() {
    check_gradients(|_, _| 0.0);
}

#[test]
fn gradients_with_free_bits_agree_with_finite_differences_in_every_tensor() {
    check_gradients(half_free);
}

fn check_gradients(free_bits: impl Fn(&mut CpuEngine, &[f32]) -> f32) {
    for config in networks() {
        let n = 3;
        let weights = Weights::init(&config, 5);
        let mut engine = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
        let pictures = pixels(&config, n);
        let options = options(0.7, free_bits(&mut engine, &pictures));
        let noise = normal_draws(3, 0, n * config.latent);
        let batch = Batch {
            pixels: &pictures,
            noise: &noise,
        };
        whole_gradient(&mut engine, batch, options);
        let gradient = engine.network.gather(&engine.training.as_ref().unwrap().gradient);
        for (t, tensor) in gradient.tensors().iter().enumerate() {
            // The direction is half along the gradient, so that a wrong gradient is detected. The step is for the whole tensor, so that
            // the difference exceeds the rounding of f32.
            let scale = length(&tensor.values).max(1e-3);
            let random = normal_draws(17, t as u64, tensor.values.len());
            let direction: Vec<f32> = (tensor.values.iter().zip(&random))
                .map(|(g, r)| g / scale + r / length(&random))
                .collect();
            let slope: f64 = (tensor.values.iter().zip(&direction))
                .map(|(g, d)| f64::from(g * d))
                .sum();
            let mut side = |step: f32| {
                let mut moved = weights.clone();
                for (value, d) in moved.tensors_mut()[t].values.iter_mut().zip(&direction) {
                    *value += step * d;
                }
                engine.set_parameters(&moved);
                loss(&mut engine, &pictures, &noise, options)
            };
            let step = 1e-3;
            let difference = (side(step) - side(-step)) / (2.0 * f64::from(step));
            // Errors by kinks of leaky ReLU within the step and by f32 sums were measured below 0.6 % of the gradient's length.
            assert!(
                (slope - difference).abs() < 0.02 * f64::from(scale),
                "{config:?} {}: slope {slope}, difference {difference}, length {scale}",
                tensor.name
            );
        }
    }
}

#[test]
fn the_losses_of_a_step_agree_with_their_definitions() {
    for config in networks() {
        let weights = Weights::init(&config, 2);
        let mut engine = CpuEngine::new(&config, &weights).unwrap();
        let n = 7;
        let (pictures, noise) = (pixels(&config, n), normal_draws(1, 0, n * config.latent));
        let batch = Batch {
            pixels: &pictures,
            noise: &noise,
        };
        for free_bits in [0.0, half_free(&mut engine, &pictures)] {
            let options = options(0.5, free_bits);
            let expected = loss(&mut engine, &pictures, &noise, options);
            let losses = whole_gradient(&mut engine, batch, options);
            // The tolerance is for f32 sums over a few hundred pixels.
            assert!((f64::from(losses.total) - expected).abs() < 1e-5 * expected);
        }
    }
}

#[test]
fn instruction_sets_agree_within_the_rounding_of_fused_products() {
    for config in networks() {
        let weights = Weights::init(&config, 9);
        let mut fast = CpuEngine::new(&config, &weights).unwrap();
        let mut plain = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
        for n in [1, 2, 5, 40] {
            let pictures = pixels(&config, n);
            let (a, b) = (fast.encode(&pictures).unwrap(), plain.encode(&pictures).unwrap());
            assert_near(&a.mean, &b.mean, 1e-5);
            let latents = normal_draws(8, 0, n * config.latent);
            let (a, b) = (fast.decode(&latents).unwrap(), plain.decode(&latents).unwrap());
            assert_near(&a, &b, 1e-5);
        }
    }
}

#[test]
fn a_picture_has_the_same_bits_alone_and_in_a_batch() {
    for config in networks() {
        let weights = Weights::init(&config, 9);
        let mut engine = CpuEngine::with_arithmetic(&config, &weights, Arithmetic::Reproducible).unwrap();
        let latents = normal_draws(8, 0, 40 * config.latent);
        let together = engine.decode(&latents).unwrap();
        for (latent, picture) in latents
            .chunks(config.latent)
            .zip(together.chunks(config.image.len()))
        {
            assert_eq!(engine.decode(latent).unwrap(), picture);
        }
    }
}

#[test]
fn training_lowers_the_loss_of_every_network() {
    for config in networks() {
        let mut engine = CpuEngine::new(&config, &Weights::init(&config, 4)).unwrap();
        let (pictures, noise) = (pixels(&config, 6), normal_draws(1, 0, 6 * config.latent));
        let batch = Batch {
            pixels: &pictures,
            noise: &noise,
        };
        let mut step = || engine.train_step(batch, options(1.0, 0.0)).unwrap().total;
        let first = step();
        let last = (0..60).map(|_| step()).last().unwrap();
        assert!(last < 0.97 * first, "{config:?}: {first} to {last}");
    }
}

#[test]
fn a_dimension_covered_by_free_bits_is_not_pulled_to_the_prior() {
    let config = networks().remove(0);
    let weights = Weights::init(&config, 4);
    let mut engine = CpuEngine::new(&config, &weights).unwrap();
    let (pictures, noise) = (pixels(&config, 6), normal_draws(1, 0, 6 * config.latent));
    let batch = Batch {
        pixels: &pictures,
        noise: &noise,
    };
    let mut gradient_of = |beta: f32, free_bits: f32| {
        let losses = whole_gradient(&mut engine, batch, options(beta, free_bits));
        let gradient = engine.network.gather(&engine.training.as_ref().unwrap().gradient);
        (losses, gradient)
    };
    let (_, without_kl) = gradient_of(0.0, 0.0);
    let (losses, covered) = gradient_of(1.0, 100.0);
    assert_eq!(covered, without_kl);
    let charged = f64::from(losses.total - losses.reconstruction);
    assert!((charged - 100.0 * config.latent as f64).abs() < 1e-3 && losses.kl < 100.0);
    let (_, pressed) = gradient_of(1.0, 0.0);
    assert!(pressed != without_kl);
}

#[test]
fn a_step_that_is_not_finite_changes_nothing() {
    let config = networks().remove(0);
    let mut weights = Weights::init(&config, 4);
    for value in &mut weights.tensors_mut()[4].values {
        *value = 1e38; // The exponentials of such log-variances are not finite.
    }
    let mut engine = CpuEngine::new(&config, &weights).unwrap();
    let (pictures, noise) = (pixels(&config, 2), normal_draws(1, 0, 2 * config.latent));
    let batch = Batch {
        pixels: &pictures,
        noise: &noise,
    };
    let error = engine.train_step(batch, options(1.0, 0.0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFinite);
    assert_eq!(engine.weights().unwrap(), weights);
}

fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

fn assert_near(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    let largest = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs() / (1.0 + b.abs()))
        .fold(0.0, f32::max);
    assert!(largest <= tolerance, "largest difference {largest}");
}

#[test]
fn bias_corrections_from_powers_by_squaring_round_like_those_from_pow() {
    for beta in [engine::ADAM_BETA_1, engine::ADAM_BETA_2].map(f64::from) {
        for step in 1..20_000 {
            let correction = |power: f64| (1.0 / (1.0 - power)) as f32;
            let expected = correction(libm::pow(beta, step as f64));
            assert_eq!(correction(power(beta, step)), expected, "step {step}");
        }
    }
}
