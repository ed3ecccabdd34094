//! Windows of which the last may be covered only partly (`ceil_mode`).
//!
//! A window counts if it starts on the input or on the padding before it, and
//! the windows before it leave pixels over. With n pixels, the window at i·s
//! starts in time if i·s < n + before; pixels are left over if the window before
//! ends early, i·s < n + before + after − span + s. So
//!
//! ```text
//! out = (n + before − deficit − 1) / s + 1,   deficit = max(span − s − after, 0)
//! ```
//!
//! which is the plain rule with another net. (The padding behind is less than a
//! window: pools have at most half of one.)

use core::marker::PhantomData;
use core::ops::{Add, Mul, Sub};

use typenum::{Add1, B1, Cmp, Diff, Equal, Greater, Less, Sum, UTerm};

use super::{
    AxisType, Before, Known, Pad, PoolSide, Pred, Reach, Same, SameLower, Settle, Side, Size,
    Slide, Through, U, WindowNumbers,
};
use crate::spec;

/// The window `A` with a partly covered last one; `network!` writes it for
/// `CEIL = true`.
///
/// ```
/// use typenet::prelude::*;
/// use typenet::size::{Ceil, Pad, Side};
///
/// type Pool = MaxPool2d<3, 2, 0, 1, Ceil<Side<3, 2, 1, Pad<0, 0>>>>;
/// typenet::check!(Pool: [64, 112, 112] -> [64, 56, 56]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ceil<A>(PhantomData<A>);

impl<A: AxisType> AxisType for Ceil<A> {
    const AXIS: spec::Axis = spec::Axis { ceil: true, ..A::AXIS };
}

impl<A: WindowNumbers> WindowNumbers for Ceil<A> {}

impl<A: PoolSide> PoolSide for Ceil<A> {}

macro_rules! nothing_left_over {
    ($($padding:ident)*) => {$(
        // ⌈n / s⌉ windows reach the end.
        impl<const N: usize, const K: usize, const S: usize, const D: usize>
            Slide<Ceil<Side<K, S, D, $padding>>> for Size<N>
        where
            Self: Slide<Side<K, S, D, $padding>>,
        {
            type Out = <Self as Slide<Side<K, S, D, $padding>>>::Out;
        }
    )*};
}

nothing_left_over! { Same SameLower }

impl<const N: usize, const K: usize, const S: usize, const D: usize, const B: usize, const A: usize>
    Slide<Ceil<Side<K, S, D, Pad<B, A>>>> for Size<N>
where
    // The rules of the plain window hold for this one too.
    Self: Slide<Side<K, S, D, Pad<B, A>>>,
    Pad<B, A>: CeilNet<K, S, D>,
    Size<S>: Known,
    <Pad<B, A> as CeilNet<K, S, D>>::Net: Through<N, U<S>>,
{
    type Out = <<Pad<B, A> as CeilNet<K, S, D>>::Net as Through<N, U<S>>>::Out;
}

/// What the padding before and the deficit come to: a `Grow` or a `Shrink`.
pub trait CeilNet<const K: usize, const S: usize, const D: usize> {
    /// The sum.
    type Net;
}

/// d·(k − 1) + 1.
type Span<const K: usize, const D: usize> = Add1<Reach<K, D>>;

/// Stride and padding behind: how far before the end the last window may begin.
type Room<const S: usize, const A: usize> = Sum<U<S>, U<A>>;

/// By how much the window is longer than that.
type Deficit<const K: usize, const S: usize, const D: usize, const A: usize> =
    <<Span<K, D> as Cmp<Room<S, A>>>::Output as Excess<Span<K, D>, Room<S, A>>>::Out;

impl<const K: usize, const S: usize, const D: usize, const B: usize, const A: usize>
    CeilNet<K, S, D> for Pad<B, A>
where
    Size<K>: Known<U: Before>,
    Size<D>: Known<U: Mul<Pred<K>>>,
    Size<S>: Known<U: Add<U<A>>>,
    Size<A>: Known,
    Size<B>: Known,
    Reach<K, D>: Add<B1>,
    Span<K, D>: Cmp<Room<S, A>>,
    <Span<K, D> as Cmp<Room<S, A>>>::Output: Excess<Span<K, D>, Room<S, A>>,
    U<B>: Cmp<Deficit<K, S, D, A>>,
    <U<B> as Cmp<Deficit<K, S, D, A>>>::Output: Settle<U<B>, Deficit<K, S, D, A>>,
{
    type Net =
        <<U<B> as Cmp<Deficit<K, S, D, A>>>::Output as Settle<U<B>, Deficit<K, S, D, A>>>::Net;
}

/// x − y, but not less than 0; `Self` compares the two.
pub trait Excess<X, Y> {
    /// The difference.
    type Out;
}

impl<X, Y> Excess<X, Y> for Less {
    type Out = UTerm;
}

impl<X, Y> Excess<X, Y> for Equal {
    type Out = UTerm;
}

impl<X: Sub<Y>, Y> Excess<X, Y> for Greater {
    type Out = Diff<X, Y>;
}
