//! Whole runs of steps on small pictures.

use super::*;
use crate::{
    config::{Kind, LayerConfig, Likelihood},
    error::ErrorKind,
};

fn config() -> ModelConfig {
    ModelConfig {
        image: ImageShape {
            channels: 1,
            height: 12,
            width: 12,
        },
        layers: vec![LayerConfig {
            filters: 8,
            kernel: 3,
            stride: 2,
        }],
        latent: 4,
        kind: Kind::Variational,
        likelihood: Likelihood::Gaussian,
    }
}

/// Bright bars of three pixels.
fn bars() -> Images {
    let bar = |n: usize| (0..144).map(move |at| if at / 12 + 2 >= n && at / 12 <= n { 230 } else { 20 });
    Images::new(config().image, (0..14).flat_map(bar).collect(), Vec::new()).unwrap()
}

fn run() -> SharpenRun {
    SharpenRun {
        seed: 3,
        batch: 4,
        augment: Some(Augment {
            flip: true,
            ..Augment::default()
        }),
        options: SharpenOptions {
            decoder_rate: 2e-3,
            encoder_rate: 1e-3,
            encoder_waits: 4,
            ..SharpenOptions::default()
        },
        arithmetic: Arithmetic::Reproducible,
        threads: 1,
    }
}

fn sharpener(run: SharpenRun) -> Sharpener {
    Sharpener::new(&config(), &Weights::init(&config(), 7), bars(), run).unwrap()
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one() {
    let mut whole = sharpener(run());
    let mut state = Vec::new();
    for step in 0..9 {
        if step == 3 {
            state = whole.state();
        }
        whole.step().unwrap();
    }
    let mut resumed = sharpener(run());
    resumed.restore(&state, 3).unwrap();
    while resumed.steps() < 9 {
        resumed.step().unwrap();
    }
    assert!(resumed.state() == whole.state());
    assert_eq!(resumed.weights(), whole.weights());
    assert_eq!(resumed.random_latents(1, 3), whole.random_latents(1, 3));
    // An epoch of 14 pictures ends with a batch of 2.
    assert_eq!(whole.steps_per_epoch(), 4);
    let error = resumed.restore(&state[1..], 3).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn a_run_can_begin_with_the_critic_of_another() {
    let mut first = sharpener(run());
    for _ in 0..6 {
        first.step().unwrap();
    }
    let pictures: Vec<f32> = pixels::from_bytes(bars().pixels());
    let known = first.verdicts(&pictures).unwrap();
    let mut second = sharpener(SharpenRun { seed: 9, ..run() });
    assert_ne!(second.verdicts(&pictures).unwrap(), known);
    second.take_critic(&config(), &first.state()).unwrap();
    assert_eq!(second.verdicts(&pictures).unwrap(), known);
    // The network is the second's own.
    assert_eq!(second.steps(), 0);
    assert_eq!(second.weights(), Weights::init(&config(), 7));
    second.step().unwrap();
    assert_ne!(second.verdicts(&pictures).unwrap(), known);

    let mut bad = first.state();
    assert_eq!(
        second.take_critic(&config(), &bad[1..]).unwrap_err().kind(),
        ErrorKind::Argument
    );
    bad[5] = f32::NAN;
    assert_eq!(
        second.take_critic(&config(), &bad).unwrap_err().kind(),
        ErrorKind::NotFinite
    );

    // A network of another size, for the same pictures, can have it too; one for other pictures cannot.
    let mut wider = config();
    wider.layers[0].filters += 4;
    wider.latent += 1;
    let weights = Weights::init(&wider, 7);
    let mut third = Sharpener::new(&wider, &weights, bars(), run()).unwrap();
    third.take_critic(&config(), &first.state()).unwrap();
    assert_eq!(third.verdicts(&pictures).unwrap(), known);
    third.step().unwrap();
    let mut larger = config();
    larger.image.width += 8;
    for (of, state) in [
        (&larger, first.state()),
        (&wider, first.state()),
        (&config(), vec![]),
    ] {
        assert_eq!(
            third.take_critic(of, &state).unwrap_err().kind(),
            ErrorKind::Argument
        );
    }
}

#[test]
fn the_result_depends_on_the_seed_but_not_on_the_number_of_threads() {
    let after = |run: SharpenRun| {
        let mut sharpener = sharpener(run);
        sharpener.step().unwrap();
        sharpener.state()
    };
    let first = after(run());
    assert!(first != after(SharpenRun { seed: 4, ..run() }));
    assert!(first == after(SharpenRun { threads: 3, ..run() }));
}

#[test]
fn training_lowers_the_pixel_loss_without_the_critic_winning() {
    let mut sharpener = sharpener(run());
    let first = sharpener.step().unwrap();
    let last = (0..400).map(|_| sharpener.step().unwrap()).last().unwrap();
    assert!(last.pixels < 0.5 * first.pixels, "{first:?} to {last:?}");
    assert!(!last.critic_has_won(), "{last:?}");
}

#[test]
fn pictures_of_another_size_and_an_empty_batch_are_refused() {
    let mut other = config();
    other.image.width = 16;
    let refused = |config: &ModelConfig, run: SharpenRun| {
        let weights = Weights::init(config, 7);
        Sharpener::new(config, &weights, bars(), run)
            .err()
            .unwrap()
            .kind()
    };
    assert_eq!(refused(&other, run()), ErrorKind::Argument);
    assert_eq!(
        refused(&config(), SharpenRun { batch: 0, ..run() }),
        ErrorKind::Argument
    );
}

#[test]
fn a_run_in_parts_of_steps_equals_one_in_whole_steps() {
    let mut whole = sharpener(run());
    let mut in_parts = sharpener(run());
    for _ in 0..5 {
        let losses = whole.step().unwrap();
        let of_parts = loop {
            if let Some(losses) = in_parts.step_part().unwrap() {
                break losses;
            }
        };
        assert_eq!(of_parts, losses);
    }
    assert_eq!(in_parts.steps(), 5);
    assert!(in_parts.state() == whole.state());
}

#[test]
fn restoring_a_run_discards_an_unfinished_step() {
    let mut one = sharpener(run());
    let state = one.state();
    let finish = |one: &mut Sharpener| {
        loop {
            if let Some(losses) = one.step_part().unwrap() {
                return losses;
            }
        }
    };
    let first = finish(&mut one);
    for _ in 0..3 {
        assert!(one.step_part().unwrap().is_none());
    }
    one.restore(&state, 0).unwrap();
    assert_eq!(finish(&mut one), first);
}

#[test]
fn there_is_one_verdict_for_each_picture() {
    let one = sharpener(run());
    assert_eq!(one.verdicts(&vec![0.5; 3 * 144]).unwrap().len(), 3);
    assert_eq!(one.verdicts(&[0.5; 145]).unwrap_err().kind(), ErrorKind::Argument);
}

#[test]
fn the_fitted_prior_and_the_random_latents_have_the_same_distribution() {
    let mut one = sharpener(run());
    one.step().unwrap();
    let codes = one.contest.encode(&pixels::from_bytes(bars().pixels()));
    let prior = fitted_prior(&codes, 4).unwrap();
    assert_eq!(prior.components(), 1);
    let gaussian = Gaussian::fit(&codes, 4);
    let normal = normal_draws(5, 9, 12);
    let apart = std::iter::zip(prior.draws(5, 9, 3, 1.0), gaussian.draw(&normal, 1.0));
    assert!(apart.map(|(a, b)| (a - b).abs()).all(|apart| apart < 1e-5));
}
