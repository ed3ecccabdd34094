//! What a single layer is, as data: its kind, its numbers, its weights.

use super::dims::volume;
use super::param::{batch_norm, weight_and_bias};
use super::{Activation, ConvTranspose2d, CustomOp, Pad2d, ParamDims, ParamSpec, Upsample, Window};

/// A two-dimensional convolution (cross-correlation, as in every framework).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conv2d {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out: the number of filters.
    pub outputs: usize,
    /// Kernel, stride, dilation and padding of both axes.
    pub window: Window,
    /// Groups of channels that don't see each other.
    pub groups: usize,
    /// Whether each filter has a bias.
    pub bias: bool,
}

/// A pool: one window over each channel by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pool {
    /// Kernel, stride, dilation and padding of both axes.
    pub window: Window,
    /// Whether an average divides by the padded pixels of its window too.
    pub include_pad: bool,
}

/// A fully-connected layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Linear {
    /// Features that come in.
    pub inputs: usize,
    /// Features that go out.
    pub outputs: usize,
    /// Whether each output has a bias.
    pub bias: bool,
}

/// Batch normalisation with the statistics of training.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BatchNorm2d {
    /// Channels.
    pub channels: usize,
    /// What is added to the variance under the root.
    pub eps: f64,
}

/// Batch normalisation of a vector, likewise.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BatchNorm1d {
    /// Features.
    pub features: usize,
    /// What is added to the variance under the root.
    pub eps: f64,
}

/// A pool of the p-norm: (Σ |x|ᵖ)^(1/p) over each window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LpPool {
    /// Kernel, stride, dilation and padding of both axes.
    pub window: Window,
    /// p.
    pub norm: usize,
}

/// Local response normalisation: x / (k + alpha/size · Σ x²)^beta, over `size`
/// channels around each.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LocalResponseNorm {
    /// How many channels are summed up: size/2 before, (size − 1)/2 behind.
    pub size: usize,
    /// What the mean of the squares is multiplied with.
    pub alpha: f64,
    /// The exponent.
    pub beta: f64,
    /// What is added.
    pub k: f64,
}

/// A layer as data.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A convolution.
    Conv2d(Conv2d),
    /// The largest value of each window; padding counts as −∞.
    MaxPool2d(Pool),
    /// The mean of each window.
    AvgPool2d(Pool),
    /// The p-norm of each window.
    LpPool2d(LpPool),
    /// The mean of each channel, as a vector of one feature a channel.
    GlobalAvgPool2d,
    /// The largest value of each channel, likewise.
    GlobalMaxPool2d,
    /// A transposed convolution.
    ConvTranspose2d(ConvTranspose2d),
    /// Pixels around an image.
    Pad2d(Pad2d),
    /// An image of a whole multiple of the size.
    Upsample(Upsample),
    /// out\[c, y, x\] = in\[c·r² + (y mod r)·r + x mod r, y / r, x / r\].
    PixelShuffle {
        /// r, by which the image grows both ways.
        factor: usize,
    },
    /// Each value by the squares of its neighbours in other channels.
    LocalResponseNorm(LocalResponseNorm),
    /// A fully-connected layer.
    Linear(Linear),
    /// (x − mean) / √(variance + eps) · weight + bias, each channel by itself.
    BatchNorm2d(BatchNorm2d),
    /// Likewise, each feature of a vector by itself.
    BatchNorm1d(BatchNorm1d),
    /// An elementwise function.
    Activation(Activation),
    /// x, or weight·x below 0; one weight for each channel, or one for all.
    PRelu {
        /// How many weights there are.
        weights: usize,
    },
    /// exp(x − max) / Σ exp(x − max), over the channels of each pixel.
    Softmax,
    /// x − max − ln Σ exp(x − max), over the channels of each pixel.
    LogSoftmax,
    /// Hands its input on: what it does in training is no part of a run.
    Dropout {
        /// The probability with which training drops a value.
        p: f64,
    },
    /// An image as a vector: channel by channel, row by row.
    Flatten,
    /// What comes in goes out.
    Identity,
    /// A layer that a user's crate defines.
    Custom(&'static CustomOp),
}

impl Op {
    /// The kind of layer, as its type is called.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Conv2d(_) => "Conv2d",
            Self::MaxPool2d(_) => "MaxPool2d",
            Self::AvgPool2d(_) => "AvgPool2d",
            Self::LpPool2d(_) => "LpPool2d",
            Self::GlobalAvgPool2d => "GlobalAvgPool2d",
            Self::GlobalMaxPool2d => "GlobalMaxPool2d",
            Self::ConvTranspose2d(_) => "ConvTranspose2d",
            Self::Pad2d(_) => "Pad2d",
            Self::Upsample(_) => "Upsample",
            Self::PixelShuffle { .. } => "PixelShuffle",
            Self::LocalResponseNorm(_) => "LocalResponseNorm",
            Self::Linear(_) => "Linear",
            Self::BatchNorm2d(_) => "BatchNorm2d",
            Self::BatchNorm1d(_) => "BatchNorm1d",
            Self::Activation(activation) => activation.kind(),
            Self::PRelu { .. } => "PRelu",
            Self::Softmax => "Softmax",
            Self::LogSoftmax => "LogSoftmax",
            Self::Dropout { .. } => "Dropout",
            Self::Flatten => "Flatten",
            Self::Identity => "Identity",
            Self::Custom(op) => op.name,
        }
    }

    /// Whether both are the same layer with the same numbers; two layers of a
    /// user's own if they are called the same and have the same parameters.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Conv2d(a), Self::Conv2d(b)) => a == b,
            (Self::MaxPool2d(a), Self::MaxPool2d(b)) | (Self::AvgPool2d(a), Self::AvgPool2d(b)) => {
                a == b
            }
            (Self::LpPool2d(a), Self::LpPool2d(b)) => a == b,
            (Self::ConvTranspose2d(a), Self::ConvTranspose2d(b)) => a == b,
            (Self::Pad2d(a), Self::Pad2d(b)) => a == b,
            (Self::Upsample(a), Self::Upsample(b)) => a == b,
            (Self::LocalResponseNorm(a), Self::LocalResponseNorm(b)) => a == b,
            (Self::Linear(a), Self::Linear(b)) => a == b,
            (Self::BatchNorm2d(a), Self::BatchNorm2d(b)) => a == b,
            (Self::BatchNorm1d(a), Self::BatchNorm1d(b)) => a == b,
            (Self::Activation(a), Self::Activation(b)) => a == b,
            (Self::PixelShuffle { factor: a }, Self::PixelShuffle { factor: b })
            | (Self::PRelu { weights: a }, Self::PRelu { weights: b }) => a == b,
            (Self::Custom(a), Self::Custom(b)) => a.name == b.name && a.params == b.params,
            (a, b) => a.kind() == b.kind(),
        }
    }

    /// Whether the shape that comes in always goes out, whatever it is.
    pub const fn keeps_shape(&self) -> bool {
        match self {
            Self::BatchNorm2d(_)
            | Self::BatchNorm1d(_)
            | Self::Activation(_)
            | Self::PRelu { .. }
            | Self::LocalResponseNorm(_)
            | Self::Softmax
            | Self::LogSoftmax
            | Self::Dropout { .. }
            | Self::Identity => true,
            Self::Custom(op) => op.keeps_shape(),
            _ => false,
        }
    }

    /// The `index`-th parameter, `None` past the last.
    pub const fn param(&self, index: usize) -> Option<ParamSpec> {
        match self {
            Self::Conv2d(conv) => conv.param(index),
            Self::ConvTranspose2d(conv) => conv.param(index),
            Self::Linear(linear) => linear.param(index),
            Self::BatchNorm2d(norm) => batch_norm(norm.channels, index),
            Self::BatchNorm1d(norm) => batch_norm(norm.features, index),
            Self::PRelu { weights } if index == 0 => {
                let dims = ParamDims::d1(*weights);
                Some(ParamSpec { start: 0.25, ..ParamSpec::constant("weight", dims, 0) })
            }
            Self::Custom(op) if index < op.params.len() => Some(op.params[index]),
            _ => None,
        }
    }

    /// All parameters.
    pub fn params(self) -> impl Iterator<Item = ParamSpec> {
        (0..).map_while(move |index| self.param(index))
    }
}

impl Conv2d {
    /// Channels that one filter sees.
    pub const fn inputs_per_group(&self) -> usize {
        match self.inputs.checked_div(self.groups) {
            Some(inputs) => inputs,
            None => 0,
        }
    }

    /// Products that are summed up into one output value (saturating).
    pub const fn terms(&self) -> usize {
        volume(self.inputs_per_group(), self.window.h.kernel, self.window.w.kernel, 1)
    }

    const fn param(&self, index: usize) -> Option<ParamSpec> {
        let (kh, kw) = (self.window.h.kernel, self.window.w.kernel);
        let dims = ParamDims::d4(self.outputs, self.inputs_per_group(), kh, kw);
        weight_and_bias(index, dims, self.terms(), self.bias)
    }
}

impl ConvTranspose2d {
    /// The weight has the channels that come in first, as in PyTorch.
    const fn param(&self, index: usize) -> Option<ParamSpec> {
        let (kh, kw) = (self.h.kernel, self.w.kernel);
        let dims = ParamDims::d4(self.inputs, self.outputs_per_group(), kh, kw);
        match index {
            0 => Some(ParamSpec::learnt("weight", dims, self.terms())),
            1 if self.bias => Some(ParamSpec::constant("bias", ParamDims::d1(self.outputs), 0)),
            _ => None,
        }
    }
}

impl Linear {
    const fn param(&self, index: usize) -> Option<ParamSpec> {
        let dims = ParamDims::d2(self.outputs, self.inputs);
        weight_and_bias(index, dims, self.inputs, self.bias)
    }
}
