//! The very first layer takes another shape than the network.

use typenet::prelude::*;

const WIDTH: usize = 15;

network! {
    struct Inner: [6, 14, 14] -> [10] {
        flatten: Flatten,
        fc: Linear<1176, 10>,
    }
}

network! {
    struct Net: [6, 14, WIDTH] -> [10] {
        head: Inner,
    }
}

fn main() {}
