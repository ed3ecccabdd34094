//! From a schedule to steps that run: the kernels with their weights packed.

mod layers;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::element::Element;
use crate::graph::{Graph, GraphNode, NodeKind};
use crate::isa::{Simd, vectors};
use crate::spec::Op;

use super::flat::{Flat, Laying, Part};
use super::fold::Affine;
use super::fuse::{Group, Tie};
use super::layout::Form;
use super::memory::{Lifetime, gather};
use super::peak::Memory;
use super::pointwise::Copy;
use super::schedule::{BORDERS, Line, Room, Schedule, Slot, Target, Task};
use super::step::{Lowered, Step, Value};
use super::work::{See, Work};
use super::{Options, PlanError};

/// Calls `then` with the schedule of `graph`, unless a size is open; `finite` says whether
/// the weights of a node are. (One function for all sets of instructions.)
pub(crate) fn scheduled(
    graph: &Graph,
    target: &dyn Fn(&Flat<'_>) -> Target,
    finite: &dyn Fn(usize) -> bool,
    then: &mut dyn FnMut(&Flat<'_>, &Schedule<'_>),
) {
    let inputs: usize = graph.nodes().iter().map(|node| node.inputs.len()).sum();
    let parts = graph.nodes().len() + 1;
    let (mut parts, mut inputs) = (vec![Part::INPUT; parts], vec![0; inputs]);
    let most = parts.len().max(inputs.len()) + BORDERS;
    let mut laying = Laying::new(graph.input(), &mut parts, &mut inputs);
    let output = laying.graph(graph, finite);
    let Some(flat) = laying.flat(output) else { return };
    let room = Room {
        ties: &mut vec![Tie::NONE; flat.parts.len()],
        slots: &mut vec![Slot::NONE; flat.parts.len()],
        groups: &mut vec![Group::NONE; flat.parts.len()],
        values: &mut vec![Value::NONE; most],
        lines: &mut vec![Line::NONE; most],
        needs: &mut vec![Lifetime::NONE; most],
        order: &mut vec![0; 2 * most],
        sorted: &mut vec![Lifetime::NONE; 2 * most],
    };
    let target = target(&flat);
    then(&flat, &Schedule::new(flat, target, room));
}

/// Lowers `graph`; `params` are as it lists them.
pub(crate) fn lower<S: Simd>(
    graph: &Graph,
    params: &[&[S::E]],
    options: &Options,
) -> Result<Lowered<S>, PlanError> {
    let target = |flat: &Flat<'_>| Target::new(flat, vectors::<S>(), options);
    let finite = |node: usize| finite(&graph.nodes()[node], params);
    let mut lowered = None;
    scheduled(graph, &target, &finite, &mut |flat, schedule| {
        lowered = Some(Lowering { graph, params, flat, schedule }.lower::<S>());
    });
    lowered.ok_or(PlanError::OpenSize)
}

/// Whether the weights of a layer are finite, as far as kernels ask: where they may
/// meet zeros around the image.
fn finite<T: Element>(node: &GraphNode, params: &[&[T]]) -> bool {
    let windowed = match node.kind {
        NodeKind::Op(Op::Conv2d(conv)) => conv.window.taps() > 1 || conv.window.is_padded(),
        NodeKind::Op(Op::ConvTranspose2d(_)) => true,
        _ => false,
    };
    !windowed || params[node.params.start].iter().all(|weight| weight.is_finite())
}

/// What steps are made from.
struct Lowering<'a, T> {
    graph: &'a Graph,
    params: &'a [&'a [T]],
    flat: &'a Flat<'a>,
    schedule: &'a Schedule<'a>,
}

impl<T: Element> Lowering<'_, T> {
    fn lower<S: Simd<E = T>>(&self) -> Lowered<S> {
        let (values, lines, workspace) = self.schedule.parts();
        let mut steps: Vec<Step<S>> = lines.iter().map(|line| self.step(line)).collect();
        let each = |see: See<'_, T>| steps.iter_mut().for_each(|step| step.work.each_weights(see));
        // SAFETY: the steps keep their weights, and stay beside what is gathered.
        let weights = unsafe { gather(each) };
        Lowered {
            values: values.to_vec(),
            steps,
            _weights: weights,
            results: results(self.schedule, self.graph.nodes().len()),
            threads: self.schedule.target().threads,
            workspace,
            memory: Memory::of_schedule(self.schedule),
        }
    }

    fn step<S: Simd<E = T>>(&self, line: &Line) -> Step<S> {
        let (input, output) = (self.form(line.input), self.form(line.output));
        let (name, work, fused, macs) = match &line.task {
            Task::Input => ("(input)", copy(input, output), String::new(), 0),
            Task::Output => ("(output)", copy(input, output), String::new(), 0),
            Task::Group(group, side) => {
                let name = self.node(group.node).name.as_str();
                let work = self.work(group, *side, line);
                (name, work, fused(self.graph, &[group]), self.flat.macs(group.node))
            }
            Task::Cascade([first, second], third) => {
                let mut groups = vec![first, second];
                groups.extend(third);
                let name = self.node(first.node).name.as_str();
                let macs = groups.iter().map(|group| self.flat.macs(group.node)).sum();
                (name, self.cascade(&groups, line), fused(self.graph, &groups), macs)
            }
        };
        let &Line { input, other, output, first, scratch, at, .. } = line;
        let (name, scratch) = (name.to_string(), (at, scratch.each));
        Step { name, work, input, other, output, first, scratch, macs, fused }
    }

    /// The form of a value.
    fn form(&self, value: usize) -> Form {
        self.schedule.parts().0[value].form
    }

    /// The node of a part.
    fn node(&self, part: usize) -> &GraphNode {
        &self.graph.nodes()[part - 1]
    }
}

/// What is fused into the first of the groups that are a step, in words.
fn fused(graph: &Graph, groups: &[&Group]) -> String {
    let mut parts = vec![];
    for (i, group) in groups.iter().enumerate() {
        let layer = match (i, &graph.nodes()[group.node - 1].kind) {
            (0, _) => "",
            (_, NodeKind::Op(Op::MaxPool2d(_))) => "pool",
            (1, _) => "depthwise",
            _ => "pointwise",
        };
        parts.push(layer.to_string());
        parts.extend(group.norm.map(|_| "norm".to_string()));
        parts.extend(group.addend.map(|_| "add".to_string()));
        let activation = group.activation.map(|part| graph.nodes()[part - 1].kind.name());
        parts.extend(activation.map(str::to_lowercase));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The node whose result each step completes: it is the last to write it.
fn results(schedule: &Schedule<'_>, nodes: usize) -> Vec<Option<usize>> {
    let lines = schedule.parts().1;
    let mut results = vec![None; lines.len()];
    for node in 0..nodes {
        let value = schedule.slot(node + 1).value;
        let writes = |line: &Line| Some(line.output) == value;
        if let Some(step) = lines.iter().rposition(writes) {
            results[step] = Some(node);
        }
    }
    results
}

fn copy<S: Simd>(input: Form, output: Form) -> Box<dyn Work<S>> {
    Box::new(Copy::whole(input, output))
}
