//! The size rules of `ceil_mode`, of transposed convolutions and of whole
//! multiples, in types and in const evaluation: the same over a grid.
//!
//! (`tests/size_rule.rs` does it for plain windows, and says how; that
//! `Axis::out` and `Spread::out` are right is for `tests/naive.rs` to show.)

#![allow(clippy::print_stdout, reason = "tests say how much they have seen")]

use std::marker::PhantomData;

use typenet::prelude::*;
use typenet::size::{Ceil, Pad, Side, Size, Slide, Spread, SpreadBy, Times};
use typenet::spec::{self, Axis, Dims, Padding};

/// The number behind a [`Size`].
trait Value {
    const VALUE: usize;
}

impl<const N: usize> Value for Size<N> {
    const VALUE: usize = N;
}

/// Questions to the solver, answered where the bounds hold …
struct Slid<N, A>(PhantomData<(N, A)>);

impl<N: Slide<A, Out: Value>, A> Slid<N, A> {
    const OUT: Option<usize> = Some(<N::Out as Value>::VALUE);
}

struct Grown<N, A>(PhantomData<(N, A)>);

impl<N: SpreadBy<A, Out: Value>, A> Grown<N, A> {
    const OUT: Option<usize> = Some(<N::Out as Value>::VALUE);
}

/// … and else by a name that comes next.
trait NoAnswer {
    const OUT: Option<usize> = None;
}

impl<N, A> NoAnswer for Slid<N, A> {}
impl<N, A> NoAnswer for Grown<N, A> {}

/// Calls `$each` for each point of a product of lists.
macro_rules! grid {
    ($each:ident $($lists:tt)*) => { grid!(@ $each () $($lists)*) };
    (@ $each:ident $point:tt [$($n:tt)*]) => {{
        const POINTS: &[($each!(type), usize, Option<usize>)] = &[$(grid!(! $each $point $n)),*];
        POINTS.to_vec()
    }};
    (@ $each:ident $point:tt $list:tt $($rest:tt)+) => { grid!(# $each $point $list ($($rest)+)) };
    (# $each:ident $point:tt [$($n:tt)*] $rest:tt) => {
        [$(grid!(+ $each $point $n $rest)),*].concat()
    };
    (+ $each:ident ($($point:tt)*) $n:tt ($($rest:tt)*)) => {
        grid!(@ $each ($($point)* $n) $($rest)*)
    };
    (! $each:ident ($($point:tt)*) $n:tt) => { $each!($($point)* $n) };
}

macro_rules! ceil {
    (type) => { Axis };
    ($n:literal $k:literal $s:literal $d:literal Same) => {
        (ceil!(axis $k $s $d Padding::Same), $n, Slid::<Size<$n>, Ceil<Side<$k, $s, $d, Same>>>::OUT)
    };
    ($n:literal $k:literal $s:literal $d:literal SameLower) => {
        (
            ceil!(axis $k $s $d Padding::SameLower),
            $n,
            Slid::<Size<$n>, Ceil<Side<$k, $s, $d, SameLower>>>::OUT,
        )
    };
    ($n:literal $k:literal $s:literal $d:literal ($b:literal, $a:literal)) => {
        (
            ceil!(axis $k $s $d Padding::Explicit { before: $b, after: $a }),
            $n,
            Slid::<Size<$n>, Ceil<Side<$k, $s, $d, Pad<$b, $a>>>>::OUT,
        )
    };
    (axis $k:literal $s:literal $d:literal $padding:expr) => {
        Axis { kernel: $k, stride: $s, dilation: $d, padding: $padding, ceil: true }
    };
}

macro_rules! spread {
    (type) => { spec::Spread };
    ($n:literal $k:literal $s:literal $d:literal ($b:literal, $a:literal) $e:literal) => {
        (
            spec::Spread { kernel: $k, stride: $s, dilation: $d, before: $b, after: $a, extra: $e },
            $n,
            Grown::<Size<$n>, Spread<$k, $s, $d, $b, $a, $e>>::OUT,
        )
    };
}

#[test]
fn windows_with_a_partly_covered_last_one() {
    let mut points = grid! {
        ceil [1 2 3 4 5 6 7 8 9 12 13] [0 2 3 4 5] [0 1 2 3 5] [1 2] [(0, 0) (1, 1) (0, 1) (1, 0)]
    };
    points.extend(grid! { ceil [1 2 3 5 8 13 28] [1 2 3 5] [1 2 3] [1 2] [Same SameLower] });
    points.extend(grid! { ceil [27 28 55 56 109 112 224] [2 3 5 7] [1 2 3 4] [1] [(0, 0) (1, 1)] });
    for (axis, n, out) in &points {
        assert_eq!(*out, axis.out(*n).ok(), "{n} pixels through {axis:?}");
    }
    let fit = points.iter().filter(|point| point.2.is_some()).count();
    println!("{} points, {fit} of them fit", points.len());
    assert!(fit > 900);
}

#[test]
fn transposed_convolutions() {
    let points = grid! {
        spread [1 2 3 7 16] [0 1 2 3 4] [0 1 2 3] [0 1 2] [(0, 0) (1, 1) (0, 2) (3, 1)] [0 1]
    };
    for (spread, n, out) in &points {
        // An output padding has a limit of its own, which the types know too.
        let allowed = spread.extra <= spread.most_extra();
        let expected = spread.out(*n).ok().filter(|_| allowed);
        assert_eq!(*out, expected, "{n} pixels through {spread:?}");
    }
    let fit = points.iter().filter(|point| point.2.is_some()).count();
    println!("{} points, {fit} of them fit", points.len());
    assert!(fit > 600);
}

/// A convolution of the same numbers makes the same size of it again.
#[test]
fn a_transposed_convolution_undoes_the_size() {
    for kernel in 1..=5 {
        for stride in 1..=4 {
            for dilation in 1..=3 {
                for before in 0..=2 {
                    for after in 0..=2 {
                        let padding = Padding::Explicit { before, after };
                        let axis = Axis { kernel, stride, dilation, padding, ceil: false };
                        for extra in 0..stride {
                            let spread =
                                spec::Spread { kernel, stride, dilation, before, after, extra };
                            for n in 1..=9 {
                                let there = spread.out(n).ok();
                                let back = there.map(|grown| axis.out(grown));
                                assert!(back.is_none_or(|back| back == Ok(n)), "{spread:?} on {n}");
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn whole_multiples() {
    fn size<T: Value>() -> usize {
        T::VALUE
    }
    assert_eq!(size::<<Size<7> as Times<1>>::Out>(), 7);
    assert_eq!(size::<<Size<7> as Times<3>>::Out>(), 21);
    assert_eq!(size::<<Size<112> as Times<2>>::Out>(), 224);
}

#[test]
fn layers_follow_the_rules() {
    type In = Chw<8, 7, 9>;
    type Max = <MaxPool2d<3, 2, 0, 1, Ceil<Side<3, 2, 1, Pad<0, 0>>>> as Layer<In>>::Out;
    type Lp = <LpPool2d<2, 2, 2, 0, Ceil<Side<2, 2, 1, Pad<0, 0>>>> as Layer<In>>::Out;
    type Up = <Upsample<2, 3, Bilinear> as Layer<In>>::Out;
    type Around = <Pad2d<1, 2, 3> as Layer<In>>::Out;
    type Transposed = <ConvTranspose2d<8, 4, 3, 2, 1, 1> as Layer<In>>::Out;
    type Shuffled = <PixelShuffle<2> as Layer<In>>::Out;
    type Pooled = <(GlobalMaxPool2d, BatchNorm1d<8>) as Layer<In>>::Out;
    let _: (Max, Lp) = (Chw::<8, 3, 4>, Chw::<8, 4, 5>);
    let _: (Up, Around) = (Chw::<8, 14, 27>, Chw::<8, 10, 15>);
    let _: (Transposed, Shuffled) = (Chw::<4, 14, 18>, Chw::<2, 14, 18>);
    assert_eq!(Pooled::DIMS, Dims::vector(8));
}

/// Of any size too.
#[test]
fn sizes_from_run_time_stay_so() {
    type Chain = (
        MaxPool2d<3, 2, 0, 1, Ceil<Side<3, 2, 1, Pad<0, 0>>>>,
        LpPool2d<2, 2>,
        Upsample<2>,
        Pad2d<1>,
        ConvTranspose2d<8, 4, 2, 2>,
        LocalResponseNorm<5>,
        PixelShuffle<2>,
    );
    assert_eq!(<Chain as Layer<DynChw<8>>>::Out::DIMS, DynChw::<1>::DIMS);
}
