//! What almost every program wants: `use typenet::prelude::*;`.

pub use crate::{
    AnyModel, AvgPool2d, BatchNorm1d, BatchNorm2d, Bilinear, Chw, Clip, Conv2d, ConvTranspose2d,
    CustomLayer, Describe, Dropout, Dyn, DynChw, DynVector, Element, Elu, FixedShape, Flatten,
    Gelu, GeluTanh, GlobalAvgPool2d, GlobalMaxPool2d, HardSigmoid, HardSwish, Identity, Layer,
    LeakyRelu, Linear, LocalResponseNorm, LogSoftmax, LpPool2d, MaxPool2d, Model, Nearest, Network,
    On, PRelu, Pad2d, PixelShuffle, Relu, Relu6, Same, SameLower, Shape, Sigmoid, Silu, Softmax,
    Tanh, Tensor, TensorView, Upsample, Vector, check, float, network,
};
