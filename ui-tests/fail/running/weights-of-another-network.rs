//! A model of one network is no model of the other.

use typenet::prelude::*;

network! {
    struct First: [784] -> [10] {
        fc: Linear<784, 10>,
    }
}

network! {
    struct Second: [784] -> [10] {
        fc: Linear<784, 10>,
    }
}

fn classify(net: &Model<Second>) {
    net.forward(&Tensor::zeros());
}

fn main() {
    classify(&First::random(1));
}
