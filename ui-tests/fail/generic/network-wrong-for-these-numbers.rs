//! With 5 classes the second layer does not fit.

use typenet::prelude::*;

network! {
    struct Head<const N: usize>: [3, 8, 8] -> [10] {
        pool: GlobalAvgPool2d,
        fc1: Linear<3, N>,
        fc2: Linear<12, 10>,
    }
}

fn main() {
    let net = Head::<5>::random(1);
    let _ = net.forward(&Tensor::zeros());
}
