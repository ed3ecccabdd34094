//! What a single layer is, as data: its kind, its numbers, its weights.

use super::{Activation, CustomOp, Window};

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

/// A layer as data.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A convolution.
    Conv2d(Conv2d),
    /// The largest value of each window; padding counts as −∞.
    MaxPool2d(Pool),
    /// The mean of each window.
    AvgPool2d(Pool),
    /// The mean of each channel, as a vector of one feature a channel.
    GlobalAvgPool2d,
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

/// The shape of a parameter: up to four sizes, the first `rank` of them count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParamDims {
    sizes: [usize; 4],
    rank: usize,
}

impl ParamDims {
    /// One size.
    pub const fn d1(n: usize) -> Self {
        Self { sizes: [n, 1, 1, 1], rank: 1 }
    }

    /// Two sizes, the slower first.
    pub const fn d2(rows: usize, columns: usize) -> Self {
        Self { sizes: [rows, columns, 1, 1], rank: 2 }
    }

    /// Four sizes, the slowest first.
    pub const fn d4(a: usize, b: usize, c: usize, d: usize) -> Self {
        Self { sizes: [a, b, c, d], rank: 4 }
    }

    /// The sizes as a slice.
    pub const fn as_slice(&self) -> &[usize] {
        self.sizes.split_at(self.rank).0
    }

    /// The number of values; `None` past `usize::MAX`.
    pub const fn elements(&self) -> Option<usize> {
        let mut product = 1_usize;
        let mut i = 0;
        while i < self.rank {
            product = match product.checked_mul(self.sizes[i]) {
                Some(product) => product,
                None => return None,
            };
            i += 1;
        }
        Some(product)
    }
}

/// One parameter of a layer: a tensor in the weight file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ParamSpec {
    /// Its name within the layer: `weight`, `bias`.
    pub name: &'static str,
    /// Its shape, in PyTorch's order.
    pub dims: ParamDims,
    /// Whether training learns it (running statistics are not learnt).
    pub learnt: bool,
    /// Terms that are summed up into one output, for the random start; 0 for a
    /// parameter that starts at a constant, [`ParamSpec::start`].
    pub fan_in: usize,
    /// What it starts at when `fan_in` is 0.
    pub start: f64,
}

impl ParamSpec {
    /// A learnt parameter that starts at random, scaled for `fan_in` terms.
    pub const fn learnt(name: &'static str, dims: ParamDims, fan_in: usize) -> Self {
        Self { name, dims, learnt: true, fan_in, start: 0.0 }
    }

    /// A learnt parameter that starts at 0 or 1.
    pub const fn constant(name: &'static str, dims: ParamDims, start: u8) -> Self {
        Self { name, dims, learnt: true, fan_in: 0, start: start as f64 }
    }

    /// A parameter that training measures rather than learns.
    pub const fn statistic(name: &'static str, dims: ParamDims, start: u8) -> Self {
        Self { name, dims, learnt: false, fan_in: 0, start: start as f64 }
    }
}

impl Op {
    /// The kind of layer, as its type is called.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Conv2d(_) => "Conv2d",
            Self::MaxPool2d(_) => "MaxPool2d",
            Self::AvgPool2d(_) => "AvgPool2d",
            Self::GlobalAvgPool2d => "GlobalAvgPool2d",
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
            (Self::Linear(a), Self::Linear(b)) => a == b,
            (Self::BatchNorm2d(a), Self::BatchNorm2d(b)) => a == b,
            (Self::BatchNorm1d(a), Self::BatchNorm1d(b)) => a == b,
            (Self::Activation(a), Self::Activation(b)) => a == b,
            (Self::PRelu { weights: a }, Self::PRelu { weights: b }) => a == b,
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

    /// Products that are summed up into one output value.
    pub const fn terms(&self) -> usize {
        self.inputs_per_group().saturating_mul(self.window.taps())
    }

    const fn param(&self, index: usize) -> Option<ParamSpec> {
        let (kh, kw) = (self.window.h.kernel, self.window.w.kernel);
        let dims = ParamDims::d4(self.outputs, self.inputs_per_group(), kh, kw);
        weight_and_bias(index, dims, self.terms(), self.bias)
    }
}

impl Linear {
    const fn param(&self, index: usize) -> Option<ParamSpec> {
        let dims = ParamDims::d2(self.outputs, self.inputs);
        weight_and_bias(index, dims, self.inputs, self.bias)
    }
}

const fn batch_norm(channels: usize, index: usize) -> Option<ParamSpec> {
    let dims = ParamDims::d1(channels);
    match index {
        0 => Some(ParamSpec::constant("weight", dims, 1)),
        1 => Some(ParamSpec::constant("bias", dims, 0)),
        2 => Some(ParamSpec::statistic("running_mean", dims, 0)),
        3 => Some(ParamSpec::statistic("running_var", dims, 1)),
        _ => None,
    }
}

const fn weight_and_bias(
    index: usize,
    dims: ParamDims,
    fan_in: usize,
    bias: bool,
) -> Option<ParamSpec> {
    match index {
        0 => Some(ParamSpec::learnt("weight", dims, fan_in)),
        1 if bias => Some(ParamSpec::constant("bias", ParamDims::d1(dims.sizes[0]), 0)),
        _ => None,
    }
}
