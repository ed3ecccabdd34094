//! What almost every program wants: `use typenet::prelude::*;`.

pub use crate::{
    AnyModel, AvgPool2d, BatchNorm1d, BatchNorm2d, Chw, Clip, Conv2d, CustomLayer, Describe,
    Dropout, Dyn, DynChw, DynVector, Element, Elu, FixedShape, Flatten, Gelu, GeluTanh,
    GlobalAvgPool2d, HardSigmoid, HardSwish, Identity, Layer, LeakyRelu, Linear, LogSoftmax,
    MaxPool2d, Model, Network, On, PRelu, Relu, Relu6, Same, SameLower, Shape, Sigmoid, Silu,
    Softmax, Tanh, Tensor, TensorView, Vector, check, float, network,
};
