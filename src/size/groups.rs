//! Groups of channels: what they leave over.

use core::ops::Rem;

use typenum::{U1, UInt, UTerm};

use super::{Known, Size, U};

/// The groups `Self` of a layer with `I` channels in and `O` out.
pub trait GroupsOf<const I: usize, const O: usize> {}

impl<const G: usize, const I: usize, const O: usize> GroupsOf<I, O> for Size<G>
where
    Size<G>: Known,
    U<G>: Share<I> + Share<O>,
    <U<G> as Share<I>>::Left: AnyGroups + GroupsDivide<G, I> + Otherwise<<U<G> as Share<O>>::Left>,
    <<U<G> as Share<I>>::Left as Otherwise<<U<G> as Share<O>>::Left>>::Left: GroupsDivide<G, O>,
{
}

/// What `N` leaves over when it is shared among `Self`.
pub trait Share<const N: usize> {
    /// [`Nothing`], [`Remainder`] or [`NoGroups`].
    type Left;
}

impl<const N: usize> Share<N> for UTerm {
    type Left = NoGroups;
}

// One group divides everything: no table.
impl<const N: usize> Share<N> for U1 {
    type Left = Nothing;
}

impl<const N: usize, A, B, C> Share<N> for UInt<UInt<A, B>, C>
where
    Size<N>: Known<U: Rem<Self>>,
    <U<N> as Rem<Self>>::Output: LeftOver,
{
    type Left = <<U<N> as Rem<Self>>::Output as LeftOver>::Left;
}

/// There is nobody to share among.
#[derive(Clone, Copy, Debug)]
pub struct NoGroups;

/// No remainder.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

/// A remainder, of at least 1.
#[derive(Clone, Copy, Debug)]
pub struct Remainder;

/// A remainder as a plain word, so that no message shows its bits.
pub trait LeftOver {
    /// [`Nothing`] or [`Remainder`].
    type Left;
}

impl LeftOver for UTerm {
    type Left = Nothing;
}

impl<X, Y> LeftOver for UInt<X, Y> {
    type Left = Remainder;
}

/// What the output channels leave over is `O`, unless `Self`, that of the input
/// channels, is wrong already.
pub trait Otherwise<O> {
    /// `O` or [`Nothing`].
    type Left;
}

impl<O> Otherwise<O> for Nothing {
    type Left = O;
}

impl<O> Otherwise<O> for NoGroups {
    type Left = O;
}

impl<O> Otherwise<O> for Remainder {
    type Left = Nothing;
}

/// Rule: at least one group; `Self` is what they leave over.
#[diagnostic::on_unimplemented(
    message = "a layer has 0 groups; at least 1 is needed",
    label = "this number must be at least 1"
)]
pub trait AnyGroups {}

impl AnyGroups for Nothing {}
impl AnyGroups for Remainder {}

/// Rule: the groups divide the channels `N`; `Self` is what remains.
#[diagnostic::on_unimplemented(
    message = "{G} groups do not divide {N} channels",
    label = "the number of groups must divide the channels, in and out"
)]
pub trait GroupsDivide<const G: usize, const N: usize> {}

impl<const G: usize, const N: usize> GroupsDivide<G, N> for Nothing {}
impl<const G: usize, const N: usize> GroupsDivide<G, N> for NoGroups {}
