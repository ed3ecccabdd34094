//! Layers that a user's crate defines: one with weights, one without, one that
//! changes the shape. They are at home wherever typenet's own are.

#![forbid(unsafe_code)]
#![deny(missing_docs, unused)]

use typenet::prelude::*;
use typenet::spec::{self, Axis, Call, Dims, Op, ParamDims, ParamSpec, ShapeRule, Window};

/// x · tanh(ln(1 + eˣ)) for every element (Misra, "Mish", 2019).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Mish;

impl CustomLayer for Mish {
    const NAME: &'static str = "Mish";

    fn run<T: Element>(call: Call<'_, T>) {
        for (y, &x) in call.output.iter_mut().zip(call.input) {
            *y = x * x.exp().ln_1p().tanh();
        }
    }
}

impl<S: Shape> Layer<S> for Mish {
    type Out = S;
}

/// Each channel times its own number. Weights: `weight` of shape `[C]`.
///
/// Channels are checked, like those of a layer of typenet's own:
///
/// ```compile_fail
/// use outside::Scale;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [3, 8, 8] -> [3, 8, 8] {
///         scale: Scale<4>,
///     }
/// }
/// ```
///
/// ```compile_fail,E0277
/// use outside::Scale;
/// use typenet::prelude::*;
///
/// type Out = <(Relu, Scale<4>) as Layer<Chw<3, 8, 8>>>::Out;
/// let out: Option<Out> = None;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Scale<const C: usize>;

impl<const C: usize> CustomLayer for Scale<C> {
    const NAME: &'static str = "Scale";

    // What it does to shapes is what a 1×1 convolution of C channels does.
    const SHAPE: ShapeRule = ShapeRule::Like(&Op::Conv2d(spec::Conv2d {
        inputs: C,
        outputs: C,
        window: Window::square(Axis::new(1, 1, 0)),
        groups: 1,
        bias: false,
    }));

    const PARAMS: &'static [ParamSpec] = &[ParamSpec::constant("weight", ParamDims::d1(C), 1)];

    const MACS_PER_OUTPUT: u64 = 1;

    fn run<T: Element>(call: Call<'_, T>) {
        let pixels = call.input.len() / C;
        let channels = call.output.chunks_mut(pixels).zip(call.input.chunks(pixels));
        for ((output, input), &weight) in channels.zip(call.params[0]) {
            for (y, &x) in output.iter_mut().zip(input) {
                *y = weight * x;
            }
        }
    }
}

impl<const C: usize, const H: usize, const W: usize> Layer<Chw<C, H, W>> for Scale<C> {
    type Out = Chw<C, H, W>;
}

impl<const C: usize> Layer<DynChw<C>> for Scale<C> {
    type Out = DynChw<C>;
}

/// The largest of `N` features, alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Largest<const N: usize>;

impl<const N: usize> CustomLayer for Largest<N> {
    const NAME: &'static str = "Largest";

    const SHAPE: ShapeRule = ShapeRule::Fixed { input: Dims::vector(N), output: Dims::vector(1) };

    fn run<T: Element>(call: Call<'_, T>) {
        call.output[0] = call.input.iter().copied().fold(T::neg_infinity(), T::max);
    }
}

impl<const N: usize> Layer<Vector<N>> for Largest<N> {
    type Out = Vector<1>;
}
