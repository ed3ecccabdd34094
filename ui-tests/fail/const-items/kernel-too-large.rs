//! 7 rows are left where the kernel spans 9.

use typenet::prelude::*;

const KERNEL: usize = 9;

network! {
    struct Net: [1, 28, 28] -> [6, 1, 1] {
        pool1: MaxPool2d<K = 2>,
        pool2: MaxPool2d<K = 2>,
        conv: Conv2d<1, 6, K = KERNEL>,
    }
}

fn main() {}
