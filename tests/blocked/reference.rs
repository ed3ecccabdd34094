//! The oracle: every operator as plain loops in double precision, straight from
//! its definition, and a shorthand for writing networks down.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test binary uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "small numbers")]

use typenet::graph::{Graph, NodeKind, Source};
use typenet::spec::{
    Axis, Conv2d, Dims, Extent, Join, Linear, Node, Op, Padding, Pool, Spec, Window,
};

/// A network in the making. Leaks: it lives as long as the test process.
pub fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub fn chain(parts: Vec<(&'static str, Spec<'static>)>) -> Spec<'static> {
    let nodes: Vec<Node<'static>> =
        parts.into_iter().map(|(name, spec)| Node::new(name, leak(spec))).collect();
    Spec::Chain(Vec::leak(nodes))
}

pub fn branch(join: Join, arms: Vec<Spec<'static>>) -> Spec<'static> {
    let names = ["a", "b", "c", "d", "e", "f"];
    let arms: Vec<Node<'static>> =
        arms.into_iter().enumerate().map(|(i, arm)| Node::new(names[i], leak(arm))).collect();
    Spec::Branch { join, arms: Vec::leak(arms) }
}

pub fn axis(kernel: usize, stride: usize, padding: (usize, usize), dilation: usize) -> Axis {
    let padding = Padding::Explicit { before: padding.0, after: padding.1 };
    Axis { kernel, stride, dilation, padding, ceil: false }
}

pub fn conv(inputs: usize, outputs: usize, k: usize, s: usize, p: usize) -> Spec<'static> {
    let window = Window::square(Axis::new(k, s, p));
    Spec::Op(Op::Conv2d(Conv2d { inputs, outputs, window, groups: 1, bias: true }))
}

pub fn grouped(
    c: usize,
    outputs: usize,
    groups: usize,
    k: usize,
    s: usize,
    p: usize,
) -> Spec<'static> {
    let window = Window::square(Axis::new(k, s, p));
    Spec::Op(Op::Conv2d(Conv2d { inputs: c, outputs, window, groups, bias: true }))
}

pub fn linear(inputs: usize, outputs: usize) -> Spec<'static> {
    Spec::Op(Op::Linear(Linear { inputs, outputs, bias: true }))
}

pub fn max_pool(k: usize, s: usize, p: usize) -> Spec<'static> {
    Spec::Op(Op::MaxPool2d(Pool { window: Window::square(Axis::new(k, s, p)), include_pad: true }))
}

pub fn relu() -> Spec<'static> {
    Spec::Op(Op::Activation(typenet::spec::Activation::Relu))
}

pub fn op(op: Op) -> Spec<'static> {
    Spec::Op(op)
}

/// Numbers that are the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A whole number from −`most` to `most`.
    pub fn integer(&mut self, most: i64) -> f32 {
        (self.next() % (2 * most as u64 + 1)) as i64 as f32 - most as f32
    }

    /// About normal, scaled.
    pub fn real(&mut self, scale: f32) -> f32 {
        let sum: f64 =
            (0..4).map(|_| (self.next() >> 11) as f64 / (1_u64 << 53) as f64 - 0.5).sum();
        (sum * 1.7) as f32 * scale
    }
}

fn chw(dims: Dims) -> (usize, usize, usize) {
    match dims {
        Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => (c, h, w),
        Dims::Vector(Extent::Fixed(n)) => (n, 1, 1),
        _ => panic!("an open size"),
    }
}

/// The output of `graph`.
pub fn run(graph: &Graph, params: &[Vec<f32>], input: &[f32]) -> Vec<f64> {
    let input: Vec<f64> = input.iter().map(|&x| f64::from(x)).collect();
    let mut values: Vec<Vec<f64>> = vec![];
    for node in graph.nodes() {
        let read = |source: Source| match source {
            Source::Input => &input,
            Source::Node(index) => &values[index],
        };
        let arms: Vec<&Vec<f64>> = node.inputs.iter().map(|&source| read(source)).collect();
        let params: Vec<Vec<f64>> = params[node.params.clone()]
            .iter()
            .map(|values| values.iter().map(|&x| f64::from(x)).collect())
            .collect();
        let dims = (graph.dims_of(node.inputs[0]), node.dims);
        let made = match node.kind {
            NodeKind::Op(op) => apply(&op, arms[0], &params, chw(dims.0), chw(dims.1)),
            NodeKind::Join(Join::Add) => {
                let mut sum = arms[0].clone();
                for arm in &arms[1..] {
                    sum.iter_mut().zip(arm.iter()).for_each(|(sum, x)| *sum += x);
                }
                sum
            }
            NodeKind::Join(Join::Mul) => {
                let (c, h, w) = chw(node.dims);
                let mut product = arms[0].clone();
                for (arm, &from) in arms[1..].iter().zip(&node.inputs[1..]) {
                    let (_, rows, columns) = chw(graph.dims_of(from));
                    for i in 0..c * h * w {
                        let (y, x) = (i / w % h % rows, i % w % columns);
                        product[i] *= arm[(i / (h * w) * rows + y) * columns + x];
                    }
                }
                product
            }
            NodeKind::Join(Join::Concat | Join::Heads) => {
                arms.into_iter().flatten().copied().collect()
            }
        };
        values.push(made);
    }
    match graph.output() {
        Source::Input => input,
        Source::Node(index) => values.swap_remove(index),
    }
}

type Chw = (usize, usize, usize);

fn apply(op: &Op, x: &[f64], params: &[Vec<f64>], from: Chw, to: Chw) -> Vec<f64> {
    match op {
        Op::Conv2d(conv) => convolve(conv, x, params, from, to),
        Op::MaxPool2d(pool) => window(pool, x, from, to, |taps, _| {
            taps.iter()
                .fold(f64::NEG_INFINITY, |best, &x| if x > best || x.is_nan() { x } else { best })
        }),
        Op::AvgPool2d(pool) => {
            window(pool, x, from, to, |taps, count| taps.iter().sum::<f64>() / count as f64)
        }
        Op::GlobalAvgPool2d => x
            .chunks(from.1 * from.2)
            .map(|plane| plane.iter().sum::<f64>() / plane.len() as f64)
            .collect(),
        Op::Linear(linear) => (0..linear.outputs)
            .map(|o| {
                let row = &params[0][o * linear.inputs..][..linear.inputs];
                let dot: f64 = row.iter().zip(x).map(|(w, x)| w * x).sum();
                dot + params.get(1).map_or(0.0, |bias| bias[o])
            })
            .collect(),
        Op::Activation(_) => x.iter().map(|&x| if x < 0.0 { 0.0 } else { x }).collect(),
        Op::Softmax => {
            let pixels = from.1 * from.2;
            let mut y = vec![0.0; x.len()];
            for p in 0..pixels {
                let max = (0..from.0).map(|c| x[c * pixels + p]).fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = (0..from.0).map(|c| (x[c * pixels + p] - max).exp()).sum();
                for c in 0..from.0 {
                    y[c * pixels + p] = (x[c * pixels + p] - max).exp() / sum;
                }
            }
            y
        }
        Op::BatchNorm2d(norm) => {
            let pixels = from.1 * from.2;
            let value = |(i, &x): (usize, &f64)| {
                let of = |param: usize| params[param][i / pixels];
                (x - of(2)) / (of(3) + norm.eps).sqrt() * of(0) + of(1)
            };
            x.iter().enumerate().map(value).collect()
        }
        Op::Flatten | Op::Identity => x.to_vec(),
        other => panic!("no reference for {other:?}"),
    }
}

/// The taps of output `o` that meet one of `n` pixels: tap and pixel.
fn taps(axis: Axis, n: usize, o: usize) -> Vec<(usize, usize)> {
    let before = axis.pads(n).unwrap().0;
    (0..axis.kernel)
        .filter_map(|tap| {
            let at = (o * axis.stride + tap * axis.dilation).checked_sub(before)?;
            (at < n).then_some((tap, at))
        })
        .collect()
}

fn convolve(conv: &Conv2d, x: &[f64], params: &[Vec<f64>], (_, h, w): Chw, to: Chw) -> Vec<f64> {
    let (kh, kw) = (conv.window.h.kernel, conv.window.w.kernel);
    let (inputs, outputs) = (conv.inputs / conv.groups, conv.outputs / conv.groups);
    let mut y = vec![0.0; to.0 * to.1 * to.2];
    for o in 0..to.0 {
        for oy in 0..to.1 {
            for ox in 0..to.2 {
                let mut sum = params.get(1).map_or(0.0, |bias| bias[o]);
                for i in 0..inputs {
                    let plane = &x[(o / outputs * inputs + i) * h * w..][..h * w];
                    for &(ty, py) in &taps(conv.window.h, h, oy) {
                        for &(tx, px) in &taps(conv.window.w, w, ox) {
                            sum += params[0][((o * inputs + i) * kh + ty) * kw + tx]
                                * plane[py * w + px];
                        }
                    }
                }
                y[(o * to.1 + oy) * to.2 + ox] = sum;
            }
        }
    }
    y
}

fn window(
    pool: &Pool,
    x: &[f64],
    (c, h, w): Chw,
    to: Chw,
    reduce: impl Fn(&[f64], usize) -> f64,
) -> Vec<f64> {
    let mut y = vec![];
    // Taps that an average divides by: on pixels, or on pixels and padding.
    let counted = |axis: Axis, n: usize, o: usize| {
        let (before, after) = axis.pads(n).unwrap();
        let padded = |tap: &usize| o * axis.stride + tap * axis.dilation < before + n + after;
        if pool.include_pad {
            (0..axis.kernel).filter(padded).count()
        } else {
            taps(axis, n, o).len()
        }
    };
    for c in 0..c {
        for oy in 0..to.1 {
            for ox in 0..to.2 {
                let mut met = vec![];
                for &(_, py) in &taps(pool.window.h, h, oy) {
                    for &(_, px) in &taps(pool.window.w, w, ox) {
                        met.push(x[(c * h + py) * w + px]);
                    }
                }
                let count = counted(pool.window.h, h, oy) * counted(pool.window.w, w, ox);
                y.push(reduce(&met, count));
            }
        }
    }
    y
}
