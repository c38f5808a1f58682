//! `Gradients`: those of a thread's or worker's shards. Two sides of the tree are added as soon as both are there, so that only
//! a few vectors are kept and the newest of them is still in a cache.

use std::ops::Range;

use latent_lab_kernels::add;

use super::shards::are_sides;

/// Gradients of shards that follow each other, added up as far as the tree allows.
#[derive(Default)]
pub(super) struct Gradients {
    /// Of subtrees, in their order.
    done: Vec<(Range<usize>, Vec<f32>)>,
    /// Of the shard that is being computed.
    current: Vec<f32>,
    /// Vectors for further shards. Their paddings hold zeros, as those of all the others.
    spare: Vec<Vec<f32>>,
}

impl Gradients {
    /// Forgets all sums; their vectors are kept.
    pub(super) fn clear(&mut self) {
        self.spare.extend(self.done.drain(..).map(|(_, values)| values));
    }

    /// The gradient of the shard that is being computed.
    pub(super) fn current(&mut self, parameters: usize) -> &mut [f32] {
        if self.current.is_empty() {
            self.current = self.spare.pop().unwrap_or_default();
        }
        self.current.resize(parameters, 0.0);
        &mut self.current
    }

    /// Takes the gradient of the shard that is being computed, which is complete, as that of shard `index` of `count`.
    pub(super) fn push(&mut self, index: usize, count: usize) {
        let (mut tree, mut values) = (index..index + 1, std::mem::take(&mut self.current));
        while let Some((left, sum)) = self.done.pop_if(|(left, _)| are_sides(count, left, &tree)) {
            add(&mut values, &sum);
            tree.start = left.start;
            self.spare.push(sum);
        }
        self.done.push((tree, values));
    }

    /// The sums, in the order of their shards.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Range<usize>, &[f32])> {
        self.done.iter().map(|(tree, values)| (tree.clone(), &values[..]))
    }

    /// The only sum, if there is one.
    pub(super) fn only(&mut self) -> Option<&mut Vec<f32>> {
        match &mut self.done[..] {
            [(_, values)] => Some(values),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cpu::shards::{MOST_SHARDS, add_up, share, subtrees},
        latent::normal_draws,
    };

    #[test]
    fn shards_are_added_as_the_tree_says_and_few_vectors_are_kept() {
        let len = 40;
        for count in 1..=MOST_SHARDS {
            let shards: Vec<_> = (0..count)
                .map(|shard| normal_draws(shard as u64, 0, len))
                .collect();
            let leaves: Vec<_> = shards
                .iter()
                .enumerate()
                .map(|(at, values)| (at..at + 1, &values[..]))
                .collect();
            let mut gradients = Gradients::default();
            for (workers, rank) in [(1, 0), (2, 0), (2, 1), (3, 1), (5, 3), (8, 7)] {
                let owned = share(count, workers, rank);
                gradients.clear();
                for shard in owned.clone() {
                    gradients.current(len).copy_from_slice(&shards[shard]);
                    gradients.push(shard, count);
                }
                let expected: Vec<_> = subtrees(0..count, &owned)
                    .into_iter()
                    .map(|tree| {
                        let mut sum = vec![0.0; len];
                        add_up(&tree, &leaves[tree.clone()], &mut sum);
                        (tree, sum)
                    })
                    .collect();
                let found: Vec<_> = gradients
                    .parts()
                    .map(|(tree, values)| (tree, values.to_vec()))
                    .collect();
                assert_eq!(found, expected, "{owned:?} of {count}");
            }
            assert!(gradients.done.len() + gradients.spare.len() <= 4);
        }
    }
}
