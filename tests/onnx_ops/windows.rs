//! Convolutions and pools.

use typenet::spec::{Axis, Conv2d, Dims, LpPool, Op, Padding, Pool, Spec, Window};

use crate::file::{Case, Tensor};
use crate::plan::{Plan, Reason, Stop};

pub fn conv(case: &Case<'_>) -> Result<Plan, Stop> {
    let (input, weight, bias) = (case.input(0)?, case.input(1)?, case.optional(2)?);
    let dims = image(&input)?;
    let [outputs, _, kernel @ ..] = weight.shape.as_slice() else {
        return Err(Stop::Failed("the weight has no kernel".into()));
    };
    let groups = case.int("group").unwrap_or(1);
    let conv = Conv2d {
        inputs: input.shape[1],
        outputs: *outputs,
        window: window(case, kernel)?,
        groups: usize::try_from(groups).map_err(|error| error.to_string())?,
        bias: bias.is_some(),
    };
    let mut params = vec![weight.values];
    params.extend(bias.map(|bias| bias.values));
    Plan::new(&Spec::Op(Op::Conv2d(conv)), dims, input.values, params)
}

pub fn pool(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let dims = image(&input)?;
    let kernel = case.sizes("kernel_shape", input.shape.len() - 2)?;
    let kernel = kernel.ok_or(String::from("the kernel has no shape"))?;
    let include_pad = case.int("count_include_pad").unwrap_or(0) != 0;
    let pool = Pool { window: window(case, &kernel)?, include_pad };
    let op = if case.op() == "MaxPool" { Op::MaxPool2d(pool) } else { Op::AvgPool2d(pool) };
    Plan::new(&Spec::Op(op), dims, input.values, vec![])
}

/// The p-norm of each window.
pub fn lp_pool(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let dims = image(&input)?;
    let kernel = case.sizes("kernel_shape", input.shape.len() - 2)?;
    let kernel = kernel.ok_or(String::from("the kernel has no shape"))?;
    let norm = usize::try_from(case.int("p").unwrap_or(2)).map_err(|error| error.to_string())?;
    let op = Op::LpPool2d(LpPool { window: window(case, &kernel)?, norm });
    Plan::new(&Spec::Op(op), dims, input.values, vec![])
}

/// A global pool has no window: its pixels may lie along any number of axes.
pub fn global_pool(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let [_, channels, sizes @ ..] = input.shape.as_slice() else {
        return Err(Stop::Failed("no channels".into()));
    };
    let pixels = sizes.iter().product();
    let max = case.op() == "GlobalMaxPool";
    let op = if max { Op::GlobalMaxPool2d } else { Op::GlobalAvgPool2d };
    Plan::new(&Spec::Op(op), Dims::image(*channels, pixels, 1), input.values, vec![])
}

/// A batch of images, or of sounds: images of one row.
pub fn image(input: &Tensor) -> Result<Dims, Stop> {
    match *input.shape.as_slice() {
        [_, c, w] => Ok(Dims::image(c, 1, w)),
        [_, c, h, w] => Ok(Dims::image(c, h, w)),
        [_, _, _, _, _, ..] => Err(Stop::LeftOut(Reason::ThreeD)),
        _ => Err(Stop::Failed(format!("{:?} is no batch of images", input.shape))),
    }
}

fn window(case: &Case<'_>, kernel: &[usize]) -> Result<Window, Stop> {
    let rank = kernel.len();
    let strides = case.sizes("strides", rank)?.unwrap_or(vec![1; rank]);
    let dilations = case.sizes("dilations", rank)?.unwrap_or(vec![1; rank]);
    let pads = case.sizes("pads", 2 * rank)?.unwrap_or(vec![0; 2 * rank]);
    let ceil = case.int("ceil_mode").unwrap_or(0) != 0;
    let axis = |axis: usize| -> Result<Axis, Stop> {
        let padding = match case.text("auto_pad", "NOTSET") {
            "NOTSET" => Padding::Explicit { before: pads[axis], after: pads[rank + axis] },
            "VALID" => Padding::Explicit { before: 0, after: 0 },
            "SAME_UPPER" => Padding::Same,
            "SAME_LOWER" => Padding::SameLower,
            other => return Err(Stop::Failed(format!("auto_pad is {other}"))),
        };
        let (kernel, stride, dilation) = (kernel[axis], strides[axis], dilations[axis]);
        Ok(Axis { kernel, stride, dilation, padding, ceil })
    };
    match rank {
        1 => Ok(Window { h: Axis::new(1, 1, 0), w: axis(0)? }),
        2 => Ok(Window { h: axis(0)?, w: axis(1)? }),
        _ => Err(Stop::LeftOut(Reason::ThreeD)),
    }
}
