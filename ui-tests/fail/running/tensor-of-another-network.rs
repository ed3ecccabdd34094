//! What one network gives is not what the other takes.

use typenet::prelude::*;

network! {
    struct First: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

network! {
    struct Second: [400] -> [10] {
        fc: Linear<400, 10>,
    }
}

fn main() {
    let y = First::random(1).forward(&Tensor::zeros());
    Second::random(1).forward(&y);
}
