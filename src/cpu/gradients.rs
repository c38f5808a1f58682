//! `Gradients`: those of a thread's or worker's shards. Two sides of the tree are added as soon as both are there, or while the right
//! one is computed, so that only a few vectors are kept.

use std::ops::Range;

use latent_lab_kernels::add;

use super::{layer::Existing, shards::are_sides};

/// Pictures of a shard that go through the network together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pictures {
    /// The first ones, with others to follow.
    First,
    /// Later ones.
    Further,
    All,
}

/// Shards of a subtree, and the sum of their gradients.
pub(super) type Sum = (Range<usize>, Vec<f32>);

/// Gradients of shards that follow each other, added up as far as the tree allows.
#[derive(Default)]
pub(super) struct Gradients {
    /// Of subtrees, in their order.
    done: Vec<Sum>,
    /// Of the shard that is being computed, unless it is added to the previous one.
    current: Vec<f32>,
    /// Vectors for further shards. Their paddings hold zeros, as in all vectors here.
    spare: Vec<Vec<f32>>,
}

impl Gradients {
    /// Forgets all sums; their vectors are kept.
    pub(super) fn clear(&mut self) {
        self.spare.extend(self.done.drain(..).map(|(_, values)| values));
    }

    /// Keeps a vector for further shards. Its padding must hold zeros.
    pub(super) fn keep(&mut self, values: Vec<f32>) {
        if !values.is_empty() {
            self.spare.push(values);
        }
    }

    /// Where the gradient of the next pictures of shard `index` of `count` goes, and what happens
    /// to the values there. A shard that goes through the network as a whole is added to its left
    /// side at once, and needs no vector.
    pub(super) fn target(
        &mut self,
        (index, count): (usize, usize),
        pictures: Pictures,
        parameters: usize,
    ) -> (&mut [f32], Existing) {
        let existing = match pictures {
            Pictures::Further => Existing::Continued,
            Pictures::First | Pictures::All => Existing::Overwritten,
        };
        let shard = index..index + 1;
        if pictures == Pictures::All
            && let Some((left, _)) = self.done.last_mut()
            && are_sides(count, left, &shard)
        {
            left.end = shard.end;
            let (_, values) = self.done.last_mut().expect("it was there a line before");
            return (values, Existing::Added);
        }
        (self.unused(parameters), existing)
    }

    /// A vector that holds no sum.
    fn unused(&mut self, parameters: usize) -> &mut Vec<f32> {
        if self.current.is_empty() {
            self.current = self.spare.pop().unwrap_or_default();
        }
        self.current.resize(parameters, 0.0);
        &mut self.current
    }

    /// The gradient of shard `index` of `count` is complete.
    pub(super) fn push(&mut self, index: usize, count: usize) {
        let is_added = self.done.last().is_some_and(|(tree, _)| tree.end > index);
        if !is_added {
            self.done
                .push((index..index + 1, std::mem::take(&mut self.current)));
        }
        while let [.., (left, sum), (right, values)] = &mut self.done[..]
            && are_sides(count, left, right)
        {
            add(sum, values);
            left.end = right.end;
            self.spare.extend(self.done.pop().map(|(_, values)| values));
        }
    }

    /// The sums, in the order of their shards.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Range<usize>, &[f32])> {
        self.done.iter().map(|(tree, values)| (tree.clone(), &values[..]))
    }

    /// A vector for the sum of all shards, in the exchange with others: that of the first sum, if there is one, with its shards. And the
    /// sums behind it.
    pub(super) fn sum(&mut self, parameters: usize) -> (&mut Vec<f32>, Option<Range<usize>>, &[Sum]) {
        if self.done.is_empty() {
            return (self.unused(parameters), None, &[]);
        }
        let ((tree, sum), others) = self.done.split_first_mut().expect("there is one");
        (sum, Some(tree.clone()), others)
    }

    /// Takes the vector of [`Gradients::sum`].
    pub(super) fn take_sum(&mut self) -> Vec<f32> {
        if self.done.is_empty() {
            return std::mem::take(&mut self.current);
        }
        self.done.swap_remove(0).1
    }

    /// Takes the only sum, if there is one.
    pub(super) fn take_only(&mut self) -> Option<Vec<f32>> {
        if self.done.len() > 1 {
            return None;
        }
        self.done.pop().map(|(_, values)| values)
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
    fn shards_are_added_in_the_order_of_the_tree_and_few_vectors_are_kept() {
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
            for (is_whole, most) in [(false, 4), (true, 3)] {
                let mut gradients = Gradients::default();
                for (workers, rank) in [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (5, 3), (8, 7)] {
                    let owned = share(count, workers, rank);
                    gradients.clear();
                    for shard in owned.clone() {
                        let pictures = if is_whole {
                            &[Pictures::All][..]
                        } else {
                            &[Pictures::First, Pictures::Further]
                        };
                        for &pictures in pictures {
                            let (values, existing) = gradients.target((shard, count), pictures, len);
                            match existing {
                                Existing::Overwritten => values.copy_from_slice(&shards[shard]),
                                Existing::Continued => {}
                                Existing::Added => add(values, &shards[shard]),
                            }
                        }
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
                assert!(gradients.done.len() + gradients.spare.len() <= most);
            }
        }
    }
}
