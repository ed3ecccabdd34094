//! Where things go: parts to pictures, pictures put together.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::spec::{Dims, Join};

use super::canvas::{FRAME, Picture, SIGN, SLANT, sign_half};
use super::parts::{Block, Chain, Part, Shape};

/// The longest side of a slab, and the longest pixel.
const LONGEST: (f64, f64) = (120.0, 4.0);
/// Between two parts: an arrow with a shape beside it.
const ARROW: f64 = 30.0;
/// A line of text.
const LINE: f64 = 14.0;
/// From a fork to its arms.
const FORK: f64 = 12.0;
/// Between two arms.
const GAP: f64 = 28.0;

/// Pixels of paper for a pixel of an image.
pub(super) struct Scale(f64);

impl Scale {
    /// So that the largest image of the network is as large as it may be.
    pub(super) fn of(chain: &Chain) -> Self {
        let side = |block: &&Block| match block.shape.sample {
            Dims::Image { h, w, .. } => h.or_zero().max(w.or_zero()),
            _ => 0,
        };
        let longest = chain.blocks().iter().map(side).max().unwrap_or(0).max(1);
        Self((LONGEST.0 / longest as f64).min(LONGEST.1))
    }

    /// Width and height of the front, and the depth.
    fn slab(&self, shape: Shape) -> ((f64, f64), f64) {
        let root = |n: usize| num_traits::Float::sqrt(n as f64);
        match shape.sample {
            Dims::Image { c, h, w } => {
                let side = |n: usize| (n as f64 * self.0).max(2.0);
                ((side(w.or_zero()), (1.8 * root(c)).max(2.0)), side(h.or_zero()))
            }
            Dims::Vector(n) => (((1.2 * root(n.or_zero())).max(4.0), 7.0), 0.0),
            Dims::Unknown => ((20.0, 7.0), 0.0),
        }
    }
}

/// A picture, and where the data go in and out of it.
struct Placed {
    picture: Picture,
    entry: f64,
    exit: f64,
    /// Whether an arrow points at the entry.
    pointed: bool,
}

/// The whole network, down to its output or its heads.
pub(super) fn network(network: &Chain, scale: &Scale) -> Picture {
    let heads = match network.parts.split_last() {
        Some((Part::Branch { join: Join::Heads, arms, .. }, _)) => Some(arms),
        _ => None,
    };
    let Some(arms) = heads else {
        let mut placed = chain(&network.parts, scale);
        end(&mut placed, network.shape, "output", 0.0);
        return placed.picture;
    };
    let mut placed = chain(&network.parts[..network.parts.len() - 1], scale);
    let shape = network.parts[network.parts.len() - 2].shape();
    let from = placed.exit;
    let top = placed.picture.height.max(from) + ARROW;
    label(&mut placed.picture, 0.0, top - ARROW, ARROW, shape);
    placed.picture.flow(&[(0.0, from), (0.0, top)], false);
    let forked = fork(arms, scale, |arm, placed| end(placed, arm.shape, &arm.name, 0.0));
    placed.picture.put(&forked.0, 0.0, top);
    placed.picture
}

/// The last arrow of a line, and what it leads to.
fn end(placed: &mut Placed, shape: Shape, name: &str, x: f64) {
    let picture = &mut placed.picture;
    let top = picture.height.max(placed.exit);
    label(picture, x, top, ARROW, shape);
    picture.flow(&[(x, placed.exit), (x, top + ARROW)], true);
    picture.text(x, top + ARROW + 13.0, "name mid", name);
    placed.exit = picture.height;
}

/// A shape beside an arrow that runs through a gap from `top` on.
fn label(picture: &mut Picture, x: f64, top: f64, gap: f64, shape: Shape) {
    picture.text(x + 8.0, top + gap / 2.0 + 4.0, "dim", &shape.dims.to_string());
}

/// Parts one below the other, with arrows.
fn chain(parts: &[Part], scale: &Scale) -> Placed {
    let half = |part: &Part| match part {
        Part::Block(block) => {
            let ((width, _), depth) = scale.slab(block.shape);
            f64::midpoint(width, depth * SLANT.0)
        }
        _ => 0.0,
    };
    let half = parts.iter().map(half).fold(0.0, f64::max);
    let mut all = Placed { picture: Picture::default(), entry: 0.0, exit: 0.0, pointed: false };
    for (index, part) in parts.iter().enumerate() {
        let next = self::part(part, half, scale);
        let bottom = all.picture.height;
        let top = if index == 0 { 0.0 } else { bottom + ARROW };
        all.picture.put(&next.picture, 0.0, top);
        if let Some(before) = index.checked_sub(1) {
            label(&mut all.picture, 0.0, bottom, ARROW, parts[before].shape());
            all.picture.flow(&[(0.0, all.exit), (0.0, top + next.entry)], next.pointed);
        } else {
            (all.entry, all.pointed) = (next.entry, next.pointed);
        }
        all.exit = top + next.exit;
    }
    all
}

fn part(part: &Part, half: f64, scale: &Scale) -> Placed {
    match part {
        Part::Block(block) => self::block(block, half, scale),
        Part::Branch { join, name, arms, extras, .. } => branch(*join, name, arms, extras, scale),
        Part::Repeat { title, body } => {
            let inner = chain(&body.parts, scale);
            let (entry, exit) = (inner.entry + FRAME, inner.exit + FRAME);
            Placed { picture: inner.picture.framed(title), entry, exit, pointed: inner.pointed }
        }
    }
}

/// A slab with its text to the right, all texts of a chain flush.
fn block(block: &Block, half: f64, scale: &Scale) -> Placed {
    let ((width, height), depth) = scale.slab(block.shape);
    let extras = block.extras.join(", ");
    let lines = [("name", &block.name), ("text", &block.text), ("dim", &extras)];
    let lines: Vec<_> = lines.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let (slab, text) = (height + depth * SLANT.1, lines.len() as f64 * LINE);
    let (at, first) = ((text - slab).max(0.0) / 2.0, (slab - text).max(0.0) / 2.0);
    let mut picture = Picture::default();
    picture.slab(block.class, at, (width, height), depth);
    for (index, (class, line)) in lines.into_iter().enumerate() {
        picture.text(half + 12.0, first + 11.0 + index as f64 * LINE, class, line);
    }
    let entry = at + depth * SLANT.1 / 2.0;
    Placed { picture, entry, exit: at + slab, pointed: true }
}

/// A fork and its arms side by side, each ended by `end`; where each arm's line
/// is, and where it ends.
fn fork(
    arms: &[Chain],
    scale: &Scale,
    end: impl Fn(&Chain, &mut Placed),
) -> (Picture, Vec<(f64, f64)>) {
    let mut placed: Vec<Placed> = arms.iter().map(|arm| chain(&arm.parts, scale)).collect();
    for (arm, placed) in arms.iter().zip(&mut placed) {
        end(arm, placed);
    }
    let mut xs: Vec<f64> = Vec::new();
    for (index, arm) in placed.iter().enumerate() {
        let before = index.checked_sub(1).map(|i| xs[i] + placed[i].picture.right + GAP);
        xs.push(before.map_or(0.0, |x| x + arm.picture.left));
    }
    // The longest arm goes straight on; between several, in their middle.
    let most = arms.iter().map(|arm| arm.blocks().len()).max().unwrap_or(0);
    let longest = |&i: &usize| arms[i].blocks().len() == most;
    let first = (0..arms.len()).find(longest).unwrap_or(0);
    let last = (0..arms.len()).rfind(longest).unwrap_or(0);
    let middle = f64::midpoint(xs[first], xs[last]);
    let mut picture = Picture::default();
    let mut ends = Vec::new();
    for (arm, x) in placed.iter().zip(&xs) {
        let x = x - middle;
        picture.put(&arm.picture, x, FORK + 8.0);
        let down = [(0.0, 0.0), (0.0, 6.0), (x, 6.0), (x, FORK + 8.0 + arm.entry)];
        picture.flow(&down, arm.pointed);
        ends.push((x, FORK + 8.0 + arm.exit));
    }
    (picture, ends)
}

/// Arms side by side that come together again.
fn branch(join: Join, name: &str, arms: &[Chain], extras: &[String], scale: &Scale) -> Placed {
    let sign = match join {
        Join::Add => "+",
        Join::Mul => "×",
        Join::Concat => "concat",
        Join::Heads => "heads",
    };
    let (mut picture, ends) = fork(arms, scale, |arm, placed| {
        if !arm.parts.is_empty() {
            let bottom = placed.picture.height;
            label(&mut placed.picture, 0.0, bottom, LINE + 6.0, arm.shape);
        }
    });
    let at = picture.height + 6.0 + SIGN;
    let half = sign_half(sign);
    for (x, from) in ends {
        if x.abs() < half {
            picture.flow(&[(x, from), (x, at - SIGN)], true);
        } else {
            let side = if x < 0.0 { -half } else { half };
            picture.flow(&[(x, from), (x, at), (side, at)], true);
        }
    }
    picture.sign(at, sign);
    let mut texts = Vec::new();
    texts.extend((!name.is_empty()).then_some(name));
    texts.extend(extras.iter().map(String::as_str));
    if !texts.is_empty() {
        picture.text(8.0, at + SIGN + 14.0, "text", &texts.join(", "));
    }
    Placed { picture, entry: 0.0, exit: at + SIGN, pointed: false }
}

/// What colours and sizes mean.
pub(super) fn legend(scale: &Scale) -> Picture {
    let mut picture = Picture::default();
    let fits = |pixels: &&usize| **pixels as f64 * scale.0 <= 60.0;
    let pixels = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].iter().rfind(fits).map_or(1, |&n| n);
    let length = pixels as f64 * scale.0;
    picture.flow(&[(0.0, 10.0), (length, 10.0)], false);
    picture.flow(&[(0.0, 6.0), (0.0, 14.0)], false);
    picture.flow(&[(length, 6.0), (length, 14.0)], false);
    let text = alloc::format!("{pixels} pixels of width or depth");
    picture.text(length + 8.0, 14.0, "dim", &text);
    picture.text(0.0, 32.0, "dim", "thickness: √channels");
    picture.text(0.0, 48.0, "dim", "a bar: √features");
    picture
}
