//! What arrives comes at run time: nothing to infer.

use typenet::prelude::*;

network! {
    struct Net: [3, Dyn, Dyn] {
        flatten: Flatten,
        fc: Linear<_, 10>,
    }
}

fn main() {}
