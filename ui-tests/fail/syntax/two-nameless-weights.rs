//! Two layers give up their names.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name = ""]
        conv1: Conv2d<1, 6, K = 5>,
        #[name = ""]
        conv2: Conv2d<6, 6, K = 5>,
    }
}

fn main() {}
