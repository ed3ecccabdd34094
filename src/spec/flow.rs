//! The shapes alone: what comes out, and whether every rule holds.
//!
//! Nearly every network is right, so the compiler walks it with this and only
//! with [`resolve`](super::resolve), which carries along who is to blame, where
//! something is wrong. In const evaluation that is ten times as fast. What is walked
//! here is walked once for every layer of every network, and the interpreter pays for
//! each call: so arithmetic stands where a method would read better.

use super::step::{copies_fault, join_dims, joined_length};
use super::{Dims, Join, Node, Spec};

/// What comes out, and whether every rule was kept on the way.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// The shape, as [`resolve`](super::resolve) gives it.
    pub dims: Dims,
    /// Whether every rule holds.
    pub holds: bool,
}

/// What `spec` makes of the shape `input`.
pub const fn flow(spec: &Spec<'_>, input: Dims, strict: bool) -> Flow {
    match spec {
        Spec::Op(op) => match op.apply(input, strict) {
            (dims, None) => Flow { dims, holds: true },
            (dims, Some(_)) => Flow { dims, holds: false },
        },
        Spec::Chain(nodes) => flow_chain(nodes, input, strict),
        Spec::Net { input: takes, nodes, .. } if takes.admits(input) => {
            flow_chain(nodes, input, strict)
        }
        Spec::Net { output, .. } => Flow { dims: *output, holds: false },
        Spec::Branch { join, arms } => flow_branch(*join, arms, input, strict),
        Spec::Repeat { count, .. } if copies_fault(*count).is_some() => {
            Flow { dims: Dims::Unknown, holds: false }
        }
        Spec::Repeat { count, body, .. } => {
            let mut all = Flow { dims: input, holds: true };
            let mut i = 0;
            while i < *count {
                let next = flow(body, all.dims, strict);
                // Where one copy changes nothing, no later one does.
                i = if next.dims.same(all.dims) { *count } else { i + 1 };
                all = Flow { dims: next.dims, holds: all.holds && next.holds };
            }
            all
        }
        Spec::Broken(_) => Flow { dims: Dims::Unknown, holds: false },
        Spec::Opaque(dims) => Flow { dims: *dims, holds: true },
    }
}

/// What a chain of parts makes of the shape `input`.
pub const fn flow_chain(nodes: &[Node<'_>], input: Dims, strict: bool) -> Flow {
    let mut all = Flow { dims: input, holds: true };
    let mut i = 0;
    while i < nodes.len() {
        let next = flow(nodes[i].spec, all.dims, strict);
        all = Flow { dims: next.dims, holds: all.holds && next.holds };
        i += 1;
    }
    all
}

const fn flow_branch(join: Join, arms: &[Node<'_>], input: Dims, strict: bool) -> Flow {
    if arms.is_empty() {
        return Flow { dims: input, holds: true };
    }
    let mut all = flow(arms[0].spec, input, strict);
    let mut i = 1;
    while i < arms.len() {
        let arm = flow(arms[i].spec, input, strict);
        let (dims, fault) = join_dims(join, all.dims, arm.dims);
        all = Flow { dims, holds: all.holds && arm.holds && fault.is_none() };
        i += 1;
    }
    let holds = all.holds && super::apply::fits_memory(all.dims);
    Flow { dims: joined_length(join, all.dims), holds }
}
