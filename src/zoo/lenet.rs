//! LeNet on 28×28 grey images.
//!
//! LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
//! recognition", 1998, as it is taught today: rectifiers, max pools, softmax
//! left to the caller.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// LeNet-5's convolutions, on grey images of any size from 12×12 on.
    pub struct LeNet5Features {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
    }
}

network! {
    /// LeNet-5: 6 and 16 filters, padded at first, so that 28×28 do for its 32×32.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        #[name = ""]
        features: LeNet5Features,
        flatten: Flatten,
        fc1: Linear<400, 120>, // 16 · 5 · 5
        relu3: Relu,
        fc2: Linear<120, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}

network! {
    /// The convolutions of Caffe's LeNet, on grey images of any size from 16×16 on.
    pub struct LeNetCaffeFeatures {
        conv1: Conv2d<1, 20, K = 5>,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<20, 50, K = 5>,
        pool2: MaxPool2d<K = 2, S = 2>,
    }
}

network! {
    /// The LeNet that came with Caffe: 20 and 50 filters, no rectifiers between.
    pub struct LeNetCaffe: [1, 28, 28] -> [10] {
        #[name = ""]
        features: LeNetCaffeFeatures,
        flatten: Flatten,
        fc1: Linear<800, 500>, // 50 · 4 · 4
        relu1: Relu,
        fc2: Linear<500, 10>,
    }
}

const _: () = assert!(LeNet5::PARAMS == 61_706);
const _: () = assert!(LeNetCaffe::PARAMS == 431_080);

/// The weights that come with the crate's examples tell clothes apart.
impl Published for LeNet5 {
    const ENTRY: Entry = Entry::of::<Self>(
        "lenet5",
        "LeCun et al., 1998",
        Preprocessing::new(Crop::Whole, &[0.0], &[255.0]),
        Classes::FASHION,
    );
}

impl Published for LeNetCaffe {
    const ENTRY: Entry = Entry::of::<Self>(
        "lenet_caffe",
        "LeCun et al., 1998; Caffe's `lenet.prototxt`",
        Preprocessing::new(Crop::Whole, &[0.0], &[256.0]),
        Classes::DIGITS,
    );
}
