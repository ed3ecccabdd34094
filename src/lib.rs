//! Convolutional networks as Rust types.
#![doc = "tour"]
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod element;
pub mod error;
pub mod explain;
pub mod graph;
pub mod layer;
pub mod model;
pub mod naive;
pub mod network;
pub mod prelude;
pub mod shape;
pub mod size;
pub mod spec;
pub mod tensor;
pub mod weights;

pub use element::Element;
pub use layer::{
    AvgPool2d, BatchNorm2d, Conv2d, CustomLayer, Describe, Flatten, GlobalAvgPool2d, Identity,
    Layer, Linear, MaxPool2d, Relu, Softmax, float,
};
pub use model::{AnyModel, Model};
pub use network::{Network, On};
pub use shape::{Chw, Dyn, DynChw, DynVector, FixedShape, Shape, Vector};
pub use size::{Same, SameLower};
pub use tensor::{Tensor, TensorView};

#[doc(hidden)]
pub use typenet_macros::{__check, __network};

/// Defines a network as a type.
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::__network! { $crate; $($tokens)* } };
}

/// Proves at compile time that a chain by hand fits together.
#[macro_export]
macro_rules! check {
    ($($tokens:tt)*) => { $crate::__check! { $crate; $($tokens)* } };
}
