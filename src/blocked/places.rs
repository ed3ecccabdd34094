//! Concatenations without copies: a result that is joined with others is made
//! right where the whole wants it.
//!
//! That goes where the channels before it fill whole blocks and its own do too (or
//! nothing comes behind them), once for each result. A whole may be a part of
//! another whole, as in `DenseNet`, where every layer adds to what is there. All
//! parts of a whole have the halo of the one that wants most.

use alloc::vec;
use alloc::vec::Vec;

use crate::graph::{Graph, NodeKind, Source};
use crate::spec::{Dims, Extent, Join, Op};

use super::fuse::Groups;
use super::layout::Halo;

/// For each node the concatenation that it is made in, and its first channel there.
pub(crate) struct Places(Vec<Option<(usize, usize)>>);

impl Places {
    /// None for any of so many nodes.
    pub(crate) fn none(nodes: usize) -> Self {
        Self(vec![None; nodes])
    }

    /// The places of all results, for blocks of `lanes` channels.
    pub(crate) fn new(graph: &Graph, groups: &Groups, lanes: usize) -> Self {
        let nodes = graph.nodes();
        // What a step gives in blocks, with a place of its own.
        let mut movable = vec![false; nodes.len()];
        for group in &groups.all {
            let kind = nodes[group.node].kind;
            movable[group.last] =
                !matches!(kind, NodeKind::Op(Op::Flatten) | NodeKind::Join(Join::Heads));
        }
        let mut places = Self::none(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let joins = matches!(node.kind, NodeKind::Join(Join::Concat)) && movable[index];
            let mut first = 0_usize;
            for (n, &side) in node.inputs.iter().enumerate().filter(|_| joins) {
                let channels = channels(graph.dims_of(side));
                let last = n + 1 == node.inputs.len();
                let whole = first.is_multiple_of(lanes) && (channels.is_multiple_of(lanes) || last);
                if let (Source::Node(from), true) = (groups.see(side), whole)
                    && movable[from]
                    && places.0[from].is_none()
                {
                    places.0[from] = Some((index, first));
                }
                first += channels;
            }
        }
        places
    }

    /// The concatenation that a source is made in, and its first channel there.
    pub(crate) fn of(&self, source: Source) -> Option<(usize, usize)> {
        match source {
            Source::Input => None,
            Source::Node(node) => self.0[node],
        }
    }

    /// Gives all parts of a whole one halo.
    pub(crate) fn level(&self, halos: &mut [Halo]) {
        // Wholes come behind their parts in running order.
        for part in 0..self.0.len() {
            if let Some((whole, _)) = self.0[part] {
                halos[whole] = halos[whole].max(halos[part]);
            }
        }
        for part in (0..self.0.len()).rev() {
            if let Some((whole, _)) = self.0[part] {
                halos[part] = halos[whole];
            }
        }
    }
}

fn channels(dims: Dims) -> usize {
    match dims {
        Dims::Image { c, .. } => c,
        Dims::Vector(Extent::Fixed(n)) => n,
        _ => 0,
    }
}
