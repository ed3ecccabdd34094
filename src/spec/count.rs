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

use super::{
    BatchNorm1d, BatchNorm2d, Dims, Join, Node, Op, ParamSpec, Spec, flow, join_dims, joined_length,
};

/// What the numbers of a layer say of its cost, whatever arrives (saturating).
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// Values of the largest parameter.
    pub(super) largest: usize,
    /// Parameters to learn.
    pub(super) params: u128,
    /// Products for one value that goes out (of a transposed convolution: that comes in).
    pub(super) each: usize,
}

impl Op {
    /// What the layer costs.
    pub(super) const fn cost(&self) -> Cost {
        match self {
            Self::Conv2d(conv) => Cost::of(conv.terms(), conv.outputs, conv.outputs, conv.bias),
            Self::ConvTranspose2d(conv) => {
                Cost::of(conv.products(), conv.inputs, conv.outputs, conv.bias)
            }
            Self::Linear(linear) => {
                Cost::of(linear.inputs, linear.outputs, linear.outputs, linear.bias)
            }
            Self::BatchNorm2d(BatchNorm2d { channels: n, .. })
            | Self::BatchNorm1d(BatchNorm1d { features: n, .. }) => {
                Cost { largest: *n, params: 2 * *n as u128, each: 0 }
            }
            Self::PRelu { weights } => {
                Cost { largest: *weights, params: *weights as u128, each: 0 }
            }
            Self::Custom(op) => Cost::of_params(op.params, op.macs_per_output as usize),
            _ => Cost { largest: 0, params: 0, each: 0 },
        }
    }
}

impl Cost {
    /// That of a weight of `each` values for each of so many channels, and of `biases`.
    const fn of(each: usize, channels: usize, biases: usize, bias: bool) -> Self {
        let values = each as u128 * channels as u128;
        let largest = if values > usize::MAX as u128 { usize::MAX } else { values as usize };
        Self { largest, params: if bias { values + biases as u128 } else { values }, each }
    }

    const fn of_params(params: &[ParamSpec], each: usize) -> Self {
        let mut cost = Self { largest: 0, params: 0, each };
        let mut i = 0;
        while i < params.len() {
            let count = params[i].dims.volume();
            if count > cost.largest {
                cost.largest = count;
            }
            if params[i].learnt {
                cost.params += count as u128;
            }
            i += 1;
        }
        cost
    }
}

/// The number of learnt parameters. Saturating: a network whose weights do not
/// fit into memory breaks a rule of its own.
pub const fn params(spec: &Spec<'_>) -> u64 {
    flow(spec, Dims::Unknown, false).params()
}

/// Multiply-adds of one run on one `input`; sizes that are `Dyn` count as 0.
///
/// # Panics
///
/// In const evaluation, with a message, where the number passes `u64::MAX`.
pub const fn macs(spec: &Spec<'_>, input: Dims) -> u64 {
    flow(spec, input, false).macs()
}

/// Weights of the fully-connected layers that would do the same, one for each
/// convolution and fully-connected layer.
pub const fn fc_twin(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, Count::Dense).0
}

/// Weights of the locally-connected layers that would do the same.
pub const fn local_twin(spec: &Spec<'_>, input: Dims) -> u128 {
    flow(spec, input, false).macs
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
    (
        sum.saturating_add(if matches!(what, Count::Activations) {
            dims.volume() as u128
        } else {
            0
        }),
        dims,
    )
}

/// The shape that `spec` gives for `input`.
pub const fn output(spec: &Spec<'_>, input: Dims) -> Dims {
    flow(spec, input, false).dims
}

const fn op_count(op: &Op, input: Dims, output: Dims, what: Count) -> u128 {
    match what {
        Count::Dense => op_twin(op, input, output),
        Count::Weights => match op {
            Op::Conv2d(_) | Op::ConvTranspose2d(_) | Op::Linear(_) => op.cost().largest as u128,
            _ => 0,
        },
        Count::Activations => match op {
            Op::Flatten | Op::Identity | Op::Dropout { .. } => 0,
            _ => output.volume() as u128,
        },
    }
}

const fn op_twin(op: &Op, input: Dims, output: Dims) -> u128 {
    match (op, input.elements(), output.elements()) {
        (Op::Conv2d(_) | Op::ConvTranspose2d(_) | Op::Linear(_), Some(i), Some(o)) => {
            i as u128 * o as u128
        }
        _ => 0,
    }
}
