//! Pools: a window over each channel by itself.

use core::marker::PhantomData;

use super::{Apply, Describe, Layer};
use crate::shape::rules::{HasChannels, IsImage, SameChannels};
use crate::shape::{Shape, Vector};
use crate::size::{AxisType, NormNotZero, Pad, PoolSide, Side, Size, Slide, VectorOf, WithSides};
use crate::spec::{LpPool, Op, Pool, Spec, Window};

/// The largest value of each window of `K`×`K`, at stride `S` (by default `K`),
/// with `P` pixels of padding all round (−∞: it never wins) and dilation `D`.
///
/// `V` and `H` are the windows down the rows and along a row, where they differ,
/// or where a partly covered last one counts ([`Ceil`](crate::size::Ceil)).
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [64, 109, 109] -> [64, 54, 54] {
///         pool: MaxPool2d<K = 3, S = 2>,
///     }
/// }
/// network! {
///     struct Ceil: [64, 112, 112] -> [64, 56, 56] {
///         pool: MaxPool2d<K = 3, S = 2, CEIL = true>,
///     }
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct MaxPool2d<
    const K: usize,
    const S: usize = K,
    const P: usize = 0,
    const D: usize = 1,
    V = Side<K, S, D, Pad<P, P>>,
    H = V,
>(PhantomData<(V, H)>);

/// The mean of each window of `K`×`K`, at stride `S` (by default `K`), with `P`
/// pixels of padding all round.
///
/// With `INCLUDE_PAD` padded pixels count as zeros (PyTorch's default); without,
/// the sum is divided by the pixels that are really there (ONNX's default).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct AvgPool2d<
    const K: usize,
    const S: usize = K,
    const P: usize = 0,
    const INCLUDE_PAD: bool = true,
    V = Side<K, S, 1, Pad<P, P>>,
    H = V,
>(PhantomData<(V, H)>);

/// The p-norm of each window of `K`×`K`, p being `NORM`: (Σ |x|ᵖ)^(1/p), at
/// stride `S` (by default `K`), with `P` pixels of padding, which adds nothing.
///
/// As ONNX's; PyTorch's leaves the absolute value out, which differs where `NORM`
/// is odd and a value negative.
///
/// ```
/// use typenet::prelude::*;
///
/// network! { struct Net: [3, 8, 8] -> [3, 4, 4] { pool: LpPool2d<NORM = 2, K = 2> } }
/// type ByHand = LpPool2d<2, 2>;
/// typenet::check!(ByHand: [3, 8, 8] -> [3, 4, 4]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LpPool2d<
    const NORM: usize,
    const K: usize,
    const S: usize = K,
    const P: usize = 0,
    V = Side<K, S, 1, Pad<P, P>>,
    H = V,
>(PhantomData<(V, H)>);

macro_rules! pool {
    ($name:ident<$(const $param:ident: $kind:ty),*> $(where $norm:ident: $rule:ident)? = $op:expr) => {
        impl<$(const $param: $kind,)* V: AxisType, H: AxisType> Describe
            for $name<$($param,)* V, H>
        {
            const SPEC: &'static Spec<'static> = &Spec::Op($op(Window { h: V::AXIS, w: H::AXIS }));
        }

        impl<In, $(const $param: $kind,)* V: PoolSide, H: PoolSide> Layer<In>
            for $name<$($param,)* V, H>
        where
            In: IsImage<Self>,
            $(Size<$norm>: $rule,)?
            In::H: Slide<V>,
            In::W: Slide<H>,
            In::C: WithSides<(<In::H as Slide<V>>::Out, <In::W as Slide<H>>::Out)>,
            Self: Describe,
        {
            type Out = <In::C as WithSides<(
                <In::H as Slide<V>>::Out,
                <In::W as Slide<H>>::Out,
            )>>::Image;
        }

        impl<In: IsImage<Self>, Out: Shape + SameChannels<In>, $(const $param: $kind,)* V, H>
            Apply<In, Out> for $name<$($param,)* V, H>
        where
            Self: Describe,
        {
        }
    };
}

const fn max_pool(window: Window) -> Op {
    Op::MaxPool2d(Pool { window, include_pad: false })
}

const fn avg_pool<const INCLUDE_PAD: bool>(window: Window) -> Op {
    Op::AvgPool2d(Pool { window, include_pad: INCLUDE_PAD })
}

const fn lp_pool<const NORM: usize>(window: Window) -> Op {
    Op::LpPool2d(LpPool { window, norm: NORM })
}

pool! { MaxPool2d<const K: usize, const S: usize, const P: usize, const D: usize> = max_pool }
pool! { AvgPool2d<const K: usize, const S: usize, const P: usize, const INCLUDE_PAD: bool>
= avg_pool::<INCLUDE_PAD> }
pool! { LpPool2d<const NORM: usize, const K: usize, const S: usize, const P: usize>
where NORM: NormNotZero = lp_pool::<NORM> }

/// The mean of each channel, as a vector of one feature a channel.
///
/// It takes an image of any size, also one that is known only at run time, and
/// so ends networks that must take any.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct GlobalAvgPool2d;

impl Describe for GlobalAvgPool2d {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::GlobalAvgPool2d);
}

impl<In: IsImage<Self, C: VectorOf>> Layer<In> for GlobalAvgPool2d {
    type Out = <In::C as VectorOf>::Vector;
}

impl<In: IsImage<Self> + HasChannels<N, Self>, const N: usize> Apply<In, Vector<N>>
    for GlobalAvgPool2d
{
}

/// The largest value of each channel, as a vector of one feature a channel; NaN
/// if the channel holds one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct GlobalMaxPool2d;

impl Describe for GlobalMaxPool2d {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::GlobalMaxPool2d);
}

impl<In: IsImage<Self, C: VectorOf>> Layer<In> for GlobalMaxPool2d {
    type Out = <In::C as VectorOf>::Vector;
}

impl<In: IsImage<Self> + HasChannels<N, Self>, const N: usize> Apply<In, Vector<N>>
    for GlobalMaxPool2d
{
}
