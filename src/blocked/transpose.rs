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
use super::layout::{Form, Halo};
use super::work::{Facts, Io, Work};

/// The taps of one axis that meet the pixels of a phase, in the order of the input
/// pixels that they read.
struct Taps {
    order: Vec<usize>,
    /// Input pixels from one tap to the next.
    dilation: usize,
    /// How far in front of the first output the first of them is.
    before: usize,
}

/// The taps of the outputs `phase`, `phase + stride`, …; `None` where there is none,
/// or the first lies behind the first pixel.
fn taps(axis: Spread, phase: usize) -> Option<Taps> {
    // With multiples of the stride added, so that no place is negative.
    let shift = axis.kernel * axis.dilation;
    let place = |tap: usize| phase + axis.before + shift * axis.stride - tap * axis.dilation;
    let order: Vec<usize> =
        (0..axis.kernel).rev().filter(|&tap| place(tap).is_multiple_of(axis.stride)).collect();
    let pixels: Vec<usize> = order.iter().map(|&tap| place(tap) / axis.stride).collect();
    let dilation = pixels.windows(2).map(|two| two[1] - two[0]).next().unwrap_or(1);
    let before = shift.checked_sub(*pixels.first()?)?;
    Some(Taps { order, dilation, before })
}

/// The sizes of each phase, with its taps down and along.
fn phases(
    conv: &ConvTranspose2d,
    (input, output): (Form, Form),
) -> Option<Vec<(ConvSizes, Taps, Taps)>> {
    let mut all = Vec::new();
    for y in 0..conv.h.stride.min(output.h) {
        for x in 0..conv.w.stride.min(output.w) {
            let (down, along) = (taps(conv.h, y)?, taps(conv.w, x)?);
            let sizes = ConvSizes {
                input,
                output,
                groups: conv.groups,
                kernel: (down.order.len(), along.order.len()),
                stride: (1, 1),
                dilation: (down.dilation, along.dilation),
                padding: (down.before, along.before),
                phase: Phase { first: (y, x), step: (conv.h.stride, conv.w.stride) },
            };
            all.push((sizes, down, along));
        }
    }
    Some(all)
}

/// The halo that the input needs; `None` if it can't be computed like this.
pub(crate) fn halo<T: Element>(
    conv: &ConvTranspose2d,
    forms: (Form, Form),
    weights: &[T],
) -> Option<Halo> {
    let lanes = forms.0.lanes;
    let whole = (conv.inputs / conv.groups).is_multiple_of(lanes)
        && (conv.outputs / conv.groups).is_multiple_of(lanes);
    let halos = phases(conv, forms)?.into_iter().map(|(sizes, ..)| sizes.halo(sizes.computed()));
    let halo = halos.fold(Halo::default(), Halo::max);
    // As in a convolution: zeros around times a weight that is not finite.
    let defined = halo == Halo::default() || weights.iter().all(|weight| weight.is_finite());
    ((conv.groups == 1 || whole) && defined).then_some(halo)
}

/// The weights `[output][input of the group][tap][tap]` of one phase.
fn turned<T: Element>(
    conv: &ConvTranspose2d,
    down: &[usize],
    along: &[usize],
    weights: &[T],
) -> Vec<T> {
    let (inputs, outputs) = (conv.inputs / conv.groups, conv.outputs_per_group());
    let mut turned = Vec::with_capacity(conv.outputs * inputs * down.len() * along.len());
    for output in 0..conv.outputs {
        for input in 0..inputs {
            let from = (output / outputs * inputs + input) * outputs + output % outputs;
            for i in down {
                for j in along {
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
        let parts = phases(conv, forms).unwrap_or_default().into_iter();
        let part = |(sizes, down, along): (ConvSizes, Taps, Taps)| {
            let weights = turned(conv, &down.order, &along.order, weights);
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
