#![cfg_attr(
    all(feature = "zoo", feature = "image", feature = "pth"),
    doc = include_str!("../README.md")
)]
//!
//! # A tour
//!
//! - Write a network with [`network!`] (or a chain of layers by hand, proven by
//!   [`check!`]). It is a type; [`Network`] is what it can tell about itself.
//! - Give it weights: [`Network::load`], [`Network::from_bytes`],
//!   [`Network::random`]. The [`Model`] you get runs: [`Model::forward`] takes a
//!   [`Tensor`] whose shape is its type.
//! - What goes wrong, and what to do about it: [`errors`].
//! - A layer of your own: [`CustomLayer`].
//! - A network that is known only at run time: [`AnyModel`], from a
//!   [`spec::Spec`].
//!
//! # How it is built
//!
//! [`layer`] says how layers are types, and which designs were rejected;
//! [`spec`] is the one description that everything else reads; [`size`] is the
//! arithmetic of the trait solver; [`graph`] lays a description out for the
//! engines, of which [`naive`] is the readable one.
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod blocked;
pub mod element;
pub mod error;
pub mod errors;
pub mod explain;
pub mod flash;
pub mod graph;
#[cfg(feature = "image")]
pub mod image;
pub mod isa;
pub mod layer;
pub mod model;
pub mod naive;
pub mod network;
pub mod prelude;
pub mod preprocessing;
pub mod runner;
pub mod shape;
pub mod size;
pub mod spec;
#[cfg(any(feature = "safetensors", feature = "zoo"))]
mod spelling;
pub mod tensor;
pub mod weights;
#[cfg(feature = "zoo")]
pub mod zoo;

pub use element::Element;
pub use layer::{
    AvgPool2d, BatchNorm1d, BatchNorm2d, Bilinear, Clip, Conv2d, ConvTranspose2d, CustomLayer,
    Describe, Dropout, Elu, Flatten, Gelu, GeluTanh, GlobalAvgPool2d, GlobalMaxPool2d, HardSigmoid,
    HardSwish, Identity, Layer, LeakyRelu, Linear, LocalResponseNorm, LogSoftmax, LpPool2d,
    MaxPool2d, Nearest, PRelu, Pad2d, PixelShuffle, Relu, Relu6, Sigmoid, Silu, Softmax, Tanh,
    Upsample, float,
};
pub use model::{AnyModel, Model};
pub use network::{Network, On};
pub use runner::Runner;
pub use shape::{Chw, Dyn, DynChw, DynVector, FixedShape, Shape, Vector};
pub use size::{Same, SameLower};
pub use tensor::{Tensor, TensorView};

#[doc(hidden)]
pub use typenet_macros::{__check, __check_weights, __network};

/// Defines a network as a type: `network! { pub struct Name: [1, 28, 28] -> [10] { … } }`.
///
/// Each line is a name, a layer, a comma. Attributes, doc comments and visibility
/// are kept; the docs of the type show the table of its layers. The output may be
/// left out, and so may the input: such a block, which may have const parameters,
/// is a layer for other networks.
///
/// Layers stand in one another too: `Residual { … }` adds what comes in (or what
/// `shortcut { … }` makes of it) to what its layers give; `Scale { … }` multiplies it
/// by that, value by value or channel by channel (squeeze and excitation);
/// `Concat { left: { … }, right: { … } }` puts the arms' channels one behind the other;
/// `[Block<64>; 3]` is a block three times; `Heads { … }` at the end are several outputs.
/// Blocks lie in each other fifty deep and more without a `recursion_limit`, the braces of
/// one `network!` up to 24.
///
/// ```
/// use typenet::prelude::*;
///
/// const CLASSES: usize = 10;
///
/// network! {
///     /// A block: no input of its own, `O` channels out.
///     pub struct Stage<const I: usize, const O: usize> where O == 2 * I {
///         conv: Conv2d<I, O, K = 3, S = 2, P = 1, BIAS = false>,
///         bn: BatchNorm2d<_, EPS = 1e-3>,
///         relu: Relu,
///     }
/// }
///
/// network! {
///     /// A network of blocks.
///     pub struct Net: [3, 32, 32] -> [CLASSES] {
///         stem: Conv2d<3, 8, K = (3, 5), P = Same>,
///         stage1: Stage<8, 16>,
///         stage2: Stage<16, 32>,
///         gate: Scale { mean: GlobalAvgPool2d, fc: Linear<32, 32>, sigmoid: Sigmoid },
///         Concat { left: Identity, right: { conv: Conv2d<32, 8, K = 1> } },
///         pool: GlobalAvgPool2d,
///         #[name = "classifier"]
///         fc: Linear<_, CLASSES>,
///     }
/// }
/// assert_eq!(Net::random(1).parameter("classifier.weight").map(<[f32]>::len), Some(400));
/// ```
///
/// What does not fit does not compile; [`errors`](crate::errors) lists what the
/// compiler says then.
///
/// ```compile_fail
/// use typenet::prelude::*;
///
/// network! {
///     pub struct Wrong: [1, 28, 28] -> [10] {
///         flatten: Flatten,
///         fc: Linear<700, 10>, // `fc` expects 700 input features, but the input has 1×28×28 = 784
///     }
/// }
/// ```
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::__network! { $crate; $($tokens)* } };
}

/// Proves at compile time that a chain by hand fits together:
/// `check!(Net: [1, 28, 28] -> [10]);`.
///
/// Const evaluation walks the chain, so any integer will do, and the error is the
/// one that `network!` gives, with the layers named by their place.
///
/// ```
/// use typenet::prelude::*;
///
/// type Net = (Conv2d<3, 64, 7, 2, 3>, Relu, MaxPool2d<3, 2, 1>);
/// typenet::check!(Net: [3, 224, 224] -> [64, 56, 56]);
/// typenet::check!(Net: [3, Dyn, Dyn] -> [64, Dyn, Dyn]);
/// ```
///
/// ```compile_fail,E0080
/// use typenet::prelude::*;
///
/// type Net = (Conv2d<3, 64, 7, 2, 3>, Conv2d<32, 64, 1>);
/// typenet::check!(Net: [3, 224, 224] -> [64, 112, 112]);
/// ```
#[macro_export]
macro_rules! check {
    ($($tokens:tt)*) => { $crate::__check! { $crate; $($tokens)* } };
}

/// Compares a safetensors file with a network while the program compiles:
/// `check_weights!(LeNet5, "weights/lenet5.safetensors");`.
///
/// The path is taken from the folder of `Cargo.toml` or, if there is no such file,
/// from that of the source file. Only the header is read; the weights get into
/// neither the program nor its tokens. Every tensor that is missing, unexpected, of
/// another shape or of numbers that `f32` does not hold is an error of its own, under
/// the path, and the crate is compiled again when the file changes.
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     pub struct LeNet5: [1, 28, 28] -> [10] {
///         conv1: Conv2d<1, 6, K = 5, P = 2>,
///         relu1: Relu,
///         pool1: MaxPool2d<K = 2, S = 2>,
///         conv2: Conv2d<6, 16, K = 5>,
///         relu2: Relu,
///         pool2: MaxPool2d<K = 2, S = 2>,
///         flatten: Flatten,
///         fc1: Linear<400, 120>,
///         relu3: Relu,
///         fc2: Linear<_, 84>,
///         relu4: Relu,
///         fc3: Linear<84, 10>,
///     }
/// }
/// typenet::check_weights!(LeNet5, "examples/fashion/lenet5.safetensors");
/// ```
///
/// ```compile_fail,E0080
/// use typenet::prelude::*;
///
/// network! { struct Other: [1, 28, 28] { conv1: Conv2d<1, 8, K = 5> } }
/// // `conv1` needs `conv1.weight` to be 8×1×5×5, but in the file it is 6×1×5×5
/// typenet::check_weights!(Other, "examples/fashion/lenet5.safetensors");
/// ```
#[cfg(feature = "safetensors")]
#[macro_export]
macro_rules! check_weights {
    ($($tokens:tt)*) => { $crate::__check_weights! { $crate; $($tokens)* } };
}
