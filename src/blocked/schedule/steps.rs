//! The steps of each kind of layer: what they read, write, and need of memory.

use crate::spec::{Conv2d, Join, Op};

use super::super::choose::{Candidate, ConvKernel};
use super::super::flat::Kind;
use super::super::fuse::Group;
use super::super::layout::Form;
use super::super::step::{Home, Value};
use super::super::work::Scratch;
use super::super::{cascade, grouped, plain, winograd};
use super::{INPUT, Line, Schedule, Slot, Target, Task, is_tiled};

impl Schedule<'_> {
    /// Lists the steps of a group.
    pub(super) const fn step(&mut self, groups: &[Group], index: usize) {
        let group = groups[index];
        let from = self.see(self.flat.input(group.node, 0));
        if self.slots[group.last].inner {
            // Made in the step of its reader.
            return;
        }
        if let Slot { inner: true, group: Some(second), .. } = self.slots[from] {
            let second = groups[second];
            let from = self.see(self.flat.input(second.node, 0));
            return match self.slots[from] {
                Slot { inner: true, group: Some(first), .. } => {
                    self.cascade([groups[first], second], Some(group));
                }
                _ => self.cascade([second, group], None),
            };
        }
        match self.flat.parts[group.node].kind {
            Kind::Op(Op::Conv2d(conv)) => self.conv(group, conv, from),
            Kind::Op(Op::Linear(_)) => {
                let input = self.features(from);
                self.one(group, input);
            }
            Kind::Op(Op::Flatten) => self.flatten(group, from),
            Kind::Op(_) | Kind::Input => {
                let input = self.value(from);
                self.one(group, input);
            }
            Kind::Join(Join::Add | Join::Mul) => self.fold(group),
            Kind::Join(Join::Concat) => self.concat(group),
            Kind::Join(Join::Heads) => self.heads(group),
        }
    }

    /// The last step: the result in C, H, W order.
    pub(super) const fn give_output(&mut self) {
        let source = self.see(self.flat.output);
        let input = if source == 0 { INPUT } else { self.value(source) };
        let form = Form { lanes: 1, ..self.form(self.flat.output) };
        let output = self.values.push(Value { form, home: Home::Output });
        self.lines.push(Line { task: Task::Output, input, output, ..Line::NONE });
    }

    /// The value of a part's result, in blocks.
    const fn value(&mut self, part: usize) -> usize {
        let part = self.see(part);
        match self.slots[part].value {
            Some(value) => value,
            None if part == 0 => {
                let value = self.convert(Form { halo: self.slots[0].halo, ..self.form(0) });
                self.slots[0].value = Some(value);
                value
            }
            // Parts are in running order: whatever is read has been made.
            None => self.result(part),
        }
    }

    const fn planes_of_input(&mut self) -> usize {
        if self.planes.is_none() {
            return INPUT;
        }
        if let Some(value) = self.input_planes {
            return value;
        }
        let value = self.convert(Form { halo: self.planes, ..self.value_form(INPUT) });
        self.input_planes = Some(value);
        value
    }

    /// The network's input in another form.
    const fn convert(&mut self, form: Form) -> usize {
        let output = self.values.push(Value { form, home: Home::Workspace(0) });
        self.lines.push(Line { task: Task::Input, output, ..Line::NONE });
        output
    }

    /// The value that a part's result is to be: one of its own, or a part of that of a
    /// concatenation.
    const fn result(&mut self, part: usize) -> usize {
        if let Some(value) = self.slots[part].value {
            return value;
        }
        let form = self.whole(part);
        let home = match self.slots[part].place {
            None => Home::Workspace(0),
            Some((whole, first)) => {
                let whole = self.result(whole);
                Home::Part(whole, first / form.lanes * self.value_form(whole).block())
            }
        };
        let value = self.values.push(Value { form, home });
        self.slots[part].value = Some(value);
        value
    }

    /// Lists the one step of a group and returns its number.
    const fn one(&mut self, group: Group, input: usize) -> usize {
        let other = match group.addend {
            Some((_, part)) => Some(self.value(part)),
            None => None,
        };
        let output = self.result(group.last);
        let scratch = match self.slots[group.node].kernel {
            Some(ConvKernel::Plain) => {
                plain::scratch(&self.value_form(input), &self.value_form(output))
            }
            _ => Scratch::NONE,
        };
        let task = Task::Group(group, 0);
        self.lines.push(Line { task, input, other, output, scratch, ..Line::NONE })
    }

    const fn conv(&mut self, group: Group, conv: &Conv2d, from: usize) {
        let kernel = self.slots[group.node].kernel;
        let input = self.image(group, conv, from);
        let line = self.one(group, input);
        let output = self.value_form(self.lines.at(line).output);
        let input = self.value_form(input);
        let sizes = Candidate { conv: *conv, input, output, finite: true }.sizes();
        let (vectors, threads) = (self.target.vectors, self.target.threads);
        let scratch = match kernel {
            Some(ConvKernel::Winograd2) => winograd::scratch(&sizes, false, vectors, threads),
            Some(ConvKernel::Winograd4) => winograd::scratch(&sizes, true, vectors, threads),
            Some(ConvKernel::Grouped) => grouped::scratch(&sizes, threads),
            _ => return,
        };
        self.lines.at_mut(line).scratch = scratch;
    }

    /// What a convolution reads.
    const fn image(&mut self, group: Group, conv: &Conv2d, from: usize) -> usize {
        let planar = from == 0 && self.reads_planes(conv, from);
        if planar && is_tiled(self.slots[group.node].kernel) {
            self.planes_of_input()
        } else {
            self.value(from)
        }
    }

    /// Layers that run as one.
    const fn cascade(&mut self, [first, second]: [Group; 2], third: Option<Group>) {
        let Kind::Op(Op::Conv2d(one)) = self.flat.parts[first.node].kind else { return };
        let input = self.image(first, one, self.see(self.flat.input(first.node, 0)));
        let last = if let Some(third) = third { third } else { second };
        let line = self.one(last, input);
        self.lines.at_mut(line).task = Task::Cascade([first, second], third);
        // (A pool needs no memory.)
        let Kind::Op(Op::Conv2d(conv)) = self.flat.parts[second.node].kind else { return };
        let (input, output) = (self.whole(first.last), self.whole(second.last));
        let sizes = Candidate { conv: *conv, input, output, finite: true }.sizes();
        let Target { vectors, threads, .. } = self.target;
        self.lines.at_mut(line).scratch =
            cascade::scratch(&sizes, third.is_some(), vectors, threads);
    }

    /// What a fully-connected layer reads: a vector as it is, an image that is
    /// flattened for it alone where it lies without gaps.
    const fn features(&mut self, from: usize) -> usize {
        if from == 0 {
            return INPUT;
        }
        if let Some(value) = self.slots[from].value {
            return value;
        }
        match self.see(self.flat.input(from, 0)) {
            0 => INPUT,
            image => self.value(image),
        }
    }

    const fn flatten(&mut self, group: Group, from: usize) {
        let input = if from == 0 { INPUT } else { self.value(from) };
        let form = self.value_form(input);
        let gapless = form.is_bare() && form.c.is_multiple_of(form.lanes);
        let is_output = self.see(self.flat.output) == group.node;
        if gapless && !is_output && self.only_linear(group.node) {
            // Left unmade: the layers behind read the image itself.
            return;
        }
        let form = self.form(group.node);
        let output = self.values.push(Value { form, home: Home::Workspace(0) });
        self.slots[group.node].value = Some(output);
        self.lines.push(Line { task: Task::Group(group, 0), input, output, ..Line::NONE });
    }

    /// Whether only fully-connected layers read a part's result.
    const fn only_linear(&self, part: usize) -> bool {
        let mut reader = part + 1;
        while reader < self.flat.parts.len() {
            let linear = matches!(
                self.flat.parts[reader].kind,
                Kind::Op(Op::Linear(_) | Op::Identity | Op::Flatten)
            );
            let mut i = 0;
            while !linear && i < self.flat.arity(reader) {
                if self.see(self.flat.input(reader, i)) == part {
                    return false;
                }
                i += 1;
            }
            reader += 1;
        }
        true
    }

    /// The value that a join gives, all of its sides having been made before it.
    const fn joined(&mut self, group: Group) -> usize {
        let mut side = 0;
        while side < self.flat.arity(group.node) {
            self.value(self.flat.input(group.node, side));
            side += 1;
        }
        self.result(group.last)
    }

    /// A sum or product that no layer takes in: the first two sides, then one at a
    /// time.
    const fn fold(&mut self, group: Group) {
        let output = self.joined(group);
        let (mut input, mut side) = (self.value(self.flat.input(group.node, 0)), 1);
        while side < self.flat.arity(group.node) {
            let other = Some(self.value(self.flat.input(group.node, side)));
            let task = Task::Group(group, side);
            self.lines.push(Line { task, input, other, output, first: side == 1, ..Line::NONE });
            input = output;
            side += 1;
        }
    }

    /// The sides that have not been made in their places already are copied there.
    const fn concat(&mut self, group: Group) {
        let output = self.joined(group);
        let (mut channel, mut first, mut side) = (0, true, 0);
        while side < self.flat.arity(group.node) {
            let part = self.see(self.flat.input(group.node, side));
            let input = self.value(part);
            let made = match self.slots[part].place {
                Some((whole, from)) => whole == group.node && from == channel,
                None => false,
            };
            if !made {
                let task = Task::Group(group, side);
                self.lines.push(Line { task, input, output, first, ..Line::NONE });
                first = false;
            }
            channel += self.value_form(input).c;
            side += 1;
        }
    }

    /// The values of all sides as one vector.
    const fn heads(&mut self, group: Group) {
        let (output, mut side) = (self.joined(group), 0);
        while side < self.flat.arity(group.node) {
            let input = self.value(self.flat.input(group.node, side));
            let task = Task::Group(group, side);
            self.lines.push(Line { task, input, output, ..Line::NONE });
            side += 1;
        }
    }
}
