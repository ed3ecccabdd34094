//! From a graph to steps: kernels, forms and places, all decided here, once.
//!
//! 1. Group the nodes ([`fuse`]).
//! 2. Choose a kernel for each convolution, and gather the halo that each value
//!    must have for its readers.
//! 3. Make the steps in running order, weights packed; convert the input once in
//!    each form that is read (blocks, or planes for a first layer of few
//!    channels; not at all where the planes need no padding).
//! 4. Give every value and scratch a place for its lifetime ([`memory::place`]).

mod layers;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::element::Element;
use crate::graph::{Graph, NodeKind, Source};
use crate::isa::Simd;
use crate::spec::{Activation, Axis, Conv2d, Join, Linear, Op, Pool};

use super::choose::{Candidate, ConvKernel};
use super::conv::{Conv, ConvSizes, Fused};
use super::dense::Dense;
use super::fold::Affine;
use super::fuse::{Group, Groups};
use super::layout::{Form, Halo};
use super::memory::{Buffer, Lifetime, place};
use super::plain::{Plain, PlainOp};
use super::pointwise::{Copy, Pointwise, Product, Softmax};
use super::pool::{GlobalAverage, Pool as WindowPool, PoolSizes};
use super::step::{Home, Lowered, Step, Value};
use super::window::Depthwise;
use super::winograd::Winograd;
use super::work::Work;
use super::{Options, PlanError};

/// What is under way.
struct Lowering<'a, S: Simd> {
    graph: &'a Graph,
    params: &'a [&'a [S::E]],
    options: &'a Options,
    /// Threads that the plan is for.
    threads: usize,
    groups: Groups,
    /// The kernel of each node that is a convolution.
    kernels: Vec<Option<ConvKernel>>,
    /// The halo that readers want of each node's result; the last is the input's.
    halos: Vec<Halo>,
    /// The halo of the input in planes.
    planes: Halo,
    values: Vec<Value>,
    steps: Vec<Step<S>>,
    /// The value of each node.
    made: Vec<Option<usize>>,
    /// The input in blocks and in padded planes, once either is read.
    input_blocks: Option<usize>,
    input_planes: Option<usize>,
}

/// Lowers `graph`; all its sizes are known, and `params` are as it lists them.
pub(crate) fn lower<S: Simd>(
    graph: &Graph,
    params: &[&[S::E]],
    options: &Options,
    threads: usize,
) -> Result<Lowered<S>, PlanError> {
    let nodes = graph.nodes().len();
    let mut lowering = Lowering::<S> {
        graph,
        params,
        options,
        threads,
        groups: Groups::new(graph),
        kernels: vec![None; nodes],
        halos: vec![Halo::default(); nodes + 1],
        planes: Halo::default(),
        values: vec![],
        steps: vec![],
        made: vec![None; nodes],
        input_blocks: None,
        input_planes: None,
    };
    let form = Form::new(graph.input(), 1).ok_or(PlanError::OpenSize)?;
    lowering.values.push(Value { form, home: Home::Input });
    lowering.choose_kernels()?;
    for group in lowering.groups.all.clone() {
        lowering.step(&group)?;
    }
    lowering.give_output()?;
    Ok(lowering.finish())
}

/// The value of the caller's input.
const INPUT: usize = 0;

impl<S: Simd> Lowering<'_, S> {
    fn form(&self, source: Source) -> Result<Form, PlanError> {
        Form::new(self.graph.dims_of(source), S::LANES).ok_or(PlanError::OpenSize)
    }

    /// Whether a convolution reads the network's input as planes: where a block
    /// would be mostly empty.
    fn reads_planes(conv: &Conv2d, from: Source) -> bool {
        from == Source::Input && conv.groups == 1 && conv.inputs < S::LANES
    }

    fn candidate(&self, node: usize, conv: Conv2d) -> Result<Candidate<'_, S::E>, PlanError> {
        let from = self.groups.see(self.graph.nodes()[node].inputs[0]);
        let mut input = self.form(from)?;
        if Self::reads_planes(&conv, from) {
            input.lanes = 1;
        }
        let weights = self.params[self.graph.nodes()[node].params.start];
        Ok(Candidate { conv, input, output: self.form(Source::Node(node))?, weights })
    }

    fn choose_kernels(&mut self) -> Result<(), PlanError> {
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let NodeKind::Op(Op::Conv2d(conv)) = node.kind else { continue };
            let candidate = self.candidate(index, conv)?;
            let kernel = candidate.choose(S::LANES, self.options.winograd, self.options.force);
            let halo = candidate.halo(kernel);
            let planar = candidate.input.lanes == 1 && kernel == ConvKernel::Direct;
            self.kernels[index] = Some(kernel);
            let halo_of = match self.groups.see(node.inputs[0]) {
                Source::Input if planar => &mut self.planes,
                Source::Input => &mut self.halos[self.graph.nodes().len()],
                Source::Node(from) => &mut self.halos[from],
            };
            *halo_of = halo_of.max(halo);
        }
        Ok(())
    }

    fn push_value(&mut self, form: Form) -> usize {
        self.values.push(Value { form, home: Home::Workspace(0) });
        self.values.len() - 1
    }

    /// The value of a node's result, in blocks.
    fn value(&mut self, source: Source) -> Result<usize, PlanError> {
        match self.groups.see(source) {
            Source::Input => self.blocks_of_input(),
            Source::Node(index) => self.made[index].ok_or(PlanError::Order),
        }
    }

    fn blocks_of_input(&mut self) -> Result<usize, PlanError> {
        if let Some(value) = self.input_blocks {
            return Ok(value);
        }
        let halo = self.halos[self.graph.nodes().len()];
        let value = self.convert(Form { halo, ..self.form(Source::Input)? });
        self.input_blocks = Some(value);
        Ok(value)
    }

    fn planes_of_input(&mut self) -> usize {
        let form = self.values[INPUT].form;
        if self.planes == Halo::default() {
            return INPUT;
        }
        if let Some(value) = self.input_planes {
            return value;
        }
        let value = self.convert(Form { halo: self.planes, ..form });
        self.input_planes = Some(value);
        value
    }

    fn convert(&mut self, form: Form) -> usize {
        let output = self.push_value(form);
        let copy = Copy::whole(self.values[INPUT].form, form);
        self.push_step("(input)", Box::new(copy), INPUT, output);
        output
    }

    fn push_step(&mut self, name: &str, work: Box<dyn Work<S>>, input: usize, output: usize) {
        self.steps.push(Step {
            name: name.to_string(),
            work,
            input,
            other: None,
            output,
            first: true,
            scratch: (0, 0),
            macs: 0,
            fused: String::new(),
        });
    }

    /// Makes the step of a group.
    fn step(&mut self, group: &Group) -> Result<(), PlanError> {
        let node = &self.graph.nodes()[group.node];
        let from = self.groups.see(node.inputs[0]);
        match node.kind {
            NodeKind::Op(Op::Conv2d(conv)) => self.conv(group, conv, from),
            NodeKind::Op(Op::Linear(linear)) => self.linear(group, linear, from),
            NodeKind::Op(Op::MaxPool2d(pool)) => self.pool(group, pool, from, true),
            NodeKind::Op(Op::AvgPool2d(pool)) => self.pool(group, pool, from, false),
            NodeKind::Op(Op::GlobalAvgPool2d) => {
                self.simple(group, from, |input, output, fused| {
                    Box::new(GlobalAverage { input, output, relu: fused.relu })
                })
            }
            NodeKind::Op(Op::Activation(Activation::Relu)) => {
                self.simple(group, from, |input, output, fused| {
                    Box::new(Pointwise { input, output, fused: Fused { relu: true, ..fused } })
                })
            }
            NodeKind::Op(Op::Softmax) => {
                self.simple(group, from, |input, output, _| Box::new(Softmax { input, output }))
            }
            NodeKind::Op(Op::Flatten) => self.flatten(group, from),
            NodeKind::Op(Op::BatchNorm2d(_)) => self.norm(group, from),
            NodeKind::Op(Op::Identity) => Ok(()),
            // Whatever has no kernel here runs as in the naive engine.
            NodeKind::Op(op) => {
                let dims = (self.graph.dims_of(from), node.dims);
                let params = self.params[node.params.clone()].iter().map(|&p| keep(p)).collect();
                self.simple(group, from, move |input, output, fused| {
                    let op = PlainOp::Layer(op, dims.0, dims.1);
                    Box::new(Plain { op, params, input, output, fused })
                })
            }
            NodeKind::Join(Join::Add) => self.add(group),
            NodeKind::Join(Join::Concat) => self.concat(group),
            NodeKind::Join(Join::Heads) => self.heads(group),
            NodeKind::Join(Join::Mul) => self.mul(group),
        }
    }

    /// The value that a group gives, and what is fused into it.
    fn result(&mut self, group: &Group) -> Result<(usize, Fused), PlanError> {
        let form = Form { halo: self.halos[group.last], ..self.form(Source::Node(group.last))? };
        let addend = match group.addend {
            Some((_, source)) => Some(self.value(source)?),
            None => None,
        };
        let fused = Fused {
            addend: addend.map(|value| self.values[value].form),
            relu: group.relu.is_some(),
        };
        let output = self.push_value(form);
        self.made[group.last] = Some(output);
        Ok((output, fused))
    }

    /// Adds the step of a group whose result has been made.
    fn push_group(
        &mut self,
        group: &Group,
        work: Box<dyn Work<S>>,
        input: usize,
        output: usize,
    ) -> Result<(), PlanError> {
        let other = match group.addend {
            Some((_, source)) => Some(self.value(source)?),
            None => None,
        };
        let node = &self.graph.nodes()[group.node];
        self.push_step(&node.name, work, input, output);
        let outputs = node.dims.elements().unwrap_or(0) as u64;
        let terms = match node.kind {
            NodeKind::Op(Op::Conv2d(conv)) => conv.terms() as u64,
            NodeKind::Op(Op::Linear(linear)) => linear.inputs as u64,
            NodeKind::Op(Op::Custom(op)) => op.macs_per_output,
            _ => 0,
        };
        if let Some(step) = self.steps.last_mut() {
            step.other = other;
            step.macs = outputs.saturating_mul(terms);
            let parts = [
                (group.norm.is_some(), "norm"),
                (group.addend.is_some(), "add"),
                (group.relu.is_some(), "relu"),
            ];
            let parts: Vec<&str> =
                parts.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
            step.fused = parts.join(", ");
        }
        Ok(())
    }

    fn simple(
        &mut self,
        group: &Group,
        from: Source,
        work: impl FnOnce(Form, Form, Fused) -> Box<dyn Work<S>>,
    ) -> Result<(), PlanError> {
        let input = self.value(from)?;
        let (output, fused) = self.result(group)?;
        let work = work(self.values[input].form, self.values[output].form, fused);
        self.push_group(group, work, input, output)
    }

    /// The last step: the result in C, H, W order.
    fn give_output(&mut self) -> Result<(), PlanError> {
        let source = self.groups.see(self.graph.output());
        let from = if source == Source::Input { INPUT } else { self.value(source)? };
        let form = Form { lanes: 1, ..self.form(self.graph.output())? };
        let output = self.push_value(form);
        self.values[output].home = Home::Output;
        let copy = Copy::whole(self.values[from].form, form);
        self.push_step("(output)", Box::new(copy), from, output);
        Ok(())
    }

    /// The node whose result each step completes: it is the last to write it.
    fn results(&self) -> Vec<Option<usize>> {
        let mut results = vec![None; self.steps.len()];
        for (node, value) in self.made.iter().enumerate() {
            let writes = |step: &Step<S>| Some(step.output) == *value;
            if let Some(step) = self.steps.iter().rposition(writes) {
                results[step] = Some(node);
            }
        }
        results
    }

    /// Places values and scratch memory.
    fn finish(mut self) -> Lowered<S> {
        let mut needs = Vec::new();
        for (index, value) in self.values.iter().enumerate() {
            let uses = |step: &Step<S>| {
                step.input == index || step.output == index || step.other == Some(index)
            };
            let first = self.steps.iter().position(uses).unwrap_or(0);
            let last = self.steps.iter().rposition(uses).unwrap_or(0);
            let outside = value.home != Home::Workspace(0);
            needs.push(Lifetime { len: if outside { 0 } else { value.form.len() }, first, last });
        }
        for (index, step) in self.steps.iter().enumerate() {
            let each = step.work.scratch().next_multiple_of(16);
            let shared = step.work.phases() > 1;
            let members = if shared { 1 } else { self.threads.min(step.work.units(0).max(1)) };
            needs.push(Lifetime { len: each * members, first: index, last: index });
        }
        let (places, workspace) = place(&needs);
        let (values, scratch) = places.split_at(self.values.len());
        for (value, &at) in self.values.iter_mut().zip(values) {
            if value.home == Home::Workspace(0) {
                value.home = Home::Workspace(at);
            }
        }
        for (step, &at) in self.steps.iter_mut().zip(scratch) {
            let each = step.work.scratch().next_multiple_of(16);
            step.scratch = (at, each);
        }
        let results = self.results();
        Lowered { values: self.values, steps: self.steps, results, workspace }
    }
}

/// A parameter as it is.
fn keep<T: Element>(values: &[T]) -> Buffer<T> {
    let mut buffer = Buffer::zeroed(values.len());
    buffer.as_mut_slice().copy_from_slice(values);
    buffer
}
