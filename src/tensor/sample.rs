//! What a network can be run on.
//!
//! A method that takes `&Tensor<T, N::Input>` would answer a wrong tensor with
//! `mismatched types: expected 28, found 32`. So it takes any [`Sample`], whose
//! message names both shapes. The tensor is the type that is asked (`Self`): the
//! compiler decides nothing before it knows what was given, and then the one
//! implementation tells it what is still open, as in
//! `net.forward(&Tensor::zeros())`. Asked the other way round
//! (`N::Input: Accepts<S>`) it would settle the shape first, and compare types
//! as before.

use core::ops::Deref;

use super::{Storage, Tensor};
use crate::shape::Shape;

/// One sample of the shape `S`, of numbers `T`: a tensor, or a pointer to one.
#[diagnostic::on_unimplemented(
    message = "the network takes `Tensor<{T}, {S}>`, but is given `{Self}`",
    label = "a `Tensor<{T}, {S}>` is needed"
)]
pub trait Sample<S, T> {
    /// The shape.
    #[doc(hidden)]
    fn sample_shape(&self) -> S;

    /// The values, row-major.
    #[doc(hidden)]
    fn sample_values(&self) -> &[T];
}

#[diagnostic::do_not_recommend]
impl<T, S: Shape, B: Storage<T>> Sample<S, T> for Tensor<T, S, B> {
    fn sample_shape(&self) -> S {
        self.shape()
    }

    fn sample_values(&self) -> &[T] {
        self.as_slice()
    }
}

#[diagnostic::do_not_recommend]
impl<T, S, P: Deref<Target: Sample<S, T>>> Sample<S, T> for P {
    fn sample_shape(&self) -> S {
        (**self).sample_shape()
    }

    fn sample_values(&self) -> &[T] {
        (**self).sample_values()
    }
}
