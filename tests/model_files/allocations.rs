//! An allocator that counts.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// Counts what this thread holds, so that tests beside it do not matter.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn count(grown: usize, freed: usize) {
    let held = HELD.get().wrapping_add(grown);
    // Memory that another thread allocated may be freed here: then the count wraps below zero and means nothing, which the
    // measurement avoids by starting at 0 and freeing only its own.
    if (held as isize) > 0 {
        MOST.set(MOST.get().max(held));
    }
    HELD.set(held.wrapping_sub(freed));
}

// SAFETY: every call is handed on to the system's allocator as it is; counting touches no memory but two constant cells.
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
        // Old and new are both there while the bytes move.
        count(size, layout.size());
        // SAFETY: the caller keeps the contract of `realloc`, and `alloc` is the system's.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes held at any time while `work` ran, beyond what was held before; and its result.
pub(crate) fn most_held<T>(work: impl FnOnce() -> T) -> (usize, T) {
    HELD.set(0);
    MOST.set(0);
    let result = work();
    (MOST.get(), result)
}
