//! An expression in braces that is not finished.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        conv: Conv2d<1, { 2 * }, K = 3>,
    }
}

fn main() {}
