//! Values in planes: lanes along the pixels of a row.
//!
//! Blocks of channels are wasted on a layer of few: six outputs fill 6 of 16
//! lanes, and what is stored behind them is mostly nothing. Where a first layer has
//! few outputs for the width of its rows, its result stays in planes, C, H, W as
//! the network's input is, and lanes are pixels instead: LeNet-5's first layer then
//! fills 28 of 32 lanes, and takes a third of the time.
//!
//! ```text
//! sum[o][pixels] += weight[o] · input[pixels + tap]      a load, a broadcast
//! ```
//!
//! Planes reach as far as there are readers that can do with them: convolutions
//! ([`conv`] again, or the register tiles of [`super::tile`], which broadcast single
//! numbers and read planes as well as blocks), pools without padding ([`pool`]), a
//! flattening, and the network's output, which is in planes anyway.
//!
//! Measured on LeNet-5 with 16 lanes, one core, in the same minutes: its first layer
//! took 8.6 µs in blocks and takes 2.3 in planes, the pool behind it 1.4 and 0.5.

pub(crate) mod conv;
pub(crate) mod pool;

use crate::spec::{Axis, Conv2d, Dims, Extent, Op, Pool};

use super::flat::{Flat, Kind};
use super::fuse::{Group, Tie};
use super::schedule::Slot;

/// Finds the parts that gain by giving planes, on vectors of `lanes`; by `force` all
/// that can.
pub(crate) const fn find(
    flat: &Flat<'_>,
    (groups, ties): (&[Group], &[Tie]),
    slots: &mut [Slot],
    lanes: usize,
    force: bool,
) {
    let mut i = 0;
    while i < groups.len() {
        let Group { node, addend, last, .. } = groups[i];
        let from = ties[flat.input(node, 0)].seen;
        let gains = match flat.parts[node].kind {
            Kind::Op(Op::Conv2d(conv)) => {
                let output = flat.parts[node].dims;
                addend.is_none()
                    && fits(conv, output, lanes)
                    && (force || gains(conv, output, lanes))
            }
            Kind::Op(Op::MaxPool2d(pool) | Op::AvgPool2d(pool)) => {
                from > 0 && inner(pool, flat.parts[from].dims)
            }
            _ => false,
        };
        if gains && slots[from].planes && readable(flat, (groups, ties), last, lanes) {
            slots[node].planes = true;
            slots[last].planes = true;
        }
        i += 1;
    }
}

/// Whether [`conv`] computes this convolution.
const fn fits(conv: &Conv2d, output: Dims, lanes: usize) -> bool {
    let Dims::Image { w: Extent::Fixed(width), .. } = output else { return false };
    conv.groups == 1 && conv.inputs < lanes && conv.window.w.stride == 1 && width >= lanes
}

/// Whether pixels fill the lanes better than channels do.
const fn gains(conv: &Conv2d, output: Dims, lanes: usize) -> bool {
    let Dims::Image { w: Extent::Fixed(w), .. } = output else { return false };
    let (wide, deep) = (w.next_multiple_of(lanes), conv.outputs.next_multiple_of(lanes));
    w * deep > 2 * conv.outputs * wide
}

/// Whether all windows of a pool lie within the image, at a stride that
/// [`pool`] has.
const fn inner(pool: &Pool, input: Dims) -> bool {
    let Dims::Image { h: Extent::Fixed(h), w: Extent::Fixed(w), .. } = input else { return false };
    within(pool.window.h, h) && within(pool.window.w, w) && pool.window.w.stride <= 2
}

/// Whether all windows of an axis lie within `n` pixels.
const fn within(axis: Axis, n: usize) -> bool {
    match (axis.pads(n), axis.out(n)) {
        (Ok((0, 0)), Ok(out)) if out > 0 => {
            (out - 1) * axis.stride + axis.dilation * (axis.kernel - 1) < n
        }
        _ => false,
    }
}

/// Whether everybody who reads a part's result can do so in planes.
const fn readable(
    flat: &Flat<'_>,
    (groups, ties): (&[Group], &[Tie]),
    part: usize,
    lanes: usize,
) -> bool {
    let mut i = 0;
    while i < groups.len() {
        let Group { node, addend, last, .. } = groups[i];
        if let Some((_, side)) = addend
            && ties[side].seen == part
        {
            return false;
        }
        let can = !reads(flat, ties, node, part)
            || match flat.parts[node].kind {
                Kind::Op(Op::Conv2d(conv)) => conv.groups == 1 && conv.inputs < lanes,
                Kind::Op(Op::MaxPool2d(pool) | Op::AvgPool2d(pool)) => {
                    inner(pool, flat.parts[part].dims)
                        && readable(flat, (groups, ties), last, lanes)
                }
                Kind::Op(Op::Flatten) => true,
                _ => false,
            };
        if !can {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether `reader` has the result of `part` among its inputs.
const fn reads(flat: &Flat<'_>, ties: &[Tie], reader: usize, part: usize) -> bool {
    let mut i = 0;
    while i < flat.arity(reader) {
        if ties[flat.input(reader, i)].seen == part {
            return true;
        }
        i += 1;
    }
    false
}
