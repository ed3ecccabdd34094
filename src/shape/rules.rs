//! What layers ask of the shape that arrives: one named trait a rule, each
//! failing with a sentence of its own. (The rules of windows, strides and groups
//! are arithmetic and live in [`crate::size`].)
//!
//! Each rule fails for its own offence only: a shape of the wrong kind passes
//! the rules about numbers, so that one mistake gives one error.

use typenum::{U1, UInt, UTerm};

use super::{Chw, Dyn, DynChw, DynVector, Shape, Vector};
use crate::size::{ChannelSum, Known, Size};

/// Rule: the layer `L` takes an image.
#[diagnostic::on_unimplemented(
    message = "`{L}` takes an image, but receives `{Self}`",
    label = "takes an image, not `{Self}`"
)]
pub trait IsImage<L: ?Sized>: Shape {
    /// The channels, as a [`Size`].
    type C;
    /// The height: a [`Size`] or [`Dyn`].
    type H;
    /// The width: a [`Size`] or [`Dyn`].
    type W;
}

impl<L: ?Sized, const C: usize, const H: usize, const W: usize> IsImage<L> for Chw<C, H, W> {
    type C = Size<C>;
    type H = Size<H>;
    type W = Size<W>;
}

impl<L: ?Sized, const C: usize> IsImage<L> for DynChw<C> {
    type C = Size<C>;
    type H = Dyn;
    type W = Dyn;
}

/// Rule: the image has the `I` channels that the layer `L` takes.
#[diagnostic::on_unimplemented(
    message = "`{L}` expects {I} input channel(s), but receives `{Self}`",
    label = "expects {I} input channel(s), but receives `{Self}`"
)]
pub trait HasChannels<const I: usize, L: ?Sized> {}

impl<L: ?Sized, const C: usize, const H: usize, const W: usize> HasChannels<C, L> for Chw<C, H, W> {}
impl<L: ?Sized, const C: usize> HasChannels<C, L> for DynChw<C> {}
impl<L: ?Sized, const I: usize, const N: usize> HasChannels<I, L> for Vector<N> {}
impl<L: ?Sized, const I: usize> HasChannels<I, L> for DynVector {}

/// The channels of an image stay: both shapes are images of as many.
#[diagnostic::on_unimplemented(
    message = "a layer that keeps channels cannot make `{Self}` of `{In}`",
    label = "other channels than `{In}`"
)]
pub trait SameChannels<In> {}

impl<In: HasChannels<C, ()>, const C: usize, const H: usize, const W: usize> SameChannels<In>
    for Chw<C, H, W>
{
}
impl<In: HasChannels<C, ()>, const C: usize> SameChannels<In> for DynChw<C> {}

/// Rule: the layer `L` takes a vector, not an image.
#[diagnostic::on_unimplemented(
    message = "`{L}` takes a vector, but receives the image `{Self}`",
    label = "takes a vector, not `{Self}`",
    note = "put `Flatten` before it"
)]
pub trait IsVector<L: ?Sized> {}

impl<L: ?Sized, const N: usize> IsVector<L> for Vector<N> {}
impl<L: ?Sized> IsVector<L> for DynVector {}

/// Rule: the length that the layer `L` needs is known at compile time.
#[diagnostic::on_unimplemented(
    message = "`{L}` needs a vector of known length, but receives `{Self}`, whose length comes at run time",
    label = "the length comes at run time",
    note = "use the convolution that does the same, with a kernel of the image's size, or \
            `GlobalAvgPool2d` before it"
)]
pub trait LengthKnown<L: ?Sized> {}

impl<L: ?Sized, const N: usize> LengthKnown<L> for Vector<N> {}
impl<L: ?Sized, const C: usize, const H: usize, const W: usize> LengthKnown<L> for Chw<C, H, W> {}
impl<L: ?Sized, const C: usize> LengthKnown<L> for DynChw<C> {}

/// Rule: the vector has the `I` features that the layer `L` takes.
#[diagnostic::on_unimplemented(
    message = "`{L}` expects {I} input feature(s), but receives `{Self}`",
    label = "expects {I} input feature(s), but receives `{Self}`"
)]
pub trait HasFeatures<const I: usize, L: ?Sized> {}

impl<L: ?Sized, const N: usize> HasFeatures<N, L> for Vector<N> {}
impl<L: ?Sized, const I: usize> HasFeatures<I, L> for DynVector {}
impl<L: ?Sized, const I: usize, const C: usize, const H: usize, const W: usize> HasFeatures<I, L>
    for Chw<C, H, W>
{
}
impl<L: ?Sized, const I: usize, const C: usize> HasFeatures<I, L> for DynChw<C> {}

/// How many slopes are learnt, `Self` as a typenum integer, as a plain word.
pub trait SlopeCount {
    /// [`NoSlope`], [`OneSlope`] or [`SlopeEach`].
    type Word;
}

/// No slope.
#[derive(Clone, Copy, Debug)]
pub struct NoSlope;

/// One slope for all.
#[derive(Clone, Copy, Debug)]
pub struct OneSlope;

/// A slope for each channel or feature.
#[derive(Clone, Copy, Debug)]
pub struct SlopeEach;

impl SlopeCount for UTerm {
    type Word = NoSlope;
}

impl SlopeCount for U1 {
    type Word = OneSlope;
}

impl<A, B, C> SlopeCount for UInt<UInt<A, B>, C> {
    type Word = SlopeEach;
}

/// Rule: the `N` slopes of the layer `L` serve the shape `S`; `Self` says whether
/// they are one for all.
#[diagnostic::on_unimplemented(
    message = "`{L}` has {N} slopes; at least 1 is needed",
    label = "this number must be at least 1"
)]
pub trait Slopes<const N: usize, S, L: ?Sized> {}

impl<const N: usize, S, L: ?Sized> Slopes<N, S, L> for OneSlope {}
impl<const N: usize, S: HasSlopes<N, L>, L: ?Sized> Slopes<N, S, L> for SlopeEach {}

/// Rule: the shape has the `N` channels or features for which the layer `L` has
/// learnt a slope each.
#[diagnostic::on_unimplemented(
    message = "`{L}` expects {N} input channel(s), but receives `{Self}`",
    label = "expects {N} input channel(s), but receives `{Self}`"
)]
pub trait HasSlopes<const N: usize, L: ?Sized> {}

impl<L: ?Sized, const C: usize, const H: usize, const W: usize> HasSlopes<C, L> for Chw<C, H, W> {}
impl<L: ?Sized, const C: usize> HasSlopes<C, L> for DynChw<C> {}
impl<L: ?Sized, const N: usize> HasSlopes<N, L> for Vector<N> {}

/// Rule: the network `L` takes the shape `Own` and no other.
#[diagnostic::on_unimplemented(
    message = "`{L}` takes `{Own}`, but receives `{Self}`",
    label = "takes `{Own}`, but receives `{Self}`"
)]
pub trait IsInput<Own, L: ?Sized> {}

impl<S, L: ?Sized> IsInput<S, L> for S {}

/// Rule: what is added to each other has one shape.
#[diagnostic::on_unimplemented(
    message = "the residual body gives `{Self}`, but its shortcut carries `{Other}`",
    label = "to be added they need the same shape"
)]
pub trait AddsTo<Other> {}

impl<S: Shape> AddsTo<S> for S {}

/// Rule: what scales an image has one value for each channel, row, column or
/// pixel of it.
#[diagnostic::on_unimplemented(
    message = "the scale gives `{Self}`, but what it scales is `{Image}`",
    label = "it needs one value for each channel, or the same shape"
)]
pub trait Scales<Image> {}

impl<const N: usize> Scales<Self> for Vector<N> {}
impl Scales<Self> for DynVector {}
impl<const C: usize, const H: usize, const W: usize> Scales<Chw<C, H, W>> for Vector<C> {}
impl<const C: usize> Scales<DynChw<C>> for Vector<C> {}
impl<const C: usize> Scales<Self> for DynChw<C> {}
impl<const C: usize> Scales<DynChw<C>> for Chw<C, 1, 1> {}
impl<const C: usize, const H: usize, const W: usize, const Y: usize, const X: usize>
    Scales<Chw<C, H, W>> for Chw<C, Y, X>
where
    Size<Y>: Known<U: Serves<Y, H>>,
    Size<X>: Known<U: Serves<X, W>>,
{
}

/// An axis of `OWN` pixels, `Self` as a typenum integer, serves one of `N`: it has
/// one pixel for all, or as many.
#[diagnostic::on_unimplemented(
    message = "an axis of {OWN} pixels cannot scale one of {N}",
    label = "it needs 1 or {N}"
)]
pub trait Serves<const OWN: usize, const N: usize> {}

impl<const OWN: usize, const N: usize> Serves<OWN, N> for U1 {}
impl<const N: usize, A, B, C> Serves<N, N> for UInt<UInt<A, B>, C> {}

/// Rule: what is concatenated agrees in height and width.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Other}` cannot be concatenated",
    label = "to be concatenated they need the same height and width"
)]
pub trait ConcatenatesWith<Other> {
    /// The shape with the channels of both.
    type Out;
}

impl<const C: usize, const D: usize, const H: usize, const W: usize> ConcatenatesWith<Chw<D, H, W>>
    for Chw<C, H, W>
where
    (Size<C>, Size<D>): ChannelSum<(Size<H>, Size<W>)>,
{
    type Out = <(Size<C>, Size<D>) as ChannelSum<(Size<H>, Size<W>)>>::Out;
}

impl<const C: usize, const D: usize> ConcatenatesWith<DynChw<D>> for DynChw<C>
where
    (Size<C>, Size<D>): ChannelSum<(Dyn, Dyn)>,
{
    type Out = <(Size<C>, Size<D>) as ChannelSum<(Dyn, Dyn)>>::Out;
}
