//! Walking the tree with a shape in hand: what each part makes of it, who
//! produced it, and what is wrong on the way. Total: a wrong layer is noted and
//! the walk goes on with what that layer declares.

use super::apply::fits_memory;
use super::message::same;
use super::{Dims, Fault, Flow, Join, Node, Op, Spec, join_dims, joined_length};

/// How deep a path can be; deeper names are left out of messages.
const DEPTH: usize = 8;

/// Stands for the number of any copy of a repeated part, where a path is looked for.
pub const ANY_COPY: &str = "*";

/// The most copies that a part can have: far from any network's, and few enough to
/// be walked.
pub(super) const MOST_COPIES: usize = 1 << 12;

/// Whether a part can be repeated so many times.
pub const fn copies_fault(count: usize) -> Option<Fault> {
    if count > MOST_COPIES { Some(Fault::Copies { count }) } else { None }
}

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

    /// Whether the path begins with these names; [`ANY_COPY`] stands for any.
    pub const fn starts_with(&self, names: &[&str]) -> bool {
        if names.len() > self.len {
            return false;
        }
        let mut i = 0;
        while i < names.len() {
            if !same(names[i], ANY_COPY) && !same(names[i], self.names[i]) {
                return false;
            }
            i += 1;
        }
        true
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
        let fault = if !fits_memory(input) {
            Some(Fault::TooLong { dims: input })
        } else if let Some(0) = input.elements() {
            Some(Fault::Empty { dims: input })
        } else {
            None
        };
        let step = Self { dims: input, producer: Path::ROOT, flattened: None, blame: None };
        step.blame(fault, Path::ROOT, None)
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
        Spec::Op(op) => resolve_op(op, path, from, strict),
        Spec::Chain(nodes) => resolve_chain(nodes, path, from, strict),
        Spec::Net { input, nodes, .. } if input.admits(from.dims) => {
            resolve_chain(nodes, path, from, strict)
        }
        Spec::Net { input, output, .. } => {
            let fault = Some(Fault::Shape { expected: *input, got: from.dims });
            Step { dims: *output, producer: path, flattened: None, ..from.blame(fault, path, None) }
        }
        Spec::Branch { join, arms } => resolve_branch(*join, arms, path, from, strict),
        Spec::Repeat { first, count, body } => {
            resolve_repeat(*first, *count, body, path, from, strict)
        }
        Spec::Broken(relation) => {
            let step = from.blame(Some(Fault::Relation(*relation)), path, None);
            Step { dims: Dims::Unknown, producer: path, flattened: None, ..step }
        }
        Spec::Opaque(dims) => Step { dims: *dims, producer: path, flattened: None, ..from },
    }
}

/// What one layer makes of the shape of `from`.
pub const fn resolve_op<'a>(op: &Op, path: Path<'a>, from: Step<'a>, strict: bool) -> Step<'a> {
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
    let first_path = path.join(arms[0].name);
    let mut step = resolve(arms[0].spec, first_path, from, strict);
    let mut dims = step.dims;
    let mut i = 1;
    while i < arms.len() {
        let arm_path = path.join(arms[i].name);
        let start = Step { blame: step.blame, ..from };
        let arm = resolve(arms[i].spec, arm_path, start, strict);
        let (joined, fault) = join_dims(join, dims, arm.dims);
        step.blame = arm.blame;
        step.producer = first_path;
        let fault = match fault {
            Some(fault) => Some(fault.of_first_arm(step.dims)),
            None => None,
        };
        step = step.blame(fault, arm_path, None);
        dims = joined;
        i += 1;
    }
    if step.blame.is_none() && !fits_memory(dims) {
        step = step.blame(Some(Fault::TooLong { dims }), path, None);
    }
    step.behind(join, dims, path)
}

impl<'a> Step<'a> {
    /// Behind a branch at `path` whose arms have been joined to `dims`.
    const fn behind(self, join: Join, dims: Dims, path: Path<'a>) -> Self {
        let dims = joined_length(join, dims);
        Self { dims, producer: path, flattened: None, ..self }
    }
}

const fn resolve_repeat<'a>(
    first: usize,
    count: usize,
    body: &'a Spec<'a>,
    path: Path<'a>,
    from: Step<'a>,
    strict: bool,
) -> Step<'a> {
    if let Some(fault) = copies_fault(count) {
        let step = from.blame(Some(fault), path, None);
        return Step { dims: Dims::Unknown, producer: path, flattened: None, ..step };
    }
    let mut step = from;
    let mut i = 0;
    while i < count {
        step = resolve(body, path.join(index_name(first + i)), step, strict);
        i += 1;
    }
    step
}

/// The name of the `i`-th copy of a repeated part, as far as names go.
pub const fn index_name(i: usize) -> &'static str {
    const NAMES: [&str; 64] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
        "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31",
        "32", "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46",
        "47", "48", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61",
        "62", "63",
    ];
    if i < NAMES.len() { NAMES[i] } else { "…" }
}

/// A chain of `N` parts walked once.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a, const N: usize> {
    /// The step behind each part: it carries only what is wrong within its own part
    /// (and, where nothing is, only its shape). Behind a wrong input there are no
    /// steps: each carries what is wrong with it.
    pub steps: [Step<'a>; N],
    /// What comes of the whole.
    pub flow: Flow,
}

/// Walks the `N` parts of a chain.
pub const fn steps<'a, const N: usize>(
    nodes: &'a [Node<'a>],
    input: Dims,
    strict: bool,
) -> Walk<'a, N> {
    let start = Step::start(input);
    let (mut steps, mut flow, mut i) = ([start; N], Flow::start(input), 0);
    while i < N && i < nodes.len() {
        flow = flow.behind(nodes[i].spec, strict);
        steps[i].dims = flow.dims;
        i += 1;
    }
    if start.blame.is_none() && !flow.holds {
        steps = blamed_steps(nodes, input, strict);
    }
    Walk { steps, flow }
}

/// The steps with who is to blame for what is wrong.
const fn blamed_steps<'a, const N: usize>(
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
