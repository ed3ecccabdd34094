//! Batch normalisation.

use super::{Apply, Describe, Layer};
use crate::shape::Shape;
use crate::shape::rules::{HasChannels, HasFeatures, IsImage, IsVector, LengthKnown};
use crate::size::{NeighboursNotZero, Size};
use crate::spec::{self, Op, Spec};

/// A float as a const parameter: its bits. `BatchNorm2d<64, { float(1e-3) }>`.
///
/// ```
/// use typenet::prelude::*;
///
/// assert_eq!(f64::from_bits(float(1e-3)), 1e-3);
/// type Norm = BatchNorm2d<64, { float(1e-3) }>;
/// typenet::check!(Norm: [64, 8, 8] -> [64, 8, 8]);
/// ```
pub const fn float(value: f64) -> u64 {
    value.to_bits()
}

// The defaults below are 1e-5 as bits: errors leave out a default that is a literal.
const _: () = assert!(float(1e-5) == 0x3EE4_F8B5_88E3_68F1);

/// Batch normalisation of an image of `C` channels, with the statistics of
/// training: (x − mean) / √(variance + eps) · weight + bias.
///
/// `EPS` is a float as its bits, 1e-5 unless it is given; `network!` takes
/// `EPS = 1e-3` as it is. Weights: `weight`, `bias`, `running_mean`,
/// `running_var`, each of shape `[C]`; the last two are not learnt and not
/// counted. (Ioffe and Szegedy, "Batch normalization", 2015.)
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct BatchNorm2d<const C: usize, const EPS: u64 = 0x3EE4_F8B5_88E3_68F1>;

impl<const C: usize, const EPS: u64> Describe for BatchNorm2d<C, EPS> {
    const SPEC: &'static Spec<'static> =
        &Spec::Op(Op::BatchNorm2d(spec::BatchNorm2d { channels: C, eps: f64::from_bits(EPS) }));
}

impl<In, const C: usize, const EPS: u64> Layer<In> for BatchNorm2d<C, EPS>
where
    In: IsImage<Self> + HasChannels<C, Self>,
{
    type Out = In;
}

impl<In, const C: usize, const EPS: u64> Apply<In, In> for BatchNorm2d<C, EPS> where
    In: Shape + IsImage<Self> + HasChannels<C, Self>
{
}

/// Batch normalisation of a vector of `C` features, as [`BatchNorm2d`] that of
/// an image: what stands behind a `Linear`.
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [784] -> [10] {
///         fc1: Linear<784, 100, BIAS = false>,
///         bn1: BatchNorm1d<_, EPS = 1e-3>,
///         relu1: Relu,
///         fc2: Linear<100, 10>,
///     }
/// }
/// assert_eq!(Net::PARAMS, 784 * 100 + 2 * 100 + 100 * 10 + 10);
/// ```
///
/// An image is for `BatchNorm2d`:
///
/// ```compile_fail
/// use typenet::prelude::*;
///
/// network! { struct Net: [8, 4, 4] -> [8, 4, 4] { bn: BatchNorm1d<8> } }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct BatchNorm1d<const C: usize, const EPS: u64 = 0x3EE4_F8B5_88E3_68F1>;

impl<const C: usize, const EPS: u64> Describe for BatchNorm1d<C, EPS> {
    const SPEC: &'static Spec<'static> =
        &Spec::Op(Op::BatchNorm1d(spec::BatchNorm1d { features: C, eps: f64::from_bits(EPS) }));
}

impl<In, const C: usize, const EPS: u64> Layer<In> for BatchNorm1d<C, EPS>
where
    In: Shape + IsVector<Self> + LengthKnown<Self> + HasFeatures<C, Self>,
{
    type Out = In;
}

impl<In, const C: usize, const EPS: u64> Apply<In, In> for BatchNorm1d<C, EPS> where
    In: Shape + IsVector<Self> + LengthKnown<Self> + HasFeatures<C, Self>
{
}

/// Local response normalisation: in\[c\] / (`K` + `ALPHA`/`SIZE` · Σ in\[d\]²)^`BETA`,
/// over `SIZE` channels d around c, from c − `SIZE`/2 to c + (`SIZE` − 1)/2.
///
/// As PyTorch's; (ONNX, for an even size, takes the odd channel from behind).
/// `ALPHA` is 1e-4, `BETA` 0.75 and `K` 1 unless they are given. (Krizhevsky,
/// Sutskever and Hinton, "`ImageNet` classification with deep convolutional neural
/// networks", 2012, section 3.3.)
///
/// ```
/// use typenet::prelude::*;
///
/// network! { struct Net: [96, 55, 55] -> [96, 55, 55] { norm: LocalResponseNorm<5, K = 2.0> } }
/// type ByHand = LocalResponseNorm<5, { float(1e-4) }, { float(0.75) }, { float(2.0) }>;
/// typenet::check!(ByHand: [96, 55, 55] -> [96, 55, 55]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LocalResponseNorm<
    const SIZE: usize,
    const ALPHA: u64 = { float(1e-4) },
    const BETA: u64 = { float(0.75) },
    const K: u64 = { float(1.0) },
>;

impl<const SIZE: usize, const ALPHA: u64, const BETA: u64, const K: u64> Describe
    for LocalResponseNorm<SIZE, ALPHA, BETA, K>
{
    const SPEC: &'static Spec<'static> =
        &Spec::Op(Op::LocalResponseNorm(spec::LocalResponseNorm {
            size: SIZE,
            alpha: f64::from_bits(ALPHA),
            beta: f64::from_bits(BETA),
            k: f64::from_bits(K),
        }));
}

impl<In, const SIZE: usize, const ALPHA: u64, const BETA: u64, const K: u64> Layer<In>
    for LocalResponseNorm<SIZE, ALPHA, BETA, K>
where
    In: IsImage<Self>,
    Size<SIZE>: NeighboursNotZero,
{
    type Out = In;
}

impl<In, const SIZE: usize, const ALPHA: u64, const BETA: u64, const K: u64> Apply<In, In>
    for LocalResponseNorm<SIZE, ALPHA, BETA, K>
where
    In: IsImage<Self>,
{
}
