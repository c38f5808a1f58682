//! The plan of the exchange: in each round every worker adds up one slice of the gradient, so that no message is long.

use std::ops::Range;

use super::super::{CpuEngine, shards::share};
use crate::error::{Error, ErrorKind, Result};

/// Slices begin at multiples of a row of lanes.
const ROW: usize = 16;

/// Most values of a slice, less than a megabyte: message buffers travel back and forth, and some are always in transit.
/// Tests use a small one, so that small networks need several rounds.
const MOST_VALUES: usize = if cfg!(test) { 128 } else { 160 * 1024 };

/// One worker among those that share a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// From 0.
    pub rank: usize,
    /// Number of workers that share the step; at least 1.
    pub workers: usize,
}

impl Member {
    /// One worker among others.
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
    pub(super) fn share(self, count: usize) -> Range<usize> {
        share(count, self.workers, self.rank)
    }
}

impl CpuEngine {
    /// Rounds of the exchange: in each one, every worker adds up a slice.
    pub fn exchange_rounds(&self, workers: usize) -> usize {
        let longest = (self.network.parameters.div_ceil(ROW)).div_ceil(workers) * ROW;
        longest.div_ceil(MOST_VALUES)
    }

    /// The part of the parameter vector that a worker adds up in a round.
    pub(super) fn slice(&self, Member { rank, workers }: Member, round: usize) -> Range<usize> {
        let parameters = self.network.parameters;
        let rows = share(parameters.div_ceil(ROW), workers, rank);
        let end = (rows.end * ROW).min(parameters);
        let place = |round: usize| (rows.start * ROW + round * MOST_VALUES).min(end);
        place(round)..place(round + 1)
    }
}
