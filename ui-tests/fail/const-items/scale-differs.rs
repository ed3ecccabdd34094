//! 4 factors for 8 channels.

use typenet::prelude::*;

const FACTORS: usize = 4;

network! {
    struct Net: [3, 8, 8] {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        gate: Scale { pool: GlobalAvgPool2d, fc: Linear<8, FACTORS>, sigmoid: Sigmoid },
    }
}

fn main() {}
