//! A network is a layer in another network, and in a tuple.

use typenet::prelude::*;

network! {
    struct Stem: [3, 32, 32] -> [16, 16, 16] {
        conv: Conv2d<3, 16, K = 3, P = 1>,
        pool: MaxPool2d<K = 2>,
    }
}

network! {
    struct Head: [4096] -> [10] {
        fc: Linear<4096, 10>,
    }
}

network! {
    struct Net: [3, 32, 32] -> [10] {
        stem: Stem,
        relu: Relu,
        flatten: Flatten,
        head: Head,
    }
}

type ByHand = (Stem, (Relu, Flatten), Head);

typenet::check!(ByHand: [3, 32, 32] -> [10]);

const _: () = assert!(Net::PARAMS == On::<ByHand, Chw<3, 32, 32>>::PARAMS);

fn main() {
    let net = Net::random(1);
    let names: Vec<&str> = net.as_any().graph().params().iter().map(|param| &*param.name).collect();
    assert_eq!(names, ["stem.conv.weight", "stem.conv.bias", "head.fc.weight", "head.fc.bias"]);
    assert_eq!(net.forward(&Tensor::zeros()).len(), 10);
    assert_eq!(On::<ByHand, Chw<3, 32, 32>>::random(1).forward(&Tensor::zeros()).len(), 10);
}
