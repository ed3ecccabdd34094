//! A tuple is a layer in a network, inline or under a name.

use typenet::prelude::*;

network! {
    struct Stem: [3, 32, 32] -> [16, 16, 16] {
        conv: Conv2d<3, 16, K = 3, P = 1>,
        pool: MaxPool2d<K = 2>,
    }
}

type Middle = (Conv2d<16, 16, 3, 1, 1>, (Relu, Identity));

network! {
    struct Head: [4096] -> [10] {
        fc: Linear<4096, 10>,
    }
}

network! {
    struct Net: [3, 32, 32] -> [10] {
        stem: Stem,
        middle: Middle,
        inline: (Conv2d<16, 16, 1>, Relu),
        flatten: Flatten,
        head: Head,
    }
}

type ByHand = (Stem, Middle, (Conv2d<16, 16, 1>, Relu), Flatten, Head);

typenet::check!(ByHand: [3, 32, 32] -> [10]);

const _: () = assert!(Net::PARAMS == On::<ByHand, Chw<3, 32, 32>>::PARAMS);

fn main() {
    let net = Net::random(1);
    let names: Vec<&str> = net.as_any().graph().params().iter().map(|param| &*param.name).collect();
    assert_eq!(names[..4], ["stem.conv.weight", "stem.conv.bias", "middle.0.weight", "middle.0.bias"]);
    assert_eq!(names[4..], ["inline.0.weight", "inline.0.bias", "head.fc.weight", "head.fc.bias"]);
    assert_eq!(net.forward(&Tensor::zeros()).len(), 10);
}
