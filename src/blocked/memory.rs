//! Memory: aligned buffers, views into them, and who lies where.
//!
//! All activations of a run live in one buffer, the workspace. A value has its
//! place from the step that writes it to the last step that reads it; places of
//! values that never live at the same time overlap. The placement is greedy,
//! largest first at the lowest offset that is free over the whole lifetime
//! (Pisarchyk and Lee, "Efficient memory management for deep neural net
//! inference", 2020, "greedy by size"), within a few percent of the optimum for
//! chains with shortcuts.
//!
//! Kernels get [`In`] and [`Out`]: a pointer and a length. Every access goes
//! through them and is bounds-checked in debug builds, so that the test suite,
//! which runs in debug, proves the index arithmetic of all kernels over its
//! cases; release builds keep the pointer alone.

use alloc::alloc::{Layout, handle_alloc_error};
use alloc::vec::Vec;
use core::any::TypeId;
use core::ptr::NonNull;

use crate::element::Element;
use crate::isa::{MAX_LANES, Simd};

use super::pages;

/// A cache line on every supported processor, and the widest vector.
pub(crate) const ALIGN: usize = 64;

/// A buffer of numbers that starts on a cache line, all zero at first.
pub(crate) struct Buffer<T> {
    start: NonNull<T>,
    len: usize,
}

// SAFETY: the buffer owns its numbers, like a `Vec`.
unsafe impl<T: Send> Send for Buffer<T> {}
// SAFETY: a shared buffer only gives shared access to its numbers.
unsafe impl<T: Sync> Sync for Buffer<T> {}

impl<T: Element> Buffer<T> {
    /// `len` zeros. All-zero bytes are the number 0 only for primitive floats,
    /// so other types are written over once.
    pub(crate) fn zeroed(len: usize) -> Self {
        let Some(layout) = Self::layout(len) else {
            return Self { start: NonNull::dangling(), len: 0 };
        };
        // SAFETY: `layout` has a size above 0.
        let bytes = unsafe { pages::zeroed(layout) };
        let Some(start) = NonNull::new(bytes.cast::<T>()) else { handle_alloc_error(layout) };
        let mut buffer = Self { start, len: 0 };
        let primitive =
            TypeId::of::<T>() == TypeId::of::<f32>() || TypeId::of::<T>() == TypeId::of::<f64>();
        for i in 0..if primitive { 0 } else { len } {
            // SAFETY: within the allocation of `len` numbers.
            let at = unsafe { buffer.start.add(i) };
            // SAFETY: freshly allocated and aligned memory.
            unsafe { at.write(T::zero()) };
        }
        buffer.len = len;
        buffer
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: `start` is aligned and holds `len` initialised numbers.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as for `as_slice`; `self` is borrowed alone.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl<T> Buffer<T> {
    fn layout(len: usize) -> Option<Layout> {
        let layout = Layout::array::<T>(len).ok()?.align_to(ALIGN).ok()?;
        (layout.size() > 0).then(|| pages::align(layout))
    }

    /// How many numbers it holds.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.len) {
            // SAFETY: allocated in `zeroed` with this very layout.
            unsafe { alloc::alloc::dealloc(self.start.as_ptr().cast(), layout) }
        }
    }
}

/// Numbers to read.
#[derive(Clone, Copy)]
pub(crate) struct In<T> {
    start: *const T,
    len: usize,
}

/// Numbers to write (and to read back).
#[derive(Clone, Copy)]
pub(crate) struct Out<T> {
    start: *mut T,
    len: usize,
}

// SAFETY: every access is an unsafe function whose caller promises that nobody
// writes what it reads, from whichever thread.
unsafe impl<T: Sync> Sync for In<T> {}
// SAFETY: likewise for writing.
unsafe impl<T: Send + Sync> Sync for Out<T> {}

impl<T: Element> In<T> {
    pub(crate) fn new(values: &[T]) -> Self {
        Self { start: values.as_ptr(), len: values.len() }
    }

    /// The part from `at` on.
    #[inline(always)]
    pub(crate) fn from(self, at: usize) -> Self {
        debug_assert!(at <= self.len, "starts at {at} of {}", self.len);
        Self { start: self.start.wrapping_add(at), len: self.len.wrapping_sub(at) }
    }

    /// The vector at `at`.
    ///
    /// # Safety
    ///
    /// `at + LANES` is no more than the length, and the memory is alive and
    /// not being written.
    #[inline(always)]
    pub(crate) unsafe fn load<S: Simd<E = T>>(self, s: S, at: usize) -> S::V {
        debug_assert!(at + S::LANES <= self.len, "a vector at {at} of {}", self.len);
        // SAFETY: in bounds, as the caller promises.
        unsafe { s.load(self.start.wrapping_add(at)) }
    }

    /// The first `count` numbers from `at` on, zeros behind.
    ///
    /// # Safety
    ///
    /// `at + count` is no more than the length, `count` no more than a vector, and
    /// the memory is alive and not being written.
    #[inline(always)]
    pub(crate) unsafe fn load_part<S: Simd<E = T>>(self, s: S, at: usize, count: usize) -> S::V {
        debug_assert!(at + count <= self.len, "{count} at {at} of {}", self.len);
        // SAFETY: in bounds, as the caller promises.
        unsafe { s.load_part(self.start.wrapping_add(at), count) }
    }

    /// The vector at `at` with its lanes in another order ([`Simd::shuffle`]).
    ///
    /// # Safety
    ///
    /// As [`In::load`]; the lanes are lanes of the vector.
    #[inline(always)]
    pub(crate) unsafe fn shuffle<S: Simd<E = T>>(
        self,
        s: S,
        at: usize,
        lanes: &[u32; MAX_LANES],
    ) -> S::V {
        debug_assert!(at + S::LANES <= self.len, "a vector at {at} of {}", self.len);
        // SAFETY: in bounds, as the caller promises.
        unsafe { s.shuffle(self.start.wrapping_add(at), lanes) }
    }

    /// The number at `at`.
    ///
    /// # Safety
    ///
    /// `at` is below the length, and the memory is alive and not being written.
    #[inline(always)]
    pub(crate) unsafe fn get(self, at: usize) -> T {
        debug_assert!(at < self.len, "number {at} of {}", self.len);
        // SAFETY: in bounds, as the caller promises.
        unsafe { self.start.wrapping_add(at).read() }
    }

    /// Asks for the cache line at `at`, which may lie outside.
    #[inline(always)]
    pub(crate) fn prefetch<S: Simd<E = T>>(self, s: S, at: usize) {
        s.prefetch(self.start.wrapping_add(at));
    }

    /// The numbers as a slice.
    ///
    /// # Safety
    ///
    /// The memory is alive, and not written for as long as the slice is used.
    pub(crate) unsafe fn as_slice<'a>(self) -> &'a [T] {
        // SAFETY: as the caller promises.
        unsafe { core::slice::from_raw_parts(self.start, self.len) }
    }
}

impl<T: Element> Out<T> {
    pub(crate) fn new(values: &mut [T]) -> Self {
        Self { start: values.as_mut_ptr(), len: values.len() }
    }

    /// The part from `at` on, of `len` numbers.
    pub(crate) fn part(self, at: usize, len: usize) -> Self {
        assert!(
            at.checked_add(len).is_some_and(|end| end <= self.len),
            "{at} + {len} of {}",
            self.len
        );
        Self { start: self.start.wrapping_add(at), len }
    }

    /// The part from `at` on.
    #[inline(always)]
    pub(crate) fn from(self, at: usize) -> Self {
        debug_assert!(at <= self.len, "starts at {at} of {}", self.len);
        Self { start: self.start.wrapping_add(at), len: self.len.wrapping_sub(at) }
    }

    /// The same numbers, to read.
    #[inline(always)]
    pub(crate) fn to_in(self) -> In<T> {
        In { start: self.start, len: self.len }
    }

    /// Writes a vector to `at`.
    ///
    /// # Safety
    ///
    /// `at + LANES` is no more than the length, the memory is alive, and no
    /// other thread uses that part of it.
    #[inline(always)]
    pub(crate) unsafe fn store<S: Simd<E = T>>(self, s: S, at: usize, x: S::V) {
        debug_assert!(at + S::LANES <= self.len, "a vector at {at} of {}", self.len);
        // SAFETY: in bounds and ours, as the caller promises.
        unsafe { s.store(self.start.wrapping_add(at), x) }
    }

    /// Writes the first `count` lanes of a vector to `at`.
    ///
    /// # Safety
    ///
    /// `at + count` is no more than the length, `count` no more than a vector, the
    /// memory is alive, and no other thread uses that part of it.
    #[inline(always)]
    pub(crate) unsafe fn store_part<S: Simd<E = T>>(self, s: S, at: usize, count: usize, x: S::V) {
        debug_assert!(at + count <= self.len, "{count} at {at} of {}", self.len);
        // SAFETY: in bounds and ours, as the caller promises.
        unsafe { s.store_part(self.start.wrapping_add(at), count, x) }
    }

    /// The numbers as a slice.
    ///
    /// # Safety
    ///
    /// The memory is alive, and nobody else uses it for as long as the slice is
    /// used.
    pub(crate) unsafe fn as_mut_slice<'a>(self) -> &'a mut [T] {
        // SAFETY: as the caller promises.
        unsafe { core::slice::from_raw_parts_mut(self.start, self.len) }
    }
}

/// Something that needs memory from step `first` to step `last`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub(crate) len: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// An offset for each, and the length of it all. Offsets are whole cache lines
/// of `f32`.
pub(crate) fn place(needs: &[Lifetime]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by_key(|&i| core::cmp::Reverse(needs[i].len));
    let mut offsets = alloc::vec![0; needs.len()];
    let mut placed: Vec<usize> = Vec::new();
    let mut total = 0;
    for i in order {
        let need = needs[i];
        let overlaps = |j: &&usize| need.first <= needs[**j].last && needs[**j].first <= need.last;
        let mut busy: Vec<(usize, usize)> = placed
            .iter()
            .filter(overlaps)
            .map(|&j| (offsets[j], offsets[j] + needs[j].len))
            .collect();
        busy.sort_unstable();
        let mut at = 0;
        for (from, to) in busy {
            if at + need.len <= from {
                break;
            }
            at = at.max(to.next_multiple_of(ALIGN / 4));
        }
        offsets[i] = at;
        total = total.max(at + need.len);
        placed.push(i);
    }
    (offsets, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_living_do_not_overlap() {
        let mut seed = 1_u32;
        let mut random = move |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..200 {
            let needs: Vec<Lifetime> = (0..random(30))
                .map(|_| {
                    let first = random(20);
                    Lifetime { len: random(1000), first, last: first + random(6) }
                })
                .collect();
            let (at, total) = place(&needs);
            for (i, a) in needs.iter().enumerate() {
                assert!(at[i] + a.len <= total);
                for (j, b) in needs.iter().enumerate().skip(i + 1) {
                    let together = a.first <= b.last && b.first <= a.last;
                    let apart = at[i] + a.len <= at[j] || at[j] + b.len <= at[i];
                    assert!(!together || apart || a.len == 0 || b.len == 0, "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn a_chain_needs_its_two_largest_neighbours() {
        let chain: Vec<Lifetime> = [100, 50, 400, 300, 20]
            .iter()
            .enumerate()
            .map(|(i, &len)| Lifetime { len, first: i, last: i + 1 })
            .collect();
        assert_eq!(place(&chain).1, 700);
    }
}
