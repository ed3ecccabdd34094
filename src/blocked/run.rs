//! Running a plan: step after step, on views of the workspace.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::graph::Graph;
use crate::isa::Simd;

use super::batch::Image;
use super::layout::Form;
use super::lower::lower;
use super::memory::{In, Out};
use super::peak::Memory;
use super::step::{Home, Lowered, Step};
#[cfg(feature = "threads")]
use super::team::{Barrier, Poison, Team};
use super::work::{Facts, Io};
use super::{Options, PlanError};

/// A plan whose instruction set is out of sight.
pub(crate) trait Runner<T>: Send + Sync {
    /// Numbers in the workspace.
    fn workspace(&self) -> usize;
    /// The memory of a run.
    fn memory(&self) -> Memory;
    /// How many steps there are.
    fn steps(&self) -> usize;
    /// Threads that runs use.
    fn threads(&self) -> usize;
    /// These steps with the calling thread alone, `after` behind each; the caller has
    /// checked the lengths.
    fn run(&self, steps: Range<usize>, image: &mut Image<'_, T>, after: After<'_, T>);
    /// These steps with a team, `after` behind each, before anyone begins the next.
    #[cfg(feature = "threads")]
    fn run_team(
        &self,
        team: &mut Team,
        steps: Range<usize>,
        image: &mut Image<'_, T>,
        after: &(dyn Fn(usize) + Sync),
    );
    /// Runs several images side by side.
    fn run_together(&self, images: &mut [Image<'_, T>]);
    /// What the steps are, for people.
    fn rows(&self) -> Vec<Row>;
}

/// Who watches a run: called behind each step.
pub(crate) type After<'a, T> = &'a mut dyn FnMut(Written<'_, T>);

/// What a step has written.
pub(crate) struct Written<'a, T> {
    /// The number of the step.
    pub(crate) step: usize,
    /// The node of the graph whose result is now complete, if one is.
    pub(crate) node: Option<usize>,
    form: &'a Form,
    values: &'a [T],
}

impl<T: Element> Written<'_, T> {
    /// The values in C, H, W order.
    pub(crate) fn to_vec(&self) -> Vec<T> {
        let Form { c, h, w, lanes, .. } = *self.form;
        let pixel = |c: usize, y, x| self.values[self.form.at(c / lanes, y, x) + c % lanes];
        let pixels = (0..c * h * w).map(|i| pixel(i / (h * w), i / w % h, i % w));
        pixels.collect()
    }
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
struct Buffers<T> {
    workspace: Out<T>,
    input: In<T>,
    output: Out<T>,
}

impl<T: Element> Buffers<T> {
    fn new(image: &mut Image<'_, T>) -> Self {
        Self {
            workspace: Out::new(image.workspace),
            input: In::new(image.input),
            output: Out::new(image.output),
        }
    }
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
    fn source(&self, memory: &Buffers<S::E>, value: usize) -> In<S::E> {
        let value = &self.plan.values[value];
        match value.home {
            Home::Input => memory.input,
            Home::Output => memory.output.to_in(),
            Home::Part(..) => memory.workspace.part(0, 0).to_in(),
            Home::Workspace(at) => memory.workspace.part(at, value.form.len()).to_in(),
        }
    }

    /// A value, to write.
    fn target(&self, memory: &Buffers<S::E>, value: usize) -> Out<S::E> {
        let value = &self.plan.values[value];
        match value.home {
            // `lower` never has a step write to the input, and places all parts.
            Home::Input | Home::Part(..) => memory.workspace.part(0, 0),
            Home::Output => memory.output,
            Home::Workspace(at) => memory.workspace.part(at, value.form.len()),
        }
    }

    /// The views of a step for one member of a team.
    fn io(&self, memory: &Buffers<S::E>, step: &Step<S>, member: usize) -> Io<S::E> {
        let (scratch, each) = step.scratch;
        let own = if step.work.phases() > 1 { 0 } else { member * each };
        let needed = each > 0 && (own == 0 || member < step.work.units(0));
        Io {
            input: self.source(memory, step.input),
            other: step.other.map(|other| self.source(memory, other)),
            output: self.target(memory, step.output),
            scratch: memory.workspace.part(scratch + if needed { own } else { 0 }, each),
        }
    }

    /// Zeros around the output, if this step is the first to write it.
    fn clear(&self, io: &Io<S::E>, step: &Step<S>) {
        let form = &self.plan.values[step.output].form;
        if step.first && !form.is_bare() {
            // SAFETY: the place of the output is this step's, and its units
            // leave the halo alone.
            unsafe { form.clear_halo(self.simd, io.output) }
        }
    }
}

#[cfg(feature = "threads")]
impl<S: Simd> Typed<S> {
    /// What one member of a team does of a run.
    fn take_part(
        &self,
        steps: &Range<usize>,
        memory: &Buffers<S::E>,
        (barrier, member): (&Barrier, usize),
        after: &(dyn Fn(usize) + Sync),
    ) {
        let _poison = Poison::new(barrier);
        for index in steps.clone() {
            let step = &self.plan.steps[index];
            let io = self.io(memory, step, member);
            if member == 0 {
                self.clear(&io, step);
            }
            let members = self.members(step);
            for phase in 0..step.work.phases() {
                let units = step.work.units(phase);
                let take =
                    || (member < members).then(|| barrier.take()).filter(|&unit| unit < units);
                while let Some(unit) = take() {
                    // SAFETY: as in `run`; every unit is taken once, and what
                    // the next phase or step reads is written before the barrier.
                    unsafe { step.work.run(self.simd, &io, phase, unit..unit + 1) }
                }
                let last = phase + 1 == step.work.phases();
                barrier.meet(|| {
                    if last {
                        after(index);
                    }
                });
            }
        }
    }
}

impl<S: Simd> Typed<S> {
    /// Runs some steps of one image.
    fn run_steps(&self, steps: &[Step<S>], memory: &Buffers<S::E>) {
        for step in steps {
            let io = self.io(memory, step, 0);
            self.clear(&io, step);
            for phase in 0..step.work.phases() {
                // SAFETY: as in `run`.
                unsafe { step.work.run(self.simd, &io, phase, 0..step.work.units(phase)) }
            }
        }
    }

    /// Runs some steps of several images, each unit for all of them.
    fn unit_by_unit(&self, steps: &[Step<S>], memories: &[Buffers<S::E>]) {
        for step in steps {
            let Some(work) = step.work.together() else { continue };
            let all: Vec<Io<S::E>> =
                memories.iter().map(|memory| self.io(memory, step, 0)).collect();
            for io in &all {
                self.clear(io, step);
            }
            for phase in 0..step.work.phases() {
                for unit in 0..step.work.units(phase) {
                    // SAFETY: as in `run`; each image has memory of its own.
                    unsafe { work.run_images(self.simd, &all, phase, unit) }
                }
            }
        }
    }

    /// Members that a step has work for.
    fn members(&self, step: &Step<S>) -> usize {
        let units = (0..step.work.phases()).map(|phase| step.work.units(phase)).max();
        self.plan.threads.min(units.unwrap_or(1).max(1))
    }
}

impl<S: Simd> Runner<S::E> for Typed<S> {
    fn workspace(&self) -> usize {
        self.plan.workspace
    }

    fn memory(&self) -> Memory {
        self.plan.memory
    }

    fn steps(&self) -> usize {
        self.plan.steps.len()
    }

    fn threads(&self) -> usize {
        self.plan.threads
    }

    fn run(&self, steps: Range<usize>, image: &mut Image<'_, S::E>, after: After<'_, S::E>) {
        let memory = Buffers::new(image);
        for index in steps {
            let step = &self.plan.steps[index];
            let io = self.io(&memory, step, 0);
            self.clear(&io, step);
            for phase in 0..step.work.phases() {
                let units = 0..step.work.units(phase);
                // SAFETY: values and scratch that live at the same time lie
                // apart, and have the lengths of their forms, which the step was
                // made for.
                unsafe { step.work.run(self.simd, &io, phase, units) }
            }
            let form = &self.plan.values[step.output].form;
            // SAFETY: the output is this step's, and nobody writes to it before
            // the next step.
            let values = unsafe { io.output.to_in().as_slice() };
            after(Written { step: index, node: self.plan.results[index], form, values });
        }
    }

    #[cfg(feature = "threads")]
    fn run_team(
        &self,
        team: &mut Team,
        steps: Range<usize>,
        image: &mut Image<'_, S::E>,
        after: &(dyn Fn(usize) + Sync),
    ) {
        let memory = Buffers::new(image);
        let barrier = Barrier::new(team.size());
        team.run(&|member| self.take_part(&steps, &memory, (&barrier, member), after));
    }

    fn run_together(&self, images: &mut [Image<'_, S::E>]) {
        let memories: Vec<Buffers<S::E>> = images.iter_mut().map(Buffers::new).collect();
        let shared = |step: &Step<S>| step.work.together().is_some();
        for steps in self.plan.steps.chunk_by(|a, b| shared(a) == shared(b)) {
            if shared(&steps[0]) {
                self.unit_by_unit(steps, &memories);
            } else {
                // Through all of them with one image, whose values are in the cache.
                for memory in &memories {
                    self.run_steps(steps, memory);
                }
            }
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
                threads: self.members(step),
            }
        };
        self.plan.steps.iter().map(row).collect()
    }
}

/// The work of a network from which threads pay ([`Flat::work`](super::flat::Flat::work)): about
/// a tenth of a millisecond of one AVX-512 core. LeNet-5 has 1.7 million, 0.4 of them
/// multiply-adds.
pub(crate) const PARALLEL_MACS: u64 = 5_000_000;
