//! AlexNet.
//!
//! Krizhevsky, "One weird trick for parallelizing convolutional neural
//! networks", 2014: the one-tower form, as in torchvision, whose names it has.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// AlexNet's convolutions, on images of any size from 63×63 on.
    pub struct AlexNetFeatures {
        #[name = "0"]
        conv1: Conv2d<3, 64, K = 11, S = 4, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 3, S = 2>,
        #[name = "3"]
        conv2: Conv2d<64, 192, K = 5, P = 2>,
        relu2: Relu,
        pool2: MaxPool2d<K = 3, S = 2>,
        #[name = "6"]
        conv3: Conv2d<192, 384, K = 3, P = 1>,
        relu3: Relu,
        #[name = "8"]
        conv4: Conv2d<384, 256, K = 3, P = 1>,
        relu4: Relu,
        #[name = "10"]
        conv5: Conv2d<256, 256, K = 3, P = 1>,
        relu5: Relu,
        pool5: MaxPool2d<K = 3, S = 2>,
    }
}

network! {
    /// AlexNet for ImageNet.
    pub struct AlexNet: [3, 224, 224] -> [1000] {
        features: AlexNetFeatures,
        flatten: Flatten,
        #[name = "classifier.1"]
        fc6: Linear<9216, 4096>, // 256 · 6 · 6
        relu6: Relu,
        #[name = "classifier.4"]
        fc7: Linear<4096, 4096>,
        relu7: Relu,
        #[name = "classifier.6"]
        fc8: Linear<4096, 1000>,
    }
}

const _: () = assert!(AlexNet::PARAMS == 61_100_840);

impl Published for AlexNet {
    const ENTRY: Entry = Entry::of::<Self>(
        "alexnet",
        "Krizhevsky, 2014, arXiv:1404.5997",
        Preprocessing::IMAGENET,
        Classes::IMAGENET,
    );
}
