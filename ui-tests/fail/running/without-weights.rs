//! The type alone cannot run.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    Net::forward(&Tensor::zeros());
}
