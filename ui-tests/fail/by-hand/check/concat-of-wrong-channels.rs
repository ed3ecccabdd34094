//! Behind a concatenation of 8 and 4 channels, 16 are taken.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize, const N: usize> {
        mixed: Concat {
            left: Identity,
            right: { conv: Conv2d<C, 4, K = 1> },
        },
        conv: Conv2d<N, 8, K = 1>,
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Mixed<8, 16>);

typenet::check!(Net: [3, 28, 28] -> [8, 28, 28]);

fn main() {}
