//! Functions of one number.

use crate::element::Element;
use crate::spec::{Activation, Call};

/// out = f(in) for each value.
pub(super) fn activation<T: Element>(function: Activation, call: Call<'_, T>) {
    let Call { input, output, .. } = call;
    for (out, &x) in output.iter_mut().zip(input) {
        *out = value(function, x);
    }
}

/// f(x), as [`Activation`] defines it.
///
/// Comparisons are written so that a NaN fails them and is handed on.
pub(crate) fn value<T: Element>(function: Activation, x: T) -> T {
    let number = T::from_double;
    match function {
        Activation::Relu => relu(x),
        Activation::Relu6 => clip(x, T::zero(), number(6.0)),
        Activation::LeakyRelu { slope } => below(x, || number(slope) * x),
        Activation::Elu { alpha } => below(x, || number(alpha) * x.exp_m1()),
        Activation::Sigmoid => sigmoid(x),
        Activation::Tanh => x.tanh(),
        Activation::Silu => x * sigmoid(x),
        Activation::HardSigmoid { alpha, beta } => hard_sigmoid(x, number(alpha), number(beta)),
        Activation::HardSwish => x * hard_sigmoid(x, number(1.0 / 6.0), number(0.5)),
        Activation::Clip { min, max } => clip(x, number(min), number(max)),
        Activation::Gelu => x * number(normal(x.to_double())),
        Activation::GeluTanh => gelu_tanh(x),
    }
}

/// max(x, 0).
fn relu<T: Element>(x: T) -> T {
    below(x, T::zero)
}

/// x, or something else below 0.
fn below<T: Element>(x: T, other: impl FnOnce() -> T) -> T {
    if x < T::zero() { other() } else { x }
}

/// min(max(x, min), max).
fn clip<T: Element>(x: T, min: T, max: T) -> T {
    let x = if x < min { min } else { x };
    if x > max { max } else { x }
}

/// 1 / (1 + e⁻ˣ), with a power that never overflows.
fn sigmoid<T: Element>(x: T) -> T {
    let power = (-x.abs()).exp();
    if x < T::zero() { power / (T::one() + power) } else { T::one() / (T::one() + power) }
}

/// min(max(alpha·x + beta, 0), 1).
fn hard_sigmoid<T: Element>(x: T, alpha: T, beta: T) -> T {
    clip(alpha * x + beta, T::zero(), T::one())
}

/// x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))) (Hendrycks and Gimpel,
/// "Gaussian error linear units", 2016, section 2).
fn gelu_tanh<T: Element>(x: T) -> T {
    let number = T::from_double;
    let inner = x + number(0.044_715) * x * x * x;
    let scale = number(core::f64::consts::FRAC_2_SQRT_PI * core::f64::consts::FRAC_1_SQRT_2);
    number(0.5) * x * (T::one() + (scale * inner).tanh())
}

/// Φ(x), the part of a normal distribution that lies below x: ½·erfc(−x/√2).
fn normal(x: f64) -> f64 {
    let tail = 0.5 * erfc(x.abs() * core::f64::consts::FRAC_1_SQRT_2);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// 2/√π · ∫ e^(−t²) dt from x ≥ 0 on.
///
/// Up to 2 as 1 − erf by the series e^(−x²)·Σ 2ⁿ·x²ⁿ⁺¹/(1·3·…·(2n+1)), whose
/// terms are all positive; beyond by the continued fraction
/// e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))) (Abramowitz and Stegun,
/// "Handbook of mathematical functions", 1964, 7.1.6 and 7.1.14). So many terms
/// are enough for every digit.
fn erfc(x: f64) -> f64 {
    let bell = num_traits::Float::exp(-x * x) * core::f64::consts::FRAC_2_SQRT_PI;
    if x < 2.0 {
        let (mut term, mut sum) = (x, x);
        for n in 1..60 {
            term = term * 2.0 * x * x / f64::from(2 * n + 1);
            sum += term;
        }
        return 1.0 - bell * sum;
    }
    let fraction = (1..=100).rev().fold(x, |below, n| x + f64::from(n) / 2.0 / below);
    bell / 2.0 / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_function_is_the_tables() {
        // Abramowitz and Stegun, table 7.1 and 7.3; the last from the asymptotic series.
        let table = [
            (0.0, 1.0),
            (0.5, 0.479_500_122_186_953_5),
            (1.0, 0.157_299_207_050_285_13),
            (1.999_999, 0.004_677_755_648_073_953),
            (2.0, 0.004_677_734_981_047_265),
            (3.0, 2.209_049_699_858_544e-5),
            (5.0, 1.537_459_794_428_035e-12),
        ];
        for (x, wanted) in table {
            let got = erfc(x);
            assert!((got - wanted).abs() <= 1e-13 * wanted, "erfc({x}) = {got:e}, not {wanted:e}");
        }
        assert_eq!(erfc(40.0).to_bits(), 0.0_f64.to_bits());
        assert!(erfc(f64::NAN).is_nan());
    }
}
