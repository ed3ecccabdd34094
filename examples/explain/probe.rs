//! Measurements with random weights: what a shift of the image does to a map, and what
//! one map saves.

use std::error::Error;
use std::time::Instant;

use typenet::AnyModel;
use typenet::blocked::Options;
use typenet::spec::{Axis, Conv2d, Dims, Op, Pool, Spec, Window};
use typenet::zoo::Entry;

use super::convolutional;
use super::network::sizes;

/// A picture without symmetry: waves of several lengths, moved by `shift` pixels.
fn picture(dims: Dims, shift: usize) -> Vec<f32> {
    let (c, h, w) = sizes(dims);
    let value = |c: usize, y: usize, x: usize| {
        let (c, y, x) = (c as f32, y as f32, (x + 1000 - shift) as f32);
        (0.9 * x + 0.31 * y + c).sin() + (0.23 * x - 0.47 * y).sin() + (0.05 * x * (1.0 + c)).cos()
    };
    let pixels = (0..c * h * w).map(|i| value(i / (h * w), i / w % h, i % w));
    pixels.collect()
}

/// Columns of a map.
fn columns(values: &[f32], dims: Dims) -> Vec<Vec<f32>> {
    let (_, _, width) = sizes(dims);
    let column = |x| values.iter().skip(x).step_by(width).copied().collect();
    (0..width).map(column).collect()
}

/// How much of a map has moved along when the image has moved by `shift` columns:
/// the columns away from the edge that are equal to the bit, and how many there are.
pub(crate) fn moved(
    conv: Conv2d,
    dims: Dims,
    shift: usize,
) -> Result<(usize, usize), Box<dyn Error>> {
    let model = AnyModel::<f32>::random(&Spec::Op(Op::Conv2d(conv)), dims, 7)?;
    let run = |shift| -> Result<Vec<Vec<f32>>, Box<dyn Error>> {
        let map = model.run(dims, &picture(dims, shift))?;
        Ok(columns(&map, model.graph().output_dims()))
    };
    let (still, moved) = (run(0)?, run(shift)?);
    let by = shift.div_ceil(conv.window.w.stride);
    // Columns that see an edge of the image see something else there.
    let rim = conv.window.w.span().unwrap_or(1).div_ceil(conv.window.w.stride);
    let inner = rim..still.len().saturating_sub(rim + by);
    let equal = inner.clone().filter(|&x| still[x] == moved[x + by]).count();
    Ok((equal, inner.len()))
}

/// How far the map of an operator moves when the image moves by a pixel, as a part of
/// its norm.
fn change(op: Op, dims: Dims) -> Result<f64, Box<dyn Error>> {
    let model = AnyModel::<f32>::random(&Spec::Op(op), dims, 7)?;
    let (still, moved) = (model.run(dims, &picture(dims, 0))?, model.run(dims, &picture(dims, 1))?);
    let norm = |values: &mut dyn Iterator<Item = f32>| -> f64 {
        values.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt()
    };
    let off = norm(&mut still.iter().zip(&moved).map(|(a, b)| a - b));
    Ok(off / norm(&mut still.iter().copied()))
}

/// The change without a pool, behind a max pool, an average pool and the mean of all.
pub(crate) fn changes(dims: Dims, kernel: usize) -> Result<[f64; 4], Box<dyn Error>> {
    let window = Window::square(Axis::new(kernel, kernel, 0));
    let pool = Pool { window, include_pad: false };
    Ok([
        change(Op::Identity, dims)?,
        change(Op::MaxPool2d(pool), dims)?,
        change(Op::AvgPool2d(pool), dims)?,
        change(Op::GlobalAvgPool2d, dims)?,
    ])
}

/// How long the fast engine takes for the network's own image, and for one of `dims`
/// with the network as convolutions alone.
pub(crate) fn milliseconds(entry: &Entry, dims: Dims) -> Result<[f64; 2], Box<dyn Error>> {
    let model = entry.random(7);
    let window = least(&model)?;
    let map = convolutional::model(entry, &model, dims)?;
    drop(model);
    Ok([window, least(&map)?])
}

/// The least of a few runs.
fn least(model: &AnyModel) -> Result<f64, Box<dyn Error>> {
    let plan = model.plan(&Options::default())?;
    let input = picture(model.graph().input(), 0);
    let run = |_| {
        let start = Instant::now();
        plan.run(&input);
        start.elapsed().as_secs_f64() * 1000.0
    };
    Ok((0..5).map(run).fold(f64::INFINITY, f64::min))
}
