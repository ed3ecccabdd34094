//! The fully-connected layer.

use super::{Apply, Describe, Layer};
use crate::shape::Vector;
use crate::shape::rules::{HasFeatures, IsVector, LengthKnown};
use crate::spec::{self, Op, Spec};

/// A fully-connected layer: `I` features in, `O` out.
///
/// out\[o\] = bias\[o\] + Σ weight\[o\]\[i\] · in\[i\]. Weights: `weight` of shape
/// `[O, I]`, `bias` of `[O]`.
///
/// It takes a vector of exactly `I` features:
///
/// ```compile_fail,E0277
/// use typenet::prelude::*;
///
/// let out: <Linear<256, 10> as Layer<Vector<400>>>::Out = Vector;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Linear<const I: usize, const O: usize, const BIAS: bool = true>;

impl<const I: usize, const O: usize, const BIAS: bool> Describe for Linear<I, O, BIAS> {
    const SPEC: &'static Spec<'static> =
        &Spec::Op(Op::Linear(spec::Linear { inputs: I, outputs: O, bias: BIAS }));
}

impl<In, const I: usize, const O: usize, const BIAS: bool> Layer<In> for Linear<I, O, BIAS>
where
    In: IsVector<Self> + LengthKnown<Self> + HasFeatures<I, Self>,
{
    type Out = Vector<O>;
}

impl<In, const I: usize, const O: usize, const BIAS: bool> Apply<In, Vector<O>>
    for Linear<I, O, BIAS>
where
    In: IsVector<Self> + LengthKnown<Self> + HasFeatures<I, Self>,
{
}
