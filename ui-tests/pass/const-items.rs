//! Numbers may be const items, associated consts and const expressions.

use typenet::prelude::*;

const CLASSES: usize = 10;
const SIDE: usize = 28;

mod sizes {
    pub const KERNEL: usize = 5;
}

struct Config;

impl Config {
    const FILTERS: usize = 6;
    const BIAS: bool = false;
}

network! {
    struct Net: [1, SIDE, SIDE] -> [CLASSES] {
        conv1: Conv2d<1, Config::FILTERS, K = sizes::KERNEL, P = { sizes::KERNEL / 2 }>,
        pool1: MaxPool2d<K = 2>,
        conv2: Conv2d<_, { 2 * Config::FILTERS }, K = (sizes::KERNEL, 3), BIAS = Config::BIAS>,
        flatten: Flatten,
        fc: Linear<_, CLASSES>,
    }
}

const _: () = assert!(Net::PARAMS == 6 * 25 + 6 + 12 * 6 * 15 + 10 * 12 * 10 * 12 + 10);

fn main() {
    let y: Tensor<f32, Vector<10>> = Net::random(1).forward(&Tensor::zeros());
    assert_eq!(y.len(), 10);
}
