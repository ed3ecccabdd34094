//! Which convolutions run as one with the depthwise one behind them, and which 1×1
//! convolutions with that; and those in planes that take in a pool.
//!
//! A value that nobody else reads need not be there as a whole: what the register tiles
//! make for a depthwise convolution never is, nor what that makes for a projection to
//! fewer channels, if it is too large for the cache. (A 1×1 convolution to more channels
//! is better off as the first of the next ones.)

use super::super::activate::bounds;
use super::super::cascade::is_large;
use super::super::choose::ConvKernel;
use super::super::flat::{Flat, Kind, Part};
use super::super::fuse::{Group, Tie};
use super::super::layout::Form;
use super::super::planar;
use super::{Slot, Target};
use crate::spec::{Conv2d, Op};

/// Marks the results that never are whole, once kernels have been chosen. Where those are
/// forced there are no bands.
pub(crate) const fn find(
    flat: &Flat<'_>,
    (groups, ties): (&[Group], &[Tie]),
    slots: &mut [Slot],
    target: Target,
) {
    let mut i = 0;
    while i < groups.len() {
        let from = ties[flat.input(groups[i].node, 0)].seen;
        if let Some(first) = slots[from].group
            && ties[from].is_read_once()
            && groups[first].addend.is_none()
        {
            let node = groups[first].node;
            let inner = slots[ties[flat.input(node, 0)].seen].inner;
            let form = Form::new(flat.parts[from].dims, target.vectors.lanes);
            slots[from].inner =
                match (kernel(flat, slots, node), kernel(flat, slots, groups[i].node)) {
                    (Some((ConvKernel::Planar, _)), None) => {
                        let lanes = target.vectors.lanes;
                        pools(flat, slots, (&groups[first], &groups[i]), lanes)
                    }
                    _ if target.force.is_some() => false,
                    (Some((ConvKernel::Direct, conv)), Some((ConvKernel::Depthwise, _))) => {
                        !inner && conv.groups == 1
                    }
                    (Some((ConvKernel::Depthwise, _)), Some((ConvKernel::Direct, conv))) => {
                        inner && is_projection(conv) && is_large(&form, target.vectors.bytes)
                    }
                    _ => false,
                };
        }
        slots[groups[i].last].group = Some(i);
        i += 1;
    }
}

/// Whether the second group is a pool that the convolution of the first takes in.
const fn pools(
    flat: &Flat<'_>,
    slots: &[Slot],
    (conv, pool): (&Group, &Group),
    lanes: usize,
) -> bool {
    let Part { kind: Kind::Op(Op::MaxPool2d(window)), dims, .. } = flat.parts[pool.node] else {
        return false;
    };
    let clips = match conv.activation {
        Some(part) => match flat.parts[part].kind {
            Kind::Op(Op::Activation(function)) => bounds(*function).is_some(),
            _ => false,
        },
        None => true,
    };
    clips
        && pool.activation.is_none()
        && slots[pool.node].planes
        && planar::conv::pools(window, dims, lanes)
}

/// The kernel of a convolution.
const fn kernel<'a>(
    flat: &Flat<'a>,
    slots: &[Slot],
    node: usize,
) -> Option<(ConvKernel, &'a Conv2d)> {
    match (slots[node].kernel, flat.parts[node].kind) {
        (Some(kernel), Kind::Op(Op::Conv2d(conv))) => Some((kernel, conv)),
        _ => None,
    }
}

/// Whether a convolution is 1×1, pixel by pixel, to fewer channels.
const fn is_projection(conv: &Conv2d) -> bool {
    let (h, w) = (conv.window.h, conv.window.w);
    conv.groups == 1
        && conv.outputs < conv.inputs
        && matches!((h.kernel, w.kernel, h.stride, w.stride), (1, 1, 1, 1))
        && !conv.window.is_padded()
}
