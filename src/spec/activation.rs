//! Functions of one number, as data.

use super::Fault;
use super::fault::Range;

/// A function of one number, applied to every element.
///
/// NaN stays NaN under each of them, and −0 where the function passes through
/// 0 without a constant being added: under all but `Sigmoid`, `HardSigmoid`, and
/// a `Clip` whose bounds leave 0 out. At −∞ `Silu`, `HardSwish`, `Gelu` and
/// `GeluTanh` multiply ∞ and 0, which is NaN (as in PyTorch).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Activation {
    /// max(x, 0).
    Relu,
    /// min(max(x, 0), 6).
    Relu6,
    /// x, or slope·x below 0.
    LeakyRelu {
        /// The slope below 0.
        slope: f64,
    },
    /// x, or alpha·(eˣ − 1) below 0.
    Elu {
        /// The depth below 0.
        alpha: f64,
    },
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
    Tanh,
    /// x / (1 + e⁻ˣ).
    Silu,
    /// min(max(alpha·x + beta, 0), 1).
    HardSigmoid {
        /// The slope in the middle.
        alpha: f64,
        /// The value at 0.
        beta: f64,
    },
    /// x · min(max(x/6 + 1/2, 0), 1).
    HardSwish,
    /// min(max(x, min), max).
    Clip {
        /// The least that comes out; −∞ for no bound.
        min: f64,
        /// The most that comes out; +∞ for no bound.
        max: f64,
    },
    /// x · Φ(x), Φ being the distribution function of the normal distribution.
    Gelu,
    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))), which comes near it.
    GeluTanh,
}

impl Activation {
    /// PyTorch's hard sigmoid, min(max(x + 3, 0), 6) / 6.
    pub const HARD_SIGMOID: Self = Self::HardSigmoid { alpha: 1.0 / 6.0, beta: 0.5 };

    /// What its layer is called.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Relu => "Relu",
            Self::Relu6 => "Relu6",
            Self::LeakyRelu { .. } => "LeakyRelu",
            Self::Elu { .. } => "Elu",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Silu => "Silu",
            Self::HardSigmoid { .. } => "HardSigmoid",
            Self::HardSwish => "HardSwish",
            Self::Clip { .. } => "Clip",
            Self::Gelu => "Gelu",
            Self::GeluTanh => "GeluTanh",
        }
    }

    /// What the types ask of the numbers: bounds in order. At run time the upper
    /// bound prevails, as in ONNX.
    pub(super) const fn fault(&self, strict: bool) -> Option<Fault> {
        match self {
            Self::Clip { min, max } if min.is_nan() || max.is_nan() || (strict && *min > *max) => {
                Some(Fault::Range(Range::Bounds))
            }
            _ => None,
        }
    }
}
