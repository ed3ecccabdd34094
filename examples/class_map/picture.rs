//! The picture: the photo under its heat map, and a legend.
#![allow(clippy::cast_sign_loss, reason = "pixels and colours are not negative")]

use font8x8::{BASIC_FONTS, UnicodeFonts};
use image::{Rgb, RgbImage};
use typenet::image::Photo;

/// How sure a network is of a class, cell by cell.
pub(crate) struct Heat {
    /// Rows and columns of cells.
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// From 0 to 1, row by row.
    pub(crate) values: Vec<f32>,
    /// Where the middle of the first cell's field lies, down and along, and how far
    /// it is to the next one's; in pixels of the photo.
    pub(crate) first: (f64, f64),
    pub(crate) step: (f64, f64),
}

/// What stands in the legend.
pub(crate) struct Legend<'a> {
    pub(crate) title: &'a str,
    pub(crate) lines: &'a [String],
}

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([30, 30, 30]);
/// Width of the legend, and of its bar.
const LEGEND: (u32, u32) = (230, 22);
const MARGIN: u32 = 16;

impl Heat {
    /// The largest value.
    pub(crate) fn most(&self) -> f32 {
        self.values.iter().copied().fold(0.0, f32::max)
    }

    /// The value at a pixel, on straight lines between the four cells around it.
    pub(crate) fn at(&self, y: f64, x: f64) -> f32 {
        let (y0, y1, ty) = around(y, self.first.0, self.step.0, self.rows);
        let (x0, x1, tx) = around(x, self.first.1, self.step.1, self.columns);
        let cell = |y: usize, x: usize| self.values[y * self.columns + x];
        let row = |y| cell(y, x0) * (1.0 - tx) + cell(y, x1) * tx;
        row(y0) * (1.0 - ty) + row(y1) * ty
    }
}

/// The cells before and behind a pixel, and how far it is from the first; beyond the
/// outermost cells those go on.
fn around(at: f64, first: f64, step: f64, cells: usize) -> (usize, usize, f32) {
    let at = ((at - first) / step).clamp(0.0, (cells - 1) as f64);
    let before = at.floor();
    let next = (before as usize + 1).min(cells - 1);
    (before as usize, next, (at - before) as f32)
}

/// Dark blue, green, yellow, red: from 0 to 1 (Mikhailov's "turbo", 2019, as five of
/// its colours and straight lines between them).
fn colour(x: f32) -> [f32; 3] {
    const STOPS: [[f32; 3]; 5] = [
        [48.0, 18.0, 59.0],
        [40.0, 188.0, 235.0],
        [164.0, 252.0, 60.0],
        [251.0, 126.0, 33.0],
        [180.0, 4.0, 38.0],
    ];
    let at = x.clamp(0.0, 1.0) * 4.0;
    let (a, t) = ((at as usize).min(3), at - (at as usize).min(3) as f32);
    std::array::from_fn(|i| STOPS[a][i] * (1.0 - t) + STOPS[a + 1][i] * t)
}

/// The photo, as grey as the map needs to be read, under the colours, the legend at its
/// right.
pub(crate) fn draw(photo: &Photo, heat: &Heat, legend: &Legend<'_>) -> RgbImage {
    let (width, height) = (photo.width() as u32, photo.height() as u32);
    let most = heat.most().max(f32::MIN_POSITIVE);
    let mut picture = RgbImage::from_pixel(width + LEGEND.0, height.max(170), PAPER);
    for (i, pixel) in (0_u32..).zip(photo.pixels().chunks_exact(3)) {
        let (x, y) = (i % width, i / width);
        let heat = heat.at(f64::from(y), f64::from(x)) / most;
        // The more heat, the more colour.
        let (colour, much) = (colour(heat), 0.25 + 0.4 * heat);
        let mix = |i: usize| f32::from(pixel[i]) * (1.0 - much) + colour[i] * much;
        picture.put_pixel(x, y, Rgb(std::array::from_fn(|i| mix(i).round() as u8)));
    }
    let left = width + MARGIN;
    let large = 16 * legend.title.chars().count() <= (LEGEND.0 - MARGIN) as usize;
    text(&mut picture, left, MARGIN, if large { 2 } else { 1 }, legend.title);
    for (line, words) in (0_u32..).zip(legend.lines) {
        text(&mut picture, left, MARGIN + 24 + 12 * line, 1, words);
    }
    let top = MARGIN + 24 + 12 * legend.lines.len() as u32 + MARGIN;
    let length = (height.max(170) - top - MARGIN).min(256);
    for y in 0..length {
        let [r, g, b] = colour(1.0 - y as f32 / (length - 1) as f32).map(|x| x.round() as u8);
        for x in 0..LEGEND.1 {
            picture.put_pixel(left + x, top + y, Rgb([r, g, b]));
        }
    }
    for (part, at) in [(1.0, 0), (0.5, length / 2), (0.0, length - 1)] {
        let percent = format!("{:.1} %", 100.0 * most * part);
        text(&mut picture, left + LEGEND.1 + 8, (top + at).saturating_sub(4), 1, &percent);
    }
    picture
}

/// Writes a line, its upper left corner at (left, top), each dot `size` pixels wide.
fn text(picture: &mut RgbImage, left: u32, top: u32, size: u32, words: &str) {
    let fits = ((picture.width().saturating_sub(left)) / (8 * size)) as usize;
    for (i, c) in (0_u32..).zip(words.chars().take(fits)) {
        let rows = BASIC_FONTS.get(c).or_else(|| BASIC_FONTS.get('?')).unwrap_or_default();
        for (y, row) in (0_u32..).zip(rows) {
            for x in (0..8_u32).filter(|x| row & (1 << x) != 0) {
                for dot in 0..size * size {
                    let (dx, dy) = (dot % size, dot / size);
                    let (px, py) = (left + (8 * i + x) * size + dx, top + y * size + dy);
                    if px < picture.width() && py < picture.height() {
                        picture.put_pixel(px, py, INK);
                    }
                }
            }
        }
    }
}
