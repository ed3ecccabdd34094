//! The size rule that the trait solver computes is the one that const evaluation
//! computes, and it refuses what that one refuses.
//!
//! Both are asked for each point of a grid of sizes and windows. The grid holds
//! points that do not fit, too: a point for which the solver has no answer is
//! `None`, by the way in which Rust looks up a name. (An axis of 0 pixels is left
//! to const evaluation, which refuses it.) That `Axis::out` is right is for
//! `tests/naive.rs` to show.

#![allow(clippy::print_stdout, reason = "tests say how much they have seen")]

use std::marker::PhantomData;

use typenet::prelude::*;
use typenet::size::{Pad, Side, Size, Slide};
use typenet::spec::{Axis, Dims, Padding};

/// A point: the axis, its size, and what the solver makes of it.
type Point = (Axis, usize, Option<usize>);

/// The number behind a [`Size`].
trait Value {
    const VALUE: usize;
}

impl<const N: usize> Value for Size<N> {
    const VALUE: usize = N;
}

/// A question to the solver: `Asked::<Size<28>, Side<5, 1, 1, Pad<0, 0>>>::OUT`.
struct Asked<N, A>(PhantomData<(N, A)>);

/// The answer where there is one: a name of the type itself comes first …
impl<N, A> Asked<N, A>
where
    N: Slide<A, Out: Value>,
{
    const OUT: Option<usize> = Some(<N::Out as Value>::VALUE);
}

/// … and where its bounds do not hold, that of a trait is next.
trait NoAnswer {
    const OUT: Option<usize> = None;
}

impl<N, A> NoAnswer for Asked<N, A> {}

/// How an axis is padded, as a type and as a value.
macro_rules! padding {
    (type Same) => { Same };
    (type SameLower) => { SameLower };
    (type ($before:literal, $after:literal)) => { Pad<$before, $after> };
    (Same) => { Padding::Same };
    (SameLower) => { Padding::SameLower };
    (($before:literal, $after:literal)) => { Padding::Explicit { before: $before, after: $after } };
}

/// The points of a product of lists, one list after the other.
macro_rules! grid {
    ([$($n:literal)*] $k:tt $s:tt $d:tt $p:tt) => {
        [$(grid!(k $n $k $s $d $p),)*].concat()
    };
    (k $n:literal [$($k:literal)*] $s:tt $d:tt $p:tt) => {
        [$(grid!(s $n $k $s $d $p),)*].concat()
    };
    (s $n:literal $k:literal [$($s:literal)*] $d:tt $p:tt) => {
        [$(grid!(d $n $k $s $d $p),)*].concat()
    };
    (d $n:literal $k:literal $s:literal [$($d:literal)*] $p:tt) => {
        [$(grid!(p $n $k $s $d $p),)*].concat()
    };
    (p $n:literal $k:literal $s:literal $d:literal [$($p:tt)*]) => {{
        const POINTS: &[Point] = &[$((
            Axis { kernel: $k, stride: $s, dilation: $d, padding: padding!($p), ceil: false },
            $n,
            Asked::<Size<$n>, Side<$k, $s, $d, padding!(type $p)>>::OUT,
        )),*];
        POINTS
    }};
}

/// Compares the two, and returns how many points fit.
fn compare(points: &[Point]) -> usize {
    for (axis, n, out) in points {
        assert_eq!(*out, axis.out(*n).ok(), "{n} pixels through {axis:?}");
    }
    points.iter().filter(|(_, _, out)| out.is_some()).count()
}

#[test]
fn small_sizes_with_every_window() {
    let points = grid! {
        [1 2 3 4 5 8 12]
        [0 1 2 3 4 5]
        [0 1 2 3]
        [0 1 2]
        [(0, 0) (1, 1) (0, 1) (3, 2)]
    };
    let fit = compare(&points);
    println!("{} points, {fit} of them fit", points.len());
    assert!(fit > 600);
}

#[test]
fn sizes_of_real_networks() {
    let points = grid! {
        [28 32 55 112 224 225 227 300]
        [1 2 3 5 7 11]
        [1 2 3 4]
        [1 2]
        [(0, 0) (1, 1) (3, 3)]
    };
    let fit = compare(&points);
    println!("{} points, {fit} of them fit", points.len());
    assert_eq!(fit, points.len());
}

#[test]
fn same_padding() {
    let points = grid! {
        [1 2 3 5 8 13 28 99]
        [0 1 2 3 5]
        [0 1 2 3]
        [0 1 2]
        [Same SameLower]
    };
    let fit = compare(&points);
    println!("{} points, {fit} of them fit", points.len());
    assert!(fit > 350);
}

/// At the far end of the table, and where a large stride leaves one window.
#[test]
fn edges() {
    let points = grid! {
        [1023 1024 2048 4096]
        [1 2 8]
        [64 1024]
        [1]
        [(0, 0) (1, 0)]
    };
    assert_eq!(compare(&points), points.len());
    let points = grid! { [7] [7] [100] [1 2] [(0, 0) (6, 0) (0, 6)] };
    assert_eq!(compare(&points), 5);
}

#[test]
fn a_size_from_run_time_stays_one() {
    fn both<T>(_: T, _: T) {}
    both(PhantomData::<<Dyn as Slide<Side<3, 2, 1, Pad<1, 1>>>>::Out>, PhantomData::<Dyn>);
}

/// The rule as the layers use it, both axes at once.
macro_rules! layers {
    ([$($n:literal)*] $k:tt $s:tt $d:tt $p:tt) => { $(layers!(k $n $k $s $d $p);)* };
    (k $n:literal [$($k:literal)*] $s:tt $d:tt $p:tt) => { $(layers!(s $n $k $s $d $p);)* };
    (s $n:literal $k:literal [$($s:literal)*] $d:tt $p:tt) => { $(layers!(d $n $k $s $d $p);)* };
    (d $n:literal $k:literal $s:literal [$($d:literal)*] $p:tt) => {
        $(layers!(p $n $k $s $d $p);)*
    };
    (p $n:literal $k:literal $s:literal $d:literal [$($p:literal)*]) => {$({
        type In = Chw<2, $n, { $n + 8 }>;
        type Conv = <Conv2d<2, 3, $k, $s, $p, $d> as Layer<In>>::Out;
        type Pool = <MaxPool2d<$k, $s, $p, $d> as Layer<In>>::Out;
        let side = |n| {
            let padding = Padding::Explicit { before: $p, after: $p };
            Axis { kernel: $k, stride: $s, dilation: $d, padding, ceil: false }.out(n).ok()
        };
        let image = |c| side($n).zip(side($n + 8)).map(|(h, w)| Dims::image(c, h, w));
        assert_eq!(Some(Conv::DIMS), image(3));
        assert_eq!(Some(Pool::DIMS), image(2));
    })*};
}

#[test]
fn layers_follow_the_rule() {
    layers! { [9 28 31] [2 3 4] [1 2 3] [1 2] [0 1] }
}

/// Windows that differ by axis.
#[test]
fn axes_are_not_swapped() {
    type Tall = Side<5, 2, 1, Pad<0, 0>>;
    type Wide = Side<3, 1, 2, Pad<2, 1>>;
    type In = Chw<1, 20, 30>;
    type Conv = <Conv2d<1, 4, 5, 2, 0, 1, 1, true, Tall, Wide> as Layer<In>>::Out;
    type Max = <MaxPool2d<5, 2, 0, 1, Tall, Side<3, 1, 1, Same>> as Layer<In>>::Out;
    type Avg = <AvgPool2d<5, 2, 0, true, Tall, Side<3, 1, 1, SameLower>> as Layer<In>>::Out;
    let _: Conv = Chw::<4, 8, 29>;
    let _: (Max, Avg) = (Chw::<1, 8, 30>, Chw::<1, 8, 30>);
}
