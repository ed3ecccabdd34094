//! Padding that no size can hold.

use typenet::prelude::*;

const PADDING: usize = 18446744073709551615;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, 6, K = 3, P = PADDING>,
    }
}

fn main() {}
