//! Two layers of one name, written in two ways.

use typenet::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [10] {
        fc: Conv2d<1, 4, K = 3>,
        flatten: Flatten,
        r#fc: Linear<144, 10>,
    }
}

fn main() {}
