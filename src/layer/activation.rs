//! Layers that keep any shape.
//!
//! What each does to NaN, −0 and ∞ is said at [`spec::Activation`].

use super::{Apply, Describe, Layer, float};
use crate::shape::Shape;
use crate::shape::rules::{SlopeCount, Slopes};
use crate::size::{Known, Size};
use crate::spec::{self, Op, Spec};

macro_rules! same_shape {
    ($($(#[$doc:meta])* $name:ident $(($($param:ident = $default:expr),*))? = $op:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
        pub struct $name $(<$(const $param: u64 = { float($default) }),*>)?;

        impl $(<$(const $param: u64),*>)? Describe for $name $(<$($param),*>)? {
            const SPEC: &'static Spec<'static> = &Spec::Op($op);
        }

        impl<S: Shape $($(, const $param: u64)*)?> Layer<S> for $name $(<$($param),*>)? {
            type Out = S;
        }

        impl<S: Shape $($(, const $param: u64)*)?> Apply<S, S> for $name $(<$($param),*>)? {}
    )*};
}

same_shape! {
    /// max(x, 0) for every element; NaN stays NaN.
    Relu = Op::Activation(spec::Activation::Relu);

    /// min(max(x, 0), 6) for every element.
    ///
    /// (Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.)
    Relu6 = Op::Activation(spec::Activation::Relu6);

    /// x, or `SLOPE`·x below 0; `SLOPE` is 0.01 unless it is given.
    ///
    /// (Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network
    /// acoustic models", 2013.)
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [3] -> [3] { leaky: LeakyRelu<SLOPE = 0.5> } }
    /// let x = Tensor::<f32, Vector<3>>::from_vec(vec![-2.0, -0.0, 3.0]).unwrap();
    /// let y = Net::random(0).forward(&x);
    /// assert_eq!(y.as_slice(), [-1.0, -0.0, 3.0]);
    ///
    /// // By hand, as the bits of the float:
    /// type Leaky = LeakyRelu<{ float(0.5) }>;
    /// typenet::check!(Leaky: [3] -> [3]);
    /// ```
    LeakyRelu(SLOPE = 0.01) =
        Op::Activation(spec::Activation::LeakyRelu { slope: f64::from_bits(SLOPE) });

    /// x, or `ALPHA`·(eˣ − 1) below 0; `ALPHA` is 1 unless it is given.
    ///
    /// (Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network
    /// learning by exponential linear units", 2015.)
    Elu(ALPHA = 1.0) = Op::Activation(spec::Activation::Elu { alpha: f64::from_bits(ALPHA) });

    /// 1 / (1 + e⁻ˣ) for every element.
    Sigmoid = Op::Activation(spec::Activation::Sigmoid);

    /// The hyperbolic tangent of every element.
    Tanh = Op::Activation(spec::Activation::Tanh);

    /// x / (1 + e⁻ˣ) for every element, also called swish.
    ///
    /// (Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units", 2017.)
    Silu = Op::Activation(spec::Activation::Silu);

    /// min(max(x/6 + 1/2, 0), 1) for every element, as in PyTorch.
    ///
    /// (Howard et al., "Searching for `MobileNetV3`", 2019.)
    HardSigmoid = Op::Activation(spec::Activation::HARD_SIGMOID);

    /// x · min(max(x/6 + 1/2, 0), 1) for every element.
    ///
    /// (Howard et al., "Searching for `MobileNetV3`", 2019.)
    HardSwish = Op::Activation(spec::Activation::HardSwish);

    /// min(max(x, `MIN`), `MAX`) for every element; a bound that is not given is
    /// infinite.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [3] -> [3] { clip: Clip<MIN = -1.0, MAX = 0.5> } }
    /// let x = Tensor::<f32, Vector<3>>::from_vec(vec![-2.0, 0.25, 3.0]).unwrap();
    /// let y = Net::random(0).forward(&x);
    /// assert_eq!(y.as_slice(), [-1.0, 0.25, 0.5]);
    /// ```
    ///
    /// Bounds that are not in order do not compile:
    ///
    /// ```compile_fail
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [3] -> [3] { clip: Clip<MIN = 1.0, MAX = 0.5> } }
    /// ```
    Clip(MIN = f64::NEG_INFINITY, MAX = f64::INFINITY) = Op::Activation(spec::Activation::Clip {
        min: f64::from_bits(MIN),
        max: f64::from_bits(MAX),
    });

    /// x · Φ(x) for every element, Φ being the distribution function of the normal
    /// distribution.
    ///
    /// (Hendrycks and Gimpel, "Gaussian error linear units", 2016.)
    Gelu = Op::Activation(spec::Activation::Gelu);

    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))) for every element: PyTorch's
    /// `GELU(approximate="tanh")`.
    GeluTanh = Op::Activation(spec::Activation::GeluTanh);

    /// exp(xᵢ) / Σ exp(xⱼ), over the features of a vector or over the channels
    /// of each pixel: probabilities that sum to 1.
    Softmax = Op::Softmax;

    /// xᵢ − ln Σ exp(xⱼ), over the features of a vector or over the channels of
    /// each pixel: the logarithms of [`Softmax`]'s probabilities.
    LogSoftmax = Op::LogSoftmax;

    /// Hands its input on. In training it drops a value with the probability `P`
    /// and scales the others up, so that a run needs nothing.
    ///
    /// (Srivastava et al., "Dropout", 2014.)
    Dropout(P = 0.5) = Op::Dropout { p: f64::from_bits(P) };

    /// What comes in goes out.
    Identity = Op::Identity;
}

/// x, or weight·x below 0, with a learnt weight for each of `C` channels (or
/// features), or with a single one for all.
///
/// Weights: `weight` of shape `[C]`, 1/4 at the start. (He et al., "Delving deep
/// into rectifiers", 2015, eq. 1.)
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 8, 8] -> [4, 8, 8] {
///         conv: Conv2d<1, 4, K = 3, P = 1>,
///         each: PRelu<_>,
///         all: PRelu,
///     }
/// }
/// assert_eq!(Net::PARAMS, 4 * 9 + 4 + 4 + 1);
/// ```
///
/// The weights are as many as the channels, or one:
///
/// ```compile_fail
/// use typenet::prelude::*;
///
/// network! { struct Net: [4, 8, 8] -> [4, 8, 8] { prelu: PRelu<3> } }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PRelu<const C: usize = 1>;

impl<const C: usize> Describe for PRelu<C> {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::PRelu { weights: C });
}

// One weight serves any shape, and stable Rust has no impl for "all but 1": so the
// number is looked up in the table of sizes.
impl<S: Shape, const C: usize> Layer<S> for PRelu<C>
where
    Size<C>: Known<U: SlopeCount<Word: Slopes<C, S, Self>>>,
{
    type Out = S;
}

impl<S: Shape, const C: usize> Apply<S, S> for PRelu<C> {}
