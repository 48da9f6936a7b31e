//! What a thread of a test program holds of memory, and the most it held at once.
//!
//! The system's allocator does the work; this counts beside it. A program takes part by naming [`Counted`] as its
//! global allocator.
#![expect(unsafe_code, reason = "an allocator hands out bare memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counted for each thread.
#[derive(Debug)]
pub struct Counted;

thread_local! {
    /// Bytes held now, and the most at once. What another thread gives back may make the first negative.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

/// Does the work, and gives beside its result how many bytes more than before this thread held at most at once while it ran.
/// 0 in a program that does not run on [`Counted`].
pub fn most_held<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let (before, _) = HELD.get();
    HELD.set((before, before));
    let done = work();
    let (_, most) = HELD.get();
    (done, most.saturating_sub(before).unsigned_abs())
}

fn count(bytes: isize) {
    let counted = HELD.try_with(|held| {
        let (now, most) = held.get();
        let now = now.saturating_add(bytes);
        held.set((now, most.max(now)));
    });
    // A thread that ends gives memory back when its count is gone already: nobody asks for it any more.
    counted.unwrap_or_default();
}

/// A size as the counts have it. No block is larger than `isize` holds.
fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

// SAFETY: every call goes to the system's allocator with what the caller gave; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller keeps the promises of this very function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may be held at once.
        count(signed(size));
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}
