//! Sizes that grow: transposed convolutions, whole multiples, and the channels
//! that are left when others have become pixels.

use core::ops::{Add, Div, Mul, Rem, Sub};

use typenum::{Add1, B1, Cmp, Diff, Equal, Greater, Less, Prod, Quot, Sub1, Sum, U1, UInt, UTerm};

use super::{
    Before, DilationNotZero, Face, FactorNotZero, Fits, KernelNotZero, Known, LeftOver, Nothing,
    Pred, Reach, Size, StrideNotZero, TooLarge, U,
};
use crate::shape::Dyn;
use crate::spec;

/// An axis of a transposed convolution: kernel, stride, dilation, pixels cut off
/// before and after, pixels put on behind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Spread<
    const K: usize,
    const S: usize,
    const D: usize,
    const BEFORE: usize,
    const AFTER: usize,
    const EXTRA: usize,
>;

/// An axis of a transposed convolution, as the layer uses it.
pub trait SpreadType: 'static {
    /// The same as a value.
    const SPREAD: spec::Spread;
}

impl<const K: usize, const S: usize, const D: usize, const B: usize, const A: usize, const E: usize>
    SpreadType for Spread<K, S, D, B, A, E>
{
    const SPREAD: spec::Spread =
        spec::Spread { kernel: K, stride: S, dilation: D, before: B, after: A, extra: E };
}

/// A size behind a transposed convolution: a [`Size`], or [`Dyn`] for `Dyn`.
pub trait SpreadBy<A> {
    /// How many pixels there are.
    type Out;
}

impl<A: SpreadNumbers> SpreadBy<A> for Dyn {
    type Out = Self;
}

/// A spread whose own numbers are right: what can be said without a size.
pub trait SpreadNumbers {}

impl<const K: usize, const S: usize, const D: usize, const B: usize, const A: usize, const E: usize>
    SpreadNumbers for Spread<K, S, D, B, A, E>
where
    Size<K>: KernelNotZero,
    Size<S>: StrideNotZero + Known,
    Size<D>: DilationNotZero + Known,
    Size<E>: Known<U: Cmp<U<S>> + Cmp<U<D>>>,
    (<U<E> as Cmp<U<S>>>::Output, <U<E> as Cmp<U<D>>>::Output): Shorter,
    <(<U<E> as Cmp<U<S>>>::Output, <U<E> as Cmp<U<D>>>::Output) as Shorter>::Fit:
        ExtraFits<E, S, D>,
{
}

/// Two orders as a plain word: whether one of them is less.
pub trait Shorter {
    /// [`Fits`] or [`TooLarge`].
    type Fit;
}

impl<B> Shorter for (Less, B) {
    type Fit = Fits;
}

impl Shorter for (Equal, Less) {
    type Fit = Fits;
}

impl Shorter for (Equal, Equal) {
    type Fit = TooLarge;
}

impl Shorter for (Equal, Greater) {
    type Fit = TooLarge;
}

impl Shorter for (Greater, Less) {
    type Fit = Fits;
}

impl Shorter for (Greater, Equal) {
    type Fit = TooLarge;
}

impl Shorter for (Greater, Greater) {
    type Fit = TooLarge;
}

/// Rule: what a transposed convolution puts on is less than its stride or its
/// dilation.
#[diagnostic::on_unimplemented(
    message = "a transposed convolution has an output padding of {E}, but it must be below its \
               stride {S} or its dilation {D}",
    label = "too much output padding"
)]
pub trait ExtraFits<const E: usize, const S: usize, const D: usize> {}

impl<const E: usize, const S: usize, const D: usize> ExtraFits<E, S, D> for Fits {}

/// s·(n − 1) + d·(k − 1).
type Reached<const N: usize, const K: usize, const S: usize, const D: usize> =
    Sum<Prod<U<S>, Sub1<U<N>>>, Reach<K, D>>;

/// One more, and what is put on.
type Grown<const N: usize, const K: usize, const S: usize, const D: usize, const E: usize> =
    Add1<Sum<Reached<N, K, S, D>, U<E>>>;

impl<
    const N: usize,
    const K: usize,
    const S: usize,
    const D: usize,
    const B: usize,
    const A: usize,
    const E: usize,
> SpreadBy<Spread<K, S, D, B, A, E>> for Size<N>
where
    Spread<K, S, D, B, A, E>: SpreadNumbers,
    Size<K>: Known<U: Before>,
    Size<N>: Known<U: Sub<B1>>,
    Size<S>: Known<U: Mul<Sub1<U<N>>>>,
    Size<D>: Known<U: Mul<Pred<K>>>,
    Prod<U<S>, Sub1<U<N>>>: Add<Reach<K, D>>,
    Size<E>: Known,
    Reached<N, K, S, D>: Add<U<E>>,
    Sum<Reached<N, K, S, D>, U<E>>: Add<B1>,
    Size<B>: Known<U: Add<U<A>>>,
    Size<A>: Known,
    Grown<N, K, S, D, E>: Cmp<Sum<U<B>, U<A>>>,
    <Grown<N, K, S, D, E> as Cmp<Sum<U<B>, U<A>>>>::Output:
        Trim<Grown<N, K, S, D, E>, Sum<U<B>, U<A>>>,
    <Left<N, K, S, D, B, A, E> as Trim<Grown<N, K, S, D, E>, Sum<U<B>, U<A>>>>::Rest:
        SomethingLeft<N, B, A>,
{
    type Out = <Left<N, K, S, D, B, A, E> as Trim<Grown<N, K, S, D, E>, Sum<U<B>, U<A>>>>::Out;
}

/// What is made compared with what is cut off.
type Left<
    const N: usize,
    const K: usize,
    const S: usize,
    const D: usize,
    const B: usize,
    const A: usize,
    const E: usize,
> = <Grown<N, K, S, D, E> as Cmp<Sum<U<B>, U<A>>>>::Output;

/// Rule: a transposed convolution does not cut off all that it makes.
#[diagnostic::on_unimplemented(
    message = "a transposed convolution cuts off {B} and {A} pixels, all that it makes of {N}",
    label = "nothing is left",
    note = "use less padding, a larger kernel or a larger input"
)]
pub trait SomethingLeft<const N: usize, const B: usize, const A: usize> {}

impl<const N: usize, const B: usize, const A: usize> SomethingLeft<N, B, A> for Kept {}

/// Some pixels are left.
#[derive(Clone, Copy, Debug)]
pub struct Kept;

/// All pixels are cut off.
#[derive(Clone, Copy, Debug)]
pub struct AllCut;

/// `G` pixels less `C`; `Self` compares the two.
pub trait Trim<G, C> {
    /// [`Kept`] or [`AllCut`].
    type Rest;
    /// What is left, as a [`Size`].
    type Out;
}

impl<G: Sub<C>, C> Trim<G, C> for Greater
where
    Diff<G, C>: Face,
{
    type Rest = Kept;
    type Out = <Diff<G, C> as Face>::Size;
}

impl<G, C> Trim<G, C> for Equal {
    type Rest = AllCut;
    type Out = Size<1>;
}

impl<G, C> Trim<G, C> for Less {
    type Rest = AllCut;
    type Out = Size<1>;
}

/// A size times `F`: a [`Size`], or [`Dyn`] for `Dyn`.
pub trait Times<const F: usize> {
    /// The product.
    type Out;
}

impl<const F: usize> Times<F> for Dyn
where
    Size<F>: FactorNotZero,
{
    type Out = Self;
}

impl<const N: usize, const F: usize> Times<F> for Size<N>
where
    Size<N>: Known<U: Mul<U<F>>>,
    Size<F>: FactorNotZero + Known,
    Prod<U<N>, U<F>>: Face,
{
    type Out = <Prod<U<N>, U<F>> as Face>::Size;
}

/// The channels that are left when `R`² of them become the pixels of one.
pub trait ShuffledBy<const R: usize> {
    /// As a [`Size`].
    type Out;
}

impl<const C: usize, const R: usize> ShuffledBy<R> for Size<C>
where
    Size<R>: Known<U: Square>,
    Size<C>: Known<U: Rem<Squared<R>> + Div<Squared<R>>>,
    <U<C> as Rem<Squared<R>>>::Output: LeftOver,
    <<U<C> as Rem<Squared<R>>>::Output as LeftOver>::Left: ShuffleFits<R, C>,
    Quot<U<C>, Squared<R>>: Face,
{
    type Out = <Quot<U<C>, Squared<R>> as Face>::Size;
}

/// r².
type Squared<const R: usize> = <U<R> as Square>::Out;

/// The square, but not less than 1: a factor of 0 breaks `FactorNotZero`.
pub trait Square {
    /// The square.
    type Out;
}

impl Square for UTerm {
    type Out = U1;
}

impl<X, Y> Square for UInt<X, Y>
where
    Self: Mul,
{
    type Out = Prod<Self, Self>;
}

/// Rule: `R`² divides the channels `C`; `Self` is what remains.
#[diagnostic::on_unimplemented(
    message = "{C} channels cannot be shuffled into {R}×{R} pixels each",
    label = "the square of {R} must divide the channels that arrive"
)]
pub trait ShuffleFits<const R: usize, const C: usize> {}

impl<const R: usize, const C: usize> ShuffleFits<R, C> for Nothing {}
