//! The naive engine: every operator as the plain loops that define it.
//!
//! It is there to be read next to the formulas, and to be right: every faster
//! engine is tested against it. So nothing in it is clever; a convolution is
//! six loops, sums run in one fixed order, and a run visits one node of the
//! [`Graph`] after the other.
//!
//! # What each operator computes
//!
//! Images are stored channel by channel, row by row. `y` and `x` count the
//! windows, `i` and `j` the taps of the kernel; a tap falls on
//! row = y·stride + i·dilation − padding above, and likewise on a column.
//!
//! | operator | output |
//! |---|---|
//! | convolution | out\[o, y, x\] = bias\[o\] + Σ weight\[o, c, i, j\] · in\[c, row, column\], over the channels c of the group of o |
//! | max pool | the largest in\[c, row, column\] of the window |
//! | average pool | the sum of the window / the number of its taps |
//! | p-norm pool | (Σ \|in\[c, row, column\]\|ᵖ)^(1/p) over the window |
//! | global average pool | out\[c\] = the sum of the channel / its pixels |
//! | global max pool | out\[c\] = the largest of the channel |
//! | transposed convolution | out\[o, y, x\] = bias\[o\] + Σ weight\[c, o, i, j\] · in\[c, row, column\], where row·stride + i·dilation − padding above is y, and likewise x |
//! | fully-connected | out\[o\] = bias\[o\] + Σ weight\[o, i\] · in\[i\] |
//! | batch normalisation | (in − mean\[c\]) / √(variance\[c\] + eps) · weight\[c\] + bias\[c\] |
//! | activations | f(in), as [`Activation`](crate::spec::Activation) says |
//! | `PRelu` | in, or weight\[c\] · in below 0 |
//! | softmax | exp(in\[c\] − m) / Σ exp(in\[c\] − m), m = the largest in\[c\] of the pixel |
//! | log-softmax | in\[c\] − m − ln Σ exp(in\[c\] − m) |
//! | flatten, identity, dropout | the input |
//! | padding | out\[c, y, x\] = in\[c, y − top, x − left\], the given value around it |
//! | upsampling | the nearest pixel, or the up to four around by their nearness |
//! | pixel shuffle | out\[c, y, x\] = in\[c·r² + (y mod r)·r + x mod r, y / r, x / r\] |
//! | local response norm | in\[c\] / (k + alpha/size · Σ in\[d\]²)^beta, over the channels d around c |
//! | join by multiplication | the first arm times the others, each for the pixel or for the channel |
//! | join by addition | the sum of the arms |
//! | join by concatenation, or as heads | the channels of the first arm, of the second, … |
//!
//! (Convolution as in every framework: a cross-correlation, the kernel is not
//! flipped. A vector is an image of one pixel: its features are the channels.)
//!
//! # The order of summation
//!
//! A sum starts at the bias, or at +0 without one, and adds its products one by
//! one in the element type itself: input channel by input channel, within one
//! kernel row by kernel row, within one column by column. Averages go row by
//! row, softmax channel by channel, arms in the order in which they are named.
//!
//! # Padding, and values that are not numbers
//!
//! - A tap outside the image is skipped. Padding is never multiplied with, so a
//!   weight of ∞ over it gives no NaN, and a max pool never sees a zero.
//! - A NaN goes into every window that holds it and into no other. Each
//!   operator hands it on, `Relu` and max pool too.
//! - `Relu` is `if x < 0 { 0 } else { x }`: −0 stays −0, as it does under every
//!   function that bends at 0 or is cut off there.
//! - `Silu`, `HardSwish` and `Gelu` of −∞ are −∞ · 0: NaN.
//! - Bilinear upsampling reads a pixel only if it has a weight.
//! - A max pool keeps the earlier of two equal values: of −0 and +0 the one
//!   that comes first in its window. A window that holds only −∞ gives −∞, and
//!   so does one with no tap on the image (dilation makes that possible).
//! - An average counts the taps on the image; with `include_pad` those on its
//!   padding too, but none that hangs over the padding's edge (`ceil`). The
//!   average of no tap is 0.
//! - Softmax never overflows. A pixel that holds a NaN or +∞, or nothing but
//!   −∞, has no softmax: all its channels become NaN. Likewise log-softmax.

mod activation;
mod conv;
mod grid;
mod join;
mod linear;
mod pointwise;
mod pool;
mod resample;
mod transpose;
mod window;

pub(crate) use activation::value as activation;
pub(crate) use resample::neighbours;

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

pub(crate) use join::{add_into, mul_into};

use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::{Graph, GraphNode, NodeKind, Source};
use crate::spec::{Call, Dims, Join, Op};

/// Runs `graph` on one sample and returns what its last node gives.
///
/// `params[i]` holds the values of `graph.params()[i]`, `input` those of
/// `graph.input()`. `tap` sees the output of each node as it is made, with its
/// shape; `|_, _, _| {}` looks at nothing. An output is freed as soon as no
/// later node reads it.
///
/// # Errors
///
/// If a size of the graph is not known yet (see [`Graph::sized`]), or if
/// `input` or a parameter has another length than its shape, or if a variance is
/// negative or NaN. All of that is
/// looked at before the first node runs; a run itself can't fail.
///
/// # Examples
///
/// The mean of two neighbours, as a 1×2 convolution:
///
/// ```
/// use typenet::graph::Graph;
/// use typenet::naive;
/// use typenet::spec::{Axis, Conv2d, Dims, Op, Spec, Window};
///
/// let window = Window { h: Axis::new(1, 1, 0), w: Axis::new(2, 1, 0) };
/// let conv = Conv2d { inputs: 1, outputs: 1, window, groups: 1, bias: false };
/// let graph = Graph::new(&Spec::Op(Op::Conv2d(conv)), Dims::image(1, 1, 4))?;
///
/// let weight = [0.5, 0.5];
/// let means = naive::run(&graph, &[&weight], &[1.0, 3.0, 5.0, 9.0], |_, _, _| {})?;
/// assert_eq!(means, [2.0, 4.0, 7.0]);
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
pub fn run<T: Element>(
    graph: &Graph,
    params: &[&[T]],
    input: &[T],
    tap: impl FnMut(&GraphNode, Dims, &[T]),
) -> Result<Vec<T>, ShapeError> {
    check(graph, params, input)?;
    Ok(run_checked(graph, params, input, tap))
}

/// Everything that could go wrong in [`run_checked`].
fn check<T: Element>(graph: &Graph, params: &[&[T]], input: &[T]) -> Result<(), ShapeError> {
    if graph.input().elements().is_none() {
        return Err(unsized_yet("the input", graph.input()));
    }
    for node in graph.nodes() {
        if node.dims.elements().is_none() {
            return Err(unsized_yet(&format!("`{}`", node.name), node.dims));
        }
    }
    if graph.input().elements() != Some(input.len()) {
        return Err(ShapeError::length(graph.input(), input.len()));
    }
    let (expected, got) = (graph.params().len(), params.len());
    if expected != got {
        return Err(ShapeError::new(format!(
            "the network has {expected} parameters, but {got} were given"
        )));
    }
    graph.params().iter().zip(params).try_for_each(|(param, values)| param.check(values))
}

fn unsized_yet(what: &str, dims: Dims) -> ShapeError {
    let text: String = format!("{what} is {dims}: a run needs every size (see `Graph::sized`)");
    ShapeError::new(text)
}

/// [`run`] for callers whose types say that all lengths are right; a wrong one
/// would panic.
pub(crate) fn run_checked<T: Element>(
    graph: &Graph,
    params: &[&[T]],
    input: &[T],
    mut tap: impl FnMut(&GraphNode, Dims, &[T]),
) -> Vec<T> {
    let last_reader = last_readers(graph);
    let mut outputs: Vec<Vec<T>> = Vec::with_capacity(graph.nodes().len());
    for (index, node) in graph.nodes().iter().enumerate() {
        let reads: Vec<&[T]> =
            node.inputs.iter().map(|&from| read(from, input, &outputs)).collect();
        let output = run_node(graph, node, &reads, params);
        tap(node, node.dims, &output);
        outputs.push(output);
        for &from in &node.inputs {
            if let Source::Node(from) = from
                && last_reader[from] == index
            {
                outputs[from] = Vec::new();
            }
        }
    }
    match graph.output() {
        Source::Input => input.to_vec(),
        Source::Node(last) => core::mem::take(&mut outputs[last]),
    }
}

fn read<'a, T>(from: Source, input: &'a [T], outputs: &'a [Vec<T>]) -> &'a [T] {
    match from {
        Source::Input => input,
        Source::Node(index) => &outputs[index],
    }
}

/// For each node the last one that reads it: behind that one its output can go.
/// The network's own output is read by the caller, behind all of them.
pub(crate) fn last_readers(graph: &Graph) -> Vec<usize> {
    let mut last: Vec<usize> = (0..graph.nodes().len()).collect();
    for (reader, node) in graph.nodes().iter().enumerate() {
        for &from in &node.inputs {
            if let Source::Node(from) = from {
                last[from] = reader;
            }
        }
    }
    if let Source::Node(output) = graph.output() {
        last[output] = usize::MAX;
    }
    last
}

/// Runs a single node on what it reads.
pub(crate) fn run_node<T: Element>(
    graph: &Graph,
    node: &GraphNode,
    reads: &[&[T]],
    params: &[&[T]],
) -> Vec<T> {
    let mut output = vec![T::zero(); node.dims.elements().unwrap_or(0)];
    match node.kind {
        NodeKind::Op(op) => {
            let call = Call {
                input: reads[0],
                input_dims: graph.dims_of(node.inputs[0]),
                params: &params[node.params.clone()],
                output: &mut output,
                output_dims: node.dims,
            };
            run_op(&op, call);
        }
        NodeKind::Join(Join::Add) => join::add(reads, &mut output),
        NodeKind::Join(Join::Mul) => {
            let dims: Vec<Dims> = node.inputs.iter().map(|&from| graph.dims_of(from)).collect();
            join::mul(reads, &dims, &mut output);
        }
        NodeKind::Join(Join::Concat | Join::Heads) => join::concat(reads, &mut output),
    }
    output
}

/// Runs a single operator on one sample.
pub(crate) fn run_op<T: Element>(op: &Op, call: Call<'_, T>) {
    match op {
        Op::Conv2d(conv) => conv::conv2d(conv, call),
        Op::MaxPool2d(pool) => pool::max_pool2d(pool, call),
        Op::AvgPool2d(pool) => pool::avg_pool2d(pool, call),
        Op::LpPool2d(pool) => pool::lp_pool2d(pool, call),
        Op::GlobalMaxPool2d => pool::global_max_pool2d(call),
        Op::ConvTranspose2d(conv) => transpose::conv_transpose2d(conv, call),
        Op::Pad2d(pad) => resample::pad2d(pad, call),
        Op::Upsample(upsample) => resample::upsample(upsample, call),
        Op::PixelShuffle { factor } => resample::pixel_shuffle(*factor, call),
        Op::LocalResponseNorm(norm) => pointwise::local_response_norm(norm, call),
        Op::GlobalAvgPool2d => pool::global_avg_pool2d(call),
        Op::Linear(linear) => linear::linear(linear, call),
        Op::BatchNorm2d(norm) => pointwise::batch_norm(norm.eps, call),
        Op::BatchNorm1d(norm) => pointwise::batch_norm(norm.eps, call),
        Op::Activation(function) => activation::activation(*function, call),
        Op::PRelu { .. } => pointwise::prelu(call),
        Op::Softmax => pointwise::softmax(call),
        Op::LogSoftmax => pointwise::log_softmax(call),
        Op::Flatten | Op::Identity | Op::Dropout { .. } => call.output.copy_from_slice(call.input),
        Op::Custom(op) => T::run_custom(op, call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Activation, Node, Spec};

    #[test]
    fn an_output_lives_until_its_last_reader() -> Result<(), ShapeError> {
        // a → b → (b + (c → d)) → e: `b` must outlive `c` and `d`.
        let relu = Spec::Op(Op::Activation(Activation::Relu));
        let arm = [Node::new("c", &relu), Node::new("d", &relu)];
        let (arm, empty) = (Spec::Chain(&arm), Spec::Chain(&[]));
        let arms = [Node::new("", &empty), Node::new("", &arm)];
        let sum = Spec::Branch { join: Join::Add, arms: &arms };
        let nodes = [
            Node::new("a", &relu),
            Node::new("b", &relu),
            Node::new("sum", &sum),
            Node::new("e", &relu),
        ];
        let graph = Graph::new(&Spec::Chain(&nodes), Dims::vector(1))?;
        let names: Vec<&str> = graph.nodes().iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "sum.c", "sum.d", "sum", "e"]);
        assert_eq!(last_readers(&graph), [1, 4, 3, 4, 5, usize::MAX]);
        assert_eq!(run(&graph, &[], &[3.0], |_, _, _| {})?, [6.0]);
        Ok(())
    }
}
