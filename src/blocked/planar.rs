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

use alloc::vec;
use alloc::vec::Vec;

use crate::graph::{Graph, NodeKind, Source};
use crate::spec::{Axis, Conv2d, Dims, Extent, Op, Pool};

use super::fuse::{Group, Groups};

/// Which nodes give planes.
pub(crate) struct Planes(Vec<bool>);

impl Planes {
    /// None of so many nodes.
    pub(crate) fn none(nodes: usize) -> Self {
        Self(vec![false; nodes])
    }

    /// Those that gain by it, on vectors of `lanes`; by `force` all that can.
    pub(crate) fn new(graph: &Graph, groups: &Groups, lanes: usize, force: bool) -> Self {
        let mut planes = Self::none(graph.nodes().len());
        for group in &groups.all {
            let node = &graph.nodes()[group.node];
            let from = groups.see(node.inputs[0]);
            let able = planes.of(from) && readable(graph, groups, group.last, lanes);
            let gains = match node.kind {
                NodeKind::Op(Op::Conv2d(conv)) => {
                    let gains = force || gains(&conv, node.dims, lanes);
                    group.addend.is_none() && fits(&conv, lanes) && gains
                }
                NodeKind::Op(Op::MaxPool2d(pool) | Op::AvgPool2d(pool)) => {
                    from != Source::Input && inner(&pool, graph.dims_of(from))
                }
                _ => false,
            };
            if able && gains {
                planes.0[group.node] = true;
                planes.0[group.last] = true;
            }
        }
        planes
    }

    /// Whether a source lies in planes.
    pub(crate) fn of(&self, source: Source) -> bool {
        match source {
            Source::Input => true,
            Source::Node(node) => self.0[node],
        }
    }
}

/// Whether [`conv`] computes this convolution.
fn fits(conv: &Conv2d, lanes: usize) -> bool {
    conv.groups == 1 && conv.inputs < lanes && conv.window.w.stride == 1
}

/// Whether pixels fill the lanes better than channels do.
fn gains(conv: &Conv2d, output: Dims, lanes: usize) -> bool {
    let Dims::Image { w: Extent::Fixed(w), .. } = output else { return false };
    let (wide, deep) = (w.next_multiple_of(lanes), conv.outputs.next_multiple_of(lanes));
    w * deep > 2 * conv.outputs * wide
}

/// Whether all windows of a pool lie within the image, at a stride that
/// [`pool`] has.
fn inner(pool: &Pool, input: Dims) -> bool {
    let Dims::Image { h: Extent::Fixed(h), w: Extent::Fixed(w), .. } = input else { return false };
    let inner = |axis: Axis, n: usize| {
        let reach = |out: usize| (out - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + 1;
        let bare = axis.pads(n).is_ok_and(|pads| pads == (0, 0));
        bare && axis.out(n).is_ok_and(|out| out > 0 && reach(out) <= n)
    };
    inner(pool.window.h, h) && inner(pool.window.w, w) && pool.window.w.stride <= 2
}

/// Whether everybody who reads a node's result can do so in planes.
fn readable(graph: &Graph, groups: &Groups, node: usize, lanes: usize) -> bool {
    let own = Source::Node(node);
    groups.all.iter().all(|group: &Group| {
        let reader = &graph.nodes()[group.node];
        let added = group.addend.is_some_and(|(_, source)| groups.see(source) == own);
        let reads = reader.inputs.iter().any(|&input| groups.see(input) == own);
        let can = || match reader.kind {
            NodeKind::Op(Op::Conv2d(conv)) => conv.groups == 1 && conv.inputs < lanes,
            NodeKind::Op(Op::MaxPool2d(pool) | Op::AvgPool2d(pool)) => {
                inner(&pool, graph.dims_of(own)) && readable(graph, groups, group.last, lanes)
            }
            NodeKind::Op(Op::Flatten) => true,
            _ => false,
        };
        !added && (!reads || can())
    })
}
