//! Cuts a batch into shards and orders the sum of their gradients. Neither depends on the number of threads or workers,
//! so that the same seed gives the same bits with any number of them.
//!
//! The sum is a tree: the shards of `a..b` are split at the largest power of two below their count, both sides are added up, and then
//! the sums of the sides. A worker that has all shards of a subtree can pass on one vector for all of them.

use std::ops::Range;

use latent_lab_kernels::{add, add_pair};

use super::pass::chunk_ranges;

/// Most shards of a batch, and so most threads or workers that can share a step.
pub const MOST_SHARDS: usize = 8;

/// Fewest pictures of a shard if there are several: each shard writes its own gradient, which fewer pictures would not
/// repay.
const FEWEST_PICTURES: usize = 8;

/// Most values that one gradient for each shard would have: 256 MiB. Fewer are kept, but the number of shards decides the bits.
const MOST_VALUES: usize = 1 << 26;

/// Values that are added at once: they stay in the first-level cache.
const BLOCK: usize = 1024;

/// The pictures of each shard of a batch of `n`, for a network whose parameter vector has `parameters` values.
pub(super) fn shards(n: usize, parameters: usize) -> Vec<Range<usize>> {
    let count = (n / FEWEST_PICTURES).min(MOST_SHARDS);
    let count = count.min(MOST_VALUES / parameters.max(1)).max(1);
    chunk_ranges(n, n.div_ceil(count)).collect()
}

/// The shards of `count` that worker `rank` of `workers` computes; none if there are more workers than shards.
pub(super) fn share(count: usize, workers: usize, rank: usize) -> Range<usize> {
    rank * count / workers..(rank + 1) * count / workers
}

/// The shard at which a tree is split.
fn middle(tree: &Range<usize>) -> usize {
    tree.start + tree.len().next_power_of_two() / 2
}

/// The largest subtrees of `tree` with no shard outside of `owned`, in order.
pub(super) fn subtrees(tree: Range<usize>, owned: &Range<usize>) -> Vec<Range<usize>> {
    if tree.start >= owned.end || owned.start >= tree.end {
        return Vec::new();
    }
    if owned.start <= tree.start && tree.end <= owned.end {
        return vec![tree];
    }
    let middle = middle(&tree);
    let mut all = subtrees(tree.start..middle, owned);
    all.extend(subtrees(middle..tree.end, owned));
    all
}

/// Whether `left` and `right` are the sides of a subtree of `count` shards.
pub(super) fn are_sides(count: usize, left: &Range<usize>, right: &Range<usize>) -> bool {
    if left.end != right.start {
        return false;
    }
    let mut tree = 0..count;
    while tree.len() > 1 {
        let middle = middle(&tree);
        if middle == left.end {
            return tree == (left.start..right.end);
        }
        tree = if left.end < middle {
            tree.start..middle
        } else {
            middle..tree.end
        };
    }
    false
}

/// Subtrees of `count` shards for `threads` threads to take one by one: several per thread, so that a thread that is
/// held up takes fewer.
pub(super) fn units(count: usize, threads: usize) -> Vec<Range<usize>> {
    let mut len = count.next_power_of_two();
    while threads > 1 && len > 1 && count.div_ceil(len) < 2 * threads {
        len /= 2;
    }
    (0..count)
        .step_by(len)
        .map(|at| at..(at + len).min(count))
        .collect()
}

/// Sums of subtrees, each with its shards, in order and without a gap. All have one length.
pub(super) type Parts<'a> = [(Range<usize>, &'a [f32])];

/// Adds up `tree` from its parts, into `sum`.
pub(super) fn add_up(tree: &Range<usize>, parts: &Parts<'_>, sum: &mut [f32]) {
    for (block, at) in sum.chunks_mut(BLOCK).zip((0..).step_by(BLOCK)) {
        add_up_block(tree, parts, at, block);
    }
}

fn add_up_block(tree: &Range<usize>, parts: &Parts<'_>, at: usize, sum: &mut [f32]) {
    let piece = |tree: &Range<usize>| {
        let found = parts.iter().find(|(shards, _)| shards == tree);
        found.map(|(_, part)| &part[at..at + sum.len()])
    };
    if let Some(part) = piece(tree) {
        return sum.copy_from_slice(part);
    }
    let middle = middle(tree);
    let (left, right) = (tree.start..middle, middle..tree.end);
    match (piece(&left), piece(&right)) {
        (Some(left), Some(right)) => add_pair(sum, left, right),
        (_, Some(right)) => {
            add_up_block(&left, parts, at, sum);
            add(sum, right);
        }
        _ => {
            add_up_block(&left, parts, at, sum);
            let mut other = [0.0; BLOCK];
            let other = &mut other[..sum.len()];
            add_up_block(&right, parts, at, other);
            add(sum, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latent::normal_draws;

    #[test]
    fn shards_cover_the_batch_and_are_not_too_small() {
        for n in 1..200 {
            let shards = shards(n, 1000);
            assert!(shards.len() <= MOST_SHARDS);
            assert_eq!(shards.iter().map(Range::len).sum::<usize>(), n);
            assert!(shards.windows(2).all(|pair| pair[0].end == pair[1].start));
            let [least, most] =
                [Iterator::min, Iterator::max].map(|of| of(shards.iter().map(Range::len)).unwrap());
            assert!(
                most - least <= 1 && (shards.len() == 1 || least >= FEWEST_PICTURES),
                "{n}: {shards:?}"
            );
        }
        assert_eq!(shards(64, 300_000).len(), 8);
        assert_eq!(shards(64, MOST_VALUES / 3).len(), 3);
        assert_eq!(shards(64, 2 * MOST_VALUES).len(), 1);
    }

    #[test]
    fn the_units_of_threads_are_subtrees_and_there_are_enough_for_all() {
        for count in 1..=MOST_SHARDS {
            assert!(units(count, 1).into_iter().eq(std::iter::once(0..count)));
            for threads in 2..=MOST_SHARDS {
                let units = units(count, threads);
                assert!(units.len() >= threads.min(count));
                let trees: Vec<_> = units.iter().flat_map(|unit| subtrees(0..count, unit)).collect();
                assert_eq!(trees, units, "{count} shards, {threads} threads");
                let next = units.iter().skip(1).map(|unit| unit.start).chain([count]);
                assert!(units.iter().map(|unit| unit.end).eq(next));
            }
        }
    }

    #[test]
    fn the_sum_has_the_same_bits_for_any_number_of_workers() {
        for count in 1..=MOST_SHARDS {
            let len = BLOCK + 37;
            let gradients: Vec<Vec<f32>> = (0..count)
                .map(|shard| normal_draws(shard as u64, 0, len))
                .collect();
            let leaves: Vec<_> = gradients
                .iter()
                .enumerate()
                .map(|(at, values)| (at..at + 1, &values[..]))
                .collect();
            let mut expected = vec![0.0; len];
            add_up(&(0..count), &leaves, &mut expected);
            for workers in 1..=MOST_SHARDS + 1 {
                let mut sums = Vec::new();
                for rank in 0..workers {
                    for tree in subtrees(0..count, &share(count, workers, rank)) {
                        let mut sum = vec![0.0; len];
                        add_up(&tree, &leaves[tree.clone()], &mut sum);
                        sums.push((tree, sum));
                    }
                }
                let parts: Vec<_> = sums.iter().map(|(tree, sum)| (tree.clone(), &sum[..])).collect();
                let mut sum = vec![0.0; len];
                add_up(&(0..count), &parts, &mut sum);
                assert_eq!(sum, expected, "{count} shards, {workers} workers");
            }
        }
    }
}
