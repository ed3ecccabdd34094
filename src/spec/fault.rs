//! What can be wrong with a layer where it stands, one variant a rule.

use super::{Dims, Extent, Join, Misfit, Relation};

/// A number that may not be zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zero {
    /// Taps of the kernel.
    Kernel,
    /// The stride.
    Stride,
    /// The dilation.
    Dilation,
    /// The groups.
    Groups,
    /// Channels or features that come in.
    Inputs,
    /// Channels or features that go out.
    Outputs,
    /// The factor by which an image grows.
    Scale,
    /// The neighbours that a channel is compared with.
    Neighbours,
    /// The exponent of a norm.
    Exponent,
}

/// A number that is not in the range it has to be in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Range {
    /// The bounds of a clip: in order, and numbers.
    Bounds,
    /// A probability: from 0 to 1.
    Probability,
    /// What is added to a variance: a number from 0 on.
    Epsilon,
}

/// The part of a layer that a fault is about: where the caret goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The layer as a whole.
    Layer,
    /// The channels or features that come in.
    Inputs,
    /// The channels or features that go out.
    Outputs,
    /// `K`, or the number that stands in its place: `SCALE`, `R`, `SIZE`.
    Kernel,
    /// `S`.
    Stride,
    /// `P`.
    Padding,
    /// `D`.
    Dilation,
    /// `G`.
    Groups,
}

/// A broken rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A number is zero that may not be.
    Zero(Zero),
    /// A number is not in its range.
    Range(Range),
    /// Other channels arrive than the layer takes.
    Channels {
        /// What it takes.
        expected: usize,
        /// What arrives.
        got: usize,
    },
    /// The groups do not divide the channels.
    Groups {
        /// The groups.
        groups: usize,
        /// The channels.
        channels: usize,
        /// Whether it is the channels that come in.
        inputs: bool,
    },
    /// The dilated kernel is longer than the padded input.
    KernelTooLarge {
        /// Whether it is about the rows.
        vertical: bool,
        /// Pixels of the input on this axis.
        size: usize,
        /// Pixels that the dilated kernel spans.
        span: usize,
        /// Pixels of the input with its padding.
        padded: usize,
    },
    /// The padding of a pool is more than a window may have.
    PoolPadding {
        /// The padding.
        padding: usize,
        /// Pixels that the dilated kernel spans.
        span: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// A convolution counts a partly covered last window, which only pools do.
    Ceil,
    /// A transposed convolution cuts off all that it makes.
    NothingLeft {
        /// Whether it is about the rows.
        vertical: bool,
        /// Pixels before the cut.
        grown: usize,
        /// Pixels that are cut off.
        cut: usize,
    },
    /// A transposed convolution puts more on than lies between two pixels.
    Extra {
        /// Pixels that are put on.
        extra: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// The channels cannot be shuffled into pixels.
    Shuffle {
        /// The factor by which the image grows.
        factor: usize,
        /// The channels that arrive.
        channels: usize,
    },
    /// Other features arrive than the layer takes.
    Features {
        /// What it takes.
        expected: usize,
        /// What arrives.
        got: usize,
    },
    /// An image arrives at a layer that takes a vector.
    NotFlattened {
        /// What arrives.
        got: Dims,
    },
    /// A vector arrives at a layer that takes an image.
    NeedsImage {
        /// What arrives.
        got: Dims,
    },
    /// A vector of run-time length arrives at a fully-connected layer.
    DynLength {
        /// The features that it takes.
        expected: usize,
    },
    /// The output, or a size on the way to it, has more than `isize::MAX` bytes.
    TooLong {
        /// The shape, where it can be written down.
        dims: Dims,
    },
    /// The network's input has a size of 0.
    Empty {
        /// The input.
        dims: Dims,
    },
    /// A user's layer takes another shape.
    Shape {
        /// What it takes.
        expected: Dims,
        /// What arrives.
        got: Dims,
    },
    /// The arms of a branch do not fit together.
    Arms {
        /// How they are joined.
        join: Join,
        /// What the first arm gives.
        first: Dims,
        /// What this arm gives.
        other: Dims,
    },
    /// A part is repeated more often than it can be.
    Copies {
        /// How many times.
        count: usize,
    },
    /// The parameters of a block are not related as it asks.
    Relation(Relation),
    /// The network is declared to return something else.
    Output {
        /// What is declared.
        declared: Dims,
        /// What its last layer gives.
        got: Dims,
    },
}

/// Stands for channels or features that were to be inferred, where none can be.
pub const UNINFERRED: usize = usize::MAX;

impl Fault {
    /// The same about arms of which the first gives `first`, where several have
    /// been joined already.
    #[must_use]
    pub const fn of_first_arm(self, first: Dims) -> Self {
        match self {
            Self::Arms { join: Join::Concat, other, .. } => {
                Self::Arms { join: Join::Concat, first, other }
            }
            fault => fault,
        }
    }

    /// The part of the layer that the fault is about.
    pub const fn part(&self) -> Part {
        match self {
            Self::Zero(Zero::Kernel | Zero::Scale | Zero::Neighbours)
            | Self::KernelTooLarge { .. }
            | Self::Shuffle { .. } => Part::Kernel,
            Self::Zero(Zero::Stride) => Part::Stride,
            Self::Zero(Zero::Dilation) => Part::Dilation,
            Self::Zero(Zero::Groups) | Self::Groups { .. } => Part::Groups,
            Self::Zero(Zero::Inputs) | Self::Channels { .. } | Self::Features { .. } => {
                Part::Inputs
            }
            Self::Zero(Zero::Outputs) => Part::Outputs,
            Self::PoolPadding { .. } | Self::NothingLeft { .. } | Self::Extra { .. } => {
                Part::Padding
            }

            _ => Part::Layer,
        }
    }
}

impl Misfit {
    /// The same as a fault of the layer that the window belongs to.
    pub(super) const fn fault(self, vertical: bool, size: Extent) -> Fault {
        match self {
            Self::ZeroKernel => Fault::Zero(Zero::Kernel),
            Self::ZeroStride => Fault::Zero(Zero::Stride),
            Self::ZeroDilation => Fault::Zero(Zero::Dilation),
            Self::KernelTooLarge { span, padded } => {
                Fault::KernelTooLarge { vertical, size: size.or_zero(), span, padded }
            }
            Self::NothingLeft { grown, cut } => Fault::NothingLeft { vertical, grown, cut },
            Self::Overflow => Fault::TooLong { dims: Dims::Unknown },
        }
    }
}
