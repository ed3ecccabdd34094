//! The portable token: arrays of four numbers and plain arithmetic.
//!
//! Always present, for every [`Element`]. LLVM makes baseline vector code of the
//! arrays where it can; nothing depends on that. Multiply and add are apart,
//! because a fused one without hardware is a library call.

use core::marker::PhantomData;

use super::{Isa, Kernel, Simd};
use crate::element::Element;

/// The portable set for numbers of the type `T`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable<T>(PhantomData<T>);

impl<T> Portable<T> {
    /// The token: nothing to test.
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

/// Four numbers, aligned so that LLVM keeps them in a register where it can.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub(crate) struct Four<T>([T; 4]);

impl<T: Copy> Four<T> {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(T, T) -> T) -> Self {
        let ([a, b, c, d], [e, g, h, i]) = (self.0, other.0);
        Self([f(a, e), f(b, g), f(c, h), f(d, i)])
    }
}

impl<T: Element> Simd for Portable<T> {
    type E = T;
    type V = Four<T>;
    const LANES: usize = Isa::Scalar.vectors().lanes;
    const TILE: usize = Isa::Scalar.vectors().tile;

    #[inline(always)]
    fn splat(self, x: T) -> Four<T> {
        Four([x; 4])
    }

    #[inline(always)]
    unsafe fn load(self, from: *const T) -> Four<T> {
        // SAFETY: the caller promises four readable numbers; an array of them
        // has their alignment.
        Four(unsafe { from.cast::<[T; 4]>().read() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut T, x: Four<T>) {
        // SAFETY: the caller promises room for four numbers.
        unsafe { to.cast::<[T; 4]>().write(x.0) }
    }

    #[inline(always)]
    fn fma(self, a: Four<T>, b: Four<T>, c: Four<T>) -> Four<T> {
        self.add(self.mul(a, b), c)
    }

    #[inline(always)]
    fn add(self, a: Four<T>, b: Four<T>) -> Four<T> {
        a.zip(b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: Four<T>, b: Four<T>) -> Four<T> {
        a.zip(b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, a: Four<T>, b: Four<T>) -> Four<T> {
        a.zip(b, |a, b| a * b)
    }

    #[inline(always)]
    fn div(self, a: Four<T>, b: Four<T>) -> Four<T> {
        a.zip(b, |a, b| a / b)
    }

    #[inline(always)]
    fn pick_max(self, new: Four<T>, best: Four<T>) -> Four<T> {
        new.zip(best, |new, best| if new > best || new.is_nan() { new } else { best })
    }

    #[inline(always)]
    fn at_least(self, x: Four<T>, least: Four<T>) -> Four<T> {
        x.zip(least, |x, least| if x < least { least } else { x })
    }

    #[inline(always)]
    fn at_most(self, x: Four<T>, most: Four<T>) -> Four<T> {
        x.zip(most, |x, most| if x > most { most } else { x })
    }

    #[inline(always)]
    fn if_negative(self, x: Four<T>, then: Four<T>, otherwise: Four<T>) -> Four<T> {
        let mut lanes = otherwise.0;
        for ((lane, then), x) in lanes.iter_mut().zip(then.0).zip(x.0) {
            if x < T::zero() {
                *lane = then;
            }
        }
        Four(lanes)
    }

    #[inline(always)]
    fn exp(self, x: Four<T>) -> Four<T> {
        Four(x.0.map(T::exp))
    }

    #[inline(always)]
    fn prefetch(self, _at: *const T) {}

    unsafe fn enter<K: Kernel<Self>>(self, kernel: &K) {
        // SAFETY: handed on to the caller.
        unsafe { kernel.run(self) }
    }
}
