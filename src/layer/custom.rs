//! A user's own layer.

use core::marker::PhantomData;

use super::{Apply, Describe, Layer};
use crate::element::Element;
use crate::shape::Shape;
use crate::spec::{Call, CustomKernel, CustomOp, Op, ParamSpec, ShapeRule, Spec};

/// A layer of your own: at home in tuples, in `network!`, in the summary and in
/// the engines.
///
/// Say what it is called, how it changes the shape, what it has to learn, and
/// how it runs; [`Layer`] says the change of shape to the compiler.
///
/// ```
/// use typenet::prelude::*;
/// use typenet::spec::Call;
///
/// /// x · tanh(ln(1 + eˣ)) (Misra, "Mish", 2019).
/// pub struct Mish;
///
/// impl CustomLayer for Mish {
///     const NAME: &'static str = "Mish";
///
///     fn run<T: Element>(call: Call<'_, T>) {
///         for (y, &x) in call.output.iter_mut().zip(call.input) {
///             *y = x * x.exp().ln_1p().tanh();
///         }
///     }
/// }
///
/// impl<S: Shape> Layer<S> for Mish {
///     type Out = S;
/// }
///
/// network! {
///     struct Net: [1, 8, 8] -> [4, 8, 8] {
///         conv: Conv2d<1, 4, K = 3, P = 1>,
///         mish: Mish,
///     }
/// }
/// let net = Net::random(1);
/// let y = net.forward(&Tensor::zeros());
/// assert_eq!(y.as_slice()[0], 0.0);
/// ```
pub trait CustomLayer: 'static {
    /// What summaries and errors call it.
    const NAME: &'static str;

    /// How it changes the shape; by default not at all.
    const SHAPE: ShapeRule = ShapeRule::Same;

    /// Its parameters, in the order in which [`run`](CustomLayer::run) gets them.
    const PARAMS: &'static [ParamSpec] = &[];

    /// Multiply-adds for one output element.
    const MACS_PER_OUTPUT: u64 = 0;

    /// Runs it on one sample: writes every element of `call.output`.
    fn run<T: Element>(call: Call<'_, T>);
}

/// Hands the two precisions to the one generic `run`.
struct Adapter<L>(PhantomData<fn() -> L>);

impl<L: CustomLayer> CustomKernel for Adapter<L> {
    fn run_f32(&self, call: Call<'_, f32>) {
        L::run(call);
    }

    fn run_f64(&self, call: Call<'_, f64>) {
        L::run(call);
    }
}

impl<L: CustomLayer> Describe for L {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::Custom(&CustomOp {
        name: L::NAME,
        rule: L::SHAPE,
        params: L::PARAMS,
        macs_per_output: L::MACS_PER_OUTPUT,
        kernel: &Adapter::<L>(PhantomData),
    }));
}

/// [`Layer`] with its output, as a bound without a bound on an associated type:
/// that would be looked at first, for every block of any size, and only then
/// whether the type is a [`CustomLayer`] at all.
pub trait Gives<In, Out> {}

impl<In, Out, L: Layer<In, Out = Out>> Gives<In, Out> for L {}

impl<In: Shape, Out: Shape, L: CustomLayer + Gives<In, Out>> Apply<In, Out> for L {}
