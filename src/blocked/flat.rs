//! A network as slices: what a plan is made from, at run time and in const
//! evaluation.
//!
//! A [`Graph`] lies on the heap, which const evaluation has not. These are the same
//! nodes in the same running order, in memory that the caller brings; part 0 is the
//! network's input, so that whatever is read is a part.

use crate::graph::{Graph, NodeKind, Source};
use crate::spec::{
    Dims, Join, Node, Op, Path, Spec, copies_fault, index_name, join_dims, joined_length,
    local_twin, params,
};

/// A list in memory of the caller's, which is long enough.
#[derive(Debug)]
pub(crate) struct List<'a, T> {
    items: &'a mut [T],
    len: usize,
}

impl<'a, T: Copy> List<'a, T> {
    /// An empty one.
    pub(crate) const fn new(items: &'a mut [T]) -> Self {
        Self { items, len: 0 }
    }

    /// Puts an item at the end and returns its number.
    pub(crate) const fn push(&mut self, item: T) -> usize {
        self.items[self.len] = item;
        self.len += 1;
        self.len - 1
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The item of a number below the length.
    pub(crate) const fn at(&self, index: usize) -> &T {
        &self.items[index]
    }

    /// Likewise, to change it.
    pub(crate) const fn at_mut(&mut self, index: usize) -> &mut T {
        &mut self.items[index]
    }

    pub(crate) const fn as_slice(&self) -> &[T] {
        self.items.split_at(self.len).0
    }
}

/// What a part does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    /// The network's input.
    Input,
    /// Runs a layer on its one input.
    Op(&'a Op),
    /// Joins its inputs.
    Join(Join),
}

/// The input of the network, a layer or a join.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) kind: Kind<'a>,
    /// The shape that goes out.
    pub(crate) dims: Dims,
    /// Whether its weights are finite, as far as that matters.
    pub(crate) finite: bool,
    /// Where its inputs are in the list of all inputs, and how many they are.
    first: usize,
    count: usize,
}

impl Part<'_> {
    pub(crate) const INPUT: Self =
        Self { kind: Kind::Input, dims: Dims::Unknown, finite: true, first: 0, count: 0 };
}

/// A network as slices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flat<'a> {
    pub(crate) parts: &'a [Part<'a>],
    inputs: &'a [usize],
    /// The part whose result is the network's.
    pub(crate) output: usize,
}

impl Flat<'_> {
    /// How many inputs a part has.
    pub(crate) const fn arity(&self, part: usize) -> usize {
        self.parts[part].count
    }

    /// What a part reads as its `n`-th input; the network's input reads itself.
    pub(crate) const fn input(&self, part: usize, n: usize) -> usize {
        if n < self.parts[part].count { self.inputs[self.parts[part].first + n] } else { 0 }
    }

    /// Whether all sizes are known.
    const fn is_sized(&self) -> bool {
        let mut i = 0;
        while i < self.parts.len() {
            if self.parts[i].dims.elements().is_none() {
                return false;
            }
            i += 1;
        }
        true
    }

    /// Multiply-adds of a part in one run.
    pub(crate) const fn macs(&self, part: usize) -> u64 {
        let Kind::Op(op) = self.parts[part].kind else { return 0 };
        let macs = local_twin(&Spec::Op(*op), self.parts[self.input(part, 0)].dims);
        if macs > u64::MAX as u128 { u64::MAX } else { macs as u64 }
    }

    /// The work of a run in multiply-adds, by which threads pay or don't: those that it has,
    /// and [`MOVED`] for each weight and each number between layers.
    pub(crate) const fn work(&self) -> u64 {
        let (mut sum, mut i) = (0_u64, 0);
        while i < self.parts.len() {
            let Part { kind, dims, .. } = self.parts[i];
            let results = match dims.elements() {
                Some(results) => results as u64,
                None => 0,
            };
            let weights = match kind {
                Kind::Op(op) => params(&Spec::Op(*op)),
                _ => 0,
            };
            let moved = results.saturating_add(weights).saturating_mul(MOVED);
            sum = sum.saturating_add(self.macs(i)).saturating_add(moved);
            i += 1;
        }
        sum
    }
}

/// Multiply-adds in the time of a number that is written and read again, or of a weight that
/// comes from memory: a third of a nanosecond on a core that does fifty a nanosecond.
const MOVED: u64 = 16;

/// A network on its way to slices.
#[derive(Debug)]
pub(crate) struct Laying<'s, 'm> {
    parts: List<'m, Part<'s>>,
    inputs: List<'m, usize>,
    /// Whether every rule holds.
    holds: bool,
}

impl<'s, 'm> Laying<'s, 'm> {
    /// The memory has room for the parts and the inputs.
    pub(crate) const fn new(
        input: Dims,
        parts: &'m mut [Part<'s>],
        inputs: &'m mut [usize],
    ) -> Self {
        let mut laying = Self { parts: List::new(parts), inputs: List::new(inputs), holds: true };
        laying.parts.push(Part { dims: input, ..Part::INPUT });
        laying
    }

    /// All of it, `output` being the last part; `None` if a rule does not hold or a size
    /// is open.
    pub(crate) const fn flat(&self, output: usize) -> Option<Flat<'_>> {
        let flat = Flat { parts: self.parts.as_slice(), inputs: self.inputs.as_slice(), output };
        if self.holds && flat.is_sized() { Some(flat) } else { None }
    }

    /// Lays `graph` out; `finite` says whether the weights of a node are.
    pub(crate) fn graph(&mut self, graph: &'s Graph, finite: &dyn Fn(usize) -> bool) -> usize {
        let part = |source: Source| match source {
            Source::Input => 0,
            Source::Node(index) => index + 1,
        };
        for (index, node) in graph.nodes().iter().enumerate() {
            let (first, count) = (self.inputs.len(), node.inputs.len());
            for &source in &node.inputs {
                self.inputs.push(part(source));
            }
            let kind = match &node.kind {
                NodeKind::Op(op) => Kind::Op(op),
                NodeKind::Join(join) => Kind::Join(*join),
            };
            self.parts.push(Part { kind, dims: node.dims, finite: finite(index), first, count });
        }
        part(graph.output())
    }

    /// Lays `spec` out, as [`Graph::new`] does, behind the part `from`; returns the
    /// last part.
    pub(crate) const fn spec(&mut self, spec: &'s Spec<'s>, from: usize) -> usize {
        match spec {
            Spec::Op(op) => {
                let (dims, fault) = op.apply(self.parts.at(from).dims, false);
                self.holds = self.holds && fault.is_none();
                let first = self.inputs.push(from);
                self.parts.push(Part { kind: Kind::Op(op), dims, finite: true, first, count: 1 })
            }
            Spec::Net { input, nodes, .. } => {
                self.holds = self.holds && input.admits(self.parts.at(from).dims);
                self.chain(nodes, from)
            }
            Spec::Chain(nodes) => self.chain(nodes, from),
            Spec::Branch { arms: [], .. } => from,
            Spec::Opaque(_) | Spec::Broken(_) => {
                self.holds = false;
                from
            }
            Spec::Branch { join, arms } => self.branch(*join, arms, from),
            Spec::Repeat { count, .. } if copies_fault(*count).is_some() => {
                self.holds = false;
                from
            }
            Spec::Repeat { count, body, .. } => {
                let (mut at, mut i) = (from, 0);
                while i < *count {
                    at = self.spec(body, at);
                    i += 1;
                }
                at
            }
        }
    }

    const fn chain(&mut self, nodes: &'s [Node<'s>], from: usize) -> usize {
        let (mut at, mut i) = (from, 0);
        while i < nodes.len() {
            at = self.spec(nodes[i].spec, at);
            i += 1;
        }
        at
    }

    const fn branch(&mut self, join: Join, arms: &'s [Node<'s>], from: usize) -> usize {
        let (first, count) = (self.inputs.len(), arms.len());
        // Before those of the arms' own parts.
        let mut i = 0;
        while i < count {
            self.inputs.push(from);
            i += 1;
        }
        let (mut dims, mut i) = (Dims::Unknown, 0);
        while i < count {
            let end = self.spec(arms[i].spec, from);
            *self.inputs.at_mut(first + i) = end;
            let arm = self.parts.at(end).dims;
            let (joined, fault) = if i == 0 { (arm, None) } else { join_dims(join, dims, arm) };
            self.holds = self.holds && fault.is_none();
            dims = joined;
            i += 1;
        }
        let dims = joined_length(join, dims);
        self.parts.push(Part { kind: Kind::Join(join), dims, finite: true, first, count })
    }
}

/// How many parts and inputs `spec` has, the network's input included.
pub(crate) const fn count(spec: &Spec<'_>) -> (usize, usize) {
    let (parts, inputs) = count_below(spec);
    (parts.saturating_add(1), inputs)
}

const fn count_below(spec: &Spec<'_>) -> (usize, usize) {
    match spec {
        Spec::Op(_) => (1, 1),
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => sum(nodes, (0, 0)),
        Spec::Branch { arms: [], .. } | Spec::Opaque(_) | Spec::Broken(_) => (0, 0),
        Spec::Branch { arms, .. } => sum(arms, (1, arms.len())),
        Spec::Repeat { count, body, .. } => {
            let (parts, inputs) = count_below(body);
            (parts.saturating_mul(*count), inputs.saturating_mul(*count))
        }
    }
}

const fn sum(nodes: &[Node<'_>], (mut parts, mut inputs): (usize, usize)) -> (usize, usize) {
    let mut i = 0;
    while i < nodes.len() {
        let own = count_below(nodes[i].spec);
        parts = parts.saturating_add(own.0);
        inputs = inputs.saturating_add(own.1);
        i += 1;
    }
    (parts, inputs)
}

/// The path of a part: the names on the way to it, outermost first.
pub(crate) const fn path<'a>(spec: &'a Spec<'a>, part: usize) -> Path<'a> {
    let mut left = part;
    match path_below(spec, Path::ROOT, &mut left) {
        Some(path) => path,
        None => Path::ROOT,
    }
}

const fn path_below<'a>(spec: &'a Spec<'a>, at: Path<'a>, left: &mut usize) -> Option<Path<'a>> {
    let (mut i, one) = (0, matches!(spec, Spec::Op(_) | Spec::Branch { arms: [_, ..], .. }));
    match spec {
        Spec::Chain(nodes) | Spec::Net { nodes, .. } | Spec::Branch { arms: nodes, .. } => {
            while i < nodes.len() {
                let found = path_below(nodes[i].spec, at.join(nodes[i].name), left);
                if found.is_some() {
                    return found;
                }
                i += 1;
            }
        }
        Spec::Repeat { first, count, body } => {
            while i < *count {
                let found = path_below(body, at.join(index_name(*first + i)), left);
                if found.is_some() {
                    return found;
                }
                i += 1;
            }
        }
        Spec::Op(_) | Spec::Opaque(_) | Spec::Broken(_) => {}
    }
    // A join comes behind its arms; part 0 is the network's input.
    if one {
        *left = left.saturating_sub(1);
    }
    if one && *left == 0 { Some(at) } else { None }
}
