//! Work on shards of a batch, on several threads, with the same bits for any number of them.
//!
//! A shard is a fixed part of the batch and is computed on its own. Shards run in waves of as many
//! as there are threads; after each wave their gradients are added to the total in the order of the
//! shards.

/// A worker that holds the gradient of the shard it computed last.
pub(super) trait HoldsGradient: Send + Sync {
    /// The values, and the place in the total where they begin.
    fn gradient(&self) -> (&[f32], usize);
}

/// Calls `work` for every item with one of the workers, as many at a time as there are workers, and `after` for each wave with the
/// workers that took part, in the order of their items.
#[cfg(not(target_family = "wasm"))]
pub(super) fn in_waves<Item: Send, Worker: Send>(
    items: &mut [Item],
    workers: &mut [Worker],
    work: impl Fn(&mut Item, &mut Worker) + Sync,
    mut after: impl FnMut(&[Worker]),
) {
    let work = &work;
    for wave in items.chunks_mut(workers.len()) {
        let busy = &mut workers[..wave.len()];
        let mut pairs = wave.iter_mut().zip(busy.iter_mut());
        let own = pairs.next();
        std::thread::scope(|scope| {
            for (item, worker) in pairs {
                scope.spawn(move || work(item, worker));
            }
            if let Some((item, worker)) = own {
                work(item, worker);
            }
        });
        after(busy);
    }
}

/// Calls `work` for every item with the first worker, and `after` each time: a module has no threads.
#[cfg(target_family = "wasm")]
pub(super) fn in_waves<Item, Worker>(
    items: &mut [Item],
    workers: &mut [Worker],
    work: impl Fn(&mut Item, &mut Worker),
    mut after: impl FnMut(&[Worker]),
) {
    for item in items {
        work(item, &mut workers[0]);
        after(&workers[..1]);
    }
}

/// Adds the gradients of `workers`, in their order, to `total`. Each thread takes a part of the vector.
pub(super) fn add_in_order<Worker: HoldsGradient>(total: &mut [f32], workers: &[Worker]) {
    in_parts(total.len(), workers.len(), total, |part, first| {
        let range = first..first + part.len();
        for (gradient, from) in workers.iter().map(Worker::gradient) {
            let from = from.clamp(range.start, range.end);
            let mine = &gradient[from..range.end];
            for (sum, value) in part[from - range.start..].iter_mut().zip(mine) {
                *sum += value;
            }
        }
    });
}

/// Cuts a vector into one part for each of `threads`, and calls `work` with each and its place, at the same time.
fn in_parts(len: usize, threads: usize, vector: &mut [f32], work: impl Fn(&mut [f32], usize) + Sync) {
    // Whole cache lines.
    let size = len.div_ceil(threads).next_multiple_of(16);
    let mut parts: Vec<(usize, &mut [f32])> = vector
        .chunks_mut(size)
        .enumerate()
        .map(|(n, part)| (n * size, part))
        .collect();
    in_waves(
        &mut parts,
        &mut vec![(); threads],
        |(first, part), ()| work(part, *first),
        |_| {},
    );
}
