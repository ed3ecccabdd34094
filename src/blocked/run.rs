//! Running a plan: step after step, on views of the workspace.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::element::Element;
use crate::graph::Graph;
use crate::isa::Simd;

use super::lower::{Home, Lowered, Step, lower};
use super::memory::{In, Out};
use super::work::{Facts, Io};
use super::{Options, PlanError};

/// A plan whose instruction set is out of sight.
pub(crate) trait Runner<T>: Send + Sync {
    /// Numbers in the workspace.
    fn workspace(&self) -> usize;
    /// One run; the caller has checked the lengths.
    fn run(&self, workspace: &mut [T], input: &[T], output: &mut [T]);
    /// The same, calling `after` behind each step.
    fn run_watched(
        &self,
        workspace: &mut [T],
        input: &[T],
        output: &mut [T],
        after: &mut dyn FnMut(usize),
    );
    /// What the steps are, for people.
    fn rows(&self) -> Vec<Row>;
}

/// One step, for people.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) facts: Facts,
    pub(crate) fused: String,
    pub(crate) layout: String,
    pub(crate) output_bytes: usize,
    pub(crate) macs: u64,
    pub(crate) threads: usize,
}

/// A plan for one instruction set.
pub(crate) struct Typed<S: Simd> {
    simd: S,
    plan: Lowered<S>,
}

/// The three memories of a run.
#[derive(Clone, Copy)]
struct Memory<T> {
    workspace: Out<T>,
    input: In<T>,
    output: Out<T>,
}

impl<S: Simd> Typed<S> {
    pub(crate) fn new(
        simd: S,
        graph: &Graph,
        params: &[&[S::E]],
        options: &Options,
    ) -> Result<Self, PlanError> {
        Ok(Self { simd, plan: lower(graph, params, options)? })
    }

    /// A value, to read.
    fn source(&self, memory: &Memory<S::E>, value: usize) -> In<S::E> {
        let value = &self.plan.values[value];
        match value.home {
            Home::Input => memory.input,
            Home::Output => memory.output.to_in(),
            Home::Workspace(at) => memory.workspace.part(at, value.form.len()).to_in(),
        }
    }

    /// A value, to write.
    fn target(&self, memory: &Memory<S::E>, value: usize) -> Out<S::E> {
        let value = &self.plan.values[value];
        match value.home {
            // `lower` never has a step write to the input.
            Home::Input => memory.workspace.part(0, 0),
            Home::Output => memory.output,
            Home::Workspace(at) => memory.workspace.part(at, value.form.len()),
        }
    }

    fn step(&self, memory: &Memory<S::E>, step: &Step<S>) {
        let output = self.target(memory, step.output);
        if step.first {
            let form = &self.plan.values[step.output].form;
            if !form.is_bare() {
                // SAFETY: the place of the output is this step's alone.
                form.clear_halo(unsafe { output.as_mut_slice() }, S::E::default());
            }
        }
        let io = Io {
            input: self.source(memory, step.input),
            other: step.other.map(|other| self.source(memory, other)),
            output,
            scratch: memory.workspace.part(step.scratch.0, step.scratch.1),
        };
        let units = 0..step.work.units();
        // SAFETY: values and scratch that live at the same time lie apart, and
        // have the lengths of their forms, which the step was made for.
        unsafe { step.work.run(self.simd, &io, units) }
    }
}

impl<S: Simd> Runner<S::E> for Typed<S> {
    fn workspace(&self) -> usize {
        self.plan.workspace
    }

    fn run(&self, workspace: &mut [S::E], input: &[S::E], output: &mut [S::E]) {
        self.run_watched(workspace, input, output, &mut |_| {});
    }

    fn run_watched(
        &self,
        workspace: &mut [S::E],
        input: &[S::E],
        output: &mut [S::E],
        after: &mut dyn FnMut(usize),
    ) {
        let memory = Memory {
            workspace: Out::new(workspace),
            input: In::new(input),
            output: Out::new(output),
        };
        for (index, step) in self.plan.steps.iter().enumerate() {
            self.step(&memory, step);
            after(index);
        }
    }

    fn rows(&self) -> Vec<Row> {
        let row = |step: &Step<S>| {
            let form = self.plan.values[step.output].form;
            Row {
                name: step.name.clone(),
                facts: step.work.facts(),
                fused: step.fused.clone(),
                layout: super::table::layout(&form),
                output_bytes: form.len() * size_of::<S::E>(),
                macs: step.macs,
                threads: 1,
            }
        };
        self.plan.steps.iter().map(row).collect()
    }
}

/// A runner behind a pointer.
pub(crate) type Boxed<T> = Box<dyn Runner<T>>;

const _: fn() = || {
    fn shared<T: Send + Sync + ?Sized>() {}
    shared::<dyn Runner<f32>>();
    fn element<T: Element>() {
        shared::<dyn Runner<T>>();
    }
    element::<f32>();
};
