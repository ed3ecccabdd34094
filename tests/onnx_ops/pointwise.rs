//! Operators that keep the shape or only the numbers.

use typenet::spec::{Activation, Dims, Node, Op, Spec};

use crate::file::{Case, Tensor};
use crate::plan::{Plan, Reason, Stop, View, axis_index, trains};

pub fn relu(case: &Case<'_>) -> Result<Plan, Stop> {
    each_sample(case.input(0)?, Op::Activation(Activation::Relu))
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
    let softmax = Spec::Op(Op::Softmax);
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
