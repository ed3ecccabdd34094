//! Operators that make images larger or rearrange them, by other ways than the
//! library's: a transposed convolution scatters, an upsampled pixel asks every
//! pixel for its weight.

use typenet::spec::{ConvTranspose2d, LocalResponseNorm, LpPool, Pad2d, Pool, Resize, Upsample};

use super::{Exactness, Tensor, pool_windows, pooled};

/// Channels of rows of pixels.
type Image<T> = Vec<Vec<Vec<T>>>;

impl Tensor {
    /// An output of this shape, each value with its scale from a function.
    fn each(
        shape: [usize; 3],
        exactness: Exactness,
        of: impl Fn([usize; 3]) -> (f64, f64),
    ) -> Self {
        let mut output = Self::empty(shape, exactness);
        for c in 0..shape[0] {
            for y in 0..shape[1] {
                for x in 0..shape[2] {
                    let (value, scale) = of([c, y, x]);
                    output.push(value, scale);
                }
            }
        }
        output
    }

    fn at(&self, [c, y, x]: [usize; 3]) -> (f64, f64) {
        let at = (c * self.shape[1] + y) * self.shape[2] + x;
        (self.values[at], self.scale[at])
    }
}

/// Every value is put where it reaches, into an image without edges; then the
/// edges are cut.
pub fn transposed(
    conv: &ConvTranspose2d,
    input: &Tensor,
    weight: &[f64],
    bias: Option<&[f64]>,
) -> Tensor {
    let [_, height, width] = input.shape;
    let (h, w) = (conv.h, conv.w);
    let room = |n: usize, k: usize, s: usize, d: usize, e: usize| (n - 1) * s + d * (k - 1) + 1 + e;
    let rows = room(height, h.kernel, h.stride, h.dilation, h.extra);
    let columns = room(width, w.kernel, w.stride, w.dilation, w.extra);
    let mut all: Image<(f64, f64)> = vec![vec![vec![(0.0, 0.0); columns]; rows]; conv.outputs];
    let magnitudes = input.magnitudes();
    let mut weights = weight.chunks(h.kernel * w.kernel);
    for c in 0..conv.inputs {
        for o in 0..conv.outputs / conv.groups {
            let o = c / (conv.inputs / conv.groups) * (conv.outputs / conv.groups) + o;
            let kernel = weights.next().unwrap();
            for pixel in 0..height * width {
                let at = c * height * width + pixel;
                let (y, x) = (pixel / width * h.stride, pixel % width * w.stride);
                for (tap, weight) in kernel.iter().enumerate() {
                    let row = y + tap / w.kernel * h.dilation;
                    let place = &mut all[o][row][x + tap % w.kernel * w.dilation];
                    place.0 += weight * input.values[at];
                    place.1 += weight.abs() * magnitudes[at];
                }
            }
        }
    }
    let shape = [conv.outputs, rows - h.before - h.after, columns - w.before - w.after];
    let exact = input.exactness <= Exactness::Sum;
    let exactness = if exact { Exactness::Sum } else { Exactness::Rounded };
    Tensor::each(shape, exactness, |[o, y, x]| {
        let (sum, scale) = all[o][y + h.before][x + w.before];
        let bias = bias.map_or(0.0, |bias| bias[o]);
        (sum + bias, scale + bias.abs())
    })
}

/// Pixels around an image.
pub fn padded(pad: &Pad2d, input: &Tensor) -> Tensor {
    let [c, h, w] = input.shape;
    let shape = [c, pad.top + h + pad.bottom, pad.left + w + pad.right];
    Tensor::each(shape, input.exactness, |[c, y, x]| {
        let inside = (pad.top..pad.top + h).contains(&y) && (pad.left..pad.left + w).contains(&x);
        if inside { input.at([c, y - pad.top, x - pad.left]) } else { (pad.value, 0.0) }
    })
}

/// Each new pixel asks every pixel of its channel for a weight: a tent of the
/// width of two pixels, or the pixel that holds its middle.
pub fn upsampled(upsample: &Upsample, input: &Tensor) -> Tensor {
    let [c, h, w] = input.shape;
    let shape = [c, h * upsample.rows, w * upsample.columns];
    let weight = |at: usize, pixel: usize, factor: usize, n: usize| -> f64 {
        let middle = (at as f64 + 0.5) / factor as f64;
        let place = match upsample.resize {
            Resize::Nearest => return f64::from(middle.floor() == pixel as f64),
            Resize::Bilinear { align_corners: false } => middle - 0.5,
            Resize::Bilinear { align_corners: true } => {
                at as f64 * (n - 1) as f64 / (n * factor - 1).max(1) as f64
            }
        };
        (1.0 - (place.clamp(0.0, (n - 1) as f64) - pixel as f64).abs()).max(0.0)
    };
    let nearest = upsample.resize == Resize::Nearest;
    let exactness = if nearest { input.exactness } else { Exactness::Rounded };
    Tensor::each(shape, exactness, |[c, y, x]| {
        let (mut sum, mut scale) = (-0.0, 0.0);
        for row in 0..h {
            for column in 0..w {
                let down = weight(y, row, upsample.rows, h);
                let share = down * weight(x, column, upsample.columns, w);
                if share > 0.0 {
                    let (value, off) = input.at([c, row, column]);
                    sum += share * value;
                    scale += if nearest { off } else { 4.0 * share * (value.abs() + off) };
                }
            }
        }
        (sum, scale)
    })
}

/// Each channel goes to every `factor`-th row and column of another.
pub fn shuffled(factor: usize, input: &Tensor) -> Tensor {
    let [c, h, w] = input.shape;
    let shape = [c / factor / factor, h * factor, w * factor];
    let mut output = Tensor::each(shape, input.exactness, |_| (f64::NAN, 0.0));
    for channel in 0..c {
        let (group, part) = (channel / (factor * factor), channel % (factor * factor));
        for y in 0..h {
            for x in 0..w {
                let (row, column) = (y * factor + part / factor, x * factor + part % factor);
                let at = (group * shape[1] + row) * shape[2] + column;
                (output.values[at], output.scale[at]) = input.at([channel, y, x]);
            }
        }
    }
    output
}

/// (Σ |x|ᵖ)^(1/p) of each window.
pub fn lp_pool(pool: &LpPool, input: &Tensor) -> Tensor {
    let window = Pool { window: pool.window, include_pad: false };
    let mut output = pooled(&window, input, Exactness::Rounded);
    let norm = pool.norm as f64;
    let scales = pool_windows(&window, input, &input.scale);
    for (values, scales) in pool_windows(&window, input, &input.values).iter().zip(scales) {
        let power = |x: f64| (0..pool.norm).fold(1.0, |power, _| power * x.abs());
        let sum: f64 = values.iter().flatten().map(|&x| power(x)).sum();
        let value = sum.powf(1.0 / norm);
        let off: f64 = scales.into_iter().flatten().sum();
        let slack = if sum > 0.0 { 4.0 + sum.ln().abs() } else { 0.0 };
        output.push(value, value * slack + off);
    }
    output
}

/// x / (k + alpha · mean of the squares)^beta, zeros counted around the channels.
pub fn response_norm(norm: &LocalResponseNorm, input: &Tensor) -> Tensor {
    let channels = input.shape[0];
    Tensor::each(input.shape, Exactness::Rounded, |[c, y, x]| {
        let window = (0..norm.size).filter_map(|i| (c + i).checked_sub(norm.size / 2));
        let squares = window.filter(|&d| d < channels).map(|d| input.at([d, y, x]).0.powi(2));
        let mean = squares.sum::<f64>() / norm.size as f64;
        let (value, off) = input.at([c, y, x]);
        let value = value / (norm.k + norm.alpha * mean).powf(norm.beta);
        (value, value.abs() * (4.0 + norm.beta) + off)
    })
}
