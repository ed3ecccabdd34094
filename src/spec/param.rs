//! Parameters: the tensors of a layer in the weight file.

use super::dims::{product, volume};

/// The shape of a parameter: up to four sizes, 1 behind the first `rank`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParamDims {
    sizes: [usize; 4],
    rank: usize,
}

impl ParamDims {
    /// One size.
    pub const fn d1(n: usize) -> Self {
        Self { sizes: [n, 1, 1, 1], rank: 1 }
    }

    /// Two sizes, the slower first.
    pub const fn d2(rows: usize, columns: usize) -> Self {
        Self { sizes: [rows, columns, 1, 1], rank: 2 }
    }

    /// Four sizes, the slowest first.
    pub const fn d4(a: usize, b: usize, c: usize, d: usize) -> Self {
        Self { sizes: [a, b, c, d], rank: 4 }
    }

    /// The sizes as a slice.
    pub const fn as_slice(&self) -> &[usize] {
        self.sizes.split_at(self.rank).0
    }

    /// The number of values; `None` past `usize::MAX`.
    pub const fn elements(&self) -> Option<usize> {
        product(self.sizes)
    }

    /// The number of values, saturating.
    pub(super) const fn volume(&self) -> usize {
        let [a, b, c, d] = self.sizes;
        volume(a, b, c, d)
    }
}

/// One parameter of a layer: a tensor in the weight file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ParamSpec {
    /// Its name within the layer: `weight`, `bias`.
    pub name: &'static str,
    /// Its shape, in PyTorch's order.
    pub dims: ParamDims,
    /// Whether training learns it (running statistics are not learnt).
    pub learnt: bool,
    /// Terms that are summed up into one output, for the random start; 0 for a
    /// parameter that starts at a constant, [`ParamSpec::start`].
    pub fan_in: usize,
    /// What it starts at when `fan_in` is 0.
    pub start: f64,
    /// Whether it is a variance: its values are numbers from 0 on.
    pub variance: bool,
}

impl ParamSpec {
    /// A learnt parameter that starts at random, scaled for `fan_in` terms.
    pub const fn learnt(name: &'static str, dims: ParamDims, fan_in: usize) -> Self {
        Self { name, dims, learnt: true, fan_in, start: 0.0, variance: false }
    }

    /// A learnt parameter that starts at 0 or 1.
    pub const fn constant(name: &'static str, dims: ParamDims, start: u8) -> Self {
        Self { learnt: true, ..Self::statistic(name, dims, start) }
    }

    /// A parameter that training measures rather than learns.
    pub const fn statistic(name: &'static str, dims: ParamDims, start: u8) -> Self {
        Self { name, dims, learnt: false, fan_in: 0, start: start as f64, variance: false }
    }

    /// A variance that training measures; a negative one and NaN are refused.
    pub const fn variance(name: &'static str, dims: ParamDims) -> Self {
        Self { variance: true, ..Self::statistic(name, dims, 1) }
    }
}

/// Weight, bias and the two statistics.
pub(super) const fn batch_norm(channels: usize, index: usize) -> Option<ParamSpec> {
    let (name, learnt, start) = match index {
        0 => ("weight", true, 1.0),
        1 => ("bias", true, 0.0),
        2 => ("running_mean", false, 0.0),
        3 => ("running_var", false, 1.0),
        _ => return None,
    };
    let dims = ParamDims::d1(channels);
    Some(ParamSpec { name, dims, learnt, fan_in: 0, start, variance: index == 3 })
}

/// A weight, and as many biases as its first size.
pub(super) const fn weight_and_bias(
    index: usize,
    dims: ParamDims,
    fan_in: usize,
    bias: bool,
) -> Option<ParamSpec> {
    match index {
        0 => Some(ParamSpec::learnt("weight", dims, fan_in)),
        1 if bias => Some(ParamSpec::constant("bias", ParamDims::d1(dims.sizes[0]), 0)),
        _ => None,
    }
}
