//! What runs as one step: a layer with the sum and the activation behind it.
//!
//! Layers that change nothing (identities, flattened vectors) are seen through.
//! A batch normalisation goes into the weights of the layer before it.
//! A sum of two goes into the convolution or fully-connected layer that is run
//! last of its two sides, if nobody else reads that one. An activation that is
//! nothing but bounds (`ReLU`, `ReLU6`, clips) goes into whatever makes its input,
//! likewise; any other into a convolution or fully-connected layer.

use alloc::vec;
use alloc::vec::Vec;

use crate::graph::{Graph, NodeKind, Source};
use crate::spec::{Activation, Dims, Join, Op};

use super::activate::bounds;

/// A layer and what is fused behind it, by their nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// The layer.
    pub(crate) node: usize,
    /// The batch normalisation of a convolution's result.
    pub(crate) norm: Option<usize>,
    /// The sum, and what it adds to the layer's result.
    pub(crate) addend: Option<(usize, Source)>,
    /// The activation.
    pub(crate) activation: Option<(usize, Activation)>,
    /// The node whose result the group gives.
    pub(crate) last: usize,
}

/// The groups of a graph in running order.
pub(crate) struct Groups {
    pub(crate) all: Vec<Group>,
    /// What each node's result is, seen through nodes that change nothing.
    seen: Vec<Source>,
    /// How often each node's result is read, the network's output included.
    readers: Vec<usize>,
}

impl Groups {
    pub(crate) fn new(graph: &Graph) -> Self {
        let seen = see_through(graph);
        let mut this = Self { all: vec![], seen, readers: vec![0; graph.nodes().len()] };
        for (index, node) in graph.nodes().iter().enumerate() {
            if this.seen[index] == Source::Node(index) {
                for &input in &node.inputs {
                    this.count(input);
                }
            }
        }
        this.count(graph.output());
        let mut taken = vec![false; graph.nodes().len()];
        let norms = this.norms(graph, &mut taken);
        let sums = this.sums(graph, &norms, &mut taken);
        for index in 0..graph.nodes().len() {
            if this.seen[index] == Source::Node(index) && !taken[index] {
                let norm = norms.iter().position(|&conv| conv == Some(index));
                let start =
                    Group { node: index, norm, addend: sums[index], activation: None, last: index };
                let group = this.group(graph, start, &mut taken);
                this.all.push(group);
            }
        }
        this
    }

    /// The source behind nodes that change nothing.
    pub(crate) fn see(&self, source: Source) -> Source {
        match source {
            Source::Input => Source::Input,
            Source::Node(index) => self.seen[index],
        }
    }

    fn count(&mut self, source: Source) {
        if let Source::Node(index) = self.see(source) {
            self.readers[index] += 1;
        }
    }

    /// The layer that each batch normalisation goes into.
    fn norms(&self, graph: &Graph, taken: &mut [bool]) -> Vec<Option<usize>> {
        let mut norms = vec![None; taken.len()];
        for (index, node) in graph.nodes().iter().enumerate() {
            let NodeKind::Op(norm) = node.kind else { continue };
            let Source::Node(layer) = self.see(node.inputs[0]) else { continue };
            let NodeKind::Op(op) = graph.nodes()[layer].kind else { continue };
            let fits = matches!(
                (op, norm),
                (Op::Conv2d(_), Op::BatchNorm2d(_)) | (Op::Linear(_), Op::BatchNorm1d(_))
            );
            if fits && self.readers[layer] == 1 {
                norms[index] = Some(layer);
                taken[index] = true;
            }
        }
        norms
    }

    /// The sum that each layer takes in, with its other side.
    fn sums(
        &self,
        graph: &Graph,
        norms: &[Option<usize>],
        taken: &mut [bool],
    ) -> Vec<Option<(usize, Source)>> {
        let mut sums = vec![None; taken.len()];
        for (index, node) in graph.nodes().iter().enumerate() {
            let (NodeKind::Join(Join::Add), [a, b]) = (node.kind, &node.inputs[..]) else {
                continue;
            };
            let (a, b) = (self.see(*a), self.see(*b));
            let (later, earlier) = if order(a) > order(b) { (a, b) } else { (b, a) };
            let Some(later) = node_of(later) else { continue };
            let layer = norms[later].unwrap_or(later);
            let kind = graph.nodes()[layer].kind;
            let takes = matches!(kind, NodeKind::Op(Op::Conv2d(_) | Op::Linear(_)));
            if takes && self.readers[later] == 1 && order(earlier) < order(Source::Node(layer)) {
                sums[layer] = Some((index, earlier));
                taken[index] = true;
            }
        }
        sums
    }

    /// The group with its last node, and the activation behind it.
    fn group(&self, graph: &Graph, mut group: Group, taken: &mut [bool]) -> Group {
        let sum = group.addend.map(|(sum, _)| sum);
        group.last = sum.or(group.norm).unwrap_or(group.node);
        let kind = graph.nodes()[group.node].kind;
        let never = matches!(
            kind,
            NodeKind::Op(
                Op::Softmax
                    | Op::Flatten
                    | Op::Activation(_)
                    | Op::PRelu { .. }
                    | Op::Upsample(_)
                    | Op::Pad2d(_)
            ) | NodeKind::Join(Join::Concat | Join::Heads)
        );
        let any = matches!(kind, NodeKind::Op(Op::Conv2d(_) | Op::Linear(_)));
        let mut readers = group.last + 1..graph.nodes().len();
        let behind = readers.find_map(|reader| {
            let node = &graph.nodes()[reader];
            let NodeKind::Op(Op::Activation(function)) = node.kind else { return None };
            let reads = self.see(node.inputs[0]) == Source::Node(group.last);
            (reads && (any || bounds(function).is_some())).then_some((reader, function))
        });
        if let Some((node, function)) = behind.filter(|_| !never && self.readers[group.last] == 1) {
            taken[node] = true;
            (group.activation, group.last) = (Some((node, function)), node);
        }
        group
    }
}

fn node_of(source: Source) -> Option<usize> {
    match source {
        Source::Input => None,
        Source::Node(index) => Some(index),
    }
}

/// Sources in the order in which they are known.
fn order(source: Source) -> usize {
    node_of(source).map_or(0, |index| index + 1)
}

fn see_through(graph: &Graph) -> Vec<Source> {
    let mut seen = Vec::with_capacity(graph.nodes().len());
    for (index, node) in graph.nodes().iter().enumerate() {
        let input = match node.inputs.first() {
            Some(Source::Node(input)) => seen[*input],
            _ => Source::Input,
        };
        let same = match node.kind {
            NodeKind::Op(Op::Identity | Op::Dropout { .. }) => true,
            NodeKind::Op(Op::Flatten) => {
                matches!(graph.dims_of(node.inputs[0]), Dims::Vector(_))
            }
            NodeKind::Join(Join::Add | Join::Mul | Join::Concat) => node.inputs.len() == 1,
            NodeKind::Join(Join::Heads) | NodeKind::Op(_) => false,
        };
        seen.push(if same { input } else { Source::Node(index) });
    }
    seen
}
