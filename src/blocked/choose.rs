//! Which kernel a convolution gets, and what padding it wants to find around
//! its input.

use crate::element::Element;
use crate::spec::{Axis, Conv2d, Window};

use super::conv::{ConvSizes, Phase};
use super::layout::{Form, Halo};
use super::winograd;

/// The kernels for convolutions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConvKernel {
    /// Register tiles over blocks, or over the planes of the network's input.
    Direct,
    /// One filter a channel.
    Depthwise,
    /// Groups of less than a block, or of odd parts of blocks.
    Grouped,
    /// Winograd's minimal filtering, 2×2 outputs at a time.
    Winograd2,
    /// The same, 4×4 outputs at a time.
    Winograd4,
    /// Lanes along the pixels of a row, from planes to planes.
    Planar,
    /// Plain loops over planes.
    Plain,
}

/// A convolution with its sizes, before it has a kernel.
pub(crate) struct Candidate<'a, T> {
    pub(crate) conv: Conv2d,
    pub(crate) input: Form,
    pub(crate) output: Form,
    pub(crate) weights: &'a [T],
}

impl<T: Element> Candidate<'_, T> {
    /// The sizes, with the input and output forms as they are here.
    pub(crate) fn sizes(&self) -> ConvSizes {
        let Window { h, w } = self.conv.window;
        let pads = |axis: Axis, n| axis.pads(n).unwrap_or((0, 0)).0;
        ConvSizes {
            input: self.input,
            output: self.output,
            groups: self.conv.groups,
            kernel: (h.kernel, w.kernel),
            stride: (h.stride, w.stride),
            dilation: (h.dilation, w.dilation),
            padding: (pads(h, self.input.h), pads(w, self.input.w)),
            phase: Phase::ALL,
        }
    }

    /// The zeros that `kernel` wants around the input.
    pub(crate) fn halo(&self, kernel: ConvKernel) -> Halo {
        let sizes = self.sizes();
        let out = (sizes.output.h, sizes.output.w);
        let (height, width) = match kernel {
            ConvKernel::Plain => return Halo::default(),
            ConvKernel::Winograd2 => (out.0.next_multiple_of(2), out.1.next_multiple_of(2)),
            ConvKernel::Winograd4 => (out.0.next_multiple_of(4), out.1.next_multiple_of(4)),
            ConvKernel::Direct
            | ConvKernel::Depthwise
            | ConvKernel::Grouped
            | ConvKernel::Planar => out,
        };
        sizes.halo((height, width))
    }

    /// The best kernel for vectors of `lanes`; `force` where that one can.
    pub(crate) fn choose(
        &self,
        lanes: usize,
        winograd: bool,
        force: Option<ConvKernel>,
    ) -> ConvKernel {
        let best = self.best(lanes, winograd);
        match force {
            Some(kernel) if self.can(kernel, lanes) && self.output.lanes > 1 => kernel,
            _ => best,
        }
    }

    fn best(&self, lanes: usize, winograd: bool) -> ConvKernel {
        if self.output.lanes == 1 {
            // Chosen with all that reads it (`planar`).
            return if self.can(ConvKernel::Planar, lanes) {
                ConvKernel::Planar
            } else {
                ConvKernel::Plain
            };
        }
        let fast = winograd::choose(&self.sizes()).filter(|_| winograd);
        let fast = fast.unwrap_or(ConvKernel::Direct);
        let order = [ConvKernel::Depthwise, fast, ConvKernel::Direct, ConvKernel::Grouped];
        let able = order.into_iter().find(|&kernel| self.can(kernel, lanes));
        able.unwrap_or(ConvKernel::Plain)
    }

    /// Whether `kernel` computes this convolution.
    fn can(&self, kernel: ConvKernel, lanes: usize) -> bool {
        let groups = self.conv.groups;
        let sizes = self.sizes();
        // Zeros in the halo times a weight that is not finite would be NaN where
        // the padding should be skipped.
        let defined = || {
            self.halo(kernel) == Halo::default()
                || self.weights.iter().all(|weight| weight.is_finite())
        };
        let blocks = sizes.inputs_per_group().is_multiple_of(lanes)
            && sizes.outputs_per_group().is_multiple_of(lanes);
        match kernel {
            ConvKernel::Plain => true,
            ConvKernel::Direct => (groups == 1 || blocks) && defined(),
            ConvKernel::Depthwise => {
                let each = groups == self.conv.inputs && groups == self.conv.outputs;
                each && groups > 1 && defined()
            }
            ConvKernel::Grouped => groups > 1 && defined(),
            ConvKernel::Planar => self.output.lanes == 1 && defined(),
            ConvKernel::Winograd2 | ConvKernel::Winograd4 => {
                self.input.lanes > 1 && winograd::can(&sizes) && defined()
            }
        }
    }
}
