//! The description of a network with convolutions for fully-connected layers.
//!
//! Const evaluation can build no tree, only arrays of fixed size. So the layers from
//! the first that changes on are listed flat, each under its whole path, which gives
//! every parameter the name that it had; what is before them stays one node of the
//! list, in the form that it has.

use crate::spec::{
    Axis, BatchNorm2d, Conv2d, Dims, Extent, Node, Op, Pool, Spec, Text, Window, flow,
};

/// The most nodes behind the first that changes.
pub(super) const MOST: usize = 96;

/// The nodes of the new network.
pub(super) struct List {
    pub(super) specs: [Spec<'static>; MOST],
    pub(super) names: [Text<64>; MOST],
    pub(super) len: usize,
}

/// The list as nodes.
pub(super) const fn nodes(
    names: &'static [Text<64>; MOST],
    specs: &'static [Spec<'static>; MOST],
) -> [Node<'static>; MOST] {
    let mut all = [Node { name: "", spec: &Spec::Chain(&[]) }; MOST];
    let mut i = 0;
    while i < MOST {
        all[i] = Node { name: names[i].as_str(), spec: &specs[i] };
        i += 1;
    }
    all
}

/// Where the conversion stands: the shape in the network as it was, and the image
/// that the new one has in its place.
#[derive(Clone, Copy)]
struct At {
    dims: Dims,
    image: (usize, usize, usize),
}

/// Lists the layers of `spec`, which takes an input of the shape `input`.
pub(super) const fn list(spec: &Spec<'static>, input: Dims) -> List {
    let mut list = List { specs: [Spec::Chain(&[]); MOST], names: [Text::new(); MOST], len: 0 };
    let at = At { dims: input, image: (input_length(input), 1, 1) };
    part(&mut list, Text::new(), spec, at);
    list
}

const fn input_length(input: Dims) -> usize {
    match input {
        Dims::Vector(Extent::Fixed(n)) => n,
        _ => 0,
    }
}

const fn part(list: &mut List, path: Text<64>, spec: &Spec<'static>, at: At) -> At {
    match spec {
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => chain(list, path, nodes, at),
        Spec::Op(op) => layer(list, path, op, at),
        spec => {
            let out = flow(spec, at.dims, false).dims;
            let (Dims::Image { .. }, Dims::Image { .. }) = (at.dims, out) else {
                refuse(&path, "a branch or repetition on vectors");
            };
            push(list, path, *spec);
            At { dims: out, ..at }
        }
    }
}

const fn chain(list: &mut List, path: Text<64>, nodes: &'static [Node<'static>], at: At) -> At {
    let (mut at, mut i) = (at, 0);
    if let Dims::Image { .. } = at.dims {
        while i < nodes.len() && !changes(nodes[i].spec) {
            i += 1;
        }
        let (same, _) = nodes.split_at(i);
        if i > 0 {
            push(list, path, Spec::Chain(same));
            at.dims = flow(&Spec::Chain(same), at.dims, false).dims;
        }
    }
    while i < nodes.len() {
        at = part(list, below(path, nodes[i].name), nodes[i].spec, at);
        i += 1;
    }
    at
}

/// Whether a part holds a layer that another one takes the place of.
const fn changes(spec: &Spec<'_>) -> bool {
    match spec {
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
            let mut i = 0;
            while i < nodes.len() {
                if changes(nodes[i].spec) {
                    return true;
                }
                i += 1;
            }
            false
        }
        Spec::Op(op) => matches!(
            op,
            Op::Flatten
                | Op::Linear(_)
                | Op::GlobalAvgPool2d
                | Op::GlobalMaxPool2d
                | Op::BatchNorm1d(_)
        ),
        _ => false,
    }
}

const fn layer(list: &mut List, path: Text<64>, op: &Op, at: At) -> At {
    let (out, _) = op.apply(at.dims, false);
    let op = match at.dims {
        Dims::Image { c, h, w } => match (op, h, w) {
            (Op::Flatten, Extent::Fixed(h), Extent::Fixed(w)) => {
                return At { dims: out, image: (c, h, w) };
            }
            (Op::GlobalAvgPool2d, Extent::Fixed(h), Extent::Fixed(w)) => {
                push(list, path, Spec::Op(Op::AvgPool2d(pool(h, w))));
                return At { dims: out, image: (c, 1, 1) };
            }
            (Op::GlobalMaxPool2d, Extent::Fixed(h), Extent::Fixed(w)) => {
                push(list, path, Spec::Op(Op::MaxPool2d(pool(h, w))));
                return At { dims: out, image: (c, 1, 1) };
            }
            (Op::Flatten | Op::GlobalAvgPool2d | Op::GlobalMaxPool2d, ..) => {
                refuse(&path, "a window of a size that is known only at run time")
            }
            (op, ..) => *op,
        },
        _ => on_vector(&path, op, at.image),
    };
    if matches!(op, Op::Flatten) {
        return at;
    }
    push(list, path, Spec::Op(op));
    let image = match op {
        Op::Conv2d(conv) => (conv.outputs, 1, 1),
        _ => at.image,
    };
    At { dims: out, image }
}

/// What a layer on a vector becomes on the image that stands for it.
const fn on_vector(path: &Text<64>, op: &Op, (c, h, w): (usize, usize, usize)) -> Op {
    let flat = h == 1 && w == 1;
    match op {
        Op::Linear(linear) => Op::Conv2d(Conv2d {
            inputs: c,
            outputs: linear.outputs,
            window: window(h, w),
            groups: 1,
            bias: linear.bias,
        }),
        Op::BatchNorm1d(norm) if flat => {
            Op::BatchNorm2d(BatchNorm2d { channels: norm.features, eps: norm.eps })
        }
        Op::Softmax | Op::LogSoftmax | Op::PRelu { .. } if flat => *op,
        Op::PRelu { weights: 1 }
        | Op::Activation(_)
        | Op::Dropout { .. }
        | Op::Identity
        | Op::Flatten => *op,
        _ => refuse(path, op.kind()),
    }
}

const fn window(h: usize, w: usize) -> Window {
    Window { h: Axis::new(h, 1, 0), w: Axis::new(w, 1, 0) }
}

const fn pool(h: usize, w: usize) -> Pool {
    Pool { window: window(h, w), include_pad: true }
}

const fn push(list: &mut List, name: Text<64>, spec: Spec<'static>) {
    assert!(list.len < MOST, "too many layers behind the first fully-connected one");
    (list.specs[list.len], list.names[list.len]) = (spec, name);
    list.len += 1;
}

#[expect(clippy::panic, reason = "an error of const evaluation")]
const fn refuse(path: &Text<64>, what: &str) -> ! {
    let text = Text::<256>::new().str("`").str(path.as_str()).str("` (").str(what);
    let text = text.str(") can't be read as a convolution: it is not the same at every place");
    panic!("{}", text.as_str())
}

/// `fc` below `classifier` is `classifier.fc`.
const fn below(path: Text<64>, name: &str) -> Text<64> {
    match (path.is_empty(), name.is_empty()) {
        (_, true) => path,
        (true, _) => path.str(name),
        (false, _) => path.str(".").str(name),
    }
}
