//! 4 factors for 8 channels.

use typenet::prelude::*;

network! {
    struct Gate<const C: usize, const N: usize> {
        Scale { pool: GlobalAvgPool2d, fc: Linear<C, N>, sigmoid: Sigmoid },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Gate<8, 4>);

typenet::check!(Net: [3, 8, 8] -> [8, 8, 8]);

fn main() {}
