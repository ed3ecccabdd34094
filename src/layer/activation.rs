//! Layers that keep the shape.

use super::{Apply, Describe, Layer};
use crate::shape::Shape;
use crate::spec::{self, Op, Spec};

macro_rules! same_shape {
    ($($(#[$doc:meta])* $name:ident = $op:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub struct $name;

        impl Describe for $name {
            const SPEC: &'static Spec<'static> = &Spec::Op($op);
        }

        impl<S: Shape> Layer<S> for $name {
            type Out = S;
        }

        impl<S: Shape> Apply<S, S> for $name {}
    )*};
}

same_shape! {
    /// max(x, 0) for every element; NaN stays NaN.
    Relu = Op::Activation(spec::Activation::Relu);

    /// exp(xᵢ) / Σ exp(xⱼ), over the features of a vector or over the channels
    /// of each pixel: probabilities that sum to 1.
    Softmax = Op::Softmax;

    /// What comes in goes out.
    Identity = Op::Identity;
}
