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
use core::any::TypeId;
use core::ptr::NonNull;

use crate::element::Element;
use crate::isa::{MAX_LANES, Simd};

use super::layout::{max, min};
use super::pages;
use super::work::See;

/// A cache line on every supported processor, and the widest vector.
pub(crate) const ALIGN: usize = 64;

/// A buffer of numbers that starts on a cache line, all zero at first.
pub(crate) struct Buffer<T> {
    start: NonNull<T>,
    len: usize,
    /// Whether the memory is part of another buffer.
    borrowed: bool,
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
            return Self { start: NonNull::dangling(), len: 0, borrowed: false };
        };
        // SAFETY: `layout` has a size above 0.
        let bytes = unsafe { pages::zeroed(layout) };
        let Some(start) = NonNull::new(bytes.cast::<T>()) else { handle_alloc_error(layout) };
        let mut buffer = Self { start, len: 0, borrowed: false };
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
        if let (Some(layout), false) = (Self::layout(self.len), self.borrowed) {
            // SAFETY: allocated in `zeroed` with this very layout.
            unsafe { alloc::alloc::dealloc(self.start.as_ptr().cast(), layout) }
        }
    }
}

/// Moves buffers next to each other into one, which is returned: all that `each` shows
/// but those that are large enough for large pages of their own, if they are so together.
/// What is read behind the end of one is then the start of the next.
///
/// # Safety
///
/// What is returned outlives the buffers, and nobody else reads or writes it.
pub(crate) unsafe fn gather<T: Element>(mut each: impl FnMut(See<'_, T>)) -> Buffer<T> {
    let is_large = |len: usize| pages::is_large(len * size_of::<T>());
    let room = |len: usize| if is_large(len) { 0 } else { len.next_multiple_of(MAX_LANES) };
    let mut total = 0;
    each(&mut |buffer| total += room(buffer.len));
    let mut whole = Buffer::zeroed(if is_large(total) { total } else { 0 });
    let (start, mut at) = (whole.start, 0);
    each(&mut |buffer| {
        let (len, room) = (buffer.len, room(buffer.len));
        if room > 0 && room <= whole.len - at {
            whole.as_mut_slice()[at..at + len].copy_from_slice(buffer.as_slice());
            // SAFETY: within the whole.
            let start = unsafe { start.add(at) };
            // The memory that it had is freed here.
            *buffer = Buffer { start, len, borrowed: true };
            at += room;
        }
    });
    whole
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

    /// The two numbers from `at` on, again and again ([`Simd::splat_pair`]).
    ///
    /// # Safety
    ///
    /// `at + 2` is no more than the length, and the memory is alive and not being written.
    #[inline(always)]
    pub(crate) unsafe fn splat_pair<S: Simd<E = T>>(self, s: S, at: usize) -> S::V {
        debug_assert!(at + 2 <= self.len, "a pair at {at} of {}", self.len);
        // SAFETY: in bounds, as the caller promises.
        unsafe { s.splat_pair(self.start.wrapping_add(at)) }
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

    /// Writes the lanes of a vector behind the first `skip` to `at`.
    ///
    /// # Safety
    ///
    /// `at + LANES - skip` is no more than the length, `skip` no more than a vector, the
    /// memory is alive, and no other thread uses that part of it.
    #[inline(always)]
    pub(crate) unsafe fn store_rest<S: Simd<E = T>>(self, s: S, at: usize, skip: usize, x: S::V) {
        debug_assert!(at + S::LANES - skip <= self.len, "all but {skip} at {at} of {}", self.len);
        // SAFETY: in bounds and ours, as the caller promises.
        unsafe { s.store_rest(self.start.wrapping_add(at), skip, x) }
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

/// Something that needs memory from step `first` to step `last`, and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub(crate) len: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Where it lies, once it has a place.
    pub(crate) at: Option<usize>,
    /// Whose it is, by a number of the caller's.
    pub(crate) owner: usize,
}

impl Lifetime {
    pub(crate) const NONE: Self = Self { len: 0, first: usize::MAX, last: 0, at: None, owner: 0 };

    /// Longer by these steps.
    pub(crate) const fn extend(&mut self, first: usize, last: usize) {
        self.first = min(self.first, first);
        self.last = max(self.last, last);
    }

    /// Where `other` ends, if it has a place that overlaps with one from `at` on, and
    /// both are needed at the same time.
    const fn in_the_way(&self, at: usize, other: &Self) -> Option<usize> {
        match other.at {
            Some(from)
                if self.first <= other.last
                    && other.first <= self.last
                    && from < at + self.len
                    && at < from + other.len =>
            {
                Some(from + other.len)
            }
            _ => None,
        }
    }
}

/// Puts `need` among the first `count` of `needs`, which are in the order of their first
/// steps.
pub(crate) const fn insert(needs: &mut [Lifetime], count: usize, need: Lifetime) {
    let mut to = count;
    while to > 0 && needs[to - 1].first > need.first {
        needs[to] = needs[to - 1];
        to -= 1;
    }
    needs[to] = need;
}

/// Gives each its place and returns the length of it all. They come in the order of
/// their first steps, each needs some memory, and `order` is memory for as many
/// numbers. Places start on whole cache lines of `f32`.
pub(crate) const fn place(needs: &mut [Lifetime], order: &mut [usize]) -> usize {
    by_size(needs, order);
    let (mut longest, mut i) = (0, 0);
    while i < needs.len() {
        longest = max(longest, needs[i].last - needs[i].first);
        i += 1;
    }
    let (mut total, mut i) = (0, 0);
    while i < needs.len() {
        let mut at = 0;
        // No place up to the end of what is in the way is free either.
        while let Some(end) = in_the_way(needs, order[i], at, longest) {
            at = end.next_multiple_of(ALIGN / 4);
        }
        needs[order[i]].at = Some(at);
        total = max(total, at + needs[order[i]].len);
        i += 1;
    }
    total
}

/// Where something ends that is in the way of the `n`-th from `at` on. Only neighbours
/// can be: what begins before it ends, and no more than the `longest` time before it.
const fn in_the_way(needs: &[Lifetime], n: usize, at: usize, longest: usize) -> Option<usize> {
    let need = &needs[n];
    let mut other = n;
    while other > 0 && needs[other - 1].first + longest >= need.first {
        other -= 1;
        let end = need.in_the_way(at, &needs[other]);
        if end.is_some() {
            return end;
        }
    }
    other = n + 1;
    while other < needs.len() && needs[other].first <= need.last {
        let end = need.in_the_way(at, &needs[other]);
        if end.is_some() {
            return end;
        }
        other += 1;
    }
    None
}

/// Writes the numbers of all to `order`, the largest first.
const fn by_size(needs: &[Lifetime], order: &mut [usize]) {
    let mut i = 0;
    while i < needs.len() {
        let mut to = i;
        while to > 0 && needs[order[to - 1]].len < needs[i].len {
            order[to] = order[to - 1];
            to -= 1;
        }
        order[to] = i;
        i += 1;
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn placed(mut needs: Vec<Lifetime>) -> (Vec<Lifetime>, usize) {
        for count in 1..needs.len() {
            let need = needs[count];
            insert(&mut needs, count, need);
        }
        let mut order = alloc::vec![0; needs.len()];
        let total = place(&mut needs, &mut order);
        (needs, total)
    }

    #[test]
    fn places_of_the_living_do_not_overlap() {
        let mut seed = 1_u32;
        let mut random = move |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..200 {
            let needs = (0..random(30))
                .map(|_| {
                    let first = random(20);
                    let len = 1 + random(1000);
                    Lifetime { len, first, last: first + random(6), ..Lifetime::NONE }
                })
                .collect();
            let (needs, total) = placed(needs);
            let end = |need: &Lifetime| need.at.unwrap() + need.len;
            for (i, a) in needs.iter().enumerate() {
                assert!(end(a) <= total && a.at.unwrap().is_multiple_of(16));
                for b in &needs[i + 1..] {
                    let together = a.first <= b.last && b.first <= a.last;
                    let apart = end(a) <= b.at.unwrap() || end(b) <= a.at.unwrap();
                    assert!(!together || apart, "{a:?} {b:?}");
                }
            }
            // No less than what is alive at any one step, and no more than all of it.
            let alive = |step| -> usize {
                let lives = |need: &&Lifetime| (need.first..=need.last).contains(&step);
                needs.iter().filter(lives).map(|need| need.len).sum()
            };
            assert!(total >= (0..26).map(alive).max().unwrap());
            assert!(total <= needs.iter().map(|need| need.len.next_multiple_of(16)).sum());
        }
    }

    #[test]
    fn a_chain_needs_its_two_largest_neighbours() {
        let chain = [100, 50, 400, 300, 20]
            .iter()
            .enumerate()
            .map(|(i, &len)| Lifetime { len, first: i, last: i + 1, ..Lifetime::NONE })
            .collect();
        assert_eq!(placed(chain).1, 700);
    }
}
