//! The size rule: how many times a sliding window fits into an axis.
//!
//! For a convolution or pool with kernel k, stride s, dilation d on n pixels,
//! `before` and `after` of them padded on,
//!
//! ```text
//! out = floor((n + before + after − d·(k−1) − 1) / s) + 1
//! ```
//!
//! (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning",
//! 2016, relationship 15.) Every size in the crate comes from
//! [`Axis::out`]; the type-level rule of `crate::size` is tested equal to it.

use super::Extent;

/// The largest size. What is added or multiplied on the way to one is a `u128`,
/// which holds it whatever the sizes are; so does a checked operation, but const
/// evaluation pays for every call.
const MAX: u128 = usize::MAX as u128;

/// How an axis is padded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Padding {
    /// So many rows or columns before the first and after the last.
    Explicit {
        /// Rows above, or columns to the left.
        before: usize,
        /// Rows below, or columns to the right.
        after: usize,
    },
    /// As much as gives ⌈n / s⌉ outputs; an odd one goes behind (TensorFlow's
    /// `SAME`, ONNX's `SAME_UPPER`).
    Same,
    /// Likewise, but an odd one goes before (ONNX's `SAME_LOWER`).
    SameLower,
}

/// A sliding window along one axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Axis {
    /// Taps of the kernel.
    pub kernel: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Pixels from one tap to the next.
    pub dilation: usize,
    /// What is padded on.
    pub padding: Padding,
    /// Whether a last window that is only partly covered counts (`ceil_mode`).
    pub ceil: bool,
}

/// Why a window does not fit an axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// The kernel has no tap.
    ZeroKernel,
    /// The stride is zero.
    ZeroStride,
    /// The dilation is zero.
    ZeroDilation,
    /// The window is longer than the padded input.
    KernelTooLarge {
        /// Pixels that the dilated kernel spans.
        span: usize,
        /// Pixels of the input with its padding.
        padded: usize,
    },
    /// All that a transposed convolution makes is cut off.
    NothingLeft {
        /// Pixels before the cut.
        grown: usize,
        /// Pixels that are cut off.
        cut: usize,
    },
    /// The padded size does not fit `usize`.
    Overflow,
}

impl Axis {
    /// A plain window: square padding, no dilation.
    pub const fn new(kernel: usize, stride: usize, padding: usize) -> Self {
        let padding = Padding::Explicit { before: padding, after: padding };
        Self { kernel, stride, dilation: 1, padding, ceil: false }
    }

    /// Pixels that the dilated kernel spans, d·(k−1) + 1.
    ///
    /// # Errors
    ///
    /// If kernel or dilation is 0, or the span overflows.
    pub const fn span(&self) -> Result<usize, Misfit> {
        if self.kernel == 0 {
            return Err(Misfit::ZeroKernel);
        }
        if self.dilation == 0 {
            return Err(Misfit::ZeroDilation);
        }
        let span = self.dilation as u128 * (self.kernel - 1) as u128 + 1;
        if span <= MAX { Ok(span as usize) } else { Err(Misfit::Overflow) }
    }

    /// The padding before and after an input of `n` pixels.
    ///
    /// # Errors
    ///
    /// If a number that SAME padding needs is 0, or it overflows.
    pub const fn pads(&self, n: usize) -> Result<(usize, usize), Misfit> {
        let lower = match self.padding {
            Padding::Explicit { before, after } => return Ok((before, after)),
            Padding::Same => false,
            Padding::SameLower => true,
        };
        let span = match self.span() {
            Ok(span) => span,
            Err(misfit) => return Err(misfit),
        };
        if self.stride == 0 {
            return Err(Misfit::ZeroStride);
        }
        // (⌈n/s⌉ − 1)·s ≤ n − 1, so only the span can overflow.
        let last = if n == 0 { 0 } else { (n - 1) / self.stride * self.stride };
        let reach = last as u128 + span as u128;
        if reach > MAX {
            return Err(Misfit::Overflow);
        }
        let total = (reach as usize).saturating_sub(n);
        let half = total / 2;
        Ok(if lower { (total - half, half) } else { (half, total - half) })
    }

    /// How many windows fit into `n` pixels.
    ///
    /// # Errors
    ///
    /// If none does, a number is 0 that may not be, or the padded size overflows. A
    /// window larger than the padded axis has no place with `ceil` either, where PyTorch
    /// still takes one, partly covered, if less than a stride is missing.
    pub const fn out(&self, n: usize) -> Result<usize, Misfit> {
        match self.windows(n) {
            0 => Err(self.misfit(n)),
            out => Ok(out),
        }
    }

    /// The same, 0 where there is no answer.
    pub(super) const fn windows(&self, n: usize) -> usize {
        // An axis without a pixel has no window, whatever is padded on.
        if n == 0 || self.kernel == 0 || self.stride == 0 || self.dilation == 0 {
            return 0;
        }
        let (before, after) = match self.padding {
            Padding::Explicit { before, after } => (before, after),
            _ => match self.pads(n) {
                Ok(pads) => pads,
                Err(_) => return 0,
            },
        };
        let span = self.dilation as u128 * (self.kernel - 1) as u128 + 1;
        let reach = n as u128 + before as u128;
        let padded = reach + after as u128;
        if span > padded || padded > MAX {
            return 0;
        }
        let (free, stride) = (padded - span, self.stride as u128);
        let out = free / stride + 1;
        // With `ceil` a partly covered window counts too, unless it would start
        // in the padding behind the input (PyTorch's and ONNX's rule).
        if self.ceil && !free.is_multiple_of(stride) && out * stride < reach {
            return out as usize + 1;
        }
        out as usize
    }

    /// Why there is no answer.
    const fn misfit(&self, n: usize) -> Misfit {
        let span = match self.span() {
            Ok(span) => span,
            Err(misfit) => return misfit,
        };
        if self.stride == 0 {
            return Misfit::ZeroStride;
        }
        match self.pads(n) {
            Ok((before, after)) => match n as u128 + before as u128 + after as u128 {
                padded if padded > MAX => Misfit::Overflow,
                padded => Misfit::KernelTooLarge { span, padded: padded as usize },
            },
            Err(misfit) => misfit,
        }
    }

    /// Pixels behind the last window: no window reads them, since the size is
    /// rounded down. 0 where no window fits.
    pub const fn dropped(&self, n: usize) -> usize {
        match (self.out(n), self.span(), self.pads(n)) {
            (Ok(out), Ok(span), Ok((before, _))) => {
                let read = (out - 1).saturating_mul(self.stride).saturating_add(span);
                n.saturating_sub(read.saturating_sub(before))
            }
            _ => 0,
        }
    }

    /// The padding, before and after, with which `n` pixels stay `n`:
    /// (n − 1)·s + d·(k − 1) + 1 − n in all, an odd one behind; d·(k − 1) at stride 1,
    /// whatever n is. `None` where that overflows, or is less than nothing (a
    /// stride never has so few, unless the kernel has no tap).
    ///
    /// ```
    /// use typenet::spec::Axis;
    ///
    /// assert_eq!(Axis::new(3, 1, 0).keeping(224), Some((1, 1)));
    /// assert_eq!(Axis { dilation: 2, ..Axis::new(5, 1, 0) }.keeping(224), Some((4, 4)));
    /// assert_eq!(Axis::new(2, 1, 0).keeping(224), Some((0, 1)));
    /// assert_eq!(Axis::new(3, 2, 0).keeping(10), Some((5, 6)));
    /// ```
    pub const fn keeping(&self, n: usize) -> Option<(usize, usize)> {
        let (Ok(span), Some(steps)) = (self.span(), self.stride.checked_mul(n.saturating_sub(1)))
        else {
            return None;
        };
        let Some(reach) = steps.checked_add(span) else {
            return None;
        };
        let Some(total) = reach.checked_sub(n) else {
            return None;
        };
        Some((total / 2, total - total / 2))
    }

    /// How many windows fit, where the size may be known at run time only.
    ///
    /// # Errors
    ///
    /// As [`out`](Self::out), as far as that can be told without the size.
    pub const fn out_extent(&self, n: Extent) -> Result<Extent, Misfit> {
        let n = match n {
            Extent::Fixed(n) => n,
            open => {
                // The size comes later, but numbers that fit no size are wrong now.
                let bare = Self { padding: Padding::Explicit { before: 0, after: 0 }, ..*self };
                return match bare.out(usize::MAX) {
                    Ok(_) => Ok(open),
                    Err(misfit) => Err(misfit),
                };
            }
        };
        match self.out(n) {
            Ok(out) => Ok(Extent::Fixed(out)),
            Err(misfit) => Err(misfit),
        }
    }
}

/// A sliding window over an image: one [`Axis`] each way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Down the rows.
    pub h: Axis,
    /// Along a row.
    pub w: Axis,
}

impl Window {
    /// The same window on both axes.
    pub const fn square(axis: Axis) -> Self {
        Self { h: axis, w: axis }
    }

    /// Whether it may reach past the image.
    pub const fn is_padded(&self) -> bool {
        !matches!(
            (self.h.padding, self.w.padding),
            (Padding::Explicit { before: 0, after: 0 }, Padding::Explicit { before: 0, after: 0 })
        )
    }

    /// Taps of the kernel, height × width (saturating).
    pub const fn taps(&self) -> usize {
        self.h.kernel.saturating_mul(self.w.kernel)
    }
}
