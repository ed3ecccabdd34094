//! Counting over the description, in const evaluation: parameters,
//! multiply-adds, and the fully-connected twin.
//!
//! Conventions: a parameter is one learnt number (running statistics are not
//! learnt). A multiply-add is one product that is summed up into an output of a
//! convolution or fully-connected layer, padding included, as if every tap met
//! a pixel (of a transposed convolution: as if nothing were cut off); adding the bias, pooling and activations count nothing. The twin of
//! a convolution is the fully-connected layer between the same two shapes: one
//! weight for each pair of an input and an output value, biases left out. Between
//! the two is the locally-connected layer, which sees what the convolution sees but
//! shares no weight: one for each multiply-add. An activation is one value that a
//! layer or a join gives; those that hand their input on give none.

use super::step::joined_length;
use super::{Dims, Join, Node, Op, Spec, flow, join_dims};

/// The number of learnt parameters. Saturating: a network whose weights do not
/// fit into memory breaks a rule of its own.
pub const fn params(spec: &Spec<'_>) -> u64 {
    match spec {
        Spec::Op(op) => op_params(op),
        Spec::Chain(nodes) | Spec::Net { nodes, .. } | Spec::Branch { arms: nodes, .. } => {
            let mut sum = 0_u64;
            let mut i = 0;
            while i < nodes.len() {
                sum = sum.saturating_add(params(nodes[i].spec));
                i += 1;
            }
            sum
        }
        Spec::Repeat { count, body, .. } => params(body).saturating_mul(*count as u64),
        Spec::Opaque(_) | Spec::Broken(_) => 0,
    }
}

const fn op_params(op: &Op) -> u64 {
    let mut sum = 0_u64;
    let mut i = 0;
    while let Some(param) = op.param(i) {
        if param.learnt {
            sum = sum.saturating_add(match param.dims.elements() {
                Some(n) => n as u64,
                None => u64::MAX,
            });
        } else if !matches!(op, Op::Custom(_)) {
            // Of our own layers, what is measured stands behind what is learnt.
            break;
        }
        i += 1;
    }
    sum
}

/// Multiply-adds of one run on one `input`; sizes that are `Dyn` count as 0.
///
/// # Panics
///
/// In const evaluation, with a message, where the number passes `u64::MAX`.
#[expect(clippy::panic, clippy::manual_assert, reason = "an error of const evaluation")]
pub const fn macs(spec: &Spec<'_>, input: Dims) -> u64 {
    let (sum, _) = fold(spec, input, Count::Macs);
    if sum > u64::MAX as u128 {
        panic!("the network takes more than u64::MAX multiply-adds");
    }
    sum as u64
}

/// Weights of the fully-connected layers that would do the same, one for each
/// convolution and fully-connected layer.
pub const fn fc_twin(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, Count::Dense).0
}

/// Weights of the locally-connected layers that would do the same.
pub const fn local_twin(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, Count::Macs).0
}

/// Weights of the convolutions and fully-connected layers, biases left out.
pub const fn weights(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, Count::Weights).0
}

/// Values that the layers give in one run on one `input`; `Dyn` sizes count as 0.
pub const fn activations(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, Count::Activations).0
}

/// What is counted.
#[derive(Clone, Copy)]
enum Count {
    Macs,
    Weights,
    Dense,
    Activations,
}

/// Counts and hands on the shape, in one walk.
const fn fold(spec: &Spec<'_>, input: Dims, what: Count) -> (u128, Dims) {
    match spec {
        Spec::Op(op) => {
            let output = if op.keeps_shape() { input } else { op.shape(input, false).0 };
            (op_count(op, input, output, what), output)
        }
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => fold_chain(nodes, input, what),
        Spec::Branch { join, arms } => fold_branch(*join, arms, input, what),
        Spec::Repeat { count, body, .. } => {
            let (mut sum, mut dims, mut left) = (0_u128, input, *count);
            while left > 0 {
                let (each, next) = fold(body, dims, what);
                // Where one copy changes nothing, all that follow are like it.
                let alike = if next.same(dims) { left } else { 1 };
                sum = sum.saturating_add(each.saturating_mul(alike as u128));
                dims = next;
                left -= alike;
            }
            (sum, dims)
        }
        Spec::Opaque(dims) => (0, *dims),
        Spec::Broken(_) => (0, Dims::Unknown),
    }
}

const fn fold_chain(nodes: &[Node<'_>], input: Dims, what: Count) -> (u128, Dims) {
    let (mut sum, mut dims, mut i) = (0_u128, input, 0);
    while i < nodes.len() {
        let (each, next) = fold(nodes[i].spec, dims, what);
        sum = sum.saturating_add(each);
        dims = next;
        i += 1;
    }
    (sum, dims)
}

const fn fold_branch(join: Join, arms: &[Node<'_>], input: Dims, what: Count) -> (u128, Dims) {
    if arms.is_empty() {
        return (0, input);
    }
    let (mut sum, mut dims) = fold(arms[0].spec, input, what);
    let mut i = 1;
    while i < arms.len() {
        let (each, arm) = fold(arms[i].spec, input, what);
        sum = sum.saturating_add(each);
        (dims, _) = join_dims(join, dims, arm);
        i += 1;
    }
    let dims = joined_length(join, dims);
    (sum.saturating_add(if matches!(what, Count::Activations) { length(dims) } else { 0 }), dims)
}

/// The shape that `spec` gives for `input`.
pub const fn output(spec: &Spec<'_>, input: Dims) -> Dims {
    flow(spec, input, false).dims
}

const fn op_count(op: &Op, input: Dims, output: Dims, what: Count) -> u128 {
    match what {
        Count::Macs => op_macs(op, input, output),
        Count::Dense => op_twin(op, input, output),
        Count::Weights => match (op, op.param(0)) {
            (Op::Conv2d(_) | Op::ConvTranspose2d(_) | Op::Linear(_), Some(weight)) => {
                match weight.dims.elements() {
                    Some(n) => n as u128,
                    None => u128::MAX,
                }
            }
            _ => 0,
        },
        Count::Activations => match op {
            Op::Flatten | Op::Identity | Op::Dropout { .. } => 0,
            _ => length(output),
        },
    }
}

const fn length(dims: Dims) -> u128 {
    match dims.elements() {
        Some(n) => n as u128,
        None => 0,
    }
}

const fn op_macs(op: &Op, input: Dims, output: Dims) -> u128 {
    let (each, times) = match op {
        Op::Conv2d(conv) => (conv.terms(), output),
        Op::ConvTranspose2d(conv) => (conv.products(), input),
        Op::Linear(linear) => (linear.inputs, output),
        Op::Custom(op) => (op.macs_per_output as usize, output),
        _ => return 0,
    };
    each as u128 * length(times)
}

const fn op_twin(op: &Op, input: Dims, output: Dims) -> u128 {
    match (op, input.elements(), output.elements()) {
        (Op::Conv2d(_) | Op::ConvTranspose2d(_) | Op::Linear(_), Some(i), Some(o)) => {
            i as u128 * o as u128
        }
        _ => 0,
    }
}
