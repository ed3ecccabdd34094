//! 4 · 8 are 32, not 24.

use typenet::prelude::*;

network! {
    struct Wide<const C: usize, const O: usize> where O == 4 * C {
        conv: Conv2d<C, O, K = 1>,
        relu: Relu,
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Wide<8, 24>);

typenet::check!(Net: [3, 28, 28] -> [24, 28, 28]);

fn main() {}
