//! The transposed convolution: its numbers, and the size rule run backwards.
//!
//! ```text
//! out = s·(n − 1) + d·(k − 1) + 1 + extra − before − after
//! ```
//!
//! (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning",
//! 2016, relationship 14; PyTorch's `ConvTranspose2d`.) A convolution of these
//! numbers makes n pixels of as many, whatever `extra` is below the stride.

use super::apply::{Applied, groups_fault};
use super::dims::larger;
use super::{Dims, Extent, Fault, Misfit, Zero};

/// How one axis is spread out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spread {
    /// Taps of the kernel.
    pub kernel: usize,
    /// Pixels of the output from one pixel of the input to the next.
    pub stride: usize,
    /// Pixels from one tap to the next.
    pub dilation: usize,
    /// Pixels cut off before the first.
    pub before: usize,
    /// Pixels cut off behind the last.
    pub after: usize,
    /// Pixels put on behind the last (`output_padding`).
    pub extra: usize,
}

/// A two-dimensional transposed convolution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConvTranspose2d {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
    /// Down the rows.
    pub h: Spread,
    /// Along a row.
    pub w: Spread,
    /// Groups of channels that don't see each other.
    pub groups: usize,
    /// Whether each channel that goes out has a bias.
    pub bias: bool,
}

impl Spread {
    /// Pixels behind `n` pixels.
    ///
    /// # Errors
    ///
    /// If a number is zero that may not be, or nothing is left.
    pub const fn out(&self, n: usize) -> Result<usize, Misfit> {
        if self.kernel == 0 {
            return Err(Misfit::ZeroKernel);
        }
        if self.stride == 0 {
            return Err(Misfit::ZeroStride);
        }
        if self.dilation == 0 {
            return Err(Misfit::ZeroDilation);
        }
        let steps = self.stride.checked_mul(n.saturating_sub(1));
        let (Some(steps), Some(reach)) = (steps, self.dilation.checked_mul(self.kernel - 1)) else {
            return Err(Misfit::Overflow);
        };
        let cut = self.before.saturating_add(self.after);
        let grown = match steps.checked_add(reach) {
            Some(sum) if sum < usize::MAX => match (sum + 1).checked_add(self.extra) {
                Some(grown) => grown,
                None => return Err(Misfit::Overflow),
            },
            _ => return Err(Misfit::Overflow),
        };
        // An axis without a pixel has nothing to spread.
        let grown = if n == 0 { 0 } else { grown };
        if grown > cut { Ok(grown - cut) } else { Err(Misfit::NothingLeft { grown, cut }) }
    }

    /// The most that may be put on behind: less than lets another size in.
    pub const fn most_extra(&self) -> usize {
        larger(self.stride, self.dilation).saturating_sub(1)
    }

    const fn spread(&self, size: Extent, vertical: bool) -> (Extent, Option<Fault>) {
        let out = match size {
            Extent::Fixed(n) => self.out(n),
            // Numbers that fit no size are wrong now; the rest comes with the size.
            open => match (Self { before: 0, after: 0, ..*self }).out(1) {
                Ok(_) => return (open, self.extra_fault()),
                Err(misfit) => Err(misfit),
            },
        };
        match out {
            Ok(out) => (Extent::Fixed(out), self.extra_fault()),
            Err(misfit) => (Extent::Unknown, Some(misfit.fault(vertical, size))),
        }
    }

    const fn extra_fault(&self) -> Option<Fault> {
        let limit = self.most_extra();
        if self.extra > limit { Some(Fault::Extra { extra: self.extra, limit }) } else { None }
    }
}

impl ConvTranspose2d {
    /// Channels that one group gives.
    pub const fn outputs_per_group(&self) -> usize {
        match self.outputs.checked_div(self.groups) {
            Some(outputs) => outputs,
            None => 0,
        }
    }

    /// Products that one value that comes in takes part in.
    pub const fn products(&self) -> usize {
        self.outputs_per_group().saturating_mul(self.h.kernel).saturating_mul(self.w.kernel)
    }

    /// About how many products are summed up into one output value: not every
    /// tap meets a pixel, as those are the strides apart.
    pub const fn terms(&self) -> usize {
        if self.groups == 0 || self.h.stride == 0 || self.w.stride == 0 {
            return 0;
        }
        let rows = self.h.kernel.div_ceil(self.h.stride);
        let columns = self.w.kernel.div_ceil(self.w.stride);
        (self.inputs / self.groups).saturating_mul(rows).saturating_mul(columns)
    }

    pub(super) const fn apply(&self, input: Dims) -> Applied {
        let (size, image) = match input {
            Dims::Image { h, w, .. } => ((h, w), None),
            Dims::Unknown => ((Extent::Unknown, Extent::Unknown), None),
            got => ((Extent::Unknown, Extent::Unknown), Some(Fault::NeedsImage { got })),
        };
        let (h, fault_h) = self.h.spread(size.0, true);
        let (w, fault_w) = self.w.spread(size.1, false);
        let output = Dims::Image { c: self.outputs, h, w };
        let own = if self.inputs == 0 {
            Some(Fault::Zero(Zero::Inputs))
        } else if self.outputs == 0 {
            Some(Fault::Zero(Zero::Outputs))
        } else {
            groups_fault(self.groups, self.inputs, self.outputs)
        };
        let fault = match (own, image, input) {
            (Some(fault), ..) | (None, Some(fault), _) => Some(fault),
            (None, None, Dims::Image { c: got, .. }) if got != self.inputs => {
                Some(Fault::Channels { expected: self.inputs, got })
            }
            _ if fault_h.is_some() => fault_h,
            _ => fault_w,
        };
        (output, fault)
    }
}
