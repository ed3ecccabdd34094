//! 4 · 8 are 32, not 24. Types can't calculate with parameters: found on building.

use typenet::prelude::*;

network! {
    struct Wide<const C: usize, const O: usize> where O == 4 * C {
        conv: Conv2d<C, O, K = 1>,
        relu: Relu,
    }
}

fn weights<N: Network>() -> u64 {
    N::random(1);
    N::PARAMS
}

type Net = On<Wide<8, 24>, Chw<8, 8, 8>>;

fn main() {
    weights::<Net>();
}
