//! A network with a mistake still has its fields and methods: one error, not one for each use.

use typenet::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv: Conv2d<1, 6, K = 5>,
        flatten: Flatten,
        fc: Linear<400, 10>,
    }
}

fn field(net: &Net) -> &Linear<400, 10> {
    &net.fc
}

fn main() {
    let _ = field;
    let net = Net::random(1);
    let y: Tensor<f32, Vector<10>> = net.forward(&Tensor::zeros());
    println!("{} {}", Net::summary(), y.len());
}
