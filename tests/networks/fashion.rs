//! What the project ships: LeNet-5's weights and 500 images of Fashion-MNIST.
//!
//! `examples/fashion/README.md` says where they come from and why a correct
//! implementation gets exactly 464 of them right.

use typenet::prelude::*;

use crate::support::{Images, parallel};

network! {
    /// LeNet-5 on 28×28 grey images.
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<_, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}

#[test]
fn lenet5_gets_464_of_500_images() {
    let net =
        LeNet5::from_bytes(include_bytes!("../../examples/fashion/lenet5.safetensors")).unwrap();
    let images = Images::parse(include_bytes!("../../examples/fashion/test-images.safetensors"));
    assert_eq!(images.len(), 500);
    let right = parallel(images.len(), |index| {
        let scores = net.forward(&images.image(index, 255.0));
        let best = scores.top_k(2);
        assert!(best[0].1 - best[1].1 > 0.02, "image {index} is nearly undecided");
        scores.argmax() == Some(images.labels[index].into())
    });
    assert_eq!(right.iter().filter(|right| **right).count(), 464);
}
