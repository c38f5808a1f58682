//! The messages of a round, a reduce-scatter and an all-gather: a worker gets its slice of the others' sums, adds it to its own, and sends
//! them the whole sum of it.

use std::iter::zip;

use latent_lab_kernels::all_finite;

use super::{
    super::{
        CpuEngine,
        shards::{add_up, subtrees},
        training::{Begun, pieces},
    },
    Member, check_len, none_begun,
};
use crate::error::Result;

/// Values that are added up at once: those of all workers fit into the second-level cache.
const PIECE: usize = 1 << 14;

impl CpuEngine {
    /// For the worker `peer`: its slice of the sums of the member's shards, one subtree after the other. It must be
    /// sent before the sum of the slice comes back and replaces it.
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

    /// Adds up the member's slice of the gradient from its own shards and from what the other workers sent. Returns the
    /// sum, which the other workers must get.
    ///
    /// `lens` are the numbers of values that each worker sent, by rank; the member's own is not read. `read` fills a
    /// slice with values of a worker, starting at a place, so that received messages need no copy here.
    ///
    /// # Errors
    /// `Argument` where no step has begun, or a worker has sent a different number of values than its share has.
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
    /// `Argument` where no step has begun, or the slice has a different length.
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
}

impl Begun {
    /// Counts a part of the gradient as summed, and checks it while it is in a cache.
    fn take_note(&mut self, sums: &[f32]) {
        self.summed += sums.len();
        self.is_finite &= all_finite(sums);
    }
}
