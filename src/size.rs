//! Type-level sizes: the window arithmetic that the trait solver does.
//!
//! A size wears a const-generic face, [`Size<224>`](Size), wherever a person
//! sees it. To compute with it, a table maps it to a typenum integer
//! ([`Known`]) and the result back to a face ([`Face`]); stable Rust has no
//! other road from a const parameter to a type that can be calculated with. The
//! table holds 0 to 1024, the multiples of 8 up to 4096, and what common
//! networks flatten to. A size that a layer does not change needs no table, and
//! neither does `network!`, whose sizes come from const evaluation.
//!
//! The rule itself is [`Axis::out`](crate::spec::Axis::out), rearranged so that
//! the solver has little to do. With `grow = before + after` and
//! `reach = d·(k−1)`,
//!
//! ```text
//! out = (n + grow − reach − 1) / s + 1
//! ```
//!
//! so everything but `n` is folded once per kind of window into `Shrink<X>`
//! (reach exceeds grow) or `Grow<X>`, and a window with X = 0 and s = 1 is the
//! identity. `s` is divided by without typenum's `Div`, the most expensive
//! operator for the solver: an even divisor drops a bit and goes on with its
//! half, and only odd divisors from 3 on fall back to `Div`.

mod ceil;
mod groups;
mod spread;

pub use ceil::{Ceil, CeilNet, Excess};
pub use groups::{
    AnyGroups, GroupsDivide, GroupsOf, LeftOver, NoGroups, Nothing, Otherwise, Remainder, Share,
};
pub use spread::{
    AllCut, ExtraFits, Kept, Shorter, ShuffleFits, ShuffledBy, SomethingLeft, Spread, SpreadBy,
    SpreadNumbers, SpreadType, Square, Times, Trim,
};

use core::ops::{Add, Div, Mul, Sub};

use typenum::{
    Add1, B0, B1, Cmp, Diff, Equal, Greater, Less, Prod, Sub1, Sum, U1, U2, UInt, UTerm,
};

use crate::shape::{Chw, Dyn, DynChw, Shape, Vector};
use crate::spec::{self, Padding};

/// A size with a const-generic face.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Size<const N: usize>;

/// A size that is in the table: it can be calculated with at the type level.
#[diagnostic::on_unimplemented(
    message = "the size {Self} is not in the table of sizes that can be calculated with in types",
    label = "this size is outside the table",
    note = "the table holds 0 to 1024 and the multiples of 8 up to 4096; beyond it use `network!`, \
            which takes any integer, or write the output out: `On<Net, Input, Output>`"
)]
pub trait Known {
    /// The same number as a typenum integer.
    type U;
}

/// A typenum integer that has a const-generic face.
#[diagnostic::on_unimplemented(
    message = "a size that is computed here is not in the table of sizes with a const-generic face",
    label = "a size behind this layer is outside the table",
    note = "the table holds 0 to 1024 and the multiples of 8 up to 4096; beyond it use `network!`, \
            which takes any integer, or write the output out: `On<Net, Input, Output>`"
)]
pub trait Face {
    /// The same number as a [`Size`].
    type Size;
}

typenet_macros::__size_table!();

/// The typenum integer of a const-generic number.
type U<const N: usize> = <Size<N> as Known>::U;

/// One less, but not less than 0. Total, as is [`DivBy`], so that a zero gives
/// the error of its own rule and no other.
pub trait Before {
    /// The predecessor.
    type Out;
}

impl Before for UTerm {
    type Out = Self;
}

impl<X, Y> Before for UInt<X, Y>
where
    Self: Sub<B1>,
{
    type Out = Sub1<Self>;
}

/// k − 1.
type Pred<const K: usize> = <U<K> as Before>::Out;

/// d·(k − 1).
type Reach<const K: usize, const D: usize> = Prod<U<D>, Pred<K>>;

/// Padding of one axis: so many pixels before and after.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Pad<const BEFORE: usize, const AFTER: usize>;

/// Padding that gives ⌈n / s⌉ outputs, an odd pixel behind (TensorFlow's `SAME`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Same;

/// Padding that gives ⌈n / s⌉ outputs, an odd pixel before (ONNX's `SAME_LOWER`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SameLower;

/// A window along one axis: kernel, stride, dilation, padding ([`Pad`], [`Same`]
/// or [`SameLower`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Side<const K: usize, const S: usize, const D: usize, P>(core::marker::PhantomData<P>);

/// A window along one axis, as the layers use it.
pub trait AxisType: 'static {
    /// The same window as a value.
    const AXIS: spec::Axis;
}

/// How one axis is padded, as a value.
pub trait PaddingType: 'static {
    /// The same padding as a value.
    const PADDING: Padding;
}

impl<const B: usize, const A: usize> PaddingType for Pad<B, A> {
    const PADDING: Padding = Padding::Explicit { before: B, after: A };
}

impl PaddingType for Same {
    const PADDING: Padding = Padding::Same;
}

impl PaddingType for SameLower {
    const PADDING: Padding = Padding::SameLower;
}

impl<const K: usize, const S: usize, const D: usize, P: PaddingType> AxisType for Side<K, S, D, P> {
    const AXIS: spec::Axis =
        spec::Axis { kernel: K, stride: S, dilation: D, padding: P::PADDING, ceil: false };
}

/// A size behind a window of the kind `A`: a [`Size`], or [`Dyn`] for `Dyn`.
pub trait Slide<A> {
    /// How many windows fit.
    type Out;
}

impl<A: WindowNumbers> Slide<A> for Dyn {
    type Out = Self;
}

/// A window whose numbers are none of them 0: what can be said without a size.
pub trait WindowNumbers {}

impl<const K: usize, const S: usize, const D: usize, P> WindowNumbers for Side<K, S, D, P>
where
    Size<K>: KernelNotZero,
    Size<S>: StrideNotZero,
    Size<D>: DilationNotZero,
{
}

impl<const N: usize, const K: usize, const S: usize, const D: usize, P> Slide<Side<K, S, D, P>>
    for Size<N>
where
    Size<K>: KernelNotZero,
    Size<S>: StrideNotZero,
    Size<D>: DilationNotZero,
    Size<S>: Known,
    P: Net<K, D>,
    P::Net: Through<N, U<S>>,
    <P::Net as Through<N, U<S>>>::Fit: KernelFits<K, N>,
{
    type Out = <P::Net as Through<N, U<S>>>::Out;
}

macro_rules! not_zero {
    ($($name:ident, $what:literal, $message:literal;)*) => {$(
        #[doc = concat!("Rule: ", $what, " of at least 1.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "this number must be at least 1"
        )]
        pub trait $name {}

        #[diagnostic::do_not_recommend]
        impl<const N: usize> $name for Size<N> where U<N>: typenum::NonZero, Size<N>: Known {}
    )*};
}

not_zero! {
    KernelNotZero, "a kernel", "a layer has a kernel of 0; at least 1 is needed";
    StrideNotZero, "a stride", "a layer has a stride of 0; at least 1 is needed";
    DilationNotZero, "a dilation", "a layer has a dilation of 0; at least 1 is needed";
    FactorNotZero, "a factor", "a layer has a factor of 0; at least 1 is needed";
    NormNotZero, "a norm", "a layer has a norm of 0; at least 1 is needed";
    NeighboursNotZero, "neighbours", "a layer has a size of 0; at least 1 is needed";
}

/// The window adds `X` more pixels than it needs.
#[derive(Clone, Copy, Debug)]
pub struct Grow<X>(core::marker::PhantomData<X>);

/// The window needs `X` more pixels than it adds.
#[derive(Clone, Copy, Debug)]
pub struct Shrink<X>(core::marker::PhantomData<X>);

/// What padding and kernel come to together: [`Grow`] or [`Shrink`].
pub trait Net<const K: usize, const D: usize> {
    /// The sum.
    type Net;
}

impl<const K: usize, const D: usize> Net<K, D> for Same {
    type Net = Shrink<UTerm>;
}

impl<const K: usize, const D: usize> Net<K, D> for SameLower {
    type Net = Shrink<UTerm>;
}

impl<const K: usize, const D: usize, const B: usize, const A: usize> Net<K, D> for Pad<B, A>
where
    Size<K>: Known<U: Before>,
    Size<D>: Known<U: Mul<Pred<K>>>,
    Size<B>: Known<U: Add<U<A>>>,
    Size<A>: Known,
    Sum<U<B>, U<A>>: Cmp<Reach<K, D>>,
    <Sum<U<B>, U<A>> as Cmp<Reach<K, D>>>::Output: Settle<Sum<U<B>, U<A>>, Reach<K, D>>,
{
    type Net = <<Sum<U<B>, U<A>> as Cmp<Reach<K, D>>>::Output as Settle<
        Sum<U<B>, U<A>>,
        Reach<K, D>,
    >>::Net;
}

/// The outcome of comparing padding with reach, as a [`Grow`] or [`Shrink`].
pub trait Settle<P, R> {
    /// The difference.
    type Net;
}

impl<P, R: Sub<P>> Settle<P, R> for Less {
    type Net = Shrink<Diff<R, P>>;
}

impl<P, R> Settle<P, R> for Equal {
    type Net = Shrink<UTerm>;
}

impl<P: Sub<R>, R> Settle<P, R> for Greater {
    type Net = Grow<Diff<P, R>>;
}

/// `N` pixels through a window whose net is `Self`, at stride `S`.
///
/// It has an answer for windows that do not fit, too: `Fit` says so, and the rule
/// [`KernelFits`] about it is all that a message shows.
pub trait Through<const N: usize, S> {
    /// [`Fits`] or [`TooLarge`].
    type Fit;
    /// How many windows fit, as a [`Size`].
    type Out;
}

/// The kernel fits into the padded input.
#[derive(Clone, Copy, Debug)]
pub struct Fits;

/// The kernel is larger than the padded input.
#[derive(Clone, Copy, Debug)]
pub struct TooLarge;

// The same size: no table.
impl<const N: usize> Through<N, U1> for Shrink<UTerm> {
    type Fit = Fits;
    type Out = Size<N>;
}

// A stride of 0 breaks `StrideNotZero`.
impl<const N: usize> Through<N, UTerm> for Shrink<UTerm> {
    type Fit = Fits;
    type Out = Size<N>;
}

impl<const N: usize, A, B, C> Through<N, UInt<UInt<A, B>, C>> for Shrink<UTerm>
where
    Size<N>: Known<U: Windows<UInt<UInt<A, B>, C>> + NotEmpty>,
{
    type Fit = <U<N> as NotEmpty>::Fit;
    type Out = <U<N> as Windows<UInt<UInt<A, B>, C>>>::Out;
}

impl<const N: usize, S, X, Y> Through<N, S> for Shrink<UInt<X, Y>>
where
    Size<N>: Known<U: Cmp<UInt<X, Y>>>,
    <U<N> as Cmp<UInt<X, Y>>>::Output: Without<N, U<N>, UInt<X, Y>, S>,
{
    type Fit = <<U<N> as Cmp<UInt<X, Y>>>::Output as Without<N, U<N>, UInt<X, Y>, S>>::Fit;
    type Out = <<U<N> as Cmp<UInt<X, Y>>>::Output as Without<N, U<N>, UInt<X, Y>, S>>::Out;
}

impl<const N: usize, S, X> Through<N, S> for Grow<X>
where
    Size<N>: Known<U: Add<X> + NotEmpty>,
    Sum<U<N>, X>: Windows<S>,
{
    type Fit = <U<N> as NotEmpty>::Fit;
    type Out = <Sum<U<N>, X> as Windows<S>>::Out;
}

/// An axis without a pixel has no window, whatever is padded on.
pub trait NotEmpty {
    /// [`Fits`] or [`TooLarge`].
    type Fit;
}

impl NotEmpty for UTerm {
    type Fit = TooLarge;
}

impl<X, Y> NotEmpty for UInt<X, Y> {
    type Fit = Fits;
}

/// `V` pixels through a window that needs `X` more than it adds; `Self` compares
/// the two.
pub trait Without<const N: usize, V, X, S> {
    /// [`Fits`] or [`TooLarge`].
    type Fit;
    /// How many windows fit, as a [`Size`].
    type Out;
}

impl<const N: usize, V: Sub<X>, X, S> Without<N, V, X, S> for Greater
where
    Diff<V, X>: Windows<S>,
{
    type Fit = Fits;
    type Out = <Diff<V, X> as Windows<S>>::Out;
}

impl<const N: usize, V, X, S> Without<N, V, X, S> for Equal {
    type Fit = TooLarge;
    type Out = Size<N>;
}

impl<const N: usize, V, X, S> Without<N, V, X, S> for Less {
    type Fit = TooLarge;
    type Out = Size<N>;
}

/// Rule: the dilated kernel fits into the padded input.
#[diagnostic::on_unimplemented(
    message = "a kernel of size {K} does not fit into an input of {N} pixels with its padding",
    label = "the kernel is larger than the padded input",
    note = "use a smaller kernel, less dilation, more padding or a larger input"
)]
pub trait KernelFits<const K: usize, const N: usize> {}

impl<const K: usize, const N: usize> KernelFits<K, N> for Fits {}

/// (n − 1) / s + 1, as a [`Size`]; 0 for 0.
pub trait Windows<S> {
    /// How many windows there are.
    type Out;
}

impl<S> Windows<S> for UTerm {
    type Out = Size<0>;
}

impl<X, Y, S> Windows<S> for UInt<X, Y>
where
    Self: Sub<B1>,
    Sub1<Self>: DivBy<S>,
    <Sub1<Self> as DivBy<S>>::Out: Add<B1>,
    Add1<<Sub1<Self> as DivBy<S>>::Out>: Face,
{
    type Out = <Add1<<Sub1<Self> as DivBy<S>>::Out> as Face>::Size;
}

/// Floor division by a stride.
pub trait DivBy<S> {
    /// The quotient.
    type Out;
}

impl<S> DivBy<S> for UTerm {
    type Out = Self;
}

// A stride of 0 breaks `StrideNotZero`.
impl<X, Y> DivBy<UTerm> for UInt<X, Y> {
    type Out = Self;
}

impl<X, Y> DivBy<U1> for UInt<X, Y> {
    type Out = Self;
}

// ⌊n / 2s⌋ = ⌊⌊n / 2⌋ / s⌋: drop a bit.
impl<X: DivBy<S>, Y, S> DivBy<UInt<S, B0>> for UInt<X, Y> {
    type Out = X::Out;
}

impl<X, Y, A, B> DivBy<UInt<UInt<A, B>, B1>> for UInt<X, Y>
where
    Self: Div<UInt<UInt<A, B>, B1>>,
{
    type Out = typenum::Quot<Self, UInt<UInt<A, B>, B1>>;
}

/// The image of `C` channels with the two sides `Self`.
pub trait ImageOf<const C: usize> {
    /// The shape.
    type Image: Shape;
}

impl<const C: usize, const H: usize, const W: usize> ImageOf<C> for (Size<H>, Size<W>) {
    type Image = Chw<C, H, W>;
}

impl<const C: usize> ImageOf<C> for (Dyn, Dyn) {
    type Image = DynChw<C>;
}

/// An image with the two sides `Sides` and as many channels as both of `Self`.
pub trait ChannelSum<Sides> {
    /// The shape.
    type Out;
}

impl<const C: usize, const D: usize, Sides> ChannelSum<Sides> for (Size<C>, Size<D>)
where
    Size<C>: Known<U: Add<U<D>>>,
    Size<D>: Known,
    Sum<U<C>, U<D>>: Face,
    <Sum<U<C>, U<D>> as Face>::Size: WithSides<Sides>,
{
    type Out = <<Sum<U<C>, U<D>> as Face>::Size as WithSides<Sides>>::Image;
}

/// The image of `Self` channels with the two sides `Sides`.
pub trait WithSides<Sides> {
    /// The shape.
    type Image: Shape;
}

impl<const C: usize, Sides: ImageOf<C>> WithSides<Sides> for Size<C> {
    type Image = Sides::Image;
}

/// The vector of as many features as a [`Size`] says.
pub trait VectorOf {
    /// The shape.
    type Vector: Shape;
}

impl<const N: usize> VectorOf for Size<N> {
    type Vector = Vector<N>;
}

/// c·h·w as a [`Size`].
pub trait Product3 {
    /// The product.
    type Out;
}

impl<const C: usize, const H: usize, const W: usize> Product3 for (Size<C>, Size<H>, Size<W>)
where
    Size<C>: Known<U: Mul<U<H>>>,
    Size<H>: Known,
    Size<W>: Known,
    Prod<U<C>, U<H>>: Mul<U<W>>,
    Prod<Prod<U<C>, U<H>>, U<W>>: Face,
{
    type Out = <Prod<Prod<U<C>, U<H>>, U<W>> as Face>::Size;
}

/// The padding of a pool whose windows run along an axis as `Self` does.
pub trait PoolSide {}

impl<const K: usize, const S: usize, const D: usize> PoolSide for Side<K, S, D, Same> {}

impl<const K: usize, const S: usize, const D: usize> PoolSide for Side<K, S, D, SameLower> {}

impl<const K: usize, const S: usize, const D: usize, const B: usize, const A: usize> PoolSide
    for Side<K, S, D, Pad<B, A>>
where
    Size<K>: Known<U: Before>,
    Size<D>: Known<U: Mul<Pred<K>>>,
    Reach<K, D>: Add<B1>,
    Size<B>: Known<U: Mul<U2>>,
    Size<A>: Known<U: Mul<U2>>,
    Add1<Reach<K, D>>: Cmp<Prod<U<B>, U2>> + Cmp<Prod<U<A>, U2>>,
    <Add1<Reach<K, D>> as Cmp<Prod<U<B>, U2>>>::Output: AtLeast,
    <Add1<Reach<K, D>> as Cmp<Prod<U<A>, U2>>>::Output: AtLeast,
    <<Add1<Reach<K, D>> as Cmp<Prod<U<B>, U2>>>::Output as AtLeast>::Fit: HalfWindow<K, B>,
    <<Add1<Reach<K, D>> as Cmp<Prod<U<A>, U2>>>::Output as AtLeast>::Fit: HalfWindow<K, A>,
{
}

/// An order as a plain word, so that no message shows typenum's.
pub trait AtLeast {
    /// [`Fits`] unless it is less.
    type Fit;
}

impl AtLeast for Greater {
    type Fit = Fits;
}

impl AtLeast for Equal {
    type Fit = Fits;
}

impl AtLeast for Less {
    type Fit = TooLarge;
}

/// Rule: a pool pads at most half a window; `Self` compares window and twice
/// the padding.
#[diagnostic::on_unimplemented(
    message = "a pool with a window of {K} pads {P} pixels, but at most half a window is allowed",
    label = "more than half a window of padding"
)]
pub trait HalfWindow<const K: usize, const P: usize> {}

impl<const K: usize, const P: usize> HalfWindow<K, P> for Fits {}
