//! What a step of a plan is to the runner: work on buffers, in units.

use alloc::string::String;
use core::ops::Range;

use crate::isa::{MAX_LANES, Simd};

use super::layout::max;
use super::memory::{Buffer, In, Out};

/// The buffers of one step of one run.
#[derive(Clone, Copy)]
pub(crate) struct Io<T> {
    /// What it reads.
    pub(crate) input: In<T>,
    /// A second input: the other side of a sum.
    pub(crate) other: Option<In<T>>,
    /// What it writes; whole, other units write to other parts of it.
    pub(crate) output: Out<T>,
    /// Memory that only this call uses, of the length of the step's [`Scratch`].
    pub(crate) scratch: Out<T>,
}

/// One step of a plan, ready to run: sizes, weights and kernels are in it.
pub(crate) trait Work<S: Simd>: Send + Sync {
    /// Parts that run one after the other. Of a step with more than one, all
    /// threads share the scratch memory.
    fn phases(&self) -> usize {
        1
    }

    /// Pieces of a phase that may run at the same time or in any order; the
    /// result has the same bits either way.
    fn units(&self, phase: usize) -> usize {
        let _ = phase;
        1
    }

    /// Shows its weights in the order in which they are read, where they are many.
    fn each_weights(&mut self, see: See<'_, S::E>) {
        let _ = see;
    }

    /// What runs several images at once, where a run uses each weight once, so that they
    /// had better share its way through the cache.
    fn together(&self) -> Option<&dyn Together<S>> {
        None
    }

    /// Runs some of the units of a phase.
    ///
    /// # Safety
    ///
    /// The buffers have the lengths that the step was made for, the inputs are
    /// not written during the call, and nobody else writes what these units
    /// write, or uses this scratch but other units of the same phases.
    unsafe fn run(&self, s: S, io: &Io<S::E>, phase: usize, units: Range<usize>);

    /// What it is, for people.
    fn facts(&self) -> Facts;
}

/// Who is shown weights.
pub(crate) type See<'a, T> = &'a mut dyn FnMut(&mut Buffer<T>);

/// Work on several images at once.
pub(crate) trait Together<S: Simd> {
    /// Runs a unit for several images; each has the bits that it has alone.
    ///
    /// # Safety
    ///
    /// As [`Work::run`] for each of them; no two images share what is written.
    unsafe fn run_images(&self, s: S, images: &[Io<S::E>], phase: usize, unit: usize);
}

/// The scratch memory of a step. How much of it a kernel needs is a const fn beside
/// the kernel, for [`super::schedule`], which places it, and which const evaluation
/// reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scratch {
    /// Numbers of each part, whole vectors of the widest kind.
    pub(crate) each: usize,
    /// Parts: one for each thread that may be at the step at the same time, or one
    /// that all threads share.
    pub(crate) parts: usize,
}

impl Scratch {
    pub(crate) const NONE: Self = Self { each: 0, parts: 1 };

    /// `each` numbers for each of `threads`, of which no more than `units` have work.
    pub(crate) const fn new(each: usize, threads: usize, units: usize) -> Self {
        let parts = if threads < units { threads } else { max(units, 1) };
        Self { each: each.next_multiple_of(MAX_LANES), parts }
    }

    /// Numbers in all.
    pub(crate) const fn len(self) -> usize {
        self.each * self.parts
    }
}

/// What a plan says of a step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The kernel.
    pub(crate) kernel: &'static str,
    /// The tile, and what else was chosen.
    pub(crate) tile: String,
    /// Bytes of weights that it holds.
    pub(crate) weight_bytes: usize,
}
