//! The transposed convolution.

use core::marker::PhantomData;

use super::{Apply, Describe, Layer};
use crate::shape::Shape;
use crate::shape::rules::{HasChannels, IsImage};
use crate::size::{GroupsOf, ImageOf, Size, Spread, SpreadBy, SpreadType};
use crate::spec::{self, Op, Spec};

/// A two-dimensional transposed convolution (also called deconvolution), which
/// makes an image larger: `I` channels in, `O` out, a kernel of `K`×`K`, stride
/// `S`, padding `P`, `OUTPUT_PADDING`, `G` groups, dilation `D`, `BIAS`.
///
/// Every value that comes in is multiplied with the whole kernel and added into
/// the output, the pixels of the input `S` apart: out\[o\]\[S·y + D·i − P\]\[S·x +
/// D·j − P\] += weight\[c\]\[o\]\[i\]\[j\] · in\[c\]\[y\]\[x\]. `P` pixels are cut off all
/// round and `OUTPUT_PADDING` are put on below and to the right, so that n pixels
/// become S·(n − 1) − 2·P + D·(K − 1) + `OUTPUT_PADDING` + 1, as in PyTorch. The
/// output padding is below the stride or the dilation.
///
/// Weights: `weight` of shape `[I, O / G, K, K]`, `bias` of `[O]`. (Zeiler et al.,
/// "Deconvolutional networks", 2010.)
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Up: [64, 16, 16] -> [32, 32, 32] {
///         up: ConvTranspose2d<64, 32, K = 3, S = 2, P = 1, OUTPUT_PADDING = 1>,
///     }
/// }
/// type ByHand = ConvTranspose2d<64, 32, 2, 2>;
/// typenet::check!(ByHand: [64, 16, 16] -> [32, 32, 32]);
/// ```
///
/// More output padding than lies between two pixels does not compile:
///
/// ```compile_fail
/// use typenet::prelude::*;
///
/// network! {
///     struct Up: [64, 16, 16] -> [32, 33, 33] {
///         up: ConvTranspose2d<64, 32, K = 3, S = 2, P = 1, OUTPUT_PADDING = 2>,
///     }
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ConvTranspose2d<
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize = 1,
    const P: usize = 0,
    const OUTPUT_PADDING: usize = 0,
    const G: usize = 1,
    const D: usize = 1,
    const BIAS: bool = true,
    V = Spread<K, S, D, P, P, OUTPUT_PADDING>,
    H = V,
>(PhantomData<(V, H)>);

impl<
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize,
    const P: usize,
    const E: usize,
    const G: usize,
    const D: usize,
    const BIAS: bool,
    V: SpreadType,
    H: SpreadType,
> Describe for ConvTranspose2d<I, O, K, S, P, E, G, D, BIAS, V, H>
{
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::ConvTranspose2d(spec::ConvTranspose2d {
        inputs: I,
        outputs: O,
        h: V::SPREAD,
        w: H::SPREAD,
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
    const E: usize,
    const G: usize,
    const D: usize,
    const BIAS: bool,
    V: SpreadType,
    H: SpreadType,
> Layer<In> for ConvTranspose2d<I, O, K, S, P, E, G, D, BIAS, V, H>
where
    In: IsImage<Self> + HasChannels<I, Self>,
    Size<G>: GroupsOf<I, O>,
    In::H: SpreadBy<V>,
    In::W: SpreadBy<H>,
    (<In::H as SpreadBy<V>>::Out, <In::W as SpreadBy<H>>::Out): ImageOf<O>,
{
    type Out = <(<In::H as SpreadBy<V>>::Out, <In::W as SpreadBy<H>>::Out) as ImageOf<O>>::Image;
}

impl<
    In: IsImage<Self> + HasChannels<I, Self>,
    Out: Shape + HasChannels<O, ()>,
    const I: usize,
    const O: usize,
    const K: usize,
    const S: usize,
    const P: usize,
    const E: usize,
    const G: usize,
    const D: usize,
    const BIAS: bool,
    V: SpreadType,
    H: SpreadType,
> Apply<In, Out> for ConvTranspose2d<I, O, K, S, P, E, G, D, BIAS, V, H>
{
}
