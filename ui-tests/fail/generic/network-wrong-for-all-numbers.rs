//! Whatever N is, 4 features do not arrive behind 3 channels.

use typenet::prelude::*;

network! {
    struct Head<const N: usize>: [3, 8, 8] -> [N] {
        pool: GlobalAvgPool2d,
        fc: Linear<4, N>,
    }
}

fn main() {}
