//! Functions of one number, and those over the channels of a pixel.
//!
//! Where the library takes a short way the oracle takes the long one: Φ is
//! integrated, the tanh of a GELU is the sigmoid of twice as much.

use typenet::spec::Activation;

use super::{Exactness, Tensor};

/// f(x) of each value.
pub fn activation(function: Activation, input: &Tensor) -> Tensor {
    use Activation::{Clip, Relu, Relu6};
    let cut = matches!(function, Relu | Relu6 | Clip { .. });
    let exactness = if cut { input.exactness } else { Exactness::Rounded };
    let mut output = Tensor::empty(input.shape, exactness);
    for (&x, &off) in input.values.iter().zip(&input.scale) {
        let (value, scale) = function_of(function, x);
        // No function here is steeper than the largest of its numbers, or 1.13.
        output.push(value, if cut { off } else { scale + steepness(function) * off });
    }
    output
}

fn steepness(function: Activation) -> f64 {
    match function {
        Activation::LeakyRelu { slope } => slope.abs().max(1.0),
        Activation::Elu { alpha } => alpha.abs().max(1.0),
        Activation::HardSigmoid { alpha, .. } => alpha.abs(),
        _ => 1.5,
    }
}

/// The value, and the magnitudes that went into it.
fn function_of(function: Activation, x: f64) -> (f64, f64) {
    let between = |x: f64, low: f64, high: f64| {
        if x.is_nan() || (low <= x && x <= high) {
            x
        } else if x > high || low > high {
            high
        } else {
            low
        }
    };
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let own = |y: f64| (y, y.abs());
    match function {
        Activation::Relu => own(between(x, 0.0, f64::INFINITY)),
        Activation::Relu6 => own(between(x, 0.0, 6.0)),
        Activation::Clip { min, max } => own(between(x, min, max)),
        Activation::LeakyRelu { slope } => own(if x < 0.0 { slope * x } else { x }),
        Activation::Elu { alpha } => own(if x < 0.0 { alpha * x.exp_m1() } else { x }),
        Activation::Sigmoid => own(sigmoid(x)),
        Activation::Tanh => own(x.tanh()),
        Activation::Silu => own(x / (1.0 + (-x).exp())),
        Activation::HardSigmoid { alpha, beta } => {
            (between(alpha * x + beta, 0.0, 1.0), (alpha * x).abs().min(2.0) + beta.abs())
        }
        Activation::HardSwish => (x * (between(x + 3.0, 0.0, 6.0) / 6.0), x.abs()),
        // (Thousands of numbers were added up.)
        Activation::Gelu => (x * normal(x), 4.0 * x.abs()),
        Activation::GeluTanh => {
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
            (x * sigmoid(2.0 * inner), x.abs())
        }
    }
}

/// Φ(x): half of the bell curve, and Simpson's rule from there to x.
fn normal(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let (end, steps) = (x.clamp(-40.0, 40.0), 4000);
    let bell = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let step = end / f64::from(steps);
    let weight = |i: i32| if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    let sum: f64 = (0..=steps).map(|i| weight(i) * bell(f64::from(i) * step)).sum();
    (0.5 + sum * step / 3.0).clamp(0.0, 1.0)
}

/// x, or weight·x below 0.
pub fn prelu(input: &Tensor, weight: &[f64]) -> Tensor {
    let pixels = input.shape[1] * input.shape[2];
    let mut output = Tensor::empty(input.shape, Exactness::Rounded);
    for (at, (&x, &off)) in input.values.iter().zip(&input.scale).enumerate() {
        let slope = weight[at / pixels % weight.len()];
        let value = if x < 0.0 { slope * x } else { x };
        let off = if off > 0.0 { slope.abs().max(1.0) * off } else { 0.0 };
        output.push(value, value.abs() + off);
    }
    output
}

/// (x − mean) / √(variance + eps) · weight + bias.
pub fn batch_norm(eps: f64, input: &Tensor, [weight, bias, mean, var]: [&[f64]; 4]) -> Tensor {
    let pixels = input.shape[1] * input.shape[2];
    let mut output = Tensor { exactness: Exactness::Rounded, ..input.clone() };
    for at in 0..input.values.len() {
        let c = at / pixels;
        let factor = weight[c] / (var[c] + eps).sqrt();
        output.values[at] = (input.values[at] - mean[c]) * factor + bias[c];
        let size = input.values[at].abs() + mean[c].abs() + input.scale[at];
        output.scale[at] = size * factor.abs() + bias[c].abs();
    }
    output
}

/// What softmax makes of each value: from its distance to the largest of the
/// pixel, the sum of all powers, and how far the inputs of the pixel may be off
/// to a value and its scale.
fn over_channels(input: &Tensor, each: impl Fn(f64, f64, f64) -> (f64, f64)) -> Tensor {
    let pixels = input.shape[1] * input.shape[2];
    let mut output = Tensor { exactness: Exactness::Rounded, ..input.clone() };
    for pixel in 0..pixels {
        let channels = || (pixel..input.values.len()).step_by(pixels);
        let largest = channels().map(|at| input.values[at]).fold(f64::NEG_INFINITY, f64::max);
        let off = channels().map(|at| input.scale[at]).fold(0.0, f64::max);
        let whole: f64 = channels().map(|at| (input.values[at] - largest).exp()).sum();
        for at in channels() {
            let (value, scale) = each(input.values[at] - largest, whole, off);
            (output.values[at], output.scale[at]) = (value, scale);
        }
    }
    output
}

/// The error of a power grows with what is in the exponent: its scale is
/// y·(2 + |x − max|), and twice what the input was off.
pub fn softmax(input: &Tensor) -> Tensor {
    over_channels(input, |exponent, whole, off| {
        let value = exponent.exp() / whole;
        // Without a power left (e to the −∞) there is no error either.
        let slack = if exponent.is_finite() { 2.0 - exponent + 2.0 * off } else { 0.0 };
        (value, value * slack)
    })
}

/// The logarithm of that: here errors add up.
pub fn log_softmax(input: &Tensor) -> Tensor {
    over_channels(input, |exponent, whole, off| {
        (exponent - whole.ln(), 2.0 - exponent + whole.ln() + 2.0 * off)
    })
}
