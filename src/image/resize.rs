//! Resizing and cutting, as recipes say.

use std::ops::Range;
use std::vec;
use std::vec::Vec;

use super::filter::{PRECISION, Taps, pixel};
use super::{Photo, PhotoError, PhotoErrorKind};
use crate::preprocessing::{Filter, Geometry, Preprocessing};

/// Half a level, so that cutting off rounds.
const HALF: i32 = 1 << (PRECISION - 1);

/// Pixels of one or three channels, row by row.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) channels: usize,
    pub(super) pixels: &'a [u8],
}

impl Photo {
    /// This photo, made so large.
    ///
    /// # Errors
    ///
    /// If a side is 0, or the result does not fit into memory.
    pub fn resize(&self, width: usize, height: usize, filter: Filter) -> Result<Self, PhotoError> {
        let whole = [0.0, 0.0, self.width as f64, self.height as f64];
        self.resize_box(whole, width, height, filter)
    }

    /// A box of this photo (left, top, right, bottom, in pixels, fractions allowed),
    /// made so large: Pillow's `resize((width, height), filter, box)`.
    ///
    /// # Errors
    ///
    /// If the box does not lie in the photo, a side is 0, or the result does not fit
    /// into memory.
    pub fn resize_box(
        &self,
        from: [f64; 4],
        width: usize,
        height: usize,
        filter: Filter,
    ) -> Result<Self, PhotoError> {
        let geometry = Geometry { from, resized: (width, height), filter, cut: (0, 0) };
        let pixels = self.view().resize(&geometry, (width, height)).map_err(PhotoError::new)?;
        Ok(Self { width, height, pixels })
    }

    /// The part of this photo that begins at `left` and `top` and is so large.
    ///
    /// # Errors
    ///
    /// If it does not lie in the photo or is empty.
    pub fn crop(
        &self,
        left: usize,
        top: usize,
        width: usize,
        height: usize,
    ) -> Result<Self, PhotoError> {
        let pixels = self.view().cut((left, top), (width, height)).map_err(PhotoError::new)?;
        Ok(Self { width, height, pixels })
    }

    fn view(&self) -> View<'_> {
        View { width: self.width, height: self.height, channels: 3, pixels: &self.pixels }
    }
}

impl<'a> View<'a> {
    /// What `recipe` makes of these pixels for an image of `target`.
    pub(super) fn prepare(
        self,
        recipe: &Preprocessing,
        target: (usize, usize),
    ) -> Result<Vec<u8>, PhotoErrorKind> {
        let (width, height) = target;
        let geometry = recipe.geometry((self.width, self.height), target);
        self.resize(&geometry.ok_or(PhotoErrorKind::CutOut { width, height })?, target)
    }

    /// What `geometry` says, which cuts out `width` × `height` pixels. No other pixel
    /// is worked out: where a photo is a thread, the whole would be gigabytes.
    fn resize(
        self,
        geometry: &Geometry,
        (width, height): (usize, usize),
    ) -> Result<Vec<u8>, PhotoErrorKind> {
        let Geometry { from, resized, filter, cut } = *geometry;
        let [left, top, right, bottom] = from;
        let (own_width, own_height) = (self.width as f64, self.height as f64);
        // Written so that a NaN is outside too.
        let inside = left >= 0.0 && top >= 0.0 && right <= own_width && bottom <= own_height;
        if !(inside && left < right && top < bottom) {
            let (width, height) = (self.width, self.height);
            return Err(PhotoErrorKind::OutsideBox { from, width, height });
        }
        let target = || PhotoErrorKind::Target { width, height };
        if width == 0 || height == 0 {
            return Err(target());
        }
        // Across first, in the rows that are needed. A pass that would change nothing
        // is left out, as Pillow does.
        let taps = |own, (start, end), to, kept, changes: bool| {
            let taps = || Taps::new(own, (start, end), to, kept, filter).ok_or_else(target);
            changes.then(taps).transpose()
        };
        let (columns, rows) = (cut.0..cut.0 + width, cut.1..cut.1 + height);
        let changes = (resized.0 as f64, left, right) != (own_width, 0.0, own_width);
        let across = taps(self.width, (left, right), resized.0, columns, changes)?;
        let changes = (resized.1 as f64, top, bottom) != (own_height, 0.0, own_height);
        let down = taps(self.height, (top, bottom), resized.1, rows, changes)?;
        // What a pass has worked out is cut already.
        let cut =
            (if across.is_some() { 0 } else { cut.0 }, if down.is_some() { 0 } else { cut.1 });
        if let (Some(across), Some(down)) = (&across, &down)
            && (resized.0 as f64) > right - left
            && (resized.1 as f64) < bottom - top
        {
            // Pillow goes down first where that leaves less to enlarge.
            let pixels = self.down(down, 0, height).ok_or_else(target)?;
            let view = View { height, pixels: &pixels, ..self };
            return view.across(across, width).ok_or_else(target);
        }
        let needed = down.as_ref().map_or(0..self.height, Taps::reads);
        let first = needed.start;
        let mut view = self.rows(needed);
        let (widened, lowered);
        if let Some(taps) = across {
            widened = view.across(&taps, width).ok_or_else(target)?;
            view = View { width, pixels: &widened, ..view };
        }
        if let Some(taps) = down {
            lowered = view.down(&taps, first, height).ok_or_else(target)?;
            view = View { height, pixels: &lowered, ..view };
        }
        view.cut(cut, (width, height))
    }

    /// Some of the rows.
    fn rows(self, rows: Range<usize>) -> Self {
        let row = self.width * self.channels;
        let pixels = self.pixels.get(rows.start * row..rows.end * row).unwrap_or_default();
        Self { height: rows.len(), pixels, ..self }
    }

    /// Each row, resized.
    fn across(self, taps: &Taps, width: usize) -> Option<Vec<u8>> {
        let mut to = room(width, self.height, self.channels)?;
        for row in self.pixels.chunks_exact(self.width * self.channels) {
            for (first, weights) in taps.iter() {
                for channel in 0..self.channels {
                    let from = row.iter().skip(first * self.channels + channel);
                    let products = from.step_by(self.channels).zip(weights);
                    let sum = products.map(|(&x, &w)| i32::from(x) * w).sum::<i32>();
                    to.push(pixel(HALF + sum));
                }
            }
        }
        Some(to)
    }

    /// Each column, resized; the rows here begin with the `skipped`-th of the taps'.
    fn down(self, taps: &Taps, skipped: usize, height: usize) -> Option<Vec<u8>> {
        let row = self.width * self.channels;
        let mut to = room(self.width, height, self.channels)?;
        let mut sums = vec![0; row];
        for (first, weights) in taps.iter() {
            sums.fill(HALF);
            let rows = self.pixels.chunks_exact(row).skip(first - skipped);
            for (row, &weight) in rows.zip(weights) {
                for (sum, &x) in sums.iter_mut().zip(row) {
                    *sum += i32::from(x) * weight;
                }
            }
            to.extend(sums.iter().map(|&sum| pixel(sum)));
        }
        Some(to)
    }

    fn cut(
        self,
        (left, top): (usize, usize),
        (width, height): (usize, usize),
    ) -> Result<Vec<u8>, PhotoErrorKind> {
        let fits = |from: usize, len: usize, own| len > 0 && from.checked_add(len) <= Some(own);
        if !(fits(left, width, self.width) && fits(top, height, self.height)) {
            let [x, y, w, h] = [left, top, width, height].map(|n| n as f64);
            let from = [x, y, x + w, y + h];
            let (width, height) = (self.width, self.height);
            return Err(PhotoErrorKind::OutsideBox { from, width, height });
        }
        let rows = self.pixels.chunks_exact(self.width * self.channels).skip(top).take(height);
        let row = |row: &'a [u8]| &row[left * self.channels..(left + width) * self.channels];
        Ok(rows.flat_map(row).copied().collect())
    }
}

/// Room for the pixels of a photo, if there is that much memory.
fn room(width: usize, height: usize, channels: usize) -> Option<Vec<u8>> {
    let mut room = Vec::new();
    room.try_reserve_exact(width.checked_mul(height)?.checked_mul(channels)?).ok()?;
    Some(room)
}
