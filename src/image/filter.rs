//! The taps of a resizing filter, in Pillow's whole numbers.
//!
//! An output pixel is a weighted mean of the input pixels around its centre. The
//! weights are the filter, stretched by the scale where the image shrinks, divided
//! by their sum, and rounded to multiples of 2⁻²²; a pass sums up in `i32` and
//! rounds to 8 bits. The steps are those of Pillow's `Resample.c`, in their order,
//! so that the same bits come out, but for a level here and there.
//!
//! `fast_image_resize` was tried and lost: it keeps 16-bit weights and goes down
//! before it goes across, which on photos is up to 13 levels of 255 off (bicubic,
//! enlarged). `image::imageops` has no box with fractions of pixels.

use std::ops::Range;
use std::vec::Vec;

use crate::preprocessing::Filter;

/// The bits behind the point: what 8-bit pixels and the sum's overshoot leave.
pub(super) const PRECISION: u32 = 32 - 8 - 2;

/// The weights of every output pixel along one axis.
pub(super) struct Taps {
    /// Weights that each output pixel has room for.
    most: usize,
    /// The input pixels that each reads.
    ranges: Vec<Range<usize>>,
    weights: Vec<i32>,
}

impl Taps {
    /// The taps that make `to` pixels of the part from `start` to `end` of `from`
    /// pixels, those of the pixels that are `kept`; `None` if there is no memory for them.
    #[expect(clippy::cast_sign_loss, reason = "none is negative: see `max`, and the box")]
    pub(super) fn new(
        from: usize,
        (start, end): (f64, f64),
        to: usize,
        kept: Range<usize>,
        filter: Filter,
    ) -> Option<Self> {
        let scale = (end - start) / to as f64;
        let stretch = scale.max(1.0);
        let support = filter.support() * stretch;
        let most = support.ceil() as usize * 2 + 1;
        let mut taps = Self { most, ranges: Vec::new(), weights: Vec::new() };
        taps.ranges.try_reserve_exact(kept.len()).ok()?;
        taps.weights.try_reserve_exact(kept.len().checked_mul(most)?).ok()?;
        let mut row = Vec::with_capacity(most);
        for pixel in kept {
            let center = start + (pixel as f64 + 0.5) * scale;
            let first = (center - support + 0.5).max(0.0) as usize;
            let last = ((center + support + 0.5) as usize).min(from);
            row.clear();
            row.extend(
                (first..last).map(|x| filter.weight((x as f64 - center + 0.5) * (1.0 / stretch))),
            );
            let sum: f64 = row.iter().sum();
            let scaled = row.iter().map(|&weight| {
                let weight = if sum == 0.0 { weight } else { weight / sum };
                whole(weight * f64::from(1 << PRECISION))
            });
            taps.weights.extend(scaled);
            taps.ranges.push(first..last);
            taps.weights.resize(taps.ranges.len() * most, 0);
        }
        Some(taps)
    }

    /// All input pixels that are read.
    pub(super) fn reads(&self) -> Range<usize> {
        let start = self.ranges.first().map_or(0, |range| range.start);
        start..self.ranges.last().map_or(0, |range| range.end)
    }

    /// For each output pixel the first input pixel and the weights from there on.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[i32])> {
        let rows = self.ranges.iter().zip(self.weights.chunks_exact(self.most));
        rows.map(|(range, weights)| (range.start, weights.get(..range.len()).unwrap_or(weights)))
    }
}

/// Half away from zero, which is what adding a half and cutting off does.
fn whole(x: f64) -> i32 {
    (if x < 0.0 { x - 0.5 } else { x + 0.5 }) as i32
}

/// A sum of products as a pixel.
#[expect(clippy::cast_sign_loss, reason = "clamped")]
pub(super) fn pixel(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

impl Filter {
    /// How far from its middle the filter is not 0.
    const fn support(self) -> f64 {
        match self {
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
        }
    }

    fn weight(self, x: f64) -> f64 {
        // Keys' cubic with a = −1/2, the one that reproduces parabolas.
        const A: f64 = -0.5;
        let x = x.abs();
        match self {
            Self::Bilinear if x < 1.0 => 1.0 - x,
            Self::Bicubic if x < 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
            _ => 0.0,
        }
    }
}
