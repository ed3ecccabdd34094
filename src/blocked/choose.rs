//! Which kernel a convolution gets, and what padding it wants to find around
//! its input.

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
#[derive(Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) conv: Conv2d,
    pub(crate) input: Form,
    pub(crate) output: Form,
    /// Whether all weights are.
    pub(crate) finite: bool,
}

impl Candidate {
    /// The sizes, with the input and output forms as they are here.
    pub(crate) const fn sizes(&self) -> ConvSizes {
        let Window { h, w } = self.conv.window;
        ConvSizes {
            input: self.input,
            output: self.output,
            groups: self.conv.groups,
            kernel: (h.kernel, w.kernel),
            stride: (step(h.stride, self.output.h), step(w.stride, self.output.w)),
            dilation: (step(h.dilation, h.kernel), step(w.dilation, w.kernel)),
            padding: (before(h, self.input.h), before(w, self.input.w)),
            phase: Phase::ALL,
        }
    }

    /// The best kernel for vectors of `lanes`; `force` where that one can.
    pub(crate) const fn choose(
        &self,
        lanes: usize,
        winograd: bool,
        force: Option<ConvKernel>,
    ) -> ConvKernel {
        let sizes = self.sizes();
        if self.output.lanes == 1 {
            // Chosen with all that reads it (`planar`).
            let able = self.can(&sizes, ConvKernel::Planar, lanes);
            return if able { ConvKernel::Planar } else { ConvKernel::Plain };
        }
        let fast = match winograd::choose(&sizes) {
            Some(kernel) if winograd => kernel,
            _ => ConvKernel::Direct,
        };
        let first = match force {
            Some(kernel) => kernel,
            None => ConvKernel::Depthwise,
        };
        let order = [first, ConvKernel::Depthwise, fast, ConvKernel::Direct, ConvKernel::Grouped];
        let mut i = 0;
        while i < order.len() {
            if self.can(&sizes, order[i], lanes) {
                return order[i];
            }
            i += 1;
        }
        ConvKernel::Plain
    }

    /// Whether `kernel` computes this convolution.
    const fn can(&self, sizes: &ConvSizes, kernel: ConvKernel, lanes: usize) -> bool {
        let groups = sizes.groups;
        let able = match kernel {
            ConvKernel::Plain => true,
            ConvKernel::Direct => {
                let whole = sizes.inputs_per_group().is_multiple_of(lanes)
                    && sizes.outputs_per_group().is_multiple_of(lanes);
                groups == 1 || whole
            }
            ConvKernel::Depthwise => {
                groups > 1 && groups == self.conv.inputs && groups == self.conv.outputs
            }
            ConvKernel::Grouped => groups > 1,
            ConvKernel::Planar => sizes.output.lanes == 1,
            ConvKernel::Winograd2 | ConvKernel::Winograd4 => {
                sizes.input.lanes > 1 && winograd::can(sizes)
            }
        };
        if !able {
            return false;
        }
        let halo = kernel.halo(sizes);
        // Zeros in the halo times a weight that is not finite would be NaN where
        // the padding should be skipped.
        halo.is_small(&sizes.input, &sizes.output) && (self.finite || halo.is_none())
    }
}

impl ConvKernel {
    /// The zeros that it wants around the input.
    pub(crate) const fn halo(self, sizes: &ConvSizes) -> Halo {
        let (h, w) = (sizes.output.h, sizes.output.w);
        sizes.halo(match self {
            Self::Plain => return Halo::NONE,
            Self::Winograd2 => (h.next_multiple_of(2), w.next_multiple_of(2)),
            Self::Winograd4 => (h.next_multiple_of(4), w.next_multiple_of(4)),
            Self::Direct | Self::Depthwise | Self::Grouped | Self::Planar => (h, w),
        })
    }
}

/// From one of `count` to the next; from a single one it may be any number.
const fn step(pixels: usize, count: usize) -> usize {
    if count > 1 { pixels } else { 1 }
}

/// The padding in front of an axis of `n` pixels.
const fn before(axis: Axis, n: usize) -> usize {
    match axis.pads(n) {
        Ok((before, _)) => before,
        Err(_) => 0,
    }
}
