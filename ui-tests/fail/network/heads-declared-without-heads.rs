//! Two outputs are declared, the network has one.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] -> { class: [10], boxes: [4, 8, 8] } {
        pool: GlobalAvgPool2d,
        fc: Linear<3, 10>,
    }
}

fn main() {}
