//! An image as a vector.

use super::{Apply, Describe, Layer};
use crate::shape::rules::IsVector;
use crate::shape::{Chw, DynChw, DynVector, Shape, Vector};
use crate::size::{Product3, Size, VectorOf};
use crate::spec::{Op, Spec};

/// An image as a vector: channel by channel, row by row. A vector stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flatten;

impl Describe for Flatten {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::Flatten);
}

impl<const C: usize, const H: usize, const W: usize> Layer<Chw<C, H, W>> for Flatten
where
    (Size<C>, Size<H>, Size<W>): Product3<Out: VectorOf>,
{
    type Out = <<(Size<C>, Size<H>, Size<W>) as Product3>::Out as VectorOf>::Vector;
}

impl<const C: usize> Layer<DynChw<C>> for Flatten {
    type Out = DynVector;
}

impl<const N: usize> Layer<Vector<N>> for Flatten {
    type Out = Vector<N>;
}

impl Layer<DynVector> for Flatten {
    type Out = DynVector;
}

impl<In: Shape, Out: Shape + IsVector<Self>> Apply<In, Out> for Flatten {}
