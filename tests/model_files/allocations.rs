//! An allocator that counts bytes.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// Counts the bytes held by this thread, so that tests in other threads do not matter.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn count(grown: usize, freed: usize) {
    let held = HELD.get().wrapping_add(grown);
    // If memory of another thread is freed here, the count wraps below zero and is meaningless. The measurement avoids that by
    // starting at 0 and freeing only its own memory.
    if (held as isize) > 0 {
        MOST.set(MOST.get().max(held));
    }
    HELD.set(held.wrapping_sub(freed));
}

// SAFETY: every call is passed on to the system's allocator unchanged; counting accesses only two constant cells.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller keeps the contract of `dealloc`, and `alloc` is the system's.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new memory are both allocated while the bytes are moved.
        count(size, layout.size());
        // SAFETY: the caller keeps the contract of `realloc`, and `alloc` is the system's.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The largest number of bytes held while `work` ran, beyond those held before; and its result.
pub(crate) fn most_held<T>(work: impl FnOnce() -> T) -> (usize, T) {
    HELD.set(0);
    MOST.set(0);
    let result = work();
    (MOST.get(), result)
}
