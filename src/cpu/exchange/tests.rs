//! Steps shared by workers, compared with those of one engine.

use super::*;
use crate::{
    config::ModelConfig,
    cpu::{
        Arithmetic,
        tests::{networks, options, pixels},
    },
    engine::{Engine, TrainingState},
    latent::normal_draws,
    weights::Weights,
};

const STEPS: u64 = 3;

/// Pictures and noise of a step.
struct Data {
    pixels: Vec<f32>,
    noise: Vec<f32>,
}

impl Data {
    fn new(config: &ModelConfig, n: usize, step: u64) -> Self {
        Self {
            pixels: pixels(config, n),
            noise: normal_draws(5, step, n * config.latent),
        }
    }

    fn batch(&self) -> Batch<'_> {
        Batch {
            pixels: &self.pixels,
            noise: &self.noise,
        }
    }
}

fn engine(config: &ModelConfig, arithmetic: Arithmetic) -> CpuEngine {
    CpuEngine::with_arithmetic(config, &Weights::init(config, 3), arithmetic).unwrap()
}

/// The state after some steps on `threads` threads, and the losses of each step.
fn alone(
    config: &ModelConfig,
    n: usize,
    options: StepOptions,
    threads: usize,
) -> (TrainingState, Vec<Losses>) {
    let mut engine = engine(config, Arithmetic::Fastest);
    engine.set_threads(threads);
    let losses = (0..STEPS)
        .map(|step| {
            engine
                .train_step(Data::new(config, n, step).batch(), options)
                .unwrap()
        })
        .collect();
    (engine.state().unwrap(), losses)
}

/// One round of the exchange: all slices are sent before the first sum.
fn exchange(engines: &mut [CpuEngine], round: usize) {
    let workers = engines.len();
    let member = |rank| Member::new(rank, workers).unwrap();
    let mut sent: Vec<Vec<Vec<f32>>> = Vec::new();
    for (rank, engine) in engines.iter_mut().enumerate() {
        let mut slice = |peer| engine.share_slice(member(rank), peer, round).unwrap().concat();
        sent.push((0..workers).map(&mut slice).collect());
    }
    for rank in 0..workers {
        let lens: Vec<usize> = sent.iter().map(|slices| slices[rank].len()).collect();
        let read = |from: usize, at: usize, values: &mut [f32]| {
            values.copy_from_slice(&sent[from][rank][at..][..values.len()]);
        };
        let sum = engines[rank].add_slices((member(rank), round), &lens, read);
        let sum = sum.unwrap().to_vec();
        for (_, engine) in engines.iter_mut().enumerate().filter(|(other, _)| *other != rank) {
            let read = |values: &mut [f32]| values.copy_from_slice(&sum);
            engine.take_sum((member(rank), round), sum.len(), read).unwrap();
        }
    }
}

/// One step by all `engines`, with the exchange that messages between workers would make.
fn shared_step(engines: &mut [CpuEngine], batch: Batch<'_>, options: StepOptions) -> Vec<Losses> {
    let workers = engines.len();
    let member = |rank| Member::new(rank, workers).unwrap();
    let mut losses = Vec::new();
    for (rank, engine) in engines.iter_mut().enumerate() {
        while !engine.share_part(batch, options, member(rank)).unwrap() {}
        losses.extend(engine.share_losses(member(rank)).unwrap());
    }
    for round in 0..engines[0].exchange_rounds(workers) {
        exchange(engines, round);
    }
    let finish = |engine: &mut CpuEngine| engine.finish_shared(&losses, options).unwrap();
    engines.iter_mut().map(finish).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for config in networks() {
        for (n, options) in [
            (1, options(1.0, 0.0)),
            (7, options(0.5, 0.1)),
            (33, options(1.0, 0.0)),
        ] {
            let expected = alone(&config, n, options, 1);
            for threads in [2, 3, 5, 8, 11] {
                assert_eq!(
                    alone(&config, n, options, threads),
                    expected,
                    "{n} pictures, {threads} threads"
                );
            }
        }
    }
}

#[test]
fn any_number_of_workers_gives_the_same_bits_as_one_even_if_it_changes() {
    for config in networks() {
        for n in [3, 21, 70] {
            let options = options(1.0, 0.0);
            let expected = alone(&config, n, options, 1);
            for numbers in [[1, 1, 1], [2, 2, 2], [3, 3, 3], [5, 5, 5], [8, 8, 8], [2, 11, 3]] {
                let mut state = engine(&config, Arithmetic::Fastest).state().unwrap();
                for (step, workers) in numbers.into_iter().enumerate() {
                    let mut engines: Vec<_> = (0..workers)
                        .map(|_| {
                            let mut engine = engine(&config, Arithmetic::Fastest);
                            engine.set_state(&state).unwrap();
                            engine
                        })
                        .collect();
                    let data = Data::new(&config, n, step as u64);
                    let losses = shared_step(&mut engines, data.batch(), options);
                    assert!(
                        losses.iter().all(|each| *each == expected.1[step]),
                        "{n} pictures, {numbers:?}"
                    );
                    state = engines[0].state().unwrap();
                    let alike = engines.iter_mut().all(|engine| engine.state().unwrap() == state);
                    assert!(alike, "{n} pictures, {numbers:?}: the replicas differ");
                }
                assert!(state == expected.0, "{n} pictures, {numbers:?}");
            }
        }
    }
}

#[test]
fn a_step_in_parts_gives_the_same_bits_as_a_whole_step() {
    for config in networks() {
        let (n, options) = (21, options(1.0, 0.0));
        let mut engine = engine(&config, Arithmetic::Fastest);
        for step in 0..STEPS {
            let data = Data::new(&config, n, step);
            while engine.train_part(data.batch(), options).unwrap().is_none() {}
        }
        assert!(engine.state().unwrap() == alone(&config, n, options, 1).0);
    }
}

#[test]
fn messages_of_wrong_lengths_or_before_the_step_has_begun_are_refused() {
    let config = &networks()[0];
    let mut engine = engine(config, Arithmetic::Fastest);
    let member = Member::new(1, 2).unwrap();
    assert!(Member::new(2, 2).is_err());
    assert!(engine.share_losses(member).is_err());
    assert!(engine.finish_shared(&[], options(1.0, 0.0)).is_err());
    let data = Data::new(config, 21, 0);
    while !engine
        .share_part(data.batch(), options(1.0, 0.0), member)
        .unwrap()
    {}
    let no_values = |_: usize, _: usize, _: &mut [f32]| unreachable!("nothing is read");
    assert!(engine.add_slices((member, 0), &[3, 0], no_values).is_err());
    assert!(engine.add_slices((member, 0), &[], no_values).is_err());
    let peer = Member::new(0, 2).unwrap();
    let no_sum = |_: &mut [f32]| unreachable!("nothing is read");
    assert!(engine.take_sum((peer, 0), 3, no_sum).is_err());
    assert!(engine.finish_shared(&[0.0; 3], options(1.0, 0.0)).is_err());
    // The sums have not been received yet.
    assert!(engine.finish_shared(&[0.0; 4], options(1.0, 0.0)).is_err());
    let before = engine.state().unwrap();
    engine.give_up();
    assert!(engine.share_losses(member).is_err());
    assert!(engine.state().unwrap() == before);
}

#[test]
fn a_shared_step_is_not_taken_if_its_sum_is_not_finite() {
    let config = &networks()[0];
    let data = Data::new(config, 21, 0);
    let member = |rank| Member::new(rank, 2).unwrap();
    for (is_own, bad) in [(true, f32::NAN), (false, f32::INFINITY), (false, 0.0)] {
        let mut engine = engine(config, Arithmetic::Fastest);
        let before = engine.state().unwrap();
        while !engine
            .share_part(data.batch(), options(1.0, 0.0), member(0))
            .unwrap()
        {}
        let own = engine.share_losses(member(0)).unwrap();
        let losses = vec![1.0; 2 * engine.shards().unwrap()];
        assert!(own.len() < losses.len());
        for round in 0..engine.exchange_rounds(2) {
            let sent = engine.share_slice(member(0), 0, round).unwrap()[0].len();
            // The other worker has a shard, and therefore a tree of sums.
            let read = |_: usize, _: usize, values: &mut [f32]| values.fill(if is_own { bad } else { 0.0 });
            engine.add_slices((member(0), round), &[0, sent], read).unwrap();
            let theirs = engine.slice(member(1), round).len();
            let read = |values: &mut [f32]| values.fill(if is_own { 0.0 } else { bad });
            engine.take_sum((member(1), round), theirs, read).unwrap();
        }
        let taken = engine.finish_shared(&losses, options(1.0, 0.0));
        let after = engine.state().unwrap();
        if bad == 0.0 {
            assert!(taken.is_ok() && after != before);
        } else {
            assert_eq!(taken.unwrap_err().kind(), ErrorKind::NotFinite);
            assert!(after == before);
        }
    }
}
