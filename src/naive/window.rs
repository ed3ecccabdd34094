//! Where the taps of a sliding window fall.

use crate::spec::Axis;

/// A sliding window along one axis of an input whose size is known.
#[derive(Clone, Copy)]
pub(super) struct Track {
    axis: Axis,
    size: usize,
    before: usize,
    padded: usize,
}

impl Track {
    pub(super) fn new(axis: Axis, size: usize) -> Self {
        // A graph holds only windows that fit, so there is no misfit to tell of.
        let (before, after) = axis.pads(size).unwrap_or((0, 0));
        Self { axis, size, before, padded: before + size + after }
    }

    /// The taps of the `window`-th window that fall on the input, and the row
    /// or column that each falls on. Those on padding are left out.
    pub(super) fn taps(self, window: usize) -> impl Iterator<Item = (usize, usize)> {
        let (start, dilation) = (window * self.axis.stride, self.axis.dilation);
        let (first, end) = (self.before, self.before + self.size);
        let taps = self.taps_in_front_of(window, first)..self.taps_in_front_of(window, end);
        taps.map(move |tap| (tap, start + tap * dilation - first))
    }

    /// How many taps of the `window`-th window fall on the padded input: all of
    /// them, but for a last window that hangs over its edge.
    pub(super) fn taps_with_padding(self, window: usize) -> usize {
        self.taps_in_front_of(window, self.padded)
    }

    /// How many taps fall in front of a place that is counted from the first padded
    /// pixel. (Divided, not searched: a kernel may be as large as its padding.)
    fn taps_in_front_of(self, window: usize, place: usize) -> usize {
        let start = window * self.axis.stride;
        place.saturating_sub(start).div_ceil(self.axis.dilation).min(self.axis.kernel)
    }
}
