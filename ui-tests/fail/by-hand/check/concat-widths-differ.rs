//! The right arm loses four columns.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize> {
        Concat {
            left: { conv: Conv2d<C, 4, K = 1> },
            right: { conv: Conv2d<C, 4, K = (1, 5)> },
        },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Mixed<8>);

typenet::check!(Net: [3, 28, 28] -> [8, 28, 28]);

fn main() {}
