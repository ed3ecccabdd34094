//! The network computes in `f32`, the tensor holds `f64`.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [784] {
        flatten: Flatten,
    }
}

fn main() {
    let x = Tensor::<f64, Chw<1, 28, 28>>::zeros();
    Net::random(1).forward(&x);
}
