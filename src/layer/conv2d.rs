//! The convolution.

use core::marker::PhantomData;

use super::{Apply, Describe, Layer};
use crate::shape::Shape;
use crate::shape::rules::{HasChannels, IsImage};
use crate::size::{AxisType, GroupsOf, ImageOf, Pad, Side, Size, Slide};
use crate::spec::{self, Op, Spec, Window};

/// A two-dimensional convolution: `I` channels in, `O` out, a kernel of `K`×`K`,
/// stride `S`, padding `P` all round, dilation `D`, `G` groups, `BIAS`.
///
/// out\[o\]\[y\]\[x\] = bias\[o\] + Σ weight\[o\]\[c\]\[i\]\[j\] · in\[c\]\[S·y + D·i − P\]\[S·x + D·j − P\],
/// a cross-correlation, as in every framework; what lies outside the image adds
/// nothing. Weights: `weight` of shape `[O, I / G, K, K]`, `bias` of `[O]`.
///
/// `V` and `H` are the windows down the rows and along a row, where they differ
/// or pad asymmetrically; `network!` writes them for you:
///
/// ```
/// use typenet::prelude::*;
/// use typenet::size::{Pad, Side};
///
/// network! {
///     struct Wide: [3, 32, 64] -> [8, 32, 32] {
///         conv: Conv2d<3, 8, K = (3, 5), S = (1, 2), P = Same, BIAS = false>,
///     }
/// }
/// // 32 rows stay, 64 columns with kernel 5 and stride 2 become 32
/// type Odd = Conv2d<3, 8, 3, 1, 0, 1, 1, true, Side<3, 1, 1, Pad<1, 1>>, Side<5, 2, 1, Pad<0, 1>>>;
/// typenet::check!(Odd: [3, 32, 64] -> [8, 32, 31]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Conv2d<
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize = 1,
    const P: usize = 0,
    const D: usize = 1,
    const G: usize = 1,
    const BIAS: bool = true,
    V = Side<K, S, D, Pad<P, P>>,
    H = V,
>(PhantomData<(V, H)>);

impl<
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize,
    const P: usize,
    const D: usize,
    const G: usize,
    const BIAS: bool,
    V: AxisType,
    H: AxisType,
> Describe for Conv2d<I, O, K, S, P, D, G, BIAS, V, H>
{
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::Conv2d(spec::Conv2d {
        inputs: I,
        outputs: O,
        window: Window { h: V::AXIS, w: H::AXIS },
        groups: G,
        bias: BIAS,
    }));
}

impl<
    In,
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize,
    const P: usize,
    const D: usize,
    const G: usize,
    const BIAS: bool,
    V: AxisType,
    H: AxisType,
> Layer<In> for Conv2d<I, O, K, S, P, D, G, BIAS, V, H>
where
    In: IsImage<Self> + HasChannels<I, Self>,
    Size<G>: GroupsOf<I, O>,
    In::H: Slide<V>,
    In::W: Slide<H>,
    (<In::H as Slide<V>>::Out, <In::W as Slide<H>>::Out): ImageOf<O>,
{
    type Out = <(<In::H as Slide<V>>::Out, <In::W as Slide<H>>::Out) as ImageOf<O>>::Image;
}

impl<
    In: IsImage<Self> + HasChannels<I, Self>,
    Out: Shape + HasChannels<O, ()>,
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize,
    const P: usize,
    const D: usize,
    const G: usize,
    const BIAS: bool,
    V: AxisType,
    H: AxisType,
> Apply<In, Out> for Conv2d<I, O, K, S, P, D, G, BIAS, V, H>
{
}
