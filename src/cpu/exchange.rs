//! A step that several workers share, each with an engine of its own: a replica with the same weights, batch and options.
//!
//! Worker `rank` of `workers` computes its [`share`] of the shards. Then in each of some rounds it adds up one slice of the gradient: it
//! gets that slice of the others' sums, and sends them the whole sum of it (a reduce-scatter and an all-gather). Each replica then takes
//! the same step.
//! The bits are those of one worker alone. How the messages travel is the caller's.

use std::{iter::zip, ops::Range};

use latent_lab_kernels::all_finite;

use super::{
    CpuEngine,
    gradients::Gradients,
    shards::{add_up, share, subtrees},
    training::{Begun, pieces},
};
use crate::{
    engine::{Batch, Losses, StepOptions},
    error::{Error, ErrorKind, Result},
};

/// Slices begin at multiples of a row of lanes.
const ROW: usize = 16;

/// Most values of a slice, less than a megabyte: buffers for messages go to and fro, and some are always on their way. Tests take few, so
/// that small networks need several rounds.
const MOST_VALUES: usize = if cfg!(test) { 128 } else { 160 * 1024 };

/// Values that are added up at once: few enough for the second-level cache, from all workers.
const PIECE: usize = 1 << 14;

/// One worker among those that share a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// From 0.
    pub rank: usize,
    /// How many share the step; at least 1.
    pub workers: usize,
}

impl CpuEngine {
    /// Computes a part of the member's share of a step. True once the share is done; the exchange follows.
    ///
    /// # Errors
    /// As [`Engine::train_part`](crate::Engine::train_part); the next call begins a new step.
    pub fn share_part(&mut self, batch: Batch<'_>, options: StepOptions, member: Member) -> Result<bool> {
        let part = self.gradient_part(batch, options, |shards| member.share(shards));
        if part.is_err() {
            self.give_up_step();
        }
        part
    }

    /// Forgets a step that has begun, since another worker is lost.
    pub fn give_up(&mut self) {
        self.give_up_step();
    }

    /// The losses of the member's shards: of each the reconstruction and the KL, summed over its pictures.
    ///
    /// # Errors
    /// `Argument` where no step has begun.
    pub fn share_losses(&mut self, member: Member) -> Result<Vec<f64>> {
        let shards = self.shards()?;
        let own = &self.begun()?.shards[member.share(shards)];
        Ok(own
            .iter()
            .flat_map(|shard| [shard.sums.reconstruction, shard.sums.kl])
            .collect())
    }

    /// Rounds of the exchange: in each every worker adds up a slice, so that no message is long.
    pub fn exchange_rounds(&self, workers: usize) -> usize {
        let longest = (self.network.parameters.div_ceil(ROW)).div_ceil(workers) * ROW;
        longest.div_ceil(MOST_VALUES)
    }

    /// For the worker `peer`: its slice of the sums of the member's shards, one subtree after the other. It must be sent before the sum of
    /// the slice comes back, which takes its place.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or the share is not there.
    pub fn share_slice(&mut self, member: Member, peer: usize, round: usize) -> Result<Vec<&[f32]>> {
        let shards = self.shards()?;
        let slice = self.slice(Member { rank: peer, ..member }, round);
        let training = self.training.as_ref().ok_or_else(none_begun)?;
        let sums: Vec<_> = pieces(&training.gradients, slice).collect();
        let trees = subtrees(0..shards, &member.share(shards)).len();
        check_len("sums of the share", sums.len(), trees)?;
        Ok(sums.into_iter().map(|(_, values)| values).collect())
    }

    /// Adds up the member's slice of the gradient from its own shards and from what the other workers sent. Returns the sum, which these
    /// must get.
    ///
    /// `lens` are the numbers of values that each worker sent, by rank; the member's own is not read. `read` fills a slice with values of a
    /// worker, from a place on, so that nothing that was sent needs a copy here.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or a worker has sent another number of values than its share has.
    pub fn add_slices(
        &mut self,
        (member, round): (Member, usize),
        lens: &[usize],
        mut read: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<&[f32]> {
        let shards = self.shards()?;
        let slice = self.slice(member, round);
        check_len("workers", lens.len(), member.workers)?;
        let mut sent = Vec::new();
        for (rank, &len) in lens.iter().enumerate().filter(|(rank, _)| *rank != member.rank) {
            let trees = subtrees(0..shards, &Member { rank, ..member }.share(shards));
            check_len("a slice", len, trees.len() * slice.len())?;
            let places = (0..).step_by(slice.len().max(1));
            sent.extend(zip(trees, places).map(|(tree, place)| (rank, tree, place)));
        }
        let parameters = self.network.parameters;
        let (gradients, begun) = self.exchange()?;
        let (sum, own, others) = gradients.sum(parameters);
        let mut values = vec![0.0; (sent.len() + 1) * PIECE];
        for start in slice.clone().step_by(PIECE) {
            let piece = start..(start + PIECE).min(slice.end);
            let (kept, received) = values.split_at_mut(PIECE);
            let kept = &mut kept[..piece.len()];
            kept.copy_from_slice(&sum[piece.clone()]);
            let mut parts = Vec::new();
            parts.extend(own.iter().map(|tree| (tree.clone(), &kept[..])));
            for ((rank, tree, place), values) in sent.iter().zip(received.chunks_exact_mut(PIECE)) {
                let values = &mut values[..piece.len()];
                read(*rank, place + piece.start - slice.start, values);
                parts.push((tree.clone(), &*values));
            }
            let others = others.iter();
            parts.extend(others.map(|(tree, values)| (tree.clone(), &values[piece.clone()])));
            add_up(&(0..shards), &parts, &mut sum[piece.clone()]);
            begun.take_note(&sum[piece]);
        }
        Ok(&sum[slice])
    }

    /// Takes the sum that worker `peer` sends, `len` values; `read` fills them in.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or the slice has another length.
    pub fn take_sum(
        &mut self,
        (peer, round): (Member, usize),
        len: usize,
        read: impl FnOnce(&mut [f32]),
    ) -> Result<()> {
        let slice = self.slice(peer, round);
        check_len("the sum of a slice", len, slice.len())?;
        let parameters = self.network.parameters;
        let (gradients, begun) = self.exchange()?;
        let values = &mut gradients.sum(parameters).0[slice];
        read(values);
        begun.take_note(values);
        Ok(())
    }

    /// Takes the step, once all sums are there. `losses` are those of all shares, in the order of the ranks.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or a loss or a sum is missing; `NotFinite` as [`Engine::train_step`](crate::Engine::train_step).
    pub fn finish_shared(&mut self, losses: &[f64], options: StepOptions) -> Result<Losses> {
        let shards = self.shards()?;
        check_len("losses of shards", losses.len(), 2 * shards)?;
        let parameters = self.network.parameters;
        let (gradients, begun) = self.exchange()?;
        check_len("the gradient", begun.summed, parameters)?;
        for (shard, losses) in begun.shards.iter_mut().zip(losses.chunks_exact(2)) {
            (shard.sums.reconstruction, shard.sums.kl) = (losses[0], losses[1]);
        }
        let (gradient, is_finite) = (gradients.take_sum(), begun.is_finite);
        self.training.as_mut().ok_or_else(none_begun)?.gradient = gradient;
        self.take_step(is_finite, options)
    }

    /// The step that has begun, and the gradients of the member's shards.
    fn exchange(&mut self) -> Result<(&mut Gradients, &mut Begun)> {
        let training = self.training.as_mut().ok_or_else(none_begun)?;
        let begun = training.begun.as_mut().ok_or_else(none_begun)?;
        Ok((&mut training.gradients[0], begun))
    }

    fn begun(&self) -> Result<&Begun> {
        let training = self.training.as_ref().ok_or_else(none_begun)?;
        training.begun.as_ref().ok_or_else(none_begun)
    }

    fn shards(&self) -> Result<usize> {
        Ok(self.begun()?.shards.len())
    }

    /// The part of the parameter vector that a worker adds up in a round.
    fn slice(&self, Member { rank, workers }: Member, round: usize) -> Range<usize> {
        let parameters = self.network.parameters;
        let rows = share(parameters.div_ceil(ROW), workers, rank);
        let end = (rows.end * ROW).min(parameters);
        let place = |round: usize| (rows.start * ROW + round * MOST_VALUES).min(end);
        place(round)..place(round + 1)
    }
}

impl Begun {
    /// Takes note of a part of the gradient, while it is in a cache.
    fn take_note(&mut self, sums: &[f32]) {
        self.summed += sums.len();
        self.is_finite &= all_finite(sums);
    }
}

impl Member {
    /// A worker among others.
    ///
    /// # Errors
    /// `Argument` when there is no such rank.
    pub fn new(rank: usize, workers: usize) -> Result<Self> {
        if rank >= workers {
            let message = format!("a step is shared by workers 0 to {workers} (excluded), got {rank}");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        Ok(Self { rank, workers })
    }

    /// Its shards out of `count`.
    fn share(self, count: usize) -> Range<usize> {
        share(count, self.workers, self.rank)
    }
}

fn none_begun() -> Error {
    Error::new(ErrorKind::Argument, "no step has begun")
}

fn check_len(what: &str, got: usize, expected: usize) -> Result<()> {
    if got == expected {
        return Ok(());
    }
    let message = format!("{what}: expected {expected} values, got {got}");
    Err(Error::new(ErrorKind::Argument, message))
}

#[cfg(test)]
mod tests {
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

    /// A round of the exchange: all slices are sent before the first sum.
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

    /// One step by all `engines`, as messages between workers would carry it.
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
    fn any_number_of_workers_gives_the_bits_of_one_also_when_it_changes() {
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
    fn parts_of_a_step_give_the_bits_of_the_whole_step() {
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
    fn messages_of_wrong_lengths_and_steps_that_have_not_begun_are_refused() {
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
        // The sums are not there yet.
        assert!(engine.finish_shared(&[0.0; 4], options(1.0, 0.0)).is_err());
        let before = engine.state().unwrap();
        engine.give_up();
        assert!(engine.share_losses(member).is_err());
        assert!(engine.state().unwrap() == before);
    }

    #[test]
    fn a_shared_step_whose_sum_is_not_finite_is_not_taken() {
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
                // The other worker has a shard, and so a tree.
                let read =
                    |_: usize, _: usize, values: &mut [f32]| values.fill(if is_own { bad } else { 0.0 });
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
}
