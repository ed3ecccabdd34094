//! The table of cases that every engine goes through: one row for each way in
//! which engines have been wrong before (`faults.md`, section B).

use typenet::graph::Graph;
use typenet::spec::{
    Activation, Axis, Conv2d, Dims, Extent, Join, Linear, Node, Op, Padding, Pool, Spec, Window,
};

/// A small network and the shape that goes in.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is, and what it is there for.
    pub name: String,
    /// The network.
    pub spec: Spec<'static>,
    /// What goes in.
    pub input: Dims,
}

impl Case {
    /// The case laid out for an engine.
    pub fn graph(&self) -> Graph {
        match Graph::new(&self.spec, self.input) {
            Ok(graph) => graph,
            Err(error) => panic!("{}: {error}", self.name),
        }
    }

    /// The kind of operator, or of join.
    pub fn kind(&self) -> &'static str {
        match self.spec {
            Spec::Op(op) => op.kind(),
            Spec::Branch { join: Join::Add, .. } => "Add",
            Spec::Branch { join: Join::Mul, .. } => "Mul",
            Spec::Branch { join: Join::Concat, .. } => "Concat",
            _ => "network",
        }
    }
}

/// Kernel, stride, padding and dilation.
pub fn axis(kernel: usize, stride: usize, padding: usize, dilation: usize) -> Axis {
    Axis { dilation, ..Axis::new(kernel, stride, padding) }
}

/// Likewise with a padding of its own on each side.
pub fn uneven(kernel: usize, stride: usize, (before, after): (usize, usize)) -> Axis {
    let padding = Padding::Explicit { before, after };
    Axis { padding, ..Axis::new(kernel, stride, 0) }
}

/// Likewise with TensorFlow's padding, or the one with the odd pixel in front.
pub fn same(kernel: usize, stride: usize, dilation: usize, lower: bool) -> Axis {
    let padding = if lower { Padding::SameLower } else { Padding::Same };
    Axis { padding, dilation, ..Axis::new(kernel, stride, 0) }
}

/// Likewise, with a partly covered last window.
pub fn ceil(axis: Axis) -> Axis {
    Axis { ceil: true, ..axis }
}

/// Kernel, stride, padding and dilation, the same both ways.
pub fn square(kernel: usize, stride: usize, padding: usize, dilation: usize) -> Window {
    Window::square(axis(kernel, stride, padding, dilation))
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Parts under the names `0`, `1`, …
fn nodes(parts: Vec<Spec<'static>>) -> &'static [Node<'static>] {
    let name = |index: usize| Box::leak(index.to_string().into_boxed_str());
    let node = |(index, part)| Node::new(name(index), leak(part));
    let nodes: Vec<Node<'static>> = parts.into_iter().enumerate().map(node).collect();
    Box::leak(nodes.into_boxed_slice())
}

/// Parts one after the other.
pub fn chain(parts: Vec<Spec<'static>>) -> Spec<'static> {
    Spec::Chain(nodes(parts))
}

/// Parts side by side.
pub fn branch(join: Join, parts: Vec<Spec<'static>>) -> Spec<'static> {
    Spec::Branch { join, arms: nodes(parts) }
}

/// A convolution with a bias.
pub fn conv(inputs: usize, outputs: usize, window: Window, groups: usize) -> Spec<'static> {
    Spec::Op(Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: true }))
}

/// A fully-connected layer with a bias.
pub fn linear(inputs: usize, outputs: usize) -> Spec<'static> {
    Spec::Op(Op::Linear(Linear { inputs, outputs, bias: true }))
}

/// max(x, 0).
pub const RELU: Spec<'static> = Spec::Op(Op::Activation(Activation::Relu));
const EMPTY: Spec<'static> = Spec::Chain(&[]);

/// Channels around the lanes of vectors of 4, 8 and 16.
const CHANNELS: [usize; 11] = [1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 65];

mod far;
mod more;
mod special;

pub use far::{far_numbers, far_table};
pub use special::special_table;

#[derive(Default)]
struct Table(Vec<Case>);

impl Table {
    fn add(&mut self, why: &str, input: Dims, spec: Spec<'static>) {
        let what = match spec {
            Spec::Op(Op::Conv2d(conv)) => describe(conv.window, conv.outputs, conv.groups),
            Spec::Op(Op::MaxPool2d(pool) | Op::AvgPool2d(pool)) => describe(pool.window, 0, 1),
            _ => String::new(),
        };
        let mut case = Case { name: String::new(), spec, input };
        case.name = format!("{} on {input}{what}: {why}", case.kind());
        self.0.push(case);
    }

    fn conv(&mut self, why: &str, (c, h, w): (usize, usize, usize), out: usize, window: Window) {
        self.grouped(why, (c, h, w), out, window, 1);
    }

    fn grouped(
        &mut self,
        why: &str,
        (c, h, w): (usize, usize, usize),
        outputs: usize,
        window: Window,
        groups: usize,
    ) {
        self.add(why, Dims::image(c, h, w), conv(c, outputs, window, groups));
    }

    /// A max pool and an average pool, with and without its padding.
    fn pools(&mut self, why: &str, (c, h, w): (usize, usize, usize), window: Window) {
        let input = Dims::image(c, h, w);
        for include_pad in [false, true] {
            let why = if include_pad { &format!("{why}, padding included") } else { why };
            self.add(why, input, Spec::Op(Op::AvgPool2d(Pool { window, include_pad })));
        }
        let pool = Pool { window, include_pad: false };
        self.add(why, input, Spec::Op(Op::MaxPool2d(pool)));
    }
}

fn describe(window: Window, outputs: usize, groups: usize) -> String {
    let axis = |Axis { kernel, stride, dilation, padding, ceil }: Axis| {
        let padding = match padding {
            Padding::Explicit { before, after } => format!("{before}+{after}"),
            other => format!("{other:?}"),
        };
        format!("k{kernel} s{stride} p{padding} d{dilation}{}", if ceil { " ceil" } else { "" })
    };
    format!(" -> {outputs} g{groups} ({} | {})", axis(window.h), axis(window.w))
}

/// Every case.
pub fn table() -> Vec<Case> {
    let mut table = Table::default();
    conv_channels(&mut table);
    conv_sizes(&mut table);
    conv_windows(&mut table);
    conv_groups(&mut table);
    pools(&mut table);
    vectors(&mut table);
    more::functions(&mut table);
    more::images(&mut table);
    more::scales(&mut table);
    networks(&mut table);
    table.0
}

fn conv_channels(table: &mut Table) {
    for c in CHANNELS {
        table.conv("channels around lanes", (c, 4, 5), c, square(3, 1, 1, 1));
        table.conv("channels in", (c, 3, 5), 2, square(3, 1, 1, 1));
        table.conv("channels out", (2, 5, 3), c, square(3, 1, 1, 1));
        table.conv("stride 2", (c, 5, 7), 8, square(3, 2, 1, 1));
        table.conv("pointwise", (c, 3, 5), 17, square(1, 1, 0, 1));
        table.conv("pointwise", (9, 5, 3), c, square(1, 1, 0, 1));
        table.grouped("depthwise", (c, 5, 6), c, square(3, 1, 1, 1), c);
        table.grouped("depthwise, stride 2", (c, 6, 5), c, square(3, 2, 1, 1), c);
        table.grouped("depthwise, multiplier 2", (c, 4, 4), 2 * c, square(3, 1, 1, 1), c);
    }
    for (inputs, outputs) in [(16, 32), (32, 16), (15, 33), (64, 64), (33, 48), (5, 6)] {
        table.conv("channel pairs", (inputs, 4, 7), outputs, square(3, 1, 1, 1));
        table.conv("channel pairs", (inputs, 4, 7), outputs, square(1, 1, 0, 1));
    }
}

fn conv_sizes(table: &mut Table) {
    for n in (1..=18).chain([23, 24, 25, 27, 28, 29, 31, 32, 33, 47, 48, 49]) {
        table.conv("width around tiles", (3, 2, n), 8, square(3, 1, 1, 1));
        table.conv("height around tiles", (2, n, 3), 16, square(3, 1, 1, 1));
        table.conv("width, stride 2", (3, 3, n), 16, square(3, 2, 1, 1));
        table.conv("width, pointwise", (8, 1, n), 8, square(1, 1, 0, 1));
    }
    table.conv("one pixel", (1, 1, 1), 1, square(1, 1, 0, 1));
    table.conv("one pixel, padded", (1, 1, 1), 1, square(3, 1, 1, 1));
    table.conv("one window", (3, 5, 5), 4, square(5, 1, 0, 1));
    table.conv("last rows of 14×14", (3, 14, 14), 8, square(3, 2, 1, 1));
    table.conv("7×7 stem", (3, 15, 17), 9, square(7, 2, 3, 1));
    table.conv("first layer of AlexNet", (3, 23, 27), 8, square(11, 4, 2, 1));
    table.conv("rest of a stride left over", (2, 8, 9), 3, square(3, 3, 0, 1));
    table.conv("Winograd's edges", (16, 9, 11), 16, square(3, 1, 1, 1));
    table.conv("Winograd without padding", (16, 11, 9), 16, square(3, 1, 0, 1));
}

fn conv_windows(table: &mut Table) {
    let both = |h, w| Window { h, w };
    for kernel in [2, 4, 6] {
        table.conv("even kernel", (3, 7, 8), 5, square(kernel, 1, kernel / 2, 1));
        table.conv("even kernel", (3, 9, 8), 9, square(kernel, 2, 0, 1));
    }
    table.conv("kernel 3×5", (3, 6, 7), 8, both(axis(3, 1, 1, 1), axis(5, 1, 2, 1)));
    table.conv("kernel 1×7", (7, 4, 9), 9, both(axis(1, 1, 0, 1), axis(7, 1, 3, 1)));
    table.conv("kernel 7×1", (7, 9, 4), 9, both(axis(7, 1, 3, 1), axis(1, 1, 0, 1)));
    table.conv("stride 2×1", (3, 7, 6), 8, both(axis(3, 2, 1, 1), axis(3, 1, 1, 1)));
    table.conv("stride 1×3", (3, 7, 10), 8, both(axis(3, 1, 1, 1), axis(3, 3, 1, 1)));
    table.conv("dilation 2×3", (3, 9, 11), 8, both(axis(3, 1, 2, 2), axis(3, 1, 3, 3)));
    let (h, w) = (axis(2, 3, 1, 2), axis(4, 2, 2, 3));
    table.conv("all different", (3, 9, 17), 7, both(h, w));
    table.conv("all different", (16, 9, 17), 16, both(h, w));
    table.conv("stride > kernel", (3, 10, 11), 8, square(2, 5, 0, 1));
    table.conv("stride > kernel, padded", (9, 7, 7), 8, square(1, 3, 1, 1));
    table.conv("stride > input", (3, 2, 3), 8, square(2, 7, 1, 1));
    table.conv("padding = kernel", (3, 4, 5), 8, square(3, 1, 3, 1));
    table.conv("padding > kernel and input", (2, 2, 3), 8, square(3, 2, 6, 1));
    table.conv("above only", (3, 5, 6), 8, both(uneven(3, 1, (2, 0)), uneven(3, 1, (0, 0))));
    table.conv("right only", (3, 5, 6), 8, both(uneven(3, 1, (0, 0)), uneven(3, 1, (0, 2))));
    table.conv("uneven", (16, 6, 5), 16, both(uneven(3, 2, (0, 1)), uneven(3, 2, (3, 1))));
    table.conv("pointwise, stride 2", (16, 7, 8), 17, square(1, 2, 0, 1));
    table.conv("pointwise, padded", (8, 3, 4), 8, square(1, 1, 1, 1));
    table.conv("pointwise, stride and padding", (9, 5, 6), 8, square(1, 2, 2, 1));
    for lower in [false, true] {
        for (kernel, stride, dilation) in
            [(2, 1, 1), (3, 2, 1), (5, 2, 1), (3, 1, 2), (3, 3, 2), (4, 2, 3), (2, 4, 1), (1, 2, 1)]
        {
            let window = Window::square(same(kernel, stride, dilation, lower));
            table.conv("SAME", (3, 7, 10), 8, window);
        }
        let (h, w) = (same(2, 1, 3, lower), same(3, 2, 2, lower));
        table.conv("SAME, dilated, a size smaller than the kernel", (3, 2, 9), 8, both(h, w));
    }
    let window = square(3, 1, 1, 1);
    let plain = Conv2d { inputs: 3, outputs: 9, window, groups: 1, bias: false };
    table.add("no bias", Dims::image(3, 5, 6), Spec::Op(Op::Conv2d(plain)));
    let window = square(1, 1, 0, 1);
    let plain = Conv2d { inputs: 8, outputs: 16, window, groups: 1, bias: false };
    table.add("pointwise, no bias", Dims::image(8, 5, 6), Spec::Op(Op::Conv2d(plain)));
    table.conv("4608 products a sum", (512, 2, 2), 2, square(3, 1, 1, 1));
}

fn conv_groups(table: &mut Table) {
    for (channels, outputs, groups) in
        [(4, 6, 2), (6, 4, 2), (12, 12, 4), (10, 15, 5), (32, 32, 2), (24, 40, 8), (64, 32, 4)]
    {
        table.grouped("groups", (channels, 4, 5), outputs, square(3, 1, 1, 1), groups);
        table.grouped("pointwise groups", (channels, 4, 5), outputs, square(1, 1, 0, 1), groups);
    }
    table.grouped("depthwise 5×5", (17, 7, 9), 17, square(5, 1, 2, 1), 17);
    table.grouped("depthwise 5×5, stride 2", (16, 9, 7), 16, square(5, 2, 2, 1), 16);
    let window = Window::square(same(5, 2, 1, false));
    table.grouped("depthwise, SAME", (8, 8, 10), 8, window, 8);
    table.grouped("depthwise, dilated", (9, 9, 8), 9, square(3, 1, 2, 2), 9);
    table.grouped("depthwise, multiplier 3", (5, 5, 4), 15, square(2, 1, 1, 1), 5);
    table.grouped("depthwise 1×1", (33, 3, 2), 33, square(1, 1, 0, 1), 33);
}

fn pools(table: &mut Table) {
    let both = |h, w| Window { h, w };
    for c in CHANNELS {
        table.pools("channels", (c, 5, 4), square(2, 2, 0, 1));
        table.pools("channels", (c, 4, 5), square(3, 2, 1, 1));
        table.add("channels", Dims::image(c, 3, 4), Spec::Op(Op::GlobalAvgPool2d));
    }
    for n in (3..=18).chain([31, 32, 33, 34]) {
        table.pools("width around tiles", (2, 3, n), square(3, 2, 1, 1));
    }
    table.pools("one pixel", (1, 1, 1), square(1, 1, 0, 1));
    table.pools("one pixel, padded", (3, 1, 1), square(3, 1, 1, 1));
    table.pools("whole image", (7, 5, 6), both(axis(5, 1, 0, 1), axis(6, 1, 0, 1)));
    table.pools("all different", (3, 9, 12), both(axis(2, 3, 1, 2), axis(3, 2, 2, 3)));
    table.pools("stride > kernel", (9, 8, 9), square(2, 3, 0, 1));
    table.pools("padding of kernel − 1", (3, 4, 5), square(3, 1, 2, 1));
    table.pools("uneven", (3, 6, 5), both(uneven(3, 2, (0, 1)), uneven(2, 2, (1, 0))));
    table.pools("dilated", (8, 7, 8), square(3, 1, 2, 2));
    table.pools("taps in the padding only", (2, 1, 4), square(2, 1, 1, 2));
    for n in 2..=9 {
        table.pools("ceil", (3, 9, n), Window::square(ceil(axis(2, 2, 0, 1))));
        table.pools("ceil, padded", (2, n + 1, 8), Window::square(ceil(axis(3, 2, 1, 1))));
        table.pools("ceil, long stride", (2, n, n), Window::square(ceil(axis(2, 4, 1, 1))));
        table.pools("ceil, dilated", (2, n + 3, 7), Window::square(ceil(axis(2, 3, 1, 2))));
    }
    for lower in [false, true] {
        for (kernel, stride, dilation) in [(2, 1, 1), (3, 2, 1), (2, 2, 2), (3, 4, 1), (4, 3, 2)] {
            let window = Window::square(same(kernel, stride, dilation, lower));
            table.pools("SAME", (3, 7, 10), window);
        }
        let window = Window { h: same(2, 1, 3, lower), w: same(4, 2, 2, lower) };
        table.pools("SAME, dilated, taps in the padding only", (3, 1, 3), window);
    }
}

fn vectors(table: &mut Table) {
    for n in CHANNELS {
        table.add("features in", Dims::vector(n), linear(n, 10));
        table.add("features out", Dims::vector(10), linear(10, n));
        table.add("features", Dims::vector(n), Spec::Op(Op::Softmax));
        table.add("channels", Dims::image(n, 2, 3), Spec::Op(Op::Softmax));
        table.add("flatten", Dims::image(n, 2, 3), Spec::Op(Op::Flatten));
        table.add("image", Dims::image(n, 3, 5), RELU);
    }
    table.add("25088 products a sum", Dims::vector(25_088), linear(25_088, 3));
    table.add("4096 products a sum", Dims::vector(4096), linear(4096, 5));
    let plain = Op::Linear(Linear { inputs: 17, outputs: 9, bias: false });
    table.add("no bias", Dims::vector(17), Spec::Op(plain));
    table.add("nothing to do", Dims::image(3, 4, 5), Spec::Op(Op::Identity));
    for n in 1..=70 {
        table.add("length", Dims::Vector(Extent::Fixed(n)), RELU);
    }
}

fn networks(table: &mut Table) {
    let pool = |window| Spec::Op(Op::MaxPool2d(Pool { window, include_pad: false }));
    let three = |c| conv(c, c, square(3, 1, 1, 1), 1);
    for c in [1, 3, 8, 16, 17, 33] {
        let input = Dims::image(c, 4, 5);
        table.add("ReLU fused", input, chain(vec![three(c), RELU]));
        table.add("shortcut", input, branch(Join::Add, vec![three(c), EMPTY]));
        table.add("shortcut first", input, branch(Join::Add, vec![EMPTY, three(c)]));
        let sum = branch(Join::Add, vec![three(c), EMPTY]);
        table.add("residual block", input, chain(vec![sum, RELU]));
        let expand = conv(c, 2 * c, square(1, 1, 0, 1), 1);
        let arms = vec![conv(c, 5, square(1, 1, 0, 1), 1), three(c), EMPTY];
        table.add("inception", input, branch(Join::Concat, arms));
        table.add("dense", input, branch(Join::Concat, vec![EMPTY, three(c)]));
        let arms = vec![expand, conv(c, 2 * c, square(3, 1, 1, 1), c)];
        table.add("two convolutions", input, branch(Join::Add, arms));
        table.add("pool behind", input, chain(vec![three(c), RELU, pool(square(2, 2, 0, 1))]));
        for stride in [1, 2] {
            // (Behind a pool: the first convolution of a network reads other rows.)
            let pool = pool(square(1, 1, 0, 1));
            let depthwise = conv(2 * c, 2 * c, square(3, stride, 1, 1), 2 * c);
            let project = conv(2 * c, c, square(1, 1, 0, 1), 1);
            let parts = vec![pool, expand, RELU, depthwise, RELU, project];
            table.add("expansion, depthwise, projection", input, chain(parts));
        }
    }
    let first = conv(1, 6, square(5, 1, 2, 1), 1);
    let parts = vec![first, RELU, pool(square(2, 2, 0, 1)), conv(6, 9, square(3, 1, 0, 1), 1)];
    for (h, w) in [(28, 28), (9, 33)] {
        table.add("first layer and its pool", Dims::image(1, h, w), chain(parts.clone()));
    }
    let vector = Dims::vector(9);
    table.add("vectors", vector, branch(Join::Add, vec![linear(9, 4), linear(9, 4)]));
    table.add("vectors", vector, branch(Join::Concat, vec![linear(9, 4), EMPTY, linear(9, 7)]));
    let head = vec![three(3), RELU, Spec::Op(Op::GlobalAvgPool2d), linear(3, 5)];
    table.add("head", Dims::image(3, 6, 7), chain(head));
    let classifier = vec![pool(square(2, 2, 0, 1)), Spec::Op(Op::Flatten), linear(24, 10)];
    table.add("classifier", Dims::image(4, 4, 6), chain(classifier));
    table.add("empty", Dims::image(2, 3, 4), EMPTY);
}
