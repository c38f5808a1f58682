//! Shares work among threads.

#[cfg(not(target_family = "wasm"))]
use std::sync::Mutex;

/// Runs `work` once for each item, on as many threads as there are workspaces; the caller's is one of them. Chance
/// decides which thread gets an item, so no result may depend on it.
#[cfg(not(target_family = "wasm"))]
pub(super) fn share_out<W: Send, T: Send>(
    workspaces: &mut [W],
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(&mut W, T) + Sync,
) {
    let Some((own, others)) = workspaces.split_first_mut() else {
        return;
    };
    if others.is_empty() {
        return items.for_each(|item| work(own, item));
    }
    let queue = Mutex::new(items);
    let next = || queue.lock().expect("the iterator does not panic").next();
    let run = |workspace: &mut W| {
        while let Some(item) = next() {
            work(workspace, item);
        }
    };
    std::thread::scope(|scope| {
        for workspace in others {
            scope.spawn(|| run(workspace));
        }
        run(own);
    });
}

/// Runs `work` once for each item: a module has no threads.
#[cfg(target_family = "wasm")]
pub(super) fn share_out<W, T>(
    workspaces: &mut [W],
    items: impl Iterator<Item = T>,
    work: impl Fn(&mut W, T),
) {
    items.for_each(|item| work(&mut workspaces[0], item));
}
