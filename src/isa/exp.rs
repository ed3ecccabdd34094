//! The exponential function on vectors of `f32`.
//!
//! eˣ = 2ⁿ·eʳ with n the whole number next to x/ln 2, so that |r| ≤ ln 2 / 2,
//! where eight terms of the series of eʳ leave out less than 6e-9 of it. ln 2 is
//! taken in two parts, the first of so few bits that n times it is exact (Cody
//! and Waite, "Software manual for the elementary functions", 1980).

#![allow(clippy::excessive_precision, reason = "the nearest f32 is meant")]

use super::Simd;

/// 1.5·2²³: adding it and taking it away rounds to a whole number.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts.
const LN_2: [f32; 2] = [0.693_359_375, -2.121_944_4e-4];
/// 1/7!, 1/6!, … 1/0!.
const SERIES: [f32; 8] =
    [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];

/// eˣ; `scale(x, n)` is x·2ⁿ for a whole n between −200 and 200. NaN stays NaN.
#[inline(always)]
pub(super) fn exp<S: Simd<E = f32>>(s: S, x: S::V, scale: impl Fn(S::V, S::V) -> S::V) -> S::V {
    // Outside of this the result is 0 or infinite anyway.
    let x = s.at_least(s.at_most(x, s.splat(90.0)), s.splat(-105.0));
    let shifted = s.fma(x, s.splat(core::f32::consts::LOG2_E), s.splat(ROUND));
    let n = s.sub(shifted, s.splat(ROUND));
    let r = s.fma(n, s.splat(-LN_2[1]), s.fma(n, s.splat(-LN_2[0]), x));
    let mut sum = s.splat(SERIES[0]);
    for term in &SERIES[1..] {
        sum = s.fma(sum, r, s.splat(*term));
    }
    scale(sum, n)
}
