//! What a description computes, once more and in another way, in `f64`.
//!
//! It shares nothing with the engines: it pads the image first, finds the
//! windows by trying every start, and adds the bias last. Beside each value it
//! carries how far a sum of rounded numbers may be off.

mod functions;
mod images;

use std::slice::Iter;

use typenet::spec::{
    Axis, BatchNorm1d, BatchNorm2d, Conv2d, Dims, Extent, Join, Linear, Op, Padding, Pool, Spec,
};

/// How exact a value is when every input and weight is a small whole number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exactness {
    /// A copy of an input, to the bit.
    Moved,
    /// A sum of products: exact, but for the sign of a zero.
    Sum,
    /// A sum divided once: the nearest number to the quotient.
    Quotient,
    /// Rounded more than once.
    Rounded,
}

/// Values in C, H, W order; a vector is N×1×1.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// Channels, height, width.
    pub shape: [usize; 3],
    /// The values.
    pub values: Vec<f64>,
    /// For each value the sum of the magnitudes that went into it (the S + |b|
    /// of an error bound); 0 for a copy.
    pub scale: Vec<f64>,
    /// How exact they are on whole numbers.
    pub exactness: Exactness,
}

/// Rows of pixels with their padding, which is `None`.
type Plane = Vec<Vec<Option<f64>>>;

impl Tensor {
    /// An input as it is.
    pub fn input(dims: Dims, values: &[f64]) -> Self {
        let shape = match dims {
            Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => [c, h, w],
            Dims::Vector(Extent::Fixed(n)) => [n, 1, 1],
            _ => panic!("{dims} is no size"),
        };
        let scale = vec![0.0; values.len()];
        Self { shape, values: values.to_vec(), scale, exactness: Exactness::Moved }
    }

    fn empty(shape: [usize; 3], exactness: Exactness) -> Self {
        Self { shape, values: vec![], scale: vec![], exactness }
    }

    fn push(&mut self, value: f64, scale: f64) {
        self.values.push(value);
        self.scale.push(scale);
    }

    /// Magnitude that each value brings into a sum, with its own error.
    fn magnitudes(&self) -> Vec<f64> {
        self.values.iter().zip(&self.scale).map(|(value, scale)| value.abs() + scale).collect()
    }

    /// Each channel of `values` with padding around it.
    fn padded(&self, values: &[f64], h: Axis, w: Axis) -> Vec<Plane> {
        let [channels, height, width] = self.shape;
        let ((top, bottom), (left, right)) = (padding(h, height), padding(w, width));
        let empty_row = || vec![None; left + width + right];
        let mut planes = vec![];
        for c in 0..channels {
            let mut plane: Plane = (0..top).map(|_| empty_row()).collect();
            for pixels in values[c * height * width..][..height * width].chunks(width) {
                let pixels = pixels.iter().copied().map(Some);
                let mut row = vec![None; left];
                row.extend(pixels.chain(vec![None; right]));
                plane.push(row);
            }
            plane.extend((0..bottom).map(|_| empty_row()));
            planes.push(plane);
        }
        planes
    }
}

/// Pixels before and behind an axis of `n`.
pub fn padding(axis: Axis, n: usize) -> (usize, usize) {
    let windows = n.div_ceil(axis.stride);
    let covered = (windows.max(1) - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + 1;
    let missing = covered.saturating_sub(n);
    match axis.padding {
        Padding::Explicit { before, after } => (before, after),
        Padding::Same => (missing / 2, missing - missing / 2),
        Padding::SameLower => (missing - missing / 2, missing / 2),
    }
}

/// Where the windows start, counted from the first padded pixel, by trying one
/// position after the other.
pub fn starts(axis: Axis, n: usize) -> Vec<usize> {
    let (before, after) = padding(axis, n);
    let padded = before + n + after;
    let end_of = |start: usize| start + axis.dilation * (axis.kernel - 1) + 1;
    let mut starts: Vec<usize> = vec![];
    for start in (0..=padded).step_by(axis.stride) {
        let whole = end_of(start) <= padded;
        // With `ceil` one more, if pixels are left over and it does not start
        // behind the input.
        let left_over = starts.last().is_some_and(|&last| end_of(last) < padded);
        if whole || (axis.ceil && left_over && start < before + n) {
            starts.push(start);
        }
    }
    starts
}

/// What `spec` makes of `input`; takes its parameters off `params`.
pub fn evaluate(spec: &Spec<'_>, input: &Tensor, params: &mut Iter<'_, Vec<f64>>) -> Tensor {
    match spec {
        Spec::Op(op) => evaluate_op(op, input, params),
        Spec::Chain(nodes) | Spec::Net { nodes, .. } => {
            nodes.iter().fold(input.clone(), |at, node| evaluate(node.spec, &at, params))
        }
        Spec::Branch { join, arms } => {
            let arms: Vec<Tensor> =
                arms.iter().map(|arm| evaluate(arm.spec, input, params)).collect();
            match join {
                Join::Add => add(&arms),
                Join::Mul => arms[1..].iter().fold(arms[0].clone(), |a, b| product(&a, b)),
                Join::Concat | Join::Heads => concat(&arms),
            }
        }
        Spec::Repeat { count, body, .. } => {
            (0..*count).fold(input.clone(), |at, _| evaluate(body, &at, params))
        }
        Spec::Opaque(_) | Spec::Broken(_) => panic!("nobody knows what it computes"),
    }
}

fn evaluate_op(op: &Op, input: &Tensor, params: &mut Iter<'_, Vec<f64>>) -> Tensor {
    let mut next = |wanted: bool| if wanted { params.next().map(Vec::as_slice) } else { None };
    match op {
        Op::Conv2d(conv) => convolution(conv, input, next(true).unwrap(), next(conv.bias)),
        Op::Linear(linear) => matrix(linear, input, next(true).unwrap(), next(linear.bias)),
        Op::MaxPool2d(pool) => max_pool(pool, input),
        Op::AvgPool2d(pool) => avg_pool(pool, input),
        Op::GlobalAvgPool2d => {
            let [_, h, w] = input.shape;
            let window = typenet::spec::Window { h: Axis::new(h, 1, 0), w: Axis::new(w, 1, 0) };
            avg_pool(&Pool { window, include_pad: false }, input)
        }
        Op::LpPool2d(pool) => images::lp_pool(pool, input),
        Op::GlobalMaxPool2d => {
            let [_, h, w] = input.shape;
            let window = typenet::spec::Window { h: Axis::new(h, 1, 0), w: Axis::new(w, 1, 0) };
            max_pool(&Pool { window, include_pad: false }, input)
        }
        Op::ConvTranspose2d(conv) => {
            images::transposed(conv, input, next(true).unwrap(), next(conv.bias))
        }
        Op::Pad2d(pad) => images::padded(pad, input),
        Op::Upsample(upsample) => images::upsampled(upsample, input),
        Op::PixelShuffle { factor } => images::shuffled(*factor, input),
        Op::LocalResponseNorm(norm) => images::response_norm(norm, input),
        Op::Activation(activation) => functions::activation(*activation, input),
        Op::PRelu { .. } => functions::prelu(input, next(true).unwrap()),
        Op::Softmax => functions::softmax(input),
        Op::LogSoftmax => functions::log_softmax(input),
        Op::Flatten => Tensor { shape: [input.values.len(), 1, 1], ..input.clone() },
        Op::Identity | Op::Dropout { .. } => input.clone(),
        Op::BatchNorm2d(BatchNorm2d { eps, .. }) | Op::BatchNorm1d(BatchNorm1d { eps, .. }) => {
            let params: [&[f64]; 4] = std::array::from_fn(|_| next(true).unwrap());
            functions::batch_norm(*eps, input, params)
        }
        Op::Custom(_) => panic!("nobody knows what it computes"),
    }
}

fn convolution(conv: &Conv2d, input: &Tensor, weight: &[f64], bias: Option<&[f64]>) -> Tensor {
    let (h, w) = (conv.window.h, conv.window.w);
    let images = input.padded(&input.values, h, w);
    let magnitudes = input.padded(&input.magnitudes(), h, w);
    let (tops, lefts) = (starts(h, input.shape[1]), starts(w, input.shape[2]));
    let kernels: Vec<&[f64]> = weight.chunks(h.kernel * w.kernel).collect();
    let group_size = conv.inputs / conv.groups;

    let exactness = input.exactness.max(Exactness::Sum);
    let exactness = if exactness == Exactness::Sum { exactness } else { Exactness::Rounded };
    let mut output = Tensor::empty([conv.outputs, tops.len(), lefts.len()], exactness);
    for filter in 0..conv.outputs {
        let group = filter * conv.groups / conv.outputs;
        for top in &tops {
            for left in &lefts {
                let (mut sum, mut scale) = (0.0, 0.0);
                for c in 0..group_size {
                    let channel = group * group_size + c;
                    let kernel = kernels[filter * group_size + c];
                    for (tap, w_tap) in kernel.iter().enumerate() {
                        let row = top + tap / w.kernel * h.dilation;
                        let column = left + tap % w.kernel * w.dilation;
                        if let Some(pixel) = images[channel][row][column] {
                            sum += w_tap * pixel;
                            scale += w_tap.abs() * magnitudes[channel][row][column].unwrap();
                        }
                    }
                }
                let bias = bias.map_or(0.0, |bias| bias[filter]);
                output.push(sum + bias, scale + bias.abs());
            }
        }
    }
    output
}

fn matrix(linear: &Linear, input: &Tensor, weight: &[f64], bias: Option<&[f64]>) -> Tensor {
    let exact = input.exactness <= Exactness::Sum;
    let exactness = if exact { Exactness::Sum } else { Exactness::Rounded };
    let mut output = Tensor::empty([linear.outputs, 1, 1], exactness);
    let magnitudes = input.magnitudes();
    for (o, row) in weight.chunks(linear.inputs).enumerate() {
        let bias = bias.map_or(0.0, |bias| bias[o]);
        let sum: f64 = row.iter().zip(&input.values).map(|(w, x)| w * x).sum();
        let scale: f64 = row.iter().zip(&magnitudes).map(|(w, m)| (w * m).abs()).sum();
        output.push(sum + bias, scale + bias.abs());
    }
    output
}

/// What each window of `planes` holds: `None` for padding, and nothing at all
/// for what hangs over its edge.
fn windows(planes: &[Plane], pool: &Pool, shape: [usize; 3]) -> Vec<Vec<Option<f64>>> {
    let (h, w) = (pool.window.h, pool.window.w);
    let mut windows = vec![];
    for plane in planes {
        for top in starts(h, shape[1]) {
            for left in starts(w, shape[2]) {
                let rows = plane.iter().skip(top).step_by(h.dilation).take(h.kernel);
                let taps = rows.flat_map(|row| {
                    row.iter().skip(left).step_by(w.dilation).take(w.kernel).copied()
                });
                windows.push(taps.collect());
            }
        }
    }
    windows
}

fn pool_windows(pool: &Pool, input: &Tensor, values: &[f64]) -> Vec<Vec<Option<f64>>> {
    let planes = input.padded(values, pool.window.h, pool.window.w);
    windows(&planes, pool, input.shape)
}

fn pooled(pool: &Pool, input: &Tensor, exactness: Exactness) -> Tensor {
    let count = |axis, n| starts(axis, n).len();
    let [channels, height, width] = input.shape;
    let (h, w) = (count(pool.window.h, height), count(pool.window.w, width));
    Tensor::empty([channels, h, w], exactness)
}

fn max_pool(pool: &Pool, input: &Tensor) -> Tensor {
    let mut output = pooled(pool, input, input.exactness);
    let scales = pool_windows(pool, input, &input.scale);
    for (window, scales) in pool_windows(pool, input, &input.values).iter().zip(scales) {
        let pixels = || window.iter().flatten().copied();
        // The first of the largest: 0 and −0 are equal, and the earlier counts.
        let larger = |best: f64, pixel: f64| if pixel > best { pixel } else { best };
        let largest = pixels().fold(f64::NEG_INFINITY, larger);
        let value = if pixels().any(f64::is_nan) { f64::NAN } else { largest };
        output.push(value, scales.into_iter().flatten().fold(0.0, f64::max));
    }
    output
}

fn avg_pool(pool: &Pool, input: &Tensor) -> Tensor {
    let exact = input.exactness <= Exactness::Sum;
    let exactness = if exact { Exactness::Quotient } else { Exactness::Rounded };
    let mut output = pooled(pool, input, exactness);
    let magnitudes = pool_windows(pool, input, &input.magnitudes());
    for (window, magnitudes) in pool_windows(pool, input, &input.values).iter().zip(magnitudes) {
        let pixels = window.iter().flatten().count();
        let divisor = if pool.include_pad { window.len() } else { pixels }.max(1) as f64;
        let sum: f64 = window.iter().flatten().fold(0.0, |sum, pixel| sum + pixel);
        output.push(sum / divisor, magnitudes.iter().flatten().sum::<f64>() / divisor);
    }
    output
}

fn add(arms: &[Tensor]) -> Tensor {
    let exact = arms.iter().all(|arm| arm.exactness <= Exactness::Sum);
    let exactness = if exact { Exactness::Sum } else { Exactness::Rounded };
    let mut output = Tensor::empty(arms[0].shape, exactness);
    let magnitudes: Vec<Vec<f64>> = arms.iter().map(Tensor::magnitudes).collect();
    for at in 0..arms[0].values.len() {
        let sum = arms.iter().map(|arm| arm.values[at]).sum();
        output.push(sum, magnitudes.iter().map(|arm| arm[at]).sum());
    }
    output
}

/// Each value times that of its pixel, row, column or channel.
fn product(whole: &Tensor, scale: &Tensor) -> Tensor {
    let moved = whole.exactness.max(scale.exactness) == Exactness::Moved;
    let exactness = if moved { Exactness::Sum } else { Exactness::Rounded };
    let mut output = Tensor::empty(whole.shape, exactness);
    let [_, h, w] = whole.shape;
    let [_, rows, columns] = scale.shape;
    let (a, b) = (whole.magnitudes(), scale.magnitudes());
    for (at, (value, magnitude)) in whole.values.iter().zip(a).enumerate() {
        let (c, y, x) = (at / (h * w), at / w % h, at % w);
        let other = (c * rows + y % rows) * columns + x % columns;
        output.push(value * scale.values[other], magnitude * b[other]);
    }
    output
}

fn concat(arms: &[Tensor]) -> Tensor {
    let exactness = arms.iter().map(|arm| arm.exactness).max().unwrap();
    let channels = arms.iter().map(|arm| arm.shape[0]).sum();
    let mut output = Tensor::empty([channels, arms[0].shape[1], arms[0].shape[2]], exactness);
    for arm in arms {
        output.values.extend(&arm.values);
        output.scale.extend(&arm.scale);
    }
    output
}
