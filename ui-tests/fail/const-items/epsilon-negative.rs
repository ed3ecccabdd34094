//! With this a variance of 0 has no root.

use typenet::prelude::*;

const EPS: f64 = -1e-3;

network! {
    struct Net: [3, 8, 8] {
        bn: BatchNorm2d<3, EPS = EPS>,
    }
}

fn main() {}
