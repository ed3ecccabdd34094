//! `shortcut`, misspelt.

use typenet::prelude::*;

network! {
    struct Net: [8, 28, 28] {
        Residual {
            conv: Conv2d<8, 16, K = 1>,
        } shortcutt {
            proj: Conv2d<8, 16, K = 1>,
        },
    }
}

fn main() {}
