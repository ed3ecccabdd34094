//! What the macros write names nothing of `std`.
#![no_std]

extern crate std;

use typenet::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [10] {
        conv: Conv2d<1, 4, K = 3>,
        flatten: ::typenet::Flatten,
        fc: Linear<_, 10>,
    }
}

typenet::check!((Conv2d<1, 4, 3>, Flatten): [1, 8, 8] -> [144]);

fn main() {
    core::assert_eq!(Net::PARAMS, 36 + 4 + 1440 + 10);
}
