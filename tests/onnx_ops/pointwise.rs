//! Operators that keep the shape or only the numbers.

use typenet::spec::{Activation, BatchNorm1d, BatchNorm2d, Dims, Node, Op, Spec};

use crate::file::{Case, Tensor};
use crate::plan::{Plan, Reason, Stop, View, axis_index, broadcast_index, not_named, trains};

/// A function of one number; where a node leaves a number out, it has ONNX's
/// default, which is not always PyTorch's.
pub fn activation(case: &Case<'_>) -> Result<Plan, Stop> {
    let number = |name, default| f64::from(case.float(name, default));
    let function = match case.op() {
        "Relu" => Activation::Relu,
        "LeakyRelu" => Activation::LeakyRelu { slope: number("alpha", 0.01) },
        "Elu" => Activation::Elu { alpha: number("alpha", 1.0) },
        "Sigmoid" => Activation::Sigmoid,
        "Tanh" => Activation::Tanh,
        "HardSwish" => Activation::HardSwish,
        "HardSigmoid" => {
            Activation::HardSigmoid { alpha: number("alpha", 0.2), beta: number("beta", 0.5) }
        }
        "Gelu" if case.text("approximate", "none") == "tanh" => Activation::GeluTanh,
        "Gelu" => Activation::Gelu,
        "Swish" | "Silu" => Activation::Silu,
        other => return Err(not_named(other)),
    };
    each_sample(case.input(0)?, Op::Activation(function))
}

/// Up to version 10 the bounds are attributes, then inputs.
pub fn clip(case: &Case<'_>) -> Result<Plan, Stop> {
    let bound = |input, name, default| -> Result<f64, String> {
        let given = case.optional(input)?.and_then(|bound| bound.values.first().copied());
        Ok(f64::from(given.unwrap_or_else(|| case.float(name, default))))
    };
    let (min, max) = (bound(1, "min", f32::NEG_INFINITY)?, bound(2, "max", f32::INFINITY)?);
    each_sample(case.input(0)?, Op::Activation(Activation::Clip { min, max }))
}

/// Slopes that are broadcast: each number has one of its own.
pub fn prelu(case: &Case<'_>) -> Result<Plan, Stop> {
    let (input, slope) = (case.input(0)?, case.input(1)?);
    let len = input.values.len();
    let slopes = (0..len).map(|at| {
        if case.opset() < 7 && slope.values.len() > 1 {
            // Up to version 6 the slopes were those of the channels.
            let inner: usize = input.shape.iter().skip(2).product();
            return slope.values[at / inner % slope.values.len()];
        }
        slope.values[broadcast_index(&input.shape, at, &slope.shape)]
    });
    let params = vec![slopes.collect()];
    let prelu = Spec::Op(Op::PRelu { weights: len });
    Ok(Plan::new(&prelu, Dims::vector(len), input.values, params)?.reshaped())
}

/// With the statistics of training; whatever lies behind the channels is pixels.
pub fn batch_norm(case: &Case<'_>) -> Result<Plan, Stop> {
    if trains(case) {
        return Err(Stop::LeftOut(Reason::Training));
    }
    let input = case.input(0)?;
    let View { len, inner, .. } = View::new(&input.shape, 1)?;
    let eps = f64::from(case.float("epsilon", 1e-5));
    let (op, dims) = if input.shape.len() == 2 {
        (Op::BatchNorm1d(BatchNorm1d { features: len, eps }), Dims::vector(len))
    } else {
        (Op::BatchNorm2d(BatchNorm2d { channels: len, eps }), Dims::image(len, inner, 1))
    };
    let params = (1..5).map(|index| Ok(case.input(index)?.values));
    let params = params.collect::<Result<Vec<_>, String>>()?;
    Ok(Plan::new(&Spec::Op(op), dims, input.values, params)?.reshaped())
}

pub fn identity(case: &Case<'_>) -> Result<Plan, Stop> {
    each_sample(case.input(0)?, Op::Identity)
}

/// In inference it hands its input on.
pub fn dropout(case: &Case<'_>) -> Result<Plan, Stop> {
    let mode = case.optional(2)?;
    if trains(case) || mode.is_some_and(|mode| mode.values.iter().any(|&on| on != 0.0)) {
        return Err(Stop::LeftOut(Reason::Training));
    }
    identity(case)
}

/// Over the channels; the axis is read as such.
pub fn softmax(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let softmax = Spec::Op(if case.op() == "LogSoftmax" { Op::LogSoftmax } else { Op::Softmax });
    if case.opset() >= 13 {
        let View { len, inner, .. } = View::new(&input.shape, case.int("axis").unwrap_or(-1))?;
        let plan = Plan::new(&softmax, Dims::image(len, inner, 1), input.values, vec![])?;
        return Ok(plan.reshaped());
    }
    // Up to version 12 it ran over all features from an axis on.
    let View { len, inner, .. } = View::new(&input.shape, case.int("axis").unwrap_or(1))?;
    let flatten = Spec::Op(Op::Flatten);
    let nodes = [Node::new("flatten", &flatten), Node::new("softmax", &softmax)];
    let plan = Plan::new(&Spec::Chain(&nodes), Dims::image(len, inner, 1), input.values, vec![])?;
    Ok(plan.reshaped())
}

/// The sizes before an axis are samples, the others become one vector.
pub fn flatten(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let axis = axis_index(&input.shape, case.int("axis").unwrap_or(1))?;
    let dims = match input.shape[axis..] {
        [c, h, w] => Dims::image(c, h, w),
        ref sizes => Dims::image(sizes.iter().product(), 1, 1),
    };
    Plan::new(&Spec::Op(Op::Flatten), dims, input.values, vec![])
}

/// The first size are samples, each an image or a vector; a single number is a
/// sample of its own.
fn each_sample(input: Tensor, op: Op) -> Result<Plan, Stop> {
    let dims = match input.shape.as_slice() {
        [_, c, h, w] => Dims::image(*c, *h, *w),
        [] => Dims::vector(1),
        [_, sizes @ ..] => Dims::vector(sizes.iter().product()),
    };
    Ok(Plan::new(&Spec::Op(op), dims, input.values, vec![])?.reshaped())
}
