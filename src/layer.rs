//! Layers as types.
//!
//! A layer is a zero-sized type that carries its numbers; weights live in a
//! [`Model`](crate::model::Model). Three traits say what it is, each for a
//! reader of its own:
//!
//! - [`Describe`] gives its description as a value. `network!`, the summary
//!   and the engines read it; any integer will do.
//! - [`Layer<In>`](Layer) is a function at the type level: from the shape that
//!   comes in, the trait solver computes the shape that goes out. Networks by
//!   hand and generic code use it. Heights and widths that change must be in
//!   the table of [`crate::size`].
//! - [`Apply<In, Out>`](Apply) is a relation between two given shapes. Channels
//!   and features are compared by the compiler itself, so any integer will do;
//!   `network!` proves each of its steps by it, with sizes from const
//!   evaluation.
//!
//! A crate of your own adds a layer with [`CustomLayer`] and [`Layer`].
//!
//! # Ways that were rejected
//!
//! - *Only typenum*: errors full of `UInt<…>`, and seconds of checking.
//! - *Only const evaluation*: no output shape as a type, nothing to bound
//!   generic code by.
//! - *One trait for function and relation* (`Apply` as a supertrait of `Layer`
//!   or the reverse): the solver tries to compute sizes that are already given,
//!   and its messages name the computation instead of the mistake.
//! - *A free middle variable in a sequence* (`A: Layer<In, Out = M>`,
//!   `B: Layer<M>`): 50 layers took 40 s; `B: Layer<A::Out>` is linear.
//! - *Size as a trait parameter of every layer* (a dictionary that users extend
//!   by an orphan-rule trick): compiles, but needs a marker in every type.

mod activation;
mod chain;
mod conv2d;
mod custom;
mod linear;
mod norm;
mod pool;
mod resample;
mod reshape;
mod transpose;

pub use activation::{
    Clip, Dropout, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, LogSoftmax,
    PRelu, Relu, Relu6, Sigmoid, Silu, Softmax, Tanh,
};
pub use conv2d::Conv2d;
pub use custom::CustomLayer;
pub use linear::Linear;
pub use norm::{BatchNorm1d, BatchNorm2d, LocalResponseNorm, float};
pub use pool::{AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, LpPool2d, MaxPool2d};
pub use resample::{Bilinear, Mode, Nearest, Pad2d, PixelShuffle, Upsample};
pub use reshape::Flatten;
pub use transpose::ConvTranspose2d;

use crate::shape::Shape;
use crate::spec::Spec;

/// A layer, block or network that can be described as a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "not a layer",
    note = "a layer of your own implements `CustomLayer` and `Layer`; a chain is a tuple of 1 to 16 \
            layers, which may be tuples"
)]
pub trait Describe: 'static {
    /// What it is.
    const SPEC: &'static Spec<'static>;
}

/// A layer as a function from the shape `In` to the shape [`Out`](Layer::Out).
///
/// ```
/// use typenet::prelude::*;
///
/// type Stem = (Conv2d<3, 64, 7, 2, 3>, Relu, MaxPool2d<3, 2, 1>);
/// let shape: <Stem as Layer<Chw<3, 224, 224>>>::Out = Chw::<64, 56, 56>;
/// # let _ = shape;
/// ```
///
/// Wrong channels do not compile:
///
/// ```compile_fail,E0277
/// use typenet::prelude::*;
///
/// type Two = (Conv2d<1, 6, 5>, Conv2d<7, 16, 5>);
/// type Out = <Two as Layer<Chw<1, 28, 28>>>::Out;
/// let out: Option<Out> = None;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take `{In}`",
    label = "cannot take `{In}`"
)]
pub trait Layer<In>: Describe {
    /// The shape that goes out.
    type Out: Shape;
}

/// A layer as a relation: it takes `In` and gives `Out`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take `{In}` and give `{Out}`",
    label = "cannot take `{In}` and give `{Out}`"
)]
pub trait Apply<In, Out>: Describe {}
