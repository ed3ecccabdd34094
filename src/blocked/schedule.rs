//! What a plan decides before it sees a weight: kernels, forms, steps, and where
//! everything lies.
//!
//! 1. Group the parts ([`fuse`](super::fuse)).
//! 2. Choose a kernel for each convolution, and gather the halo that each value must
//!    have for its readers.
//! 3. List the steps in running order with what they read and write; the input is
//!    converted once in each form that is read (blocks, or planes for a first layer
//!    of few channels; not at all where the planes need no padding).
//! 4. Give every value and scratch a place for its lifetime
//!    ([`place`](super::memory::place)).
//!
//! All of it is const code over memory that the caller brings. [`super::lower`] makes
//! of the very same schedule what is run, so the const that says how much memory a
//! run takes ([`super::peak`]) and the workspace that is allocated can't differ.

mod cascades;
mod steps;

use crate::isa::Vectors;
use crate::spec::{Conv2d, Op};

use super::choose::{Candidate, ConvKernel};
use super::flat::{Flat, Kind, List};
use super::fuse::{self, Group, Tie};
use super::layout::{Form, Halo, min};
use super::memory::{Lifetime, insert, place};
use super::places;
use super::planar;
use super::step::{Home, Value};
use super::transpose;
use super::work::Scratch;
use super::{MAX_THREADS, Options};

/// What a schedule is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) vectors: Vectors,
    pub(crate) threads: usize,
    pub(crate) winograd: bool,
    pub(crate) force: Option<ConvKernel>,
}

impl Target {
    /// What `options` ask for, on such vectors.
    pub(crate) const fn new(flat: &Flat<'_>, vectors: Vectors, options: &Options) -> Self {
        let threads = match options.threads {
            Some(threads)
                if threads > 1
                    && cfg!(feature = "threads")
                    && flat.work() >= options.parallel_macs =>
            {
                min(threads, MAX_THREADS)
            }
            _ => 1,
        };
        Self { vectors, threads, winograd: options.winograd, force: options.force }
    }
}

/// What is known of a part and its result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// The halo that readers want around it.
    pub(crate) halo: Halo,
    /// The kernel of a convolution, and of a layer that only plain loops compute.
    pub(crate) kernel: Option<ConvKernel>,
    /// Whether it lies in planes; the input also in blocks.
    pub(crate) planes: bool,
    /// Whether a step gives it in blocks, with a place of its own.
    pub(crate) movable: bool,
    /// The concatenation that it is made in, and its first channel there.
    pub(crate) place: Option<(usize, usize)>,
    /// Its value.
    pub(crate) value: Option<usize>,
    /// The group that gives it, and whether it never is whole: made and read in bands
    /// of rows ([`cascades`]).
    pub(crate) group: Option<usize>,
    pub(crate) inner: bool,
}

impl Slot {
    pub(crate) const NONE: Self = Self {
        halo: Halo::NONE,
        kernel: None,
        planes: false,
        movable: false,
        place: None,
        value: None,
        group: None,
        inner: false,
    };
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task {
    /// Converts the network's input.
    Input,
    /// Runs a group; of a join that takes several steps, the one of this side.
    Group(Group, usize),
    /// Runs two or three layers as one: a [`cascade`](super::cascade) of convolutions, or
    /// [one in planes](super::planar::conv) and its pool.
    Cascade([Group; 2], Option<Group>),
    /// Converts the network's output.
    Output,
}

/// A step before it has weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) task: Task,
    pub(crate) input: usize,
    pub(crate) other: Option<usize>,
    pub(crate) output: usize,
    /// Whether it is the first to write its output.
    pub(crate) first: bool,
    pub(crate) scratch: Scratch,
    /// Where its scratch memory starts.
    pub(crate) at: usize,
    /// Numbers of values that are alive while it runs.
    pub(crate) alive: usize,
}

impl Line {
    pub(crate) const NONE: Self = Self {
        task: Task::Input,
        input: INPUT,
        other: None,
        output: INPUT,
        first: true,
        scratch: Scratch::NONE,
        at: 0,
        alive: 0,
    };

    /// Numbers of the workspace that are in use while it runs.
    pub(crate) const fn in_use(&self) -> usize {
        self.alive + self.scratch.len()
    }
}

/// The memory of a schedule.
pub(crate) struct Room<'a> {
    pub(crate) ties: &'a mut [Tie],
    pub(crate) slots: &'a mut [Slot],
    pub(crate) groups: &'a mut [Group],
    pub(crate) values: &'a mut [Value],
    pub(crate) lines: &'a mut [Line],
    pub(crate) needs: &'a mut [Lifetime],
    /// For values and scratch.
    pub(crate) sorted: &'a mut [Lifetime],
    pub(crate) order: &'a mut [usize],
}

/// So many more values and steps than parts and inputs there may be: the input as it
/// comes, in blocks and in planes, and the output.
pub(crate) const BORDERS: usize = 4;

/// The value of the caller's input.
pub(crate) const INPUT: usize = 0;

/// A schedule, under way or ready.
pub(crate) struct Schedule<'a> {
    flat: Flat<'a>,
    target: Target,
    ties: &'a mut [Tie],
    slots: &'a mut [Slot],
    values: List<'a, Value>,
    lines: List<'a, Line>,
    /// The halo of the input in planes.
    planes: Halo,
    /// The input in padded planes, once that is read.
    input_planes: Option<usize>,
    /// Numbers in the workspace.
    workspace: usize,
}

impl<'a> Schedule<'a> {
    /// Schedules `flat`, all of whose sizes are known.
    pub(crate) const fn new(flat: Flat<'a>, target: Target, room: Room<'a>) -> Self {
        let Room { ties, slots, groups, values, lines, needs, sorted, order } = room;
        let mut groups = List::new(groups);
        fuse::group(&flat, ties, &mut groups);
        let mut this = Self {
            flat,
            target,
            ties,
            slots,
            values: List::new(values),
            lines: List::new(lines),
            planes: Halo::NONE,
            input_planes: None,
            workspace: 0,
        };
        let form = Form::new(flat.parts[0].dims, 1);
        this.values.push(Value { form, home: Home::Input });
        this.slots[0].planes = true;
        if matches!(target.force, None | Some(ConvKernel::Planar)) {
            let (lanes, force) = (target.vectors.lanes, target.force.is_some());
            planar::find(&flat, (groups.as_slice(), this.ties), this.slots, lanes, force);
        }
        this.choose_kernels();
        places::find(&flat, (groups.as_slice(), this.ties), this.slots, target.vectors.lanes);
        places::level(this.slots);
        cascades::find(&flat, (groups.as_slice(), this.ties), this.slots, target);
        let mut i = 0;
        while i < groups.len() {
            this.step(groups.as_slice(), i);
            i += 1;
        }
        this.give_output();
        this.place(needs, sorted, order);
        this
    }

    /// The values, the steps, and the numbers in the workspace.
    pub(crate) const fn parts(&self) -> (&[Value], &[Line], usize) {
        (self.values.as_slice(), self.lines.as_slice(), self.workspace)
    }

    /// What it is for.
    pub(crate) const fn target(&self) -> &Target {
        &self.target
    }

    /// What is known of a part.
    pub(crate) const fn slot(&self, part: usize) -> &Slot {
        &self.slots[part]
    }

    /// The form of a part's result as a whole, with its halo, whether it is one or not.
    pub(crate) const fn whole(&self, part: usize) -> Form {
        Form { halo: self.slots[part].halo, ..self.form(part) }
    }

    /// The part whose result is that of `part`, seen through parts that change nothing.
    const fn see(&self, part: usize) -> usize {
        self.ties[part].seen
    }

    /// The form of a part's result; of the input, in blocks.
    const fn form(&self, part: usize) -> Form {
        let planes = part > 0 && self.slots[part].planes;
        let lanes = if planes { 1 } else { self.target.vectors.lanes };
        Form::new(self.flat.parts[part].dims, lanes)
    }

    /// The form of a value.
    const fn value_form(&self, value: usize) -> Form {
        self.values.at(value).form
    }

    /// Whether a convolution reads planes: of the network's input where a block
    /// would be mostly empty.
    const fn reads_planes(&self, conv: &Conv2d, from: usize) -> bool {
        self.slots[from].planes && conv.groups == 1 && conv.inputs < self.target.vectors.lanes
    }

    const fn choose_kernels(&mut self) {
        let Target { vectors, winograd, force, .. } = self.target;
        let mut part = 1;
        while part < self.flat.parts.len() {
            let from = self.see(self.flat.input(part, 0));
            let (mut input, output) = (self.form(from), self.form(part));
            let finite = self.flat.parts[part].finite;
            let (kernel, halo) = match self.flat.parts[part].kind {
                Kind::Op(Op::Conv2d(conv)) => {
                    if self.reads_planes(conv, from) {
                        input.lanes = 1;
                    }
                    let candidate = Candidate { conv: *conv, input, output, finite };
                    let kernel = candidate.choose(vectors.lanes, winograd, force);
                    (Some(kernel), kernel.halo(&candidate.sizes()))
                }
                Kind::Op(Op::ConvTranspose2d(conv)) => {
                    match transpose::halo(conv, (input, output), finite) {
                        Some(halo) => (Some(ConvKernel::Direct), halo),
                        None => (Some(ConvKernel::Plain), Halo::NONE),
                    }
                }
                Kind::Op(op) if !has_kernel(op) => (Some(ConvKernel::Plain), Halo::NONE),
                _ => (None, Halo::NONE),
            };
            self.slots[part].kernel = kernel;
            let planar = from == 0 && input.lanes == 1 && is_tiled(kernel);
            let wanted = if planar { &mut self.planes } else { &mut self.slots[from].halo };
            *wanted = wanted.max(halo);
            part += 1;
        }
    }

    /// Places values and scratch memory.
    const fn place(
        &mut self,
        needs: &mut [Lifetime],
        sorted: &mut [Lifetime],
        order: &mut [usize],
    ) {
        self.live(needs);
        let (values, lines) = (self.values.len(), self.lines.len());
        let (mut count, mut owner) = (0, 0);
        while owner < values + lines {
            let need = if owner < values {
                needs[owner]
            } else {
                let line = owner - values;
                let len = self.lines.at(line).scratch.len();
                Lifetime { len, first: line, last: line, ..Lifetime::NONE }
            };
            if need.len > 0 {
                insert(sorted, count, Lifetime { owner, ..need });
                count += 1;
            }
            owner += 1;
        }
        let sorted = sorted.split_at_mut(count).0;
        self.workspace = place(sorted, order);
        let mut i = 0;
        while i < count {
            match sorted[i] {
                Lifetime { owner, at: Some(at), .. } if owner < values => {
                    self.values.at_mut(owner).home = Home::Workspace(at);
                }
                Lifetime { owner, at: Some(at), .. } => self.lines.at_mut(owner - values).at = at,
                Lifetime { at: None, .. } => {}
            }
            i += 1;
        }
        // Wholes come before their parts.
        i = 0;
        while i < values {
            if let Home::Part(whole, part) = self.values.at(i).home
                && let Home::Workspace(whole) = self.values.at(whole).home
            {
                self.values.at_mut(i).home = Home::Workspace(whole + part);
            }
            i += 1;
        }
    }

    /// Finds how long each value is needed, and how much of them is alive at each step.
    const fn live(&mut self, needs: &mut [Lifetime]) {
        let (values, lines) = (self.values.len(), self.lines.len());
        let mut i = 0;
        while i < lines {
            let Line { input, other, output, .. } = *self.lines.at(i);
            needs[input].extend(i, i);
            needs[output].extend(i, i);
            if let Some(other) = other {
                needs[other].extend(i, i);
            }
            i += 1;
        }
        // A whole lives as long as any of its parts, which come behind it.
        i = values;
        while i > 0 {
            i -= 1;
            let Value { form, home } = *self.values.at(i);
            match home {
                Home::Workspace(_) => needs[i].len = form.len(),
                Home::Part(whole, _) => {
                    let Lifetime { first, last, .. } = needs[i];
                    needs[whole].extend(first, last);
                }
                Home::Input | Home::Output => {}
            }
        }
        i = 0;
        while i < values {
            let Lifetime { len, first, last, .. } = needs[i];
            let mut step = first;
            while len > 0 && step <= last {
                self.lines.at_mut(step).alive += len;
                step += 1;
            }
            i += 1;
        }
    }
}

/// Whether a kernel reads planes as they are.
const fn is_tiled(kernel: Option<ConvKernel>) -> bool {
    matches!(kernel, Some(ConvKernel::Direct | ConvKernel::Planar))
}

/// Whether there is a kernel for this kind of layer; the rest runs in plain loops.
const fn has_kernel(op: &Op) -> bool {
    !matches!(
        op,
        Op::LpPool2d(_)
            | Op::PixelShuffle { .. }
            | Op::LocalResponseNorm(_)
            | Op::LogSoftmax
            | Op::Custom(_)
    )
}
