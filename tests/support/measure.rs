//! How much memory something takes: measured at the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting for each thread by itself: tests run side
/// by side.
struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static LARGEST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory after its counters are gone.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
        let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(bytes)));
    });
}

// SAFETY: every call goes to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller keeps `alloc`'s contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: `at` came from `System` with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `measure` has seen, in bytes.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "each test looks at its own part")]
pub(crate) struct Memory {
    /// The most that was held at a time, beyond what there was before.
    pub(crate) peak: usize,
    /// The most that was asked for at once.
    pub(crate) largest: usize,
    /// What is still there.
    pub(crate) left: isize,
}

/// The memory that `run` takes in this thread.
pub(crate) fn measure(run: impl FnOnce()) -> Memory {
    let before = LIVE.get();
    PEAK.set(before);
    LARGEST.set(0);
    run();
    let [peak, largest] = [PEAK.get() - before, LARGEST.get()].map(isize::cast_unsigned);
    Memory { peak, largest, left: LIVE.get() - before }
}
