//! Transposed convolution, as direct ones that share the output.
//!
//! The pixels of the output that are a stride apart meet the same taps, so they are
//! a convolution of stride 1 with those taps turned around: s² convolutions
//! ([`Phase`]s), each with about a s²-th of the kernel. Nothing is spread out, and
//! no product with a zero between pixels is made.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::isa::Simd;
use crate::spec::{ConvTranspose2d, Spread};

use super::activate::Fused;
use super::conv::{Conv, ConvSizes, Phase};
use super::layout::{Form, Halo, min};
use super::work::{Facts, Io, Work};

/// The taps of one axis that meet the pixels of a phase, in the order of the input
/// pixels that they read: `last`, `last - step`, ….
#[derive(Clone, Copy)]
struct Taps {
    last: usize,
    step: usize,
    count: usize,
    /// Input pixels from one tap to the next.
    dilation: usize,
    /// How far in front of the first output the first of them is.
    before: usize,
}

impl Taps {
    fn order(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |n| self.last - n * self.step)
    }
}

/// The taps of the outputs `phase`, `phase + stride`, …; `None` where there is none,
/// the first lies behind the first pixel, or a number is past all use.
const fn taps(axis: Spread, phase: usize) -> Option<Taps> {
    // With multiples of the stride added, so that no place is negative.
    let Some(shift) = axis.kernel.checked_mul(axis.dilation) else { return None };
    let Some(shifted) = shift.checked_mul(axis.stride) else { return None };
    let Some(top) = shifted.checked_add(phase + axis.before) else { return None };
    let (mut taps, mut first, mut tap) = (None::<Taps>, 0, axis.kernel);
    while tap > 0 {
        tap -= 1;
        let place = top - tap * axis.dilation;
        if !place.is_multiple_of(axis.stride) {
            continue;
        }
        let pixel = place / axis.stride;
        taps = match taps {
            None => {
                first = pixel;
                Some(Taps { last: tap, step: 1, count: 1, dilation: 1, before: 0 })
            }
            Some(taps @ Taps { last, count: 1, .. }) => {
                Some(Taps { step: last - tap, count: 2, dilation: pixel - first, ..taps })
            }
            Some(taps) => Some(Taps { count: taps.count + 1, ..taps }),
        };
    }
    match (taps, shift.checked_sub(first)) {
        (Some(taps), Some(before)) => Some(Taps { before, ..taps }),
        _ => None,
    }
}

/// The sizes of the phase that begins at `first`, with its taps down and along.
const fn phase(
    conv: &ConvTranspose2d,
    (input, output): (Form, Form),
    first: (usize, usize),
) -> Option<(ConvSizes, Taps, Taps)> {
    let (Some(down), Some(along)) = (taps(conv.h, first.0), taps(conv.w, first.1)) else {
        return None;
    };
    let sizes = ConvSizes {
        input,
        output,
        groups: conv.groups,
        kernel: (down.count, along.count),
        stride: (1, 1),
        dilation: (down.dilation, along.dilation),
        padding: (down.before, along.before),
        phase: Phase { first, step: phases(conv, &output) },
    };
    Some((sizes, down, along))
}

/// Phases down and along; also from one pixel of a phase to the next, if there is one.
const fn phases(conv: &ConvTranspose2d, output: &Form) -> (usize, usize) {
    (min(conv.h.stride, output.h), min(conv.w.stride, output.w))
}

/// The halo that the input needs; `None` if it can't be computed like this.
pub(crate) const fn halo(
    conv: &ConvTranspose2d,
    forms: (Form, Form),
    finite: bool,
) -> Option<Halo> {
    let lanes = forms.0.lanes;
    let whole = (conv.inputs / conv.groups).is_multiple_of(lanes)
        && (conv.outputs / conv.groups).is_multiple_of(lanes);
    let (rows, columns) = phases(conv, &forms.1);
    let (mut halo, mut i) = (Halo::NONE, 0);
    while i < rows * columns {
        let Some((sizes, ..)) = phase(conv, forms, (i / columns, i % columns)) else {
            return None;
        };
        halo = halo.max(sizes.halo(sizes.computed()));
        i += 1;
    }
    // As in a convolution: zeros around times a weight that is not finite.
    let able = halo.is_small(&forms.0, &forms.1) && (finite || halo.is_none());
    if (conv.groups == 1 || whole) && able { Some(halo) } else { None }
}

/// The weights `[output][input of the group][tap][tap]` of one phase.
fn turned<T: Element>(conv: &ConvTranspose2d, down: Taps, along: Taps, weights: &[T]) -> Vec<T> {
    let (inputs, outputs) = (conv.inputs / conv.groups, conv.outputs_per_group());
    let mut turned = Vec::with_capacity(conv.outputs * inputs * down.count * along.count);
    for output in 0..conv.outputs {
        for input in 0..inputs {
            let from = (output / outputs * inputs + input) * outputs + output % outputs;
            for i in down.order() {
                for j in along.order() {
                    turned.push(weights[(from * conv.h.kernel + i) * conv.w.kernel + j]);
                }
            }
        }
    }
    turned
}

/// A transposed convolution, ready to run.
pub(crate) struct Transpose<S: Simd> {
    parts: Box<[Conv<S>]>,
}

impl<S: Simd> Transpose<S> {
    pub(crate) fn new(
        conv: &ConvTranspose2d,
        forms: (Form, Form),
        (weights, bias): (&[S::E], Option<&[S::E]>),
        fused: Fused,
        threads: usize,
    ) -> Self {
        let (rows, columns) = phases(conv, &forms.1);
        let parts =
            (0..rows * columns).filter_map(|i| phase(conv, forms, (i / columns, i % columns)));
        let part = |(sizes, down, along)| {
            let weights = turned(conv, down, along, weights);
            Conv::new(sizes, &weights, bias, fused, threads)
        };
        Self { parts: parts.map(part).collect() }
    }
}

impl<S: Simd> Work<S> for Transpose<S> {
    fn units(&self, phase: usize) -> usize {
        self.parts.iter().map(|part| part.units(phase)).sum()
    }

    unsafe fn run(&self, s: S, io: &Io<S::E>, phase: usize, units: Range<usize>) {
        let mut first = 0;
        for part in &self.parts {
            let end = first + part.units(phase);
            let own = units.start.max(first)..units.end.min(end);
            if !own.is_empty() {
                // SAFETY: handed on to the caller; each part writes other pixels.
                unsafe { part.run(s, io, phase, own.start - first..own.end - first) }
            }
            first = end;
        }
    }

    fn facts(&self) -> Facts {
        let parts = self.parts.iter().map(Work::facts);
        let whole =
            parts.reduce(|a, b| Facts { weight_bytes: a.weight_bytes + b.weight_bytes, ..a });
        Facts { kernel: "transposed", ..whole.unwrap_or_default() }
    }
}
