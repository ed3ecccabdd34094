//! The second copy takes 8 channels, the first gives 16.

use typenet::prelude::*;

network! {
    struct Stage<const I: usize, const O: usize> {
        copies: [Conv2d<I, O, K = 3, P = 1>; 3],
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Stage<8, 16>);

typenet::check!(Net: [3, 28, 28] -> [16, 28, 28]);

fn main() {}
