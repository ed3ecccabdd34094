//! Products of matrices: fully-connected layers, each row of the first matrix a
//! sample.

use typenet::spec::{Dims, Linear, Op, Spec};

use crate::file::{Case, Tensor};
use crate::plan::{Plan, Stop, broadcast_index};

/// alpha·A·B + beta·C, where A and B may be transposed.
pub fn gemm(case: &Case<'_>) -> Result<Plan, Stop> {
    let (a, b, c) = (case.input(0)?, case.input(1)?, case.optional(2)?);
    let flag = |name| case.int(name).unwrap_or(0) != 0;
    let (alpha, beta) = (case.float("alpha", 1.0), case.float("beta", 1.0));
    let rows = if flag("transA") { transposed(&a)? } else { a };
    // A layer's weights have a row for each output: the transpose of B.
    let columns = if flag("transB") { b } else { transposed(&b)? };
    let ([samples, _], [outputs, _]) = (matrix(&rows)?, matrix(&columns)?);

    let weight: Vec<f32> = columns.values.iter().map(|w| alpha * w).collect();
    let has_bias = c.is_some();
    let params = move |sample: usize| {
        let mut params = vec![weight.clone()];
        if let Some(c) = &c {
            let at = |o| broadcast_index(&[samples, outputs], sample * outputs + o, &c.shape);
            params.push((0..outputs).map(|o| beta * c.values[at(o)]).collect());
        }
        params
    };
    Ok(layer(rows.values, matrix(&columns)?, has_bias)?.with_params(params))
}

/// A·B for stacks of matrices, as numpy's `matmul`.
pub fn matmul(case: &Case<'_>) -> Result<Plan, Stop> {
    let (mut a, mut b) = (case.input(0)?, case.input(1)?);
    // A vector is a matrix of one row in front, of one column behind.
    if a.shape.len() == 1 {
        a.shape.insert(0, 1);
    }
    if b.shape.len() == 1 {
        b.shape.push(1);
    }
    let ([rows, inner], [b_inner, outputs]) = (last_two(&a)?, last_two(&b)?);
    if inner != b_inner {
        return Err(Stop::Failed(format!("{:?} times {:?}", a.shape, b.shape)));
    }
    let (a_stack, b_stack) = (stack(&a).to_vec(), stack(&b).to_vec());
    let stacks = broadcast(&a_stack, &b_stack);

    let mut input = vec![];
    for at in 0..stacks.iter().product() {
        let first = broadcast_index(&stacks, at, &a_stack) * rows * inner;
        input.extend(&a.values[first..][..rows * inner]);
    }
    let params = move |sample: usize| {
        let first = broadcast_index(&stacks, sample / rows, &b_stack) * inner * outputs;
        let matrix = &b.values[first..][..inner * outputs];
        vec![transpose(matrix, outputs)]
    };
    Ok(layer(input, [outputs, inner], false)?.with_params(params).reshaped())
}

/// A layer with weights of this shape, run on these rows.
fn layer(rows: Vec<f32>, [outputs, inputs]: [usize; 2], bias: bool) -> Result<Plan, Stop> {
    let spec = Spec::Op(Op::Linear(Linear { inputs, outputs, bias }));
    Plan::new(&spec, Dims::vector(inputs), rows, vec![])
}

fn matrix(tensor: &Tensor) -> Result<[usize; 2], String> {
    let shape = tensor.shape.as_slice();
    shape.try_into().map_err(|_| format!("{shape:?} is no matrix"))
}

fn transposed(tensor: &Tensor) -> Result<Tensor, String> {
    let [rows, columns] = matrix(tensor)?;
    Ok(Tensor { shape: vec![columns, rows], values: transpose(&tensor.values, columns) })
}

fn transpose(values: &[f32], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| values.iter().skip(column).step_by(columns)).copied().collect()
}

fn last_two(tensor: &Tensor) -> Result<[usize; 2], String> {
    let two = tensor.shape.last_chunk().copied();
    two.ok_or(format!("{:?} is no stack of matrices", tensor.shape))
}

/// The sizes in front of a matrix.
fn stack(tensor: &Tensor) -> &[usize] {
    &tensor.shape[..tensor.shape.len() - 2]
}

/// The shape that both are broadcast to.
fn broadcast(a: &[usize], b: &[usize]) -> Vec<usize> {
    let size = |shape: &[usize], axis| shape.iter().rev().nth(axis).copied().unwrap_or(1);
    let sizes = (0..a.len().max(b.len())).rev();
    sizes.map(|axis| if size(a, axis) == 1 { size(b, axis) } else { size(a, axis) }).collect()
}
