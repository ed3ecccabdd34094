//! What a plan is made of: values with a form and a place, and steps.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::isa::Simd;

use super::layout::Form;
use super::memory::Buffer;
use super::peak::Memory;
use super::work::Work;

/// Where a value lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Home {
    /// The caller's input.
    Input,
    /// The caller's output.
    Output,
    /// The workspace, from this number on.
    Workspace(usize),
    /// A part of an earlier value, from this number on; until all have places.
    Part(usize, usize),
}

/// A value of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) form: Form,
    pub(crate) home: Home,
}

impl Value {
    pub(crate) const NONE: Self = Self { form: Form::EMPTY, home: Home::Input };
}

/// A step of a run.
pub(crate) struct Step<S: Simd> {
    pub(crate) name: String,
    pub(crate) work: Box<dyn Work<S>>,
    pub(crate) input: usize,
    pub(crate) other: Option<usize>,
    pub(crate) output: usize,
    /// Whether it is the first to write its output, and so clears the halo.
    pub(crate) first: bool,
    /// Where its scratch memory starts, and how much of it each thread has.
    pub(crate) scratch: (usize, usize),
    pub(crate) macs: u64,
    pub(crate) fused: String,
}

/// A graph made ready.
pub(crate) struct Lowered<S: Simd> {
    pub(crate) values: Vec<Value>,
    pub(crate) steps: Vec<Step<S>>,
    /// The node of the graph whose result each step completes, if it does.
    pub(crate) results: Vec<Option<usize>>,
    /// Threads that it is for.
    pub(crate) threads: usize,
    /// Numbers in the workspace.
    pub(crate) workspace: usize,
    /// What they are for.
    pub(crate) memory: Memory,
    /// Weights of the steps that lie next to each other ([`gather`](super::memory::gather)).
    pub(crate) _weights: Buffer<S::E>,
}
