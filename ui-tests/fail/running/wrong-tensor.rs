//! The network takes 28×28 pixels, the tensor has 32×32.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let x = Tensor::<f32, Chw<1, 32, 32>>::zeros();
    Net::random(1).forward(&x);
}
