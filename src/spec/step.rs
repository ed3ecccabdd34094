//! Walking the tree with a shape in hand: what each part makes of it, who
//! produced it, and what is wrong on the way. Total: a wrong layer is noted and
//! the walk goes on with what that layer declares.

use super::fault::fits_memory;
use super::{Dims, Extent, Fault, Join, Node, Op, Spec};

/// How deep a path can be; deeper names are left out of messages.
const DEPTH: usize = 8;

/// The names from the network down to a layer: `layer1.0.conv2`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    names: [&'a str; DEPTH],
    len: usize,
}

impl<'a> Path<'a> {
    /// The path of the network's own input.
    pub const ROOT: Self = Self { names: [""; DEPTH], len: 0 };

    /// The names, outermost first.
    pub const fn names(&self) -> &[&'a str] {
        self.names.split_at(self.len).0
    }

    /// Whether this is the network itself.
    pub const fn is_root(&self) -> bool {
        self.len == 0
    }

    /// The path of the part called `name` below this one.
    #[must_use]
    pub const fn join(mut self, name: &'a str) -> Self {
        if !name.is_empty() && self.len < DEPTH {
            self.names[self.len] = name;
            self.len += 1;
        }
        self
    }
}

/// A broken rule, where, and by whose doing.
#[derive(Clone, Copy, Debug)]
pub struct Blame<'a> {
    /// What is wrong.
    pub fault: Fault,
    /// The layer it is wrong with.
    pub path: Path<'a>,
    /// The layer, if it is one.
    pub op: Option<Op>,
    /// Who made the shape that arrives; the root for the network's input.
    pub producer: Path<'a>,
    /// What arrives.
    pub arrives: Dims,
    /// The image that was flattened on the way, if one was.
    pub flattened: Option<Dims>,
}

/// Where a walk stands: behind some layer.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The shape behind it.
    pub dims: Dims,
    /// The last layer that changed the shape; the root before the first.
    pub producer: Path<'a>,
    /// The image that `dims` was flattened from, if it was.
    pub flattened: Option<Dims>,
    /// The first broken rule within the part just walked.
    pub blame: Option<Blame<'a>>,
}

impl<'a> Step<'a> {
    /// In front of the first layer.
    pub const fn start(input: Dims) -> Self {
        let blame = if fits_memory(input) {
            None
        } else {
            Some(Blame {
                fault: Fault::TooLong { dims: input },
                path: Path::ROOT,
                op: None,
                producer: Path::ROOT,
                arrives: input,
                flattened: None,
            })
        };
        Self { dims: input, producer: Path::ROOT, flattened: None, blame }
    }

    const fn blame(mut self, fault: Option<Fault>, path: Path<'a>, op: Option<Op>) -> Self {
        if let (None, Some(fault)) = (self.blame, fault) {
            let (producer, arrives, flattened) = (self.producer, self.dims, self.flattened);
            self.blame = Some(Blame { fault, path, op, producer, arrives, flattened });
        }
        self
    }
}

/// What `spec`, found at `path`, makes of the shape of `from`.
pub const fn resolve<'a>(
    spec: &'a Spec<'a>,
    path: Path<'a>,
    from: Step<'a>,
    strict: bool,
) -> Step<'a> {
    match spec {
        Spec::Op(op) => {
            let (dims, fault) = op.apply(from.dims, strict);
            let mut step = from.blame(fault, path, Some(*op));
            if matches!(op, Op::Flatten) && fault.is_none() {
                step.flattened = match from.dims {
                    Dims::Image { .. } => Some(from.dims),
                    _ => from.flattened,
                };
            } else if !op.keeps_shape() {
                step.producer = path;
                step.flattened = None;
            }
            step.dims = dims;
            step
        }
        Spec::Chain(nodes) => resolve_chain(nodes, path, from, strict),
        Spec::Net { input, nodes, .. } if input.admits(from.dims) => {
            resolve_chain(nodes, path, from, strict)
        }
        Spec::Net { input, output, .. } => {
            let fault = Some(Fault::Shape { expected: *input, got: from.dims });
            Step { dims: *output, producer: path, flattened: None, ..from.blame(fault, path, None) }
        }
        Spec::Branch { join, arms } => resolve_branch(*join, arms, path, from, strict),
        Spec::Opaque(dims) => Step { dims: *dims, producer: path, flattened: None, ..from },
    }
}

/// What a chain of parts makes of the shape of `from`.
pub const fn resolve_chain<'a>(
    nodes: &'a [Node<'a>],
    path: Path<'a>,
    from: Step<'a>,
    strict: bool,
) -> Step<'a> {
    let mut step = from;
    let mut i = 0;
    while i < nodes.len() {
        step = resolve(nodes[i].spec, path.join(nodes[i].name), step, strict);
        i += 1;
    }
    step
}

const fn resolve_branch<'a>(
    join: Join,
    arms: &'a [Node<'a>],
    path: Path<'a>,
    from: Step<'a>,
    strict: bool,
) -> Step<'a> {
    if arms.is_empty() {
        return from;
    }
    let first = resolve(arms[0].spec, path.join(arms[0].name), from, strict);
    let mut step = first;
    let mut i = 1;
    while i < arms.len() {
        let start = Step { blame: step.blame, ..from };
        let arm = resolve(arms[i].spec, path.join(arms[i].name), start, strict);
        let (dims, fault) = join_dims(join, step.dims, arm.dims);
        step = Step { dims: step.dims, blame: arm.blame, ..step };
        step = step.blame(fault, path.join(arms[i].name), None);
        step.dims = dims;
        i += 1;
    }
    Step { producer: path, flattened: None, ..step }
}

/// The shape of two arms joined; what the first gives where they do not fit.
const fn join_dims(join: Join, first: Dims, other: Dims) -> (Dims, Option<Fault>) {
    let concat = matches!(join, Join::Concat);
    let fault = Some(Fault::Arms { first, other, concat });
    match (first, other) {
        (Dims::Unknown, known) if !concat => (known, None),
        (Dims::Unknown, _) | (_, Dims::Unknown) if concat => (Dims::Unknown, None),
        (known, Dims::Unknown) => (known, None),
        (Dims::Image { c, h, w }, Dims::Image { c: c2, h: h2, w: w2 }) => {
            let channels = if concat { c.saturating_add(c2) } else { c };
            let fits = h.agrees(h2) && w.agrees(w2) && (concat || c == c2);
            (Dims::Image { c: channels, h, w }, if fits { None } else { fault })
        }
        (Dims::Vector(a), Dims::Vector(b)) if !concat => {
            (first, if a.agrees(b) { None } else { fault })
        }
        (Dims::Vector(Extent::Fixed(a)), Dims::Vector(Extent::Fixed(b))) => {
            (Dims::vector(a.saturating_add(b)), None)
        }
        (Dims::Vector(a), Dims::Vector(b)) => (Dims::Vector(if a.is_dyn() { a } else { b }), None),
        _ => (first, fault),
    }
}

/// The steps behind each of the `N` parts of a chain, one walk for all; each
/// carries only what is wrong within its own part.
pub const fn steps<'a, const N: usize>(
    nodes: &'a [Node<'a>],
    input: Dims,
    strict: bool,
) -> [Step<'a>; N] {
    let mut all = [Step::start(input); N];
    let mut step = Step::start(input);
    let mut i = 0;
    while i < N && i < nodes.len() {
        step.blame = None;
        step = resolve(nodes[i].spec, Path::ROOT.join(nodes[i].name), step, strict);
        all[i] = step;
        i += 1;
    }
    all
}
