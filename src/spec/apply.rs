//! The rules: what each layer makes of a shape, and which of them it breaks.

use super::dims::larger;
use super::resample::shuffle;
use super::{
    Axis, BatchNorm1d, BatchNorm2d, Conv2d, CustomOp, Dims, Extent, Fault, Linear,
    LocalResponseNorm, LpPool, Op, Padding, Pool, Range, ShapeRule, Window, Zero,
};

/// What one layer makes of a shape: the output, and the first broken rule. The
/// output is there even then: what the layer declares, so that checking can go
/// on behind it.
pub(super) type Applied = (Dims, Option<Fault>);

impl Op {
    /// The shape that this layer gives for `input`, and the rule it breaks.
    ///
    /// `strict` asks of pools what the types ask: padding of at most half a
    /// window. Otherwise any padding below the window will do, as in ONNX.
    pub const fn apply(&self, input: Dims, strict: bool) -> (Dims, Option<Fault>) {
        let (output, fault) = self.shape(input, strict);
        match fault {
            None if !self.keeps_shape() && !fits_memory(output) => {
                (output, Some(Fault::TooLong { dims: output }))
            }
            None if self.cost().largest > MOST => {
                (output, Some(Fault::TooLong { dims: Dims::Unknown }))
            }
            fault => (output, fault),
        }
    }

    /// The same, whether or not it fits into memory.
    pub(super) const fn shape(&self, input: Dims, strict: bool) -> Applied {
        match self {
            Self::Conv2d(conv) => conv.apply(input),
            Self::MaxPool2d(pool) | Self::AvgPool2d(pool) => pool.apply(input, strict),
            Self::LpPool2d(pool) => pool.apply(input, strict),
            Self::ConvTranspose2d(conv) => conv.apply(input),
            Self::Pad2d(pad) => pad.apply(input),
            Self::Upsample(upsample) => upsample.apply(input),
            Self::PixelShuffle { factor } => shuffle(*factor, input),
            Self::GlobalAvgPool2d | Self::GlobalMaxPool2d => global_pool(input),
            Self::Linear(linear) => linear.apply(input),
            Self::Flatten => flatten(input),
            Self::Custom(op) => op.apply(input, strict),
            kept => (input, kept.fault(input, strict)),
        }
    }

    /// The rule that a layer breaks which gives what it takes.
    const fn fault(&self, input: Dims, strict: bool) -> Option<Fault> {
        match self {
            Self::BatchNorm2d(norm) => norm.fault(input),
            Self::BatchNorm1d(norm) => norm.fault(input),
            Self::Activation(activation) => activation.fault(strict),
            Self::PRelu { weights } => prelu_fault(*weights, input),
            Self::LocalResponseNorm(norm) => norm.fault(input),
            Self::Dropout { p } if !(*p >= 0.0 && *p <= 1.0) => {
                Some(Fault::Range(Range::Probability))
            }
            _ => None,
        }
    }
}

/// The most `f64` values below `isize::MAX` bytes.
pub(super) const MOST: usize = isize::MAX as usize / 8;

/// Whether as many `f64` values can be; sizes that are not known yet are checked
/// when they come.
pub(super) const fn fits_memory(dims: Dims) -> bool {
    dims.volume() <= MOST
}

const fn global_pool(input: Dims) -> Applied {
    match input {
        Dims::Image { c, .. } => (Dims::vector(c), None),
        Dims::Unknown => (Dims::Vector(Extent::Unknown), None),
        got => (got, Some(Fault::NeedsImage { got })),
    }
}

const fn flatten(input: Dims) -> Applied {
    match input {
        Dims::Unknown => (Dims::Vector(Extent::Unknown), None),
        Dims::Image { h: Extent::Unknown, .. } | Dims::Image { w: Extent::Unknown, .. } => {
            (Dims::Vector(Extent::Unknown), None)
        }
        Dims::Image { h: Extent::Dyn, .. } | Dims::Image { w: Extent::Dyn, .. } => {
            (Dims::Vector(Extent::Dyn), None)
        }
        Dims::Image { .. } => match input.elements() {
            Some(n) => (Dims::vector(n), None),
            None => (Dims::Vector(Extent::Unknown), Some(Fault::TooLong { dims: input })),
        },
        Dims::Vector(_) => (input, None),
    }
}

impl CustomOp {
    const fn apply(&self, input: Dims, strict: bool) -> Applied {
        match self.rule {
            ShapeRule::Same => (input, None),
            ShapeRule::Like(op) => op.apply(input, strict),
            ShapeRule::Fixed { input: expected, output } if expected.admits(input) => {
                (output, None)
            }
            ShapeRule::Fixed { input: expected, output } => {
                (output, Some(Fault::Shape { expected, got: input }))
            }
        }
    }
}

impl Linear {
    const fn apply(&self, input: Dims) -> Applied {
        let output = Dims::vector(self.outputs);
        let fault = if self.inputs == 0 {
            Some(Fault::Zero(Zero::Inputs))
        } else if self.outputs == 0 {
            Some(Fault::Zero(Zero::Outputs))
        } else {
            match input {
                Dims::Vector(Extent::Fixed(got)) if got != self.inputs => {
                    Some(Fault::Features { expected: self.inputs, got })
                }
                Dims::Vector(Extent::Dyn) => Some(Fault::DynLength { expected: self.inputs }),
                Dims::Image { .. } => Some(Fault::NotFlattened { got: input }),
                _ => None,
            }
        };
        (output, fault)
    }
}

impl BatchNorm2d {
    const fn fault(&self, input: Dims) -> Option<Fault> {
        match input {
            _ if self.channels == 0 => Some(Fault::Zero(Zero::Inputs)),
            _ if !is_epsilon(self.eps) => Some(Fault::Range(Range::Epsilon)),
            Dims::Image { c, .. } if c != self.channels => {
                Some(Fault::Channels { expected: self.channels, got: c })
            }
            Dims::Vector(_) => Some(Fault::NeedsImage { got: input }),
            _ => None,
        }
    }
}

impl BatchNorm1d {
    const fn fault(&self, input: Dims) -> Option<Fault> {
        match input {
            _ if self.features == 0 => Some(Fault::Zero(Zero::Inputs)),
            _ if !is_epsilon(self.eps) => Some(Fault::Range(Range::Epsilon)),
            Dims::Vector(Extent::Fixed(got)) if got != self.features => {
                Some(Fault::Features { expected: self.features, got })
            }
            Dims::Vector(Extent::Dyn) => Some(Fault::DynLength { expected: self.features }),
            Dims::Image { .. } => Some(Fault::NotFlattened { got: input }),
            _ => None,
        }
    }
}

/// Whether the root of a variance and `eps` is a number.
const fn is_epsilon(eps: f64) -> bool {
    eps >= 0.0
}

/// One weight serves any shape; several are those of the channels.
const fn prelu_fault(weights: usize, input: Dims) -> Option<Fault> {
    let expected = weights;
    match input {
        _ if weights == 0 => Some(Fault::Zero(Zero::Inputs)),
        _ if weights == 1 => None,
        Dims::Image { c: got, .. } if got != expected => Some(Fault::Channels { expected, got }),
        Dims::Vector(Extent::Fixed(got)) if got != expected => {
            Some(Fault::Features { expected, got })
        }
        Dims::Vector(Extent::Dyn) => Some(Fault::DynLength { expected }),
        _ => None,
    }
}

impl Conv2d {
    const fn apply(&self, input: Dims) -> Applied {
        let (output, misfit) = self.window.slide(self.outputs, input);
        if let Some(fault) = self.own_fault() {
            return (output, Some(fault));
        }
        match input {
            Dims::Image { c: got, .. } if got != self.inputs => {
                (output, Some(Fault::Channels { expected: self.inputs, got }))
            }
            _ => (output, misfit),
        }
    }

    /// A rule that the layer breaks by itself, whatever arrives.
    const fn own_fault(&self) -> Option<Fault> {
        if self.inputs == 0 {
            return Some(Fault::Zero(Zero::Inputs));
        }
        if self.outputs == 0 {
            return Some(Fault::Zero(Zero::Outputs));
        }
        if self.window.h.ceil || self.window.w.ceil {
            return Some(Fault::Ceil);
        }
        groups_fault(self.groups, self.inputs, self.outputs)
    }
}

/// The groups divide the channels, in and out.
pub(super) const fn groups_fault(groups: usize, inputs: usize, outputs: usize) -> Option<Fault> {
    if groups == 1 {
        return None;
    }
    if groups == 0 {
        return Some(Fault::Zero(Zero::Groups));
    }
    if !inputs.is_multiple_of(groups) {
        return Some(Fault::Groups { groups, channels: inputs, inputs: true });
    }
    if !outputs.is_multiple_of(groups) {
        return Some(Fault::Groups { groups, channels: outputs, inputs: false });
    }
    None
}

impl Pool {
    const fn apply(&self, input: Dims, strict: bool) -> Applied {
        let (output, misfit) = match input {
            Dims::Image { c, .. } => self.window.slide(c, input),
            _ => (Dims::Unknown, self.window.slide(0, input).1),
        };
        if misfit.is_some() {
            return (output, misfit);
        }
        match self.window.h.pool_fault(strict) {
            None => (output, self.window.w.pool_fault(strict)),
            fault => (output, fault),
        }
    }
}

impl LpPool {
    const fn apply(&self, input: Dims, strict: bool) -> Applied {
        let pool = Pool { window: self.window, include_pad: false };
        match pool.apply(input, strict) {
            (output, None) if self.norm == 0 => (output, Some(Fault::Zero(Zero::Exponent))),
            applied => applied,
        }
    }
}

impl LocalResponseNorm {
    const fn fault(&self, input: Dims) -> Option<Fault> {
        match input {
            _ if self.size == 0 => Some(Fault::Zero(Zero::Neighbours)),
            Dims::Vector(_) => Some(Fault::NeedsImage { got: input }),
            _ => None,
        }
    }
}

impl Window {
    /// The image of `c` channels behind this window, and what does not fit.
    const fn slide(&self, c: usize, input: Dims) -> Applied {
        let (h, w) = match input {
            // Nearly always so, and const evaluation pays for every call.
            Dims::Image { h: Extent::Fixed(h), w: Extent::Fixed(w), .. } => {
                let out_h = self.h.windows(h);
                let out_w = self.w.windows(w);
                if out_h > 0 && out_w > 0 {
                    return (Dims::image(c, out_h, out_w), None);
                }
                (Extent::Fixed(h), Extent::Fixed(w))
            }
            Dims::Image { h, w, .. } => (h, w),
            _ => (Extent::Unknown, Extent::Unknown),
        };
        let (out_h, fault_h) = self.h.slide(h, true);
        let (out_w, fault_w) = self.w.slide(w, false);
        let fault = match input {
            Dims::Vector(_) => Some(Fault::NeedsImage { got: input }),
            _ if fault_h.is_some() => fault_h,
            _ => fault_w,
        };
        (Dims::Image { c, h: out_h, w: out_w }, fault)
    }
}

impl Axis {
    const fn slide(&self, size: Extent, vertical: bool) -> (Extent, Option<Fault>) {
        let misfit = match self.out_extent(size) {
            Ok(out) => return (out, None),
            Err(misfit) => misfit,
        };
        (Extent::Unknown, Some(misfit.fault(vertical, size)))
    }

    /// A window that may lie wholly in the padding has no value.
    const fn pool_fault(&self, strict: bool) -> Option<Fault> {
        let (Padding::Explicit { before, after }, Ok(span)) = (self.padding, self.span()) else {
            return None;
        };
        let padding = larger(before, after);
        let limit = if strict { span / 2 } else { span - 1 };
        if padding > limit {
            return Some(Fault::PoolPadding { padding, span, limit });
        }
        None
    }
}
