//! Two layers of one name in weight files.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] {
        #[name = "features.0"]
        conv1: Conv2d<1, 6, K = 5>,
        #[name = "features.0"]
        conv2: Conv2d<6, 16, K = 5>,
    }
}

fn main() {}
