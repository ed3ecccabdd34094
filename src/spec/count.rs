//! Counting over the description, in const evaluation: parameters,
//! multiply-adds, and the fully-connected twin.
//!
//! Conventions: a parameter is one learnt number (running statistics are not
//! learnt). A multiply-add is one product that is summed up into an output of a
//! convolution or fully-connected layer, padding included, as if every tap met
//! a pixel (of a transposed convolution: as if nothing were cut off); adding the bias, pooling and activations count nothing. The twin of
//! a convolution is the fully-connected layer between the same two shapes: one
//! weight for each pair of an input and an output value, biases left out.

use super::{Dims, Node, Op, Path, Spec, Step, resolve};

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
    let sum = fold(spec, input, false);
    if sum > u64::MAX as u128 {
        panic!("the network takes more than u64::MAX multiply-adds");
    }
    sum as u64
}

/// Weights of the fully-connected layers that would do the same, one for each
/// convolution and fully-connected layer.
pub const fn fc_twin(spec: &Spec<'_>, input: Dims) -> u128 {
    fold(spec, input, true)
}

const fn fold(spec: &Spec<'_>, input: Dims, twin: bool) -> u128 {
    match spec {
        Spec::Op(op) => {
            let (output, _) = op.apply(input, false);
            if twin { op_twin(op, input, output) } else { op_macs(op, input, output) }
        }
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => fold_chain(nodes, input, twin),
        Spec::Branch { arms, .. } => {
            let mut sum = 0_u128;
            let mut i = 0;
            while i < arms.len() {
                sum = sum.saturating_add(fold(arms[i].spec, input, twin));
                i += 1;
            }
            sum
        }
        Spec::Repeat { count, body, .. } => {
            let (mut sum, mut dims, mut i) = (0_u128, input, 0);
            while i < *count {
                sum = sum.saturating_add(fold(body, dims, twin));
                dims = output(body, dims);
                i += 1;
            }
            sum
        }
        Spec::Opaque(_) | Spec::Broken(_) => 0,
    }
}

const fn fold_chain(nodes: &[Node<'_>], input: Dims, twin: bool) -> u128 {
    let mut sum = 0_u128;
    let mut dims = input;
    let mut i = 0;
    while i < nodes.len() {
        sum = sum.saturating_add(fold(nodes[i].spec, dims, twin));
        dims = output(nodes[i].spec, dims);
        i += 1;
    }
    sum
}

/// The shape that `spec` gives for `input`.
pub const fn output(spec: &Spec<'_>, input: Dims) -> Dims {
    resolve(spec, Path::ROOT, Step::start(input), false).dims
}

const fn op_macs(op: &Op, input: Dims, output: Dims) -> u128 {
    if let (Op::ConvTranspose2d(conv), Some(inputs)) = (op, input.elements()) {
        return inputs as u128 * conv.products() as u128;
    }
    let Some(outputs) = output.elements() else {
        return 0;
    };
    let each = match op {
        Op::Conv2d(conv) => conv.terms(),
        Op::Linear(linear) => linear.inputs,
        Op::Custom(op) => op.macs_per_output as usize,
        _ => 0,
    };
    outputs as u128 * each as u128
}

const fn op_twin(op: &Op, input: Dims, output: Dims) -> u128 {
    match (op, input.elements(), output.elements()) {
        (Op::Conv2d(_) | Op::ConvTranspose2d(_) | Op::Linear(_), Some(i), Some(o)) => {
            i as u128 * o as u128
        }
        _ => 0,
    }
}
