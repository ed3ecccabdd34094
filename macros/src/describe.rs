//! The model as the description that the whole crate shares: what the compiler
//! will see as consts, as far as the numbers are literals.

use proc_macro2::Span;

use crate::model::{Conv2d, Flag, Inputs, Kind, Layer, Linear, Num, Padding, Shape, Size, Window};
use crate::spec::{self, Axis, Dims, Extent, Fault, LpPool, Op, Part, Pool};

impl Shape {
    /// The shape as far as its sizes are literals.
    pub(crate) fn dims(&self) -> Dims {
        match &self.sizes[..] {
            [n] => Dims::Vector(n.extent()),
            [Size::Num(Num { value: Some(c), .. }), h, w] => {
                Dims::Image { c: *c, h: h.extent(), w: w.extent() }
            }
            _ => Dims::Unknown,
        }
    }
}

impl Size {
    fn extent(&self) -> Extent {
        match self {
            Self::Dyn => Extent::Dyn,
            Self::Num(Num { value: Some(n), .. }) => Extent::Fixed(*n),
            Self::Num(_) => Extent::Unknown,
        }
    }
}

impl Flag {
    fn known(&self) -> bool {
        self.value.is_some()
    }

    fn is(&self) -> bool {
        self.value.unwrap_or(true)
    }
}

impl Inputs {
    /// The number; `_` stands for what arrives.
    pub(crate) fn value(&self, arrives: Option<usize>) -> Option<usize> {
        match self {
            Self::Num(num) => num.value,
            Self::Infer(_) => arrives,
        }
    }
}

impl Window {
    fn value(&self) -> Option<spec::Window> {
        let (v, h) = match &self.padding {
            Padding::Explicit(_, pads) => {
                let pad = |before: &Num, after: &Num| {
                    Some(spec::Padding::Explicit { before: before.value?, after: after.value? })
                };
                (pad(&pads[0], &pads[1])?, pad(&pads[2], &pads[3])?)
            }
            Padding::Same(_) => (spec::Padding::Same, spec::Padding::Same),
            Padding::SameLower(_) => (spec::Padding::SameLower, spec::Padding::SameLower),
        };
        let axis = |kernel: &Num, stride: &Num, dilation: &Num, padding| {
            let (kernel, stride) = (kernel.value?, stride.value?);
            Some(Axis { kernel, stride, dilation: dilation.value?, padding, ceil: self.ceil })
        };
        Some(spec::Window {
            h: axis(&self.kernel.h, &self.stride.h, &self.dilation.h, v)?,
            w: axis(&self.kernel.w, &self.stride.w, &self.dilation.w, h)?,
        })
    }

    pub(crate) fn span(&self, part: Part) -> Option<Span> {
        match part {
            Part::Kernel => Some(self.kernel.span),
            Part::Stride => Some(self.stride.span),
            Part::Dilation => Some(self.dilation.span),
            Part::Padding => Some(match &self.padding {
                Padding::Explicit(span, _) | Padding::Same(span) | Padding::SameLower(span) => {
                    *span
                }
            }),
            _ => None,
        }
    }
}

impl Inputs {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Num(num) => num.span,
            Self::Infer(span) => *span,
        }
    }
}

impl Conv2d {
    fn op(&self, arrives: Dims) -> Result<Op, Dims> {
        let channels = match arrives {
            Dims::Image { c, .. } => Some(c),
            _ => None,
        };
        let op = || {
            Some(Op::Conv2d(spec::Conv2d {
                inputs: self.inputs.value(channels)?,
                outputs: self.outputs.value?,
                window: self.window.value()?,
                groups: self.groups.value?,
                bias: self.bias.known().then_some(self.bias.is())?,
            }))
        };
        let behind = self.outputs.value.map_or(Dims::Unknown, |c| Dims::Image {
            c,
            h: Extent::Unknown,
            w: Extent::Unknown,
        });
        op().ok_or(behind)
    }
}

impl Linear {
    fn op(&self, arrives: Dims) -> Result<Op, Dims> {
        // On an image `_` is settled by its size, so that the rule it breaks speaks.
        let features = match arrives {
            Dims::Vector(Extent::Fixed(n)) => Some(n),
            Dims::Image { .. } => arrives.elements(),
            _ => None,
        };
        let op = || {
            Some(Op::Linear(spec::Linear {
                inputs: self.inputs.value(features)?,
                outputs: self.outputs.value?,
                bias: self.bias.known().then_some(self.bias.is())?,
            }))
        };
        let behind = self.outputs.value.map_or(Extent::Unknown, Extent::Fixed);
        op().ok_or(Dims::Vector(behind))
    }
}

impl Layer {
    /// The layer as data, if all its numbers are literals, or else what it is
    /// known to give; `arrives` settles a `_`. Branches and repetitions are
    /// walked, not described.
    pub(crate) fn op(&self, arrives: Dims) -> Result<Op, Dims> {
        match &self.kind {
            Kind::Conv2d(conv) => conv.op(arrives),
            Kind::Linear(linear) => linear.op(arrives),
            Kind::MaxPool2d(window) => match window.value() {
                Some(window) => Ok(Op::MaxPool2d(Pool { window, include_pad: false })),
                None => Err(unsized_image(arrives)),
            },
            Kind::AvgPool2d(window, flag) => match window.value() {
                Some(window) if flag.known() => {
                    Ok(Op::AvgPool2d(Pool { window, include_pad: flag.is() }))
                }
                _ => Err(unsized_image(arrives)),
            },
            Kind::LpPool2d(window, norm) => match (window.value(), norm.value) {
                (Some(window), Some(norm)) => Ok(Op::LpPool2d(LpPool { window, norm })),
                _ => Err(unsized_image(arrives)),
            },
            Kind::ConvTranspose2d(layer) => layer.op(arrives).ok_or_else(|| {
                let unsized_image = |c| Dims::Image { c, h: Extent::Unknown, w: Extent::Unknown };
                layer.conv.outputs.value.map_or(Dims::Unknown, unsized_image)
            }),
            Kind::Ours(ours) => ours.op(arrives).ok_or_else(|| ours.behind(arrives)),
            _ => Err(Dims::Unknown),
        }
    }

    /// What is wrong with the layer whatever its parameters are.
    pub(crate) fn fault_whatever_else(&self, arrives: Dims) -> Option<Fault> {
        let inputs = match &self.kind {
            Kind::Conv2d(conv) => conv.inputs.value(None),
            Kind::Linear(linear) => linear.inputs.value(None),
            _ => None,
        };
        match (&self.kind, arrives) {
            (Kind::Conv2d(_) | Kind::MaxPool2d(_) | Kind::AvgPool2d(..), got @ Dims::Vector(_)) => {
                Some(Fault::NeedsImage { got })
            }
            (Kind::Conv2d(_), Dims::Image { c: got, .. }) => inputs
                .filter(|expected| *expected != got)
                .map(|expected| Fault::Channels { expected, got }),
            (Kind::Linear(_), got @ Dims::Image { .. }) => Some(Fault::NotFlattened { got }),
            (Kind::Linear(_), Dims::Vector(Extent::Fixed(got))) => inputs
                .filter(|expected| *expected != got)
                .map(|expected| Fault::Features { expected, got }),
            _ => None,
        }
    }

    /// Whether the layer takes an image of any channels and keeps them.
    pub(crate) fn takes_any_channels(&self) -> bool {
        match &self.kind {
            Kind::MaxPool2d(_) | Kind::AvgPool2d(..) | Kind::LpPool2d(..) => true,
            Kind::Ours(ours) => ours.takes_any_channels(),
            _ => false,
        }
    }

    /// The channels that it takes, where they are written as a number.
    pub(crate) fn channels_taken(&self) -> Option<&Num> {
        let inputs = match &self.kind {
            Kind::Conv2d(conv) => &conv.inputs,
            Kind::ConvTranspose2d(layer) => &layer.conv.inputs,
            Kind::Ours(ours) => ours.inputs()?,
            _ => return None,
        };
        match inputs {
            Inputs::Num(num) => Some(num),
            Inputs::Infer(_) => None,
        }
    }

    /// The token that a fault about `part` is about.
    pub(crate) fn span_of(&self, part: Part) -> Span {
        self.part(part).unwrap_or(self.span)
    }

    /// The token that says `part`, if the user wrote one.
    pub(crate) fn part(&self, part: Part) -> Option<Span> {
        match (&self.kind, part) {
            (Kind::Conv2d(conv), Part::Inputs) => Some(conv.inputs.span()),
            (Kind::Conv2d(conv), Part::Outputs) => Some(conv.outputs.span),
            (Kind::Conv2d(conv), Part::Groups) => Some(conv.groups.span),
            (Kind::Conv2d(conv), part) => conv.window.span(part),
            (Kind::Ours(ours), part) => ours.part(part),
            (Kind::ConvTranspose2d(layer), part) => layer.part(part),
            (Kind::Linear(linear), Part::Inputs) => Some(linear.inputs.span()),
            (Kind::Linear(linear), Part::Outputs) => Some(linear.outputs.span),
            (
                Kind::MaxPool2d(window) | Kind::AvgPool2d(window, _) | Kind::LpPool2d(window, _),
                part,
            ) => window.span(part),
            _ => None,
        }
    }
}

/// The channels stay, whatever the window does.
fn unsized_image(arrives: Dims) -> Dims {
    match arrives {
        Dims::Image { c, .. } => Dims::Image { c, h: Extent::Unknown, w: Extent::Unknown },
        _ => Dims::Unknown,
    }
}
