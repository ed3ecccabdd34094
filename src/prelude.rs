//! What almost every program wants: `use typenet::prelude::*;`.

pub use crate::{
    AnyModel, AvgPool2d, BatchNorm2d, Chw, Conv2d, CustomLayer, Describe, Dyn, DynChw, DynVector,
    Element, FixedShape, Flatten, GlobalAvgPool2d, Identity, Layer, Linear, MaxPool2d, Model,
    Network, On, Relu, Same, SameLower, Shape, Softmax, Tensor, TensorView, Vector, check, float,
    network,
};
