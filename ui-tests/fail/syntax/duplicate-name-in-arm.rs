//! Two layers of one arm have one name.

use typenet::prelude::*;

network! {
    struct Net: [3, 8, 8] {
        Residual {
            conv: Conv2d<3, 3, K = 3, P = 1>,
            conv: Conv2d<3, 3, K = 3, P = 1>,
        },
    }
}

fn main() {}
