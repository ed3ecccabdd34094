//! A description laid out flat for the engines: nodes in running order, each
//! with its inputs, its full name and its sizes.
//!
//! [`Graph::new`] walks a [`Spec`] once, checks every rule on the way, and is
//! the only place that does so at run time: summary, weights and both engines
//! read the graph. A network that is put together at run time (from a file,
//! say) is a [`Spec`] in local variables and goes the same way.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::error::ShapeError;
use crate::spec::{
    Blame, Dims, Fault, Join, Node, Op, ParamDims, ParamSpec, Path, Spec, Step, message, resolve,
    sentence,
};

/// Where a node's input comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The input of the network.
    Input,
    /// The output of an earlier node.
    Node(usize),
}

/// What a node does.
#[derive(Clone, Copy, Debug)]
pub enum NodeKind {
    /// Runs a layer on its one input.
    Op(Op),
    /// Joins its inputs.
    Join(Join),
}

impl NodeKind {
    /// The kind of layer, or of join.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Op(op) => op.kind(),
            Self::Join(Join::Add) => "Add",
            Self::Join(Join::Mul) => "Mul",
            Self::Join(Join::Concat) => "Concat",
            Self::Join(Join::Heads) => "Heads",
        }
    }

    /// Whether both do the same; two layers of a user's own if they are one.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Op(a), Self::Op(b)) => a.same(b),
            (Self::Join(a), Self::Join(b)) => a == b,
            _ => false,
        }
    }
}

/// One step of a run.
#[derive(Clone, Debug)]
pub struct GraphNode {
    /// The path of field names: `layer1.0.conv1`.
    pub name: String,
    /// What it does.
    pub kind: NodeKind,
    /// What it reads.
    pub inputs: Vec<Source>,
    /// The shape of what goes out; sizes may be `Dyn`.
    pub dims: Dims,
    /// Which of [`Graph::params`] are its own.
    pub params: Range<usize>,
}

/// A parameter under its full name.
#[derive(Clone, Debug)]
pub struct GraphParam {
    /// The name in weight files: `conv1.weight`.
    pub name: String,
    /// Shape and start.
    pub spec: ParamSpec,
}

impl GraphParam {
    /// The shape.
    pub fn dims(&self) -> ParamDims {
        self.spec.dims
    }

    /// The number of values; the graph has checked that it fits.
    pub fn len(&self) -> usize {
        self.spec.dims.elements().unwrap_or(0)
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// That these values can be its own.
    pub(crate) fn check<T: Element>(&self, values: &[T]) -> Result<(), ShapeError> {
        let (name, expected, got) = (&self.name, self.len(), values.len());
        if expected != got {
            let text = format!("`{name}` holds {expected} values, but {got} were given");
            return Err(ShapeError::new(text));
        }
        match self.unfit(values) {
            None => Ok(()),
            Some(index) => Err(ShapeError::new(format!(
                "`{name}` is a variance, but negative or NaN at index {index}"
            ))),
        }
    }

    /// Where `values` has one that this parameter can't have: a variance that is
    /// negative or NaN.
    pub(crate) fn unfit<T: Element>(&self, values: &[T]) -> Option<usize> {
        let fits = |x: &T| *x >= T::zero();
        if self.spec.variance { values.iter().position(|x| !fits(x)) } else { None }
    }
}

/// A network in running order.
#[derive(Clone, Debug)]
pub struct Graph {
    input: Dims,
    nodes: Vec<GraphNode>,
    params: Vec<GraphParam>,
    output: Source,
}

impl Graph {
    /// Lays `spec` out for an input of the shape `input`.
    ///
    /// Pools may have any padding below their window, as in ONNX; the types are
    /// stricter.
    ///
    /// # Errors
    ///
    /// The first rule that is broken, in the words of the compile-time message.
    pub fn new(spec: &Spec<'_>, input: Dims) -> Result<Self, ShapeError> {
        let end = resolve(spec, Path::ROOT, Step::start(input), false);
        if let Some(blame) = end.blame {
            return Err(broken(spec, input, &blame));
        }
        let mut graph = Self { input, nodes: vec![], params: vec![], output: Source::Input };
        (graph.output, _) = graph.lay_out(spec, "", (Source::Input, input))?;
        Ok(graph)
    }

    /// The shape that goes in; sizes may be `Dyn`.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The nodes in running order.
    pub fn nodes(&self) -> &[GraphNode] {
        &self.nodes
    }

    /// Every parameter in running order.
    pub fn params(&self) -> &[GraphParam] {
        &self.params
    }

    /// Whose output is the network's.
    pub fn output(&self) -> Source {
        self.output
    }

    /// The shape that goes out; sizes may be `Dyn`.
    pub fn output_dims(&self) -> Dims {
        self.dims_of(self.output)
    }

    /// The shape of an input or node.
    pub fn dims_of(&self, source: Source) -> Dims {
        match source {
            Source::Input => self.input,
            Source::Node(index) => self.nodes[index].dims,
        }
    }

    /// The same network for an input whose sizes are all known.
    ///
    /// # Errors
    ///
    /// If `input` has another shape than the network takes, or a window does
    /// not fit it.
    pub fn sized(&self, input: Dims) -> Result<Self, ShapeError> {
        if !self.input.admits(input) || input.is_dyn() {
            return Err(ShapeError::input(self.input, input));
        }
        let mut graph = Self { input, ..self.clone() };
        for index in 0..graph.nodes.len() {
            let node = &graph.nodes[index];
            let dims = match node.kind {
                NodeKind::Op(op) => {
                    let arrives = graph.dims_of(node.inputs[0]);
                    let (dims, fault) = op.apply(arrives, false);
                    if let Some(fault) = fault {
                        return Err(graph.misfit(index, fault, arrives));
                    }
                    dims
                }
                NodeKind::Join(join) => {
                    let arms: Vec<Dims> =
                        node.inputs.iter().map(|&input| graph.dims_of(input)).collect();
                    joined(join, &arms).map_err(|fault| graph.misfit(index, fault, arms[0]))?
                }
            };
            graph.nodes[index].dims = dims;
        }
        Ok(graph)
    }

    /// Whether `other` has the same layers under the same names.
    pub fn same_network(&self, other: &Self) -> bool {
        let params = |graph: &Self| -> Vec<(String, ParamSpec)> {
            graph.params.iter().map(|param| (param.name.clone(), param.spec)).collect()
        };
        let shapes = |graph: &Self| -> Vec<(String, Dims, Vec<Source>)> {
            let nodes = graph.nodes.iter();
            nodes.map(|node| (node.name.clone(), node.dims, node.inputs.clone())).collect()
        };
        let kinds = self.nodes.iter().zip(&other.nodes).all(|(a, b)| a.kind.same(&b.kind));
        self.input.same(other.input)
            && kinds
            && shapes(self) == shapes(other)
            && params(self) == params(other)
    }

    fn misfit(&self, index: usize, fault: Fault, arrives: Dims) -> ShapeError {
        let node = &self.nodes[index];
        let producer = match node.inputs[0] {
            Source::Node(producer) => Path::ROOT.join(&self.nodes[producer].name),
            Source::Input => Path::ROOT,
        };
        let path = Path::ROOT.join(&node.name);
        let blame = Blame { fault, path, op: None, producer, arrives, flattened: None };
        ShapeError::new(sentence(&blame).as_str().to_string())
    }

    fn lay_out(
        &mut self,
        spec: &Spec<'_>,
        path: &str,
        from: (Source, Dims),
    ) -> Result<(Source, Dims), ShapeError> {
        match spec {
            Spec::Op(op) => self.push_op(*op, path, from),
            Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
                let mut at = from;
                for node in *nodes {
                    at = self.lay_out(node.spec, &join_path(path, node.name), at)?;
                }
                Ok(at)
            }
            Spec::Branch { arms: [], .. } => Ok(from),
            Spec::Branch { join, arms } => {
                let mut inputs = vec![];
                let mut dims = vec![];
                for arm in *arms {
                    let end = self.lay_out(arm.spec, &join_path(path, arm.name), from)?;
                    inputs.push(end.0);
                    dims.push(end.1);
                }
                let dims = joined(*join, &dims).map_err(|_| ShapeError::opaque(path))?;
                let kind = NodeKind::Join(*join);
                let none = self.params.len()..self.params.len();
                Ok(self.push(GraphNode { name: path.into(), kind, inputs, dims, params: none }))
            }
            Spec::Repeat { first, count, body } => {
                let mut at = from;
                for index in *first..first + count {
                    at = self.lay_out(body, &join_path(path, &index.to_string()), at)?;
                }
                Ok(at)
            }
            Spec::Opaque(_) | Spec::Broken(_) => Err(ShapeError::opaque(path)),
        }
    }

    fn push_op(
        &mut self,
        op: Op,
        path: &str,
        (source, dims): (Source, Dims),
    ) -> Result<(Source, Dims), ShapeError> {
        let first = self.params.len();
        for spec in op.params() {
            let bytes = spec.dims.elements().and_then(|n| n.checked_mul(8));
            if bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
                return Err(ShapeError::too_long(&join_path(path, spec.name)));
            }
            self.params.push(GraphParam { name: join_path(path, spec.name), spec });
        }
        let (out, _) = op.apply(dims, false);
        Ok(self.push(GraphNode {
            name: path.into(),
            kind: NodeKind::Op(op),
            inputs: vec![source],
            dims: out,
            params: first..self.params.len(),
        }))
    }

    fn push(&mut self, node: GraphNode) -> (Source, Dims) {
        let dims = node.dims;
        self.nodes.push(node);
        (Source::Node(self.nodes.len() - 1), dims)
    }
}

/// `conv1` below `layer1.0` is `layer1.0.conv1`.
pub(crate) fn join_path(path: &str, name: &str) -> String {
    match (path.is_empty(), name.is_empty()) {
        (true, _) => name.into(),
        (_, true) => path.into(),
        _ => [path, ".", name].concat(),
    }
}

/// The shape of joined arms, by the very rule that the description is checked by.
fn joined(join: Join, arms: &[Dims]) -> Result<Dims, Fault> {
    let leaves: Vec<Spec<'_>> = arms.iter().map(|dims| Spec::Opaque(*dims)).collect();
    let nodes: Vec<Node<'_>> = leaves.iter().map(|leaf| Node::new("", leaf)).collect();
    let branch = Spec::Branch { join, arms: &nodes };
    let end = resolve(&branch, Path::ROOT, Step::start(Dims::Unknown), false);
    match end.blame {
        Some(blame) => Err(blame.fault),
        None => Ok(end.dims),
    }
}

fn broken(spec: &Spec<'_>, input: Dims, blame: &Blame<'_>) -> ShapeError {
    ShapeError::new(message(spec, input, blame).as_str().to_string())
}
