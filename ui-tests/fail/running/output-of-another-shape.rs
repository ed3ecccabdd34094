//! The output has 784 features, the variable 10.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let _y: Tensor<f32, Vector<10>> = Net::random(1).forward(&Tensor::zeros());
}
