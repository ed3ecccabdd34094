//! With run-time sizes the channels are still known: the arms of the add differ.

use typenet::prelude::*;

network! {
    struct Net: [3, Dyn, Dyn] {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        res: Residual { conv: Conv2d<8, 16, K = 3, P = 1> },
    }
}

fn main() {}
