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
        (0..self.axis.kernel).filter_map(move |tap| {
            let pixel = self.position(window, tap).checked_sub(self.before)?;
            (pixel < self.size).then_some((tap, pixel))
        })
    }

    /// How many taps of the `window`-th window fall on the padded input: all of
    /// them, but for a last window that hangs over its edge.
    pub(super) fn taps_with_padding(self, window: usize) -> usize {
        (0..self.axis.kernel).filter(|&tap| self.position(window, tap) < self.padded).count()
    }

    /// Where a tap falls, counted from the first padded pixel.
    fn position(self, window: usize, tap: usize) -> usize {
        // Only a tap that hangs over the edge can be too far to be counted.
        (window * self.axis.stride).saturating_add(tap * self.axis.dilation)
    }
}
