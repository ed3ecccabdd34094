//! What almost every program wants: `use typenet::prelude::*;`.

pub use crate::check;
pub use crate::element::Element;
pub use crate::layer::{
    AvgPool2d, Conv2d, CustomLayer, Describe, Flatten, GlobalAvgPool2d, Identity, Layer, Linear,
    MaxPool2d, Relu, Softmax,
};
pub use crate::model::Model;
pub use crate::network;
pub use crate::network::{Network, On};
pub use crate::shape::{Chw, Dyn, DynChw, DynVector, FixedShape, Shape, Vector};
pub use crate::size::{Same, SameLower};
pub use crate::tensor::{Tensor, TensorView};
