//! The network that is explained, and the parts of it that the answers are about.

use std::error::Error;

use typenet::explain::receptive_field;
use typenet::explain::{ReceptiveField, Summary};
use typenet::graph::{Graph, GraphNode, NodeKind};
use typenet::spec::{Conv2d, Dims, Linear, Op, Pool, Spec};
use typenet::zoo::Entry;

/// A network laid out, with what every answer asks for.
pub(crate) struct Subject {
    pub(crate) entry: &'static Entry,
    pub(crate) graph: Graph,
    pub(crate) summary: Summary,
    pub(crate) fields: Vec<ReceptiveField>,
    /// Whether times are wanted.
    pub(crate) measure: bool,
}

impl Subject {
    pub(crate) fn new(entry: &'static Entry, measure: bool) -> Result<Self, Box<dyn Error>> {
        let graph = entry.graph();
        if !matches!(entry.input, Dims::Image { .. }) || entry.input.is_dyn() {
            return Err(format!("`{}` takes no image of a fixed size", entry.name).into());
        }
        let fields = receptive_field::table(&graph);
        Ok(Self { entry, summary: entry.summary(), graph, fields, measure })
    }

    /// Channels, height and width of what goes in.
    pub(crate) fn input(&self) -> (usize, usize, usize) {
        sizes(self.entry.input)
    }

    /// The layers that an `of` finds, with their nodes.
    fn ops<T>(&self, of: impl Fn(Op) -> Option<T>) -> impl Iterator<Item = (&GraphNode, T)> {
        self.graph.nodes().iter().filter_map(move |node| match node.kind {
            NodeKind::Op(op) => of(op).map(|found| (node, found)),
            NodeKind::Join(_) => None,
        })
    }

    /// The first convolution.
    pub(crate) fn convolution(&self) -> Option<(&GraphNode, Conv2d)> {
        let conv = |op| if let Op::Conv2d(conv) = op { Some(conv) } else { None };
        self.ops(conv).next()
    }

    /// The first pool.
    pub(crate) fn pool(&self) -> Option<(&GraphNode, Pool)> {
        let pool = |op| match op {
            Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => Some(pool),
            _ => None,
        };
        self.ops(pool).next()
    }

    /// The fully-connected layers.
    pub(crate) fn linears(&self) -> Vec<(&GraphNode, Linear)> {
        self.ops(|op| if let Op::Linear(linear) = op { Some(linear) } else { None }).collect()
    }

    /// The last map: the node whose cells each see a part of the image.
    pub(crate) fn last_map(&self) -> Option<usize> {
        (0..self.graph.nodes().len()).rfind(|&index| {
            let map = matches!(self.graph.nodes()[index].dims, Dims::Image { .. });
            map && self.fields[index].h.stride.pixels > 0
        })
    }

    /// An image nearly twice as large: 400 for 224.
    pub(crate) fn larger(&self) -> Dims {
        let (c, h, w) = self.input();
        Dims::image(c, h * 25 / 14, w * 25 / 14)
    }

    /// The layers without the size that they are declared for.
    pub(crate) fn layers(&self) -> Spec<'static> {
        Spec::Chain(self.entry.spec.nodes())
    }
}

/// Channels, height and width; of a vector its length.
pub(crate) fn sizes(dims: Dims) -> (usize, usize, usize) {
    match dims {
        Dims::Image { c, h, w } => (c, h.or_zero(), w.or_zero()),
        Dims::Vector(n) => (n.or_zero(), 1, 1),
        Dims::Unknown => (0, 0, 0),
    }
}
