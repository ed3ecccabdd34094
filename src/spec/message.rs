//! A broken rule as text: one sentence, the sizes on the way, what to do.
//!
//! The macro prints this at expansion where it sees every number, const
//! evaluation prints it where numbers are const items, and run-time networks
//! return it in their error: the same words each time.

use super::step::MOST_COPIES;
use super::{
    Blame, Dims, Extent, Fault, Join, Node, Op, Path, Range, Relation, Spec, Step, Text,
    UNINFERRED, Zero, resolve, resolve_chain,
};

/// Room for a whole message.
pub const MESSAGE_BYTES: usize = 1024;

type Message = Text<MESSAGE_BYTES>;

/// The whole message: the sentence, the sizes on the way, the advice.
///
/// `spec` and `input` are the network's, so that the way can be told.
pub const fn message(spec: &Spec<'_>, input: Dims, blame: &Blame<'_>) -> Message {
    let nodes = spec.nodes();
    let (way, before) = way(nodes, input, blame);
    let fits = match blame.fault {
        Fault::Features { expected, .. } if blame.path.names().len() == 1 => {
            fitting(nodes.split_at(before).0, input, expected)
        }
        _ => None,
    };
    full_message(blame, &way, fits, matches!(spec, Spec::Net { .. }))
}

/// The whole message, where the caller knows the sizes on the `way` and the
/// inputs that would have fitted; `inferred` if `network!` wrote it, where `_` is
/// understood.
pub const fn full_message(
    blame: &Blame<'_>,
    way: &Way,
    fits: Option<(usize, usize)>,
    inferred: bool,
) -> Message {
    let mut text = sentence(blame);
    if way.matters(blame.fault) {
        text = text.str("\nsizes on the way: ").str(way.text.as_str());
    }
    if let Some((first, last)) = fits {
        text = text.str("\ninputs that fit: ").num(first).str("×").num(first);
        if last > first {
            text = text.str(" to ").num(last).str("×").num(last);
        }
    }
    let advice = advice(blame, inferred);
    if !advice.is_empty() {
        text = text.str("\nhelp: ").str(advice.as_str());
    }
    text
}

/// What is wrong, in one sentence.
pub const fn sentence(blame: &Blame<'_>) -> Message {
    let text = Text::new();
    match blame.fault {
        Fault::Output { declared, .. } => {
            let text = text.str("the network is declared to return ");
            arrives(described(text, declared).str(", but "), blame)
        }
        Fault::Empty { dims } => {
            text.str("the input ").dims(dims).str(" is empty; every size must be at least 1")
        }
        Fault::TooLong { dims } if blame.path.is_root() && blame.op.is_none() => {
            let text = text.str("the input ").dims(dims);
            text.str(" does not fit into memory: more than isize::MAX bytes")
        }
        Fault::TooLong { dims } => {
            let text = subject(text, blame);
            let text = match dims {
                Dims::Unknown => text.str(" has weights or sizes"),
                dims => text.str(" makes ").dims(dims),
            };
            text.str(" that do not fit into memory: more than isize::MAX bytes")
        }
        Fault::Arms { join, first, other } => arms_differ(text, blame, join, first, other),
        Fault::Zero(zero) => {
            let text = subject(text, blame).str(" has ");
            text.str(match zero {
                Zero::Kernel => "a kernel of size 0",
                Zero::Stride => "a stride of 0",
                Zero::Dilation => "a dilation of 0",
                Zero::Groups => "0 groups",
                Zero::Inputs => "0 inputs",
                Zero::Outputs => "0 outputs",
                Zero::Scale => "a factor of 0",
                Zero::Neighbours => "a size of 0",
                Zero::Exponent => "a norm of 0",
            })
            .str("; at least 1 is needed")
        }
        Fault::Copies { count } => {
            let text = subject(text, blame).str(" is repeated ").counted(count, "time");
            text.str("; at most ").num(MOST_COPIES).str(" are possible")
        }
        Fault::Relation(Relation { block, left, a, right, b }) => {
            let text = if blame.path.is_root() {
                text.str("`").str(block).str("`")
            } else {
                name(text, &blame.path).str(" (").str(block).str(")")
            };
            let text = text.str(" needs ").str(left).str(" == ").str(right).str(", but ");
            text.num(a).str(" is not ").num(b)
        }
        Fault::Range(range) => {
            let text = subject(text, blame);
            text.str(match range {
                Range::Bounds => " has a lower bound above its upper bound, or one that is NaN",
                Range::Probability => " has a probability outside of 0 to 1",
                Range::Epsilon => " has an epsilon below 0, or one that is NaN",
            })
        }
        Fault::Groups { groups, channels, inputs } => {
            let text = subject(text, blame).str(" has ").counted(groups, "group");
            let text = text.str(if groups == 1 { ", which does" } else { ", which do" });
            let text = text.str(" not divide its ").num(channels);
            text.str(if inputs { " input channels" } else { " output channels" })
        }
        Fault::PoolPadding { padding, span, limit } => {
            let text = subject(text, blame).str(" pads ").counted(padding, "pixel");
            let text = text.str(", but a window of ").num(span).str(" allows at most ");
            text.num(limit)
        }
        Fault::Ceil => {
            let text = subject(text, blame);
            text.str(" counts a partly covered last window, which only pools do")
        }
        Fault::NothingLeft { vertical, grown, cut } => {
            let line = if vertical { "row" } else { "column" };
            let text = subject(text, blame).str(" cuts off ").counted(cut, line);
            text.str(" of padding, but makes only ").num(grown)
        }
        Fault::Extra { extra, limit } => {
            let text = subject(text, blame).str(" has an output padding of ").num(extra);
            text.str(", but its stride and dilation allow at most ").num(limit)
        }
        fault => arrives(wants(subject(text, blame), fault).str(", but "), blame),
    }
}

/// The sentence about arms that do not fit together.
const fn arms_differ(
    text: Message,
    blame: &Blame<'_>,
    join: Join,
    first: Dims,
    other: Dims,
) -> Message {
    match join {
        Join::Add => {
            let text = text.str("the residual body");
            let text =
                if blame.path.is_root() { text } else { name(text.str(" of "), &blame.path) };
            let text = counted(text.str(" gives "), first).str(", but its shortcut carries ");
            counted(text, other).str("; to be added they need the same shape")
        }
        Join::Mul => {
            let text = text.str("the scale");
            let text =
                if blame.path.is_root() { text } else { name(text.str(" of "), &blame.path) };
            let text = counted(text.str(" gives "), other).str(", but what it scales is ");
            counted(text, first).str("; it needs one value for each channel, or the same shape")
        }
        Join::Concat | Join::Heads => {
            let text = arm(text, &blame.path).str(" gives ");
            if let (Dims::Image { .. }, Dims::Image { .. }) = (first, other) {
                let text = arm(text.dims(other).str(", but "), &blame.producer).str(" gives ");
                let text = text.dims(first);
                return text.str("; to be concatenated they need the same height and width");
            }
            let text = arm(described(text, other).str(", but "), &blame.producer).str(" gives ");
            described(text, first).str("; an image and a vector can't be concatenated")
        }
    }
}

/// An arm of a concatenation; `#[name = ""]` leaves it without a name.
const fn arm(text: Message, path: &Path<'_>) -> Message {
    if path.is_root() { text.str("an arm without a name") } else { name(text, path) }
}

/// The sentence about a head that gives something else than is declared.
pub const fn head_differs(head: &str, declared: Dims, got: Dims) -> Message {
    let text = Text::new().str("the head `").str(head).str("` is declared to return ");
    described(described(text, declared).str(", but gives "), got)
}

/// The first half of a sentence: what the layer takes.
const fn wants(text: Message, fault: Fault) -> Message {
    match fault {
        Fault::Channels { expected, .. } => {
            text.str(" expects ").counted(expected, "input channel")
        }
        Fault::DynLength { expected: UNINFERRED } => text.str(" can't infer its input features"),
        Fault::Features { expected, .. } | Fault::DynLength { expected } => {
            text.str(" expects ").counted(expected, "input feature")
        }
        Fault::Shuffle { factor, .. } => {
            let text = text.str(" takes a multiple of ").num(factor).str("×").num(factor);
            text.str(" = ").num(factor * factor).str(" channels")
        }
        Fault::NotFlattened { .. } => text.str(" takes a vector"),
        Fault::NeedsImage { .. } => text.str(" takes an image"),
        Fault::Shape { expected, .. } => described(text.str(" takes "), expected),
        Fault::KernelTooLarge { vertical, span, .. } => {
            let text = text.str(" has a kernel that spans ");
            text.counted(span, if vertical { "row" } else { "column" })
        }
        _ => text,
    }
}

/// The second half of a sentence: what arrives instead, and from whom.
const fn arrives(text: Message, blame: &Blame<'_>) -> Message {
    if let (Fault::NeedsImage { .. }, Some(image)) = (blame.fault, blame.flattened) {
        let text = if blame.producer.is_root() {
            text.str("the input, ")
        } else {
            name(text.str("the image of "), &blame.producer).str(", ")
        };
        return text.dims(image).str(", has been flattened before it");
    }
    let text = producer(text, blame);
    match blame.fault {
        Fault::Channels { got, .. } | Fault::Shuffle { channels: got, .. } => text.num(got),
        Fault::DynLength { .. } => {
            let from = match blame.flattened {
                Some(image) => image,
                None => blame.arrives,
            };
            text.dims(from).str(", known only at run time")
        }
        Fault::KernelTooLarge { vertical, size, padded, .. } => {
            let text = text.counted(size, if vertical { "row" } else { "column" });
            if padded > size { text.str(", with padding ").num(padded) } else { text }
        }
        _ => match (blame.flattened, blame.arrives) {
            (Some(image), Dims::Vector(n)) => text.dims(image).str(" = ").extent(n),
            (_, dims) => described(text, dims),
        },
    }
}

const fn producer(text: Message, blame: &Blame<'_>) -> Message {
    if blame.producer.is_root() {
        let counted = matches!(
            blame.fault,
            Fault::Channels { .. } | Fault::KernelTooLarge { .. } | Fault::Shuffle { .. }
        );
        return text.str(if counted { "the input has " } else { "the input is " });
    }
    name(text, &blame.producer).str(" produces ")
}

/// A shape with its kind: `the image 16×5×5`, `10 features`.
const fn described(text: Message, dims: Dims) -> Message {
    match dims {
        Dims::Unknown => text.str("another shape"),
        Dims::Image { .. } => text.str("the image ").dims(dims),
        Dims::Vector(Extent::Fixed(n)) => text.counted(n, "feature"),
        Dims::Vector(Extent::Dyn) => text.str("a vector of run-time length"),
        Dims::Vector(_) => text.str("a vector"),
    }
}

/// A shape that no sentence calls an image: `16×5×5`, `10 features`.
const fn counted(text: Message, dims: Dims) -> Message {
    match dims {
        Dims::Image { .. } => text.dims(dims),
        _ => described(text, dims),
    }
}

/// The layer that is wrong: by its name, or by its kind where it has none.
const fn subject(text: Message, blame: &Blame<'_>) -> Message {
    if let Some((last, _)) = blame.path.names().split_last() {
        let text = name(text, &blame.path);
        // A place in a tuple says little by itself.
        return match blame.op {
            Some(op) if last.as_bytes()[0].is_ascii_digit() => {
                text.str(" (").str(op.kind()).str(")")
            }
            _ => text,
        };
    }
    match blame.op {
        Some(op) => text.str("`").str(op.kind()).str("`"),
        None => text.str("the network"),
    }
}

const fn name(text: Message, path: &Path<'_>) -> Message {
    let mut text = text.str("`");
    let names = path.names();
    let mut i = 0;
    while i < names.len() {
        if i > 0 {
            text = text.str(".");
        }
        text = text.str(names[i]);
        i += 1;
    }
    text.str("`")
}

/// The sizes on the way: heights (and widths, where they differ) from the input
/// on, as often as they change.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    text: Message,
    last: Dims,
    changes: usize,
}

impl Way {
    /// In front of the first layer.
    pub const fn new(input: Dims) -> Self {
        let text = match input {
            Dims::Image { h: Extent::Fixed(_), w: Extent::Fixed(_), .. } => {
                side(Text::new(), input)
            }
            _ => Text::new(),
        };
        Self { text, last: input, changes: 0 }
    }

    /// Behind one more layer.
    #[must_use]
    pub const fn push(mut self, dims: Dims) -> Self {
        if let Dims::Image { h: Extent::Fixed(_), w: Extent::Fixed(_), .. } = dims
            && !self.text.is_empty()
            && !side_of(dims).same(side_of(self.last))
        {
            self.text = side(self.text.str(" → "), dims);
            self.last = dims;
            self.changes += 1;
        }
        self
    }

    /// Whether there is anything to tell about this fault.
    const fn matters(&self, fault: Fault) -> bool {
        let sizes = matches!(
            fault,
            Fault::Features { .. } | Fault::KernelTooLarge { .. } | Fault::Arms { .. }
        );
        sizes && self.changes > 0
    }
}

/// The way from the input to the blamed layer, and how many nodes it has.
const fn way(nodes: &[Node<'_>], input: Dims, blame: &Blame<'_>) -> (Way, usize) {
    let mut way = Way::new(input);
    if blame.path.is_root() {
        return (way, 0);
    }
    let mut step = Step::start(input);
    let mut i = 0;
    while i < nodes.len() && !same(nodes[i].name, blame.path.names()[0]) {
        step = resolve(nodes[i].spec, Path::ROOT.join(nodes[i].name), step, false);
        way = way.push(step.dims);
        i += 1;
    }
    (way, i)
}

/// The height and width alone, for comparison.
const fn side_of(dims: Dims) -> Dims {
    match dims {
        Dims::Image { h, w, .. } => Dims::Image { c: 0, h, w },
        other => other,
    }
}

const fn side(text: Message, dims: Dims) -> Message {
    match dims {
        Dims::Image { h, w, .. } if h.same(w) => text.extent(h),
        Dims::Image { h, w, .. } => text.extent(h).str("×").extent(w),
        _ => text,
    }
}

pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// What to do about it, where there is something to say.
const fn advice(blame: &Blame<'_>, inferred: bool) -> Message {
    let text = Text::new();
    match blame.fault {
        Fault::Features { expected, got } => {
            let text = text.str("write ").num(got);
            let text = if inferred { text.str(", or `_` to have it inferred") } else { text };
            convolve(text, expected, blame)
        }
        Fault::Channels { expected, .. } if channels_last(blame, expected) => {
            text.str("declare the input as [channels, height, width]")
        }
        Fault::Channels { got, .. } => text.str("write ").num(got),
        Fault::NeedsImage { .. } if blame.flattened.is_some() => {
            text.str("put `Flatten` behind it")
        }
        Fault::NeedsImage { .. } if blame.producer.is_root() => {
            text.str("declare the input as an image: [channels, height, width]")
        }
        Fault::NeedsImage { .. } => name(text.str("put it before "), &blame.producer),
        Fault::NotFlattened { .. } => text.str("put `Flatten` before it"),
        Fault::DynLength { .. } => text.str(
            "a fully-connected layer needs a known size; use the convolution that does the \
             same, `Conv2d` with the kernel K = (height, width), or `GlobalAvgPool2d` before it",
        ),
        Fault::KernelTooLarge { .. } => {
            text.str("use a smaller kernel, more padding or a larger input")
        }
        Fault::Arms { join: Join::Add, first, other } => project(text, first, other),
        Fault::Output { got: Dims::Vector(Extent::Fixed(n)), .. } => {
            text.str("declare [").num(n).str("], or change the last layer")
        }
        _ => text,
    }
}

/// Whether the network's input has been declared with its channels last, as an array
/// of pixels has them.
const fn channels_last(blame: &Blame<'_>, expected: usize) -> bool {
    let Dims::Image { c, w: Extent::Fixed(w), .. } = blame.arrives else {
        return false;
    };
    blame.producer.is_root() && w == expected && c != w
}

/// A shortcut that can be projected to the body's shape.
const fn project(text: Message, first: Dims, other: Dims) -> Message {
    let (
        Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) },
        Dims::Image { c: from, h: Extent::Fixed(from_h), w: Extent::Fixed(from_w) },
    ) = (first, other)
    else {
        return text;
    };
    if h == 0 || w == 0 {
        return text;
    }
    let stride = from_h.div_ceil(h);
    if from_h.div_ceil(stride) != h || from_w.div_ceil(stride) != w {
        return text;
    }
    let text = text.str("project the shortcut: `shortcut { conv: Conv2d<").num(from);
    let text = text.str(", ").num(c).str(", K = 1");
    let text = if stride > 1 { text.str(", S = ").num(stride) } else { text };
    text.str("> }`")
}

/// The convolution that takes any size where the features are those of an
/// image of another size.
const fn convolve(text: Message, expected: usize, blame: &Blame<'_>) -> Message {
    let (Some(Dims::Image { c, .. }), Some(Op::Linear(linear))) = (blame.flattened, blame.op)
    else {
        return text;
    };
    let side = if c == 0 || !expected.is_multiple_of(c) { 0 } else { (expected / c).isqrt() };
    if side == 0 || side * side * c != expected {
        return text;
    }
    let text = text.str("; to take any size, put `Conv2d<").num(c).str(", ").num(linear.outputs);
    text.str(", K = ").num(side).str(">` in place of `Flatten` and this layer")
}

/// The square inputs for which the features that arrive are those expected, as
/// the smallest and the largest side; `nodes` are those in front of the layer.
///
/// Features grow with the input, so both ends are found by bisection.
pub const fn fitting(nodes: &[Node<'_>], input: Dims, expected: usize) -> Option<(usize, usize)> {
    let Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } = input else {
        return None;
    };
    if h != w {
        return None;
    }
    let first = first_side(nodes, c, expected);
    let behind = first_side(nodes, c, expected.saturating_add(1));
    if behind > first && first < MAX_SIDE { Some((first, behind - 1)) } else { None }
}

/// The largest input that is looked for.
const MAX_SIDE: usize = 8192;

/// The smallest side of an input that gives at least so many features.
const fn first_side(nodes: &[Node<'_>], channels: usize, features: usize) -> usize {
    let (mut low, mut high) = (1, MAX_SIDE);
    while low < high {
        let side = low.midpoint(high);
        let start = Step::start(Dims::image(channels, side, side));
        let end = resolve_chain(nodes, Path::ROOT, start, false);
        let enough = match (end.blame, end.dims) {
            (None, Dims::Vector(Extent::Fixed(n))) => n >= features,
            _ => false,
        };
        if enough {
            high = side;
        } else {
            low = side + 1;
        }
    }
    low
}
