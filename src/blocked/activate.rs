//! Activations on vectors, and what comes behind a sum.
//!
//! A rectifier or another clip is two comparisons at most, and every kernel makes
//! them on the finished sum before it is stored ([`End`]). The others are longer
//! than the sum of a small layer and would be inlined some hundred times: those
//! run over what a unit of work has just written, while it is in the cache
//! ([`Region`]). Where a power is needed it is [`Simd::exp`]'s; `Tanh` and `Elu`,
//! which would lose digits around 0 that way, go lane by lane.

use core::ops::Range;

use crate::element::Element;
use crate::isa::{Kernel, Simd};
use crate::naive;
use crate::spec::Activation;

use super::layout::Form;
use super::memory::{In, Out};
use super::work::Io;

/// What is fused behind a layer. The addend has the form of the value it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fused {
    pub(crate) addend: Option<Form>,
    pub(crate) activation: Option<Activation>,
}

/// The bounds of an activation that is nothing else than those. Without an activation
/// they are infinite: two comparisons cost less than the code that would avoid them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<T> {
    pub(crate) least: T,
    pub(crate) most: T,
}

/// The bounds that an activation consists of, if it does.
pub(crate) const fn bounds(activation: Activation) -> Option<Bounds<f64>> {
    let (least, most) = match activation {
        Activation::Relu => (0.0, f64::INFINITY),
        Activation::Relu6 => (0.0, 6.0),
        Activation::Clip { min, max } => (min, max),
        _ => return None,
    };
    Some(Bounds { least, most })
}

impl Fused {
    /// The bounds of its activation, if it consists of those.
    pub(crate) fn bounds<T: Element>(&self) -> Bounds<T> {
        self.activation.and_then(bounds).map_or_else(Bounds::none, Bounds::new)
    }

    /// Its activation, if that is more than bounds.
    pub(crate) fn longer(&self) -> Option<Activation> {
        self.activation.filter(|&activation| bounds(activation).is_none())
    }
}

impl<T: Element> Bounds<T> {
    fn new(Bounds { least, most }: Bounds<f64>) -> Self {
        Self { least: T::from_double(least), most: T::from_double(most) }
    }

    /// Bounds that nothing exceeds.
    pub(crate) fn none() -> Self {
        Self::new(Bounds { least: f64::NEG_INFINITY, most: f64::INFINITY })
    }

    /// The bounds as vectors.
    #[inline(always)]
    pub(crate) fn vectors<S: Simd<E = T>>(self, s: S) -> (S::V, S::V) {
        (s.splat(self.least), s.splat(self.most))
    }
}

/// Clips a vector; what is not a number stays.
#[inline(always)]
pub(crate) fn clip<S: Simd>(s: S, x: S::V, (least, most): (S::V, S::V)) -> S::V {
    s.at_most(s.at_least(x, least), most)
}

/// What comes behind the sums of one run of a kernel: an addend, bounds, and the
/// place to store them in.
#[derive(Clone, Copy)]
pub(crate) struct End<S: Simd> {
    addend: Option<(Form, In<S::E>)>,
    bounds: (S::V, S::V),
    output: Out<S::E>,
    form: Form,
}

impl<S: Simd> End<S> {
    #[inline(always)]
    pub(crate) fn new(s: S, io: &Io<S::E>, form: Form, fused: &Fused) -> Self {
        let bounds = fused.bounds::<S::E>().vectors(s);
        Self { addend: fused.addend.zip(io.other), bounds, output: io.output, form }
    }

    /// Finishes one vector and stores it.
    ///
    /// # Safety
    ///
    /// The output has the form given and this pixel; the addend likewise.
    #[inline(always)]
    pub(crate) unsafe fn store(&self, s: S, at: (usize, usize, usize), sum: S::V) {
        // SAFETY: handed on to the caller.
        unsafe { self.store_row(s, at, [sum]) }
    }

    /// Finishes the vectors of some pixels of a row, the first one given, and stores
    /// them.
    ///
    /// # Safety
    ///
    /// The output has the form given and these pixels; the addend likewise.
    #[inline(always)]
    pub(crate) unsafe fn store_row<const PX: usize>(
        &self,
        s: S,
        (block, y, x): (usize, usize, usize),
        sums: [S::V; PX],
    ) {
        // SAFETY: handed on to the caller.
        unsafe { self.row(block, y).store(s, x, sums) }
    }

    /// The end of a row of a block.
    #[inline(always)]
    pub(crate) fn row(&self, block: usize, y: usize) -> EndRow<S> {
        let addend = self.addend.map(|(form, addend)| addend.from(form.at(block, y, 0)));
        let output = self.output.from(self.form.at(block, y, 0));
        EndRow { addend, bounds: self.bounds, output }
    }
}

/// The same for one row of a block: what is in a register stays there from one tile to
/// the next.
#[derive(Clone, Copy)]
pub(crate) struct EndRow<S: Simd> {
    addend: Option<In<S::E>>,
    bounds: (S::V, S::V),
    output: Out<S::E>,
}

impl<S: Simd> EndRow<S> {
    /// Finishes the vectors of some pixels, the first one given, and stores them.
    ///
    /// # Safety
    ///
    /// The output has these pixels; the addend likewise.
    #[inline(always)]
    pub(crate) unsafe fn store<const PX: usize>(&self, s: S, x: usize, mut sums: [S::V; PX]) {
        if let Some(addend) = self.addend {
            for (p, sum) in sums.iter_mut().enumerate() {
                // SAFETY: the addend has the pixels of the output.
                *sum = s.add(*sum, unsafe { addend.load(s, (x + p) * S::LANES) });
            }
        }
        for (p, &sum) in sums.iter().enumerate() {
            // SAFETY: the pixel exists.
            unsafe { self.output.store(s, (x + p) * S::LANES, clip(s, sum, self.bounds)) }
        }
    }
}

/// f(x), as [`Activation`] defines it.
#[inline(always)]
pub(crate) fn value<S: Simd>(s: S, function: Activation, x: S::V) -> S::V {
    let number = |x: f64| s.splat(S::E::from_double(x));
    let hard_sigmoid = |alpha: f64, beta: f64| {
        let line = s.add(s.mul(number(alpha), x), number(beta));
        s.at_most(s.at_least(line, s.zero()), number(1.0))
    };
    match function {
        Activation::LeakyRelu { slope } => s.if_negative(x, s.mul(number(slope), x), x),
        Activation::Sigmoid => sigmoid(s, x),
        Activation::Silu => s.mul(x, sigmoid(s, x)),
        Activation::HardSigmoid { alpha, beta } => hard_sigmoid(alpha, beta),
        Activation::HardSwish => s.mul(x, hard_sigmoid(1.0 / 6.0, 0.5)),
        // The approximation has the digits of an `f32`; an `f64` goes lane by lane.
        Activation::Gelu if size_of::<S::E>() == 4 => s.mul(x, normal(s, x)),
        // (1 + tanh(u))/2 is the sigmoid of 2u.
        Activation::GeluTanh => {
            let scale = core::f64::consts::FRAC_2_SQRT_PI * core::f64::consts::SQRT_2;
            let cube = s.mul(s.mul(s.mul(number(0.044_715), x), x), x);
            s.mul(x, sigmoid(s, s.mul(number(scale), s.add(x, cube))))
        }
        other => match bounds(other) {
            Some(Bounds { least, most }) => clip(s, x, (number(least), number(most))),
            None => s.each(x, |lanes| each(other, lanes)),
        },
    }
}

/// f(x) of each number; a function of its own, of which a program needs one.
#[inline(never)]
fn each<T: Element>(function: Activation, values: &mut [T]) {
    for x in values {
        *x = naive::activation(function, *x);
    }
}

/// 1 / (1 + e⁻ˣ), with a power that never overflows.
#[inline(always)]
fn sigmoid<S: Simd>(s: S, x: S::V) -> S::V {
    let one = s.splat(S::E::from_double(1.0));
    let power = s.exp(s.at_most(x, s.sub(s.zero(), x)));
    s.div(s.if_negative(x, power, one), s.add(one, power))
}

/// The part of a normal distribution that lies below x: ½·erfc(−x/√2), with the
/// approximation 7.1.26 of Abramowitz and Stegun, "Handbook of mathematical
/// functions", 1964: erfc(y) ≈ e^(−y²)·(a₁t + … + a₅t⁵), t = 1/(1 + p·y), whose
/// error is below 1.5e-7.
#[inline(always)]
fn normal<S: Simd>(s: S, x: S::V) -> S::V {
    const P: f64 = 0.327_591_1;
    const A: [f64; 5] =
        [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let number = |x: f64| s.splat(S::E::from_double(x));
    let minus = s.mul(s.at_most(x, s.sub(s.zero(), x)), number(core::f64::consts::FRAC_1_SQRT_2));
    let t = s.div(number(1.0), s.sub(number(1.0), s.mul(number(P), minus)));
    let mut sum = number(A[0]);
    for a in &A[1..] {
        sum = s.fma(sum, t, number(*a));
    }
    let bell = s.exp(s.mul(minus, s.sub(s.zero(), minus)));
    let tail = s.mul(s.mul(number(0.5), bell), s.mul(sum, t));
    s.if_negative(x, tail, s.sub(number(1.0), tail))
}

/// Applies an activation to `count` vectors from `at` on.
///
/// # Safety
///
/// They exist and are this call's.
#[inline(always)]
pub(crate) unsafe fn apply<S: Simd>(
    s: S,
    function: Activation,
    values: Out<S::E>,
    at: usize,
    count: usize,
) {
    for i in 0..count {
        let at = at + i * S::LANES;
        // SAFETY: the vector exists.
        let x = unsafe { values.to_in().load(s, at) };
        // SAFETY: as above.
        unsafe { values.store(s, at, value(s, function, x)) }
    }
}

/// Some rows of some blocks of a value, to be activated where they lie.
pub(crate) struct Region<'a, T> {
    pub(crate) form: &'a Form,
    pub(crate) values: Out<T>,
    pub(crate) blocks: Range<usize>,
    pub(crate) rows: Range<usize>,
    pub(crate) function: Activation,
}

impl<S: Simd> Kernel<S> for Region<'_, S::E> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        for block in self.blocks.clone() {
            for y in self.rows.clone() {
                let at = self.form.at(block, y, 0);
                // SAFETY: the row exists.
                unsafe { apply(s, self.function, self.values, at, self.form.w) }
            }
        }
    }
}
