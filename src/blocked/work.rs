//! What a step of a plan is to the runner: work on buffers, in units.

use alloc::string::String;
use core::ops::Range;

use crate::isa::Simd;

use super::memory::{In, Out};

/// The buffers of one step of one run.
#[derive(Clone, Copy)]
pub(crate) struct Io<T> {
    /// What it reads.
    pub(crate) input: In<T>,
    /// A second input: the other side of a sum.
    pub(crate) other: Option<In<T>>,
    /// What it writes; whole, other units write to other parts of it.
    pub(crate) output: Out<T>,
    /// Memory that only this call uses, [`Work::scratch`] numbers.
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

    /// Numbers of scratch memory for a thread, or for all if there are phases.
    fn scratch(&self) -> usize {
        0
    }

    /// Whether a run uses each weight once, so that several images had better share
    /// its way through the cache.
    fn reads_weights_once(&self) -> bool {
        false
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
