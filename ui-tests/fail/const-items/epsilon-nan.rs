//! Not a number.

use typenet::prelude::*;

const EPS: f64 = f64::NAN;

network! {
    struct Net: [3, 8, 8] {
        bn: BatchNorm2d<3, EPS = EPS>,
    }
}

fn main() {}
