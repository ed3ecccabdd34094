//! Operators that make images larger or move channels, and the norm over those.

use typenet::spec::{
    ConvTranspose2d, Dims, LocalResponseNorm, Node, Op, Pad2d, Resize, Spec, Spread, Upsample,
};

use crate::file::Case;
use crate::joins::pointwise;
use crate::plan::{Plan, Reason, Stop, axis_index, not_named};
use crate::windows::image;

pub fn conv_transpose(case: &Case<'_>) -> Result<Plan, Stop> {
    let (input, weight, bias) = (case.input(0)?, case.input(1)?, case.optional(2)?);
    let dims = image(&input)?;
    let [inputs, outputs, kernel @ ..] = weight.shape.as_slice() else {
        return Err(Stop::Failed("the weight has no kernel".into()));
    };
    let groups = case.int("group").unwrap_or(1);
    let groups = usize::try_from(groups).map_err(|error| error.to_string())?;
    let rank = kernel.len();
    let one = Spread { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, extra: 0 };
    let mut axes = vec![];
    for axis in 0..rank {
        axes.push(spread(case, kernel, &input.shape[2..], axis)?);
    }
    let [h, w] = match axes[..] {
        [w] => [one, w],
        [h, w] => [h, w],
        _ => return Err(Stop::LeftOut(Reason::ThreeD)),
    };
    let outputs = outputs * groups;
    let bias_values = bias.map(|bias| bias.values);
    let conv =
        ConvTranspose2d { inputs: *inputs, outputs, h, w, groups, bias: bias_values.is_some() };
    let mut params = vec![weight.values];
    params.extend(bias_values);
    Plan::new(&Spec::Op(Op::ConvTranspose2d(conv)), dims, input.values, params)
}

/// One axis. Where the output's size is given (or SAME), what is too much of it
/// is cut off, half on each side; what is missing is put on behind.
fn spread(case: &Case<'_>, kernel: &[usize], size: &[usize], axis: usize) -> Result<Spread, Stop> {
    let rank = kernel.len();
    let list = |name, len, default| -> Result<Vec<usize>, String> {
        Ok(case.sizes(name, len)?.unwrap_or(vec![default; len]))
    };
    let (stride, dilation) = (list("strides", rank, 1)?[axis], list("dilations", rank, 1)?[axis]);
    let extra = list("output_padding", rank, 0)?[axis];
    let auto_pad = case.text("auto_pad", "NOTSET");
    let wanted = match case.sizes("output_shape", rank)? {
        Some(sizes) => Some(sizes[axis]),
        None if auto_pad.starts_with("SAME") => Some(size[axis] * stride),
        None => None,
    };
    let kernel = kernel[axis];
    let Some(wanted) = wanted else {
        let pads = list("pads", 2 * rank, 0)?;
        let (before, after) = (pads[axis], pads[rank + axis]);
        return Ok(Spread { kernel, stride, dilation, before, after, extra });
    };
    let grown = (size[axis] - 1) * stride + dilation * (kernel - 1) + 1 + extra;
    let (cut, missing) = (grown.saturating_sub(wanted), wanted.saturating_sub(grown));
    let half = cut / 2;
    let (before, after) =
        if auto_pad == "SAME_UPPER" { (half, cut - half) } else { (cut - half, half) };
    Ok(Spread { kernel, stride, dilation, before, after, extra: extra + missing })
}

/// Around the last two axes. Up to version 10 the sizes are attributes, then
/// inputs.
pub fn pad(case: &Case<'_>) -> Result<Plan, Stop> {
    if case.text("mode", "constant") != "constant" {
        return Err(Stop::LeftOut(Reason::ReflectPadding));
    }
    let input = case.input(0)?;
    let rank = input.shape.len();
    let pads = match case.optional(1)? {
        Some(pads) => pads.values.iter().map(|&pad| pad as i64).collect(),
        None => case.ints("pads"),
    };
    let axes = match case.optional(3)? {
        Some(axes) => axes.values.iter().map(|&axis| axis as i64).collect(),
        None => (0_i64..).take(rank).collect::<Vec<i64>>(),
    };
    let value = match case.optional(2)? {
        Some(value) => value.values.first().copied().unwrap_or(0.0),
        None => case.float("value", 0.0),
    };
    let mut around = vec![(0, 0); rank];
    for (at, &axis) in axes.iter().enumerate() {
        let pad = |at: usize| usize::try_from(pads[at]).map_err(|_| not_named("a negative pad"));
        around[axis_index(&input.shape, axis)?] = (pad(at)?, pad(at + axes.len())?);
    }
    let dims = image(&input)?;
    let [others @ .., (top, bottom), (left, right)] = around.as_slice() else {
        return Err(Stop::Failed("the input is no image".into()));
    };
    if others.iter().any(|&pads| pads != (0, 0)) {
        return Err(Stop::LeftOut(Reason::Axes));
    }
    let (top, bottom, left, right) = (*top, *bottom, *left, *right);
    let pad = Pad2d { top, bottom, left, right, value: f64::from(value) };
    Plan::new(&Spec::Op(Op::Pad2d(pad)), dims, input.values, vec![])
}

/// A pixel shuffle. Where the pixels of a square lie a number of channels apart
/// instead of side by side (DCR), a 1×1 convolution of zeros and ones brings them
/// together first.
pub fn depth_to_space(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let factor = case.int("blocksize").unwrap_or(1);
    let factor = usize::try_from(factor).map_err(|error| error.to_string())?;
    let dims = image(&input)?;
    let shuffle = Spec::Op(Op::PixelShuffle { factor });
    if case.text("mode", "DCR") == "CRD" {
        return Plan::new(&shuffle, dims, input.values, vec![]);
    }
    let (channels, pixels) = (input.shape[1], factor * factor);
    let sort = pointwise(channels, channels, 1);
    let nodes = [Node::new("sort", &sort), Node::new("shuffle", &shuffle)];
    let from = |to: usize| to % pixels * (channels / pixels) + to / pixels;
    let one = |at: usize| f32::from(at % channels == from(at / channels));
    let params = vec![(0..channels * channels).map(one).collect()];
    Plan::new(&Spec::Chain(&nodes), dims, input.values, params)
}

/// Whole factors, each pixel the nearest or between its neighbours.
pub fn upsample(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let dims = image(&input)?;
    let rank = input.shape.len();
    let other = |what: &str| not_named(&format!("{} {what}", case.op()));
    if case.int("antialias").unwrap_or(0) != 0 {
        return Err(other("against aliasing"));
    }
    // Before version 11 pixels were points from the corner on.
    let old = case.op() == "Upsample" || case.opset() < 11;
    let places = if old { "asymmetric" } else { "half_pixel" };
    let places = case.text("coordinate_transformation_mode", places);
    let rounds = case.text("nearest_mode", if old { "floor" } else { "round_prefer_floor" });
    let resize = match (case.text("mode", "nearest"), places, rounds) {
        ("nearest", "half_pixel", "round_prefer_floor" | "round_prefer_ceil")
        | ("nearest", "asymmetric", "floor") => Resize::Nearest,
        ("linear", "half_pixel" | "half_pixel_symmetric", _) => {
            Resize::Bilinear { align_corners: false }
        }
        ("linear", "align_corners", _) => Resize::Bilinear { align_corners: true },
        (mode, places, _) => return Err(other(&format!("{mode}, {places}"))),
    };
    let (scales, sizes) = if old { (1, None) } else { (2, case.optional(3)?) };
    let axes = case.ints("axes");
    let axes = if axes.is_empty() { (0_i64..).take(rank).collect() } else { axes };
    let mut factors = vec![1.0; rank];
    for (at, axis) in axes.into_iter().enumerate() {
        let axis = axis_index(&input.shape, axis)?;
        factors[axis] = match (&sizes, case.optional(scales)?) {
            (Some(sizes), _) => sizes.values[at] / input.shape[axis] as f32,
            (None, Some(scales)) => scales.values[at],
            (None, None) => return Err(other("without scales")),
        };
    }
    let whole = |&factor: &f32| (1..64).find(|&n| n as f32 == factor);
    let Some(factors) = factors.iter().map(whole).collect::<Option<Vec<usize>>>() else {
        return Err(other("by a factor that is no whole number"));
    };
    let (rows, columns) = match factors[..] {
        [1, 1, columns] => (1, columns),
        [1, 1, rows, columns] => (rows, columns),
        _ => return Err(Stop::LeftOut(Reason::Axes)),
    };
    let upsample = Op::Upsample(Upsample { rows, columns, resize });
    Plan::new(&Spec::Op(upsample), dims, input.values, vec![])
}

/// Over the channels. (Of an even size ONNX takes the odd one from behind,
/// PyTorch and we from before.)
pub fn response_norm(case: &Case<'_>) -> Result<Plan, Stop> {
    let input = case.input(0)?;
    let dims: Dims = image(&input)?;
    let number = |name, default| f64::from(case.float(name, default));
    let size = usize::try_from(case.int("size").unwrap_or(1)).map_err(|error| error.to_string())?;
    if size.is_multiple_of(2) {
        return Err(not_named("a response norm of an even size"));
    }
    let (alpha, beta, k) = (number("alpha", 1e-4), number("beta", 0.75), number("bias", 1.0));
    let norm = Op::LocalResponseNorm(LocalResponseNorm { size, alpha, beta, k });
    Plan::new(&Spec::Op(norm), dims, input.values, vec![])
}
