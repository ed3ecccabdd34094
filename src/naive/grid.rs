//! Where a value of an image lies in its slice.

use crate::spec::Dims;

/// The sizes of an image that is stored channel by channel, row by row.
///
/// A vector is an image of one pixel: each feature is a channel.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Grid {
    /// The sizes of `dims`, all of which the caller knows to be fixed.
    pub(super) fn of(dims: Dims) -> Self {
        let (channels, height, width) = match dims {
            Dims::Image { c, h, w } => (c, h.or_zero(), w.or_zero()),
            Dims::Vector(n) => (n.or_zero(), 1, 1),
            Dims::Unknown => (0, 0, 0),
        };
        Self { channels, height, width }
    }

    /// The index of one value.
    pub(super) fn index(self, channel: usize, row: usize, column: usize) -> usize {
        (channel * self.height + row) * self.width + column
    }

    /// Pixels of one channel.
    pub(super) fn pixels(self) -> usize {
        self.height * self.width
    }
}
