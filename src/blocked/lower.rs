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
use crate::spec::{Axis, Conv2d, ConvTranspose2d, Join, Linear, Op, Pool};

use super::activate::Fused;
use super::choose::{Candidate, ConvKernel};
use super::conv::{Conv, ConvSizes, Phase};
use super::dense::Dense;
use super::fold::Affine;
use super::fuse::{Group, Groups};
use super::grouped::Grouped;
use super::layout::{Form, Halo};
use super::memory::{Buffer, Lifetime, place};
use super::places::Places;
use super::plain::{Plain, PlainOp};
use super::planar::Planes;
use super::planar::conv::PlanarConv;
use super::planar::pool::PlanarPool;
use super::pointwise::{Copy, PRelu, Pointwise, Product, Softmax};
use super::pool::{GlobalAverage, Pool as WindowPool, PoolSizes};
use super::resample::{Enlarge, Frame};
use super::step::{Home, Lowered, Step, Value, macs};
use super::transpose::Transpose;
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
    /// Which nodes give planes.
    in_planes: Planes,
    /// The kernel of each node that is a convolution.
    kernels: Vec<Option<ConvKernel>>,
    /// The halo that readers want of each node's result; the last is the input's.
    halos: Vec<Halo>,
    /// The halo of the input in planes.
    planes: Halo,
    values: Vec<Value>,
    steps: Vec<Step<S>>,
    /// Which results are made right where a concatenation wants them.
    places: Places,
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
        in_planes: Planes::none(nodes),
        kernels: vec![None; nodes],
        halos: vec![Halo::default(); nodes + 1],
        planes: Halo::default(),
        values: vec![],
        steps: vec![],
        places: Places::none(nodes),
        made: vec![None; nodes],
        input_blocks: None,
        input_planes: None,
    };
    let form = Form::new(graph.input(), 1).ok_or(PlanError::OpenSize)?;
    lowering.values.push(Value { form, home: Home::Input });
    if matches!(options.force, None | Some(ConvKernel::Planar)) {
        let force = options.force.is_some();
        lowering.in_planes = Planes::new(graph, &lowering.groups, S::LANES, force);
    }
    lowering.choose_kernels()?;
    lowering.places = Places::new(graph, &lowering.groups, S::LANES);
    lowering.places.level(&mut lowering.halos);
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
        let planes = source != Source::Input && self.in_planes.of(source);
        let lanes = if planes { 1 } else { S::LANES };
        Form::new(self.graph.dims_of(source), lanes).ok_or(PlanError::OpenSize)
    }

    /// Whether a convolution reads planes: of the network's input where a block
    /// would be mostly empty.
    fn reads_planes(&self, conv: &Conv2d, from: Source) -> bool {
        self.in_planes.of(from) && conv.groups == 1 && conv.inputs < S::LANES
    }

    fn candidate(&self, node: usize, conv: Conv2d) -> Result<Candidate<'_, S::E>, PlanError> {
        let from = self.groups.see(self.graph.nodes()[node].inputs[0]);
        let mut input = self.form(from)?;
        if self.reads_planes(&conv, from) {
            input.lanes = 1;
        }
        let weights = self.params[self.graph.nodes()[node].params.start];
        Ok(Candidate { conv, input, output: self.form(Source::Node(node))?, weights })
    }

    fn choose_kernels(&mut self) -> Result<(), PlanError> {
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let (kernel, halo, planar) = match node.kind {
                NodeKind::Op(Op::Conv2d(conv)) => {
                    let candidate = self.candidate(index, conv)?;
                    let (winograd, force) = (self.options.winograd, self.options.force);
                    let kernel = candidate.choose(S::LANES, winograd, force);
                    let tiled = matches!(kernel, ConvKernel::Direct | ConvKernel::Planar);
                    let planar = candidate.input.lanes == 1 && tiled;
                    (kernel, candidate.halo(kernel), planar)
                }
                NodeKind::Op(Op::ConvTranspose2d(conv)) => {
                    let forms = (self.form(node.inputs[0])?, self.form(Source::Node(index))?);
                    match super::transpose::halo(&conv, forms, self.params[node.params.start]) {
                        Some(halo) => (ConvKernel::Direct, halo, false),
                        None => (ConvKernel::Plain, Halo::default(), false),
                    }
                }
                _ => continue,
            };
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
                    Box::new(GlobalAverage { input, output, fused })
                })
            }
            NodeKind::Op(Op::GlobalMaxPool2d) => self.global_max(group, from),
            NodeKind::Op(Op::Activation(function)) => {
                self.simple(group, from, move |input, output, fused| {
                    let fused = Fused { activation: Some(function), ..fused };
                    Box::new(Pointwise { input, output, fused })
                })
            }
            NodeKind::Op(Op::PRelu { .. }) => self.prelu(group, from),
            NodeKind::Op(Op::Upsample(upsample)) => {
                self.simple(group, from, move |input, output, _| {
                    Box::new(Enlarge::new(&upsample, input, output))
                })
            }
            NodeKind::Op(Op::Pad2d(pad)) => self.simple(group, from, move |input, output, _| {
                Box::new(Frame { pad, input, output })
            }),
            NodeKind::Op(Op::ConvTranspose2d(conv)) => self.transpose(group, conv, from),
            NodeKind::Op(Op::Softmax) => {
                self.simple(group, from, |input, output, _| Box::new(Softmax { input, output }))
            }
            NodeKind::Op(Op::Flatten) => self.flatten(group, from),
            NodeKind::Op(Op::BatchNorm2d(_) | Op::BatchNorm1d(_)) => self.norm(group, from),
            NodeKind::Op(Op::Identity) => Ok(()),
            NodeKind::Op(op) => self.plain(group, op, from),
            NodeKind::Join(Join::Add) => self.add(group),
            NodeKind::Join(Join::Concat) => self.concat(group),
            NodeKind::Join(Join::Heads) => self.heads(group),
            NodeKind::Join(Join::Mul) => self.mul(group),
        }
    }

    /// The value that a group gives, and what is fused into it.
    fn result(&mut self, group: &Group) -> Result<(usize, Fused), PlanError> {
        let addend = match group.addend {
            Some((_, source)) => Some(self.value(source)?),
            None => None,
        };
        let fused = Fused {
            addend: addend.map(|value| self.values[value].form),
            activation: group.activation.map(|(_, function)| function),
        };
        Ok((self.place(group.last)?, fused))
    }

    /// The value that a node's result is to be: one of its own, or a part of that
    /// of a concatenation.
    fn place(&mut self, node: usize) -> Result<usize, PlanError> {
        if let Some(value) = self.made[node] {
            return Ok(value);
        }
        let form = Form { halo: self.halos[node], ..self.form(Source::Node(node))? };
        let home = match self.places.of(Source::Node(node)) {
            None => Home::Workspace(0),
            Some((whole, first)) => {
                let whole = self.place(whole)?;
                Home::Part(whole, first / S::LANES * self.values[whole].form.block())
            }
        };
        self.values.push(Value { form, home });
        self.made[node] = Some(self.values.len() - 1);
        Ok(self.values.len() - 1)
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
        if let Some(step) = self.steps.last_mut() {
            step.other = other;
            step.macs = macs(self.graph, node);
            let parts = [
                group.norm.map(|_| "norm".to_string()),
                group.addend.map(|_| "add".to_string()),
                group.activation.map(|(_, function)| function.kind().to_lowercase()),
            ];
            step.fused = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
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
            let first = self.steps.iter().position(uses).unwrap_or(usize::MAX);
            let last = self.steps.iter().rposition(uses).unwrap_or(0);
            let own = value.home == Home::Workspace(0);
            needs.push(Lifetime { len: if own { value.form.len() } else { 0 }, first, last });
        }
        // A whole lives as long as any of its parts, which come behind it.
        for (index, value) in self.values.iter().enumerate().rev() {
            if let Home::Part(whole, _) = value.home {
                let part = needs[index];
                needs[whole].first = needs[whole].first.min(part.first);
                needs[whole].last = needs[whole].last.max(part.last);
            }
        }
        for (index, step) in self.steps.iter().enumerate() {
            let each = step.work.scratch().next_multiple_of(16);
            let shared = step.work.phases() > 1;
            let members = if shared { 1 } else { self.threads.min(step.work.units(0).max(1)) };
            needs.push(Lifetime { len: each * members, first: index, last: index });
        }
        let (places, workspace) = place(&needs);
        let (values, scratch) = places.split_at(self.values.len());
        for (index, &at) in values.iter().enumerate() {
            self.values[index].home = match self.values[index].home {
                Home::Workspace(_) => Home::Workspace(at),
                Home::Part(whole, part) => match self.values[whole].home {
                    Home::Workspace(whole) => Home::Workspace(whole + part),
                    other => other,
                },
                other => other,
            };
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
