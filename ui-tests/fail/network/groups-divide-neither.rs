//! Groups that divide neither the channels that come in nor those that go out.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        conv: Conv2d<8, 6, K = 3, G = 5>,
    }
}

fn main() {}
