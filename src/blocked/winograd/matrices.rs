//! The matrices of Winograd's filtering: Bᵀ and Aᵀ as the fewest operations on
//! vectors, G on the filters, in double precision.

use crate::element::Element;
use crate::isa::Simd;

use super::super::conv::ConvSizes;
use super::super::memory::Buffer;
use super::Batches;

/// Inputs along a side of a tile.
pub(super) const fn side(four: bool) -> usize {
    if four { 6 } else { 4 }
}

/// Outputs along a side of a tile.
pub(super) const fn step(four: bool) -> usize {
    if four { 4 } else { 2 }
}

/// Bᵀ times a column.
#[inline(always)]
pub(super) fn input_side<S: Simd, const FOUR: bool>(s: S, d: [S::V; 6]) -> [S::V; 6] {
    if !FOUR {
        let zero = d[5];
        return [
            s.sub(d[0], d[2]),
            s.add(d[1], d[2]),
            s.sub(d[2], d[1]),
            s.sub(d[1], d[3]),
            zero,
            zero,
        ];
    }
    let number = |x: f64| s.splat(S::E::from_double(x));
    let a = s.fma(number(-4.0), d[2], d[4]);
    let b = s.fma(number(-4.0), d[1], d[3]);
    let c = s.sub(d[4], d[2]);
    let e = s.mul(number(2.0), s.sub(d[3], d[1]));
    let first = s.fma(number(4.0), d[0], s.fma(number(-5.0), d[2], d[4]));
    let last = s.fma(number(4.0), d[1], s.fma(number(-5.0), d[3], d[5]));
    [first, s.add(a, b), s.sub(a, b), s.add(c, e), s.sub(c, e), last]
}

/// Aᵀ times a column.
#[inline(always)]
pub(super) fn output_side<S: Simd, const FOUR: bool>(s: S, m: [S::V; 6]) -> [S::V; 4] {
    let (a, b) = (s.add(m[1], m[2]), s.sub(m[1], m[2]));
    if !FOUR {
        return [s.add(m[0], a), s.sub(b, m[3]), m[5], m[5]];
    }
    let number = |x: f64| s.splat(S::E::from_double(x));
    let (c, d) = (s.add(m[3], m[4]), s.sub(m[3], m[4]));
    [
        s.add(s.add(m[0], a), c),
        s.fma(number(2.0), d, b),
        s.fma(number(4.0), c, a),
        s.fma(number(8.0), d, s.add(b, m[5])),
    ]
}

/// G g Gᵀ of one 3×3 filter, `side`² points.
fn filter(four: bool, g: [f64; 9]) -> [f64; 36] {
    const FOUR: [[f64; 3]; 6] = [
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
    ];
    const TWO: [[f64; 3]; 4] =
        [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]];
    let rows: &[[f64; 3]] = if four { &FOUR } else { &TWO };
    let mut points = [0.0; 36];
    for (i, down) in rows.iter().enumerate() {
        let line: [f64; 3] =
            core::array::from_fn(|x| (0..3).map(|y| down[y] * g[3 * y + x]).sum::<f64>());
        for (j, along) in rows.iter().enumerate() {
            points[i * rows.len() + j] = (0..3).map(|x| line[x] * along[x]).sum();
        }
    }
    points
}

/// Transformed filters as `[group][point][bunch of output blocks][input][output]`.
pub(super) fn pack<S: Simd>(
    sizes: &ConvSizes,
    weights: &[S::E],
    four: bool,
    plan: Batches,
) -> Buffer<S::E> {
    let (inputs, outputs) = (sizes.input.c, sizes.output.c);
    let points = side(four) * side(four);
    let mut packed = Buffer::zeroed(plan.bunches.blocks * S::LANES * inputs * points);
    let to = packed.as_mut_slice();
    for group in plan.groups() {
        for bunch in plan.bunches(&group) {
            let channels = bunch.start * S::LANES..(bunch.end * S::LANES).min(outputs);
            for output in channels {
                let (block, lane) = (output / S::LANES - bunch.start, output % S::LANES);
                let first = group.start * points * inputs + (bunch.start - group.start) * inputs;
                for input in 0..inputs {
                    let from = &weights[(output * inputs + input) * 9..][..9];
                    let transformed = filter(four, core::array::from_fn(|i| from[i].to_double()));
                    let at = first + input * bunch.len() + block;
                    for (point, &value) in transformed[..points].iter().enumerate() {
                        let vector = at + point * group.len() * inputs;
                        to[vector * S::LANES + lane] = S::E::from_double(value);
                    }
                }
            }
        }
    }
    packed
}
