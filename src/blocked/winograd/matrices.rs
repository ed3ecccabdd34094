//! The matrices of Winograd's filtering: Bᵀ and Aᵀ as the fewest operations on
//! vectors, G on the filters, in double precision.

use core::array::from_fn;
use core::ops::Range;

use crate::element::Element;
use crate::isa::Simd;

use super::super::conv::ConvSizes;
use super::super::layout::min;
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

/// The same number of four filters.
type Four = [f64; 4];

/// G times a column, of four filters.
#[inline(always)]
fn filter_side(four: bool, [g, h, k]: [Four; 3]) -> [Four; 6] {
    let mix = |a: f64, x: Four, b: f64, y: Four| from_fn(|i| a * x[i] + b * y[i]);
    let none = [0.0; 4];
    if !four {
        let (even, odd) = (mix(0.5, g, 0.5, k), h.map(|h| 0.5 * h));
        return [g, mix(1.0, even, 1.0, odd), mix(1.0, even, -1.0, odd), k, none, none];
    }
    let (even, odd) = (mix(-1.0 / 6.0, g, -1.0 / 6.0, k), h.map(|h| h / -6.0));
    let (far, apart) = (mix(1.0 / 24.0, g, 1.0 / 6.0, k), h.map(|h| h / 12.0));
    [
        g.map(|g| g / 4.0),
        mix(1.0, even, 1.0, odd),
        mix(1.0, even, -1.0, odd),
        mix(1.0, far, 1.0, apart),
        mix(1.0, far, -1.0, apart),
        k,
    ]
}

/// G g Gᵀ of four 3×3 filters: a `side` of columns of as many points.
#[inline(never)]
fn filters(four: bool, g: &[Four; 9]) -> [[Four; 6]; 6] {
    let columns: [[Four; 6]; 3] = from_fn(|x| filter_side(four, from_fn(|y| g[3 * y + x])));
    from_fn(|i| filter_side(four, from_fn(|x| columns[x][i])))
}

/// The filters of some outputs, up to four, for an input: each point of all of them.
#[inline(always)]
fn transformed<T: Element>(
    four: bool,
    weights: &[T],
    outputs: Range<usize>,
    (input, inputs): (usize, usize),
) -> [[Four; 6]; 6] {
    let own: [&[T]; 4] = from_fn(|i| {
        let output = min(outputs.start + i, outputs.end - 1);
        &weights[(output * inputs + input) * 9..][..9]
    });
    filters(four, &from_fn(|tap| from_fn(|i| own[i][tap].to_double())))
}

/// Writes the points of some lanes of a vector, which are `pitch` numbers apart.
#[inline(always)]
fn write<T: Element>(
    values: &[[Four; 6]; 6],
    to: &mut [T],
    lanes: Range<usize>,
    (side, pitch): (usize, usize),
) {
    for (i, row) in values[..side].iter().enumerate() {
        for (j, values) in row[..side].iter().enumerate() {
            let to = &mut to[(i * side + j) * pitch..][lanes.clone()];
            for (to, &value) in to.iter_mut().zip(values) {
                *to = T::from_double(value);
            }
        }
    }
}

/// Transformed filters as `[group][point][bunch of output blocks][input][output]`.
pub(super) fn pack<T: Element>(
    sizes: &ConvSizes,
    weights: &[T],
    four: bool,
    plan: Batches,
) -> Buffer<T> {
    let (inputs, outputs, side) = (sizes.input.c, sizes.output.c, side(four));
    let (points, vector) = (side * side, sizes.output.lanes);
    let mut packed = Buffer::zeroed(plan.bunches.blocks * vector * inputs * points);
    let to = packed.as_mut_slice();
    for group in plan.groups() {
        for bunch in plan.bunches(&group) {
            let first = group.start * points * inputs + (bunch.start - group.start) * inputs;
            // Vector after vector, so that the lines of one stay in the cache for its lanes.
            for (block, input) in bunch.clone().flat_map(|b| (0..inputs).map(move |i| (b, i))) {
                let at = first + input * bunch.len() + block - bunch.start;
                let channels = block * vector..((block + 1) * vector).min(outputs);
                for output in channels.clone().step_by(4) {
                    let four_outputs = output..channels.end.min(output + 4);
                    let lanes = output - channels.start..four_outputs.end - channels.start;
                    let values = transformed(four, weights, four_outputs, (input, inputs));
                    let pitch = group.len() * inputs * vector;
                    write(&values, &mut to[at * vector..], lanes, (side, pitch));
                }
            }
        }
    }
    packed
}
