//! The tree: chains and branches of named nodes, an operator at each leaf.

use super::{Dims, Op};

/// How the arms of a branch come together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Join {
    /// Elementwise sum: the arms have one shape.
    Add,
    /// Elementwise product: the first arm times the others, of which each has its
    /// shape, or one value for each of its channels (a vector or C×1×1).
    Mul,
    /// Channels one after the other: the arms agree in height and width.
    Concat,
    /// Several outputs: all values of the first arm, of the second, and so on,
    /// as one vector that the typed network takes apart again.
    Heads,
}

/// What a block asks of its parameters: that two expressions of them be equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relation {
    /// The block.
    pub block: &'static str,
    /// One side, as it is written.
    pub left: &'static str,
    /// Its value.
    pub a: usize,
    /// The other side, as it is written.
    pub right: &'static str,
    /// Its value.
    pub b: usize,
}

/// A network, block or layer as data.
#[derive(Clone, Copy, Debug)]
pub enum Spec<'a> {
    /// A single layer.
    Op(Op),
    /// One after the other.
    Chain(&'a [Node<'a>]),
    /// A network with an input of its own: a chain that takes this shape only.
    Net {
        /// What it takes; sizes may be `Dyn`.
        input: Dims,
        /// What it gives.
        output: Dims,
        /// Its layers.
        nodes: &'a [Node<'a>],
    },
    /// Every arm gets the same input; `join` makes one output of theirs. An arm
    /// that is an empty chain hands the input on.
    Branch {
        /// How the arms come together.
        join: Join,
        /// The arms, in the order in which they are joined; those of an addition
        /// are its body and its shortcut.
        arms: &'a [Node<'a>],
    },
    /// The same part so many times, one after the other; its copies are named
    /// by number, `0`, `1`, ….
    Repeat {
        /// The number of the first copy.
        first: usize,
        /// How many times.
        count: usize,
        /// The part.
        body: &'a Self,
    },
    /// Not known to this reader but for what comes out, if that.
    Opaque(Dims),
    /// A block whose parameters are not related as it asks.
    Broken(Relation),
}

/// A part of a network under its name.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The name that weight files use; an empty one adds no level to the path.
    pub name: &'a str,
    /// What it is.
    pub spec: &'a Spec<'a>,
}

impl<'a> Node<'a> {
    /// A named part.
    pub const fn new(name: &'a str, spec: &'a Spec<'a>) -> Self {
        Self { name, spec }
    }
}

impl<'a> Spec<'a> {
    /// The parts of a chain or network; none of a layer or branch.
    pub const fn nodes(&self) -> &'a [Node<'a>] {
        match self {
            Self::Chain(nodes) | Self::Net { nodes, .. } => nodes,
            _ => &[],
        }
    }
}
