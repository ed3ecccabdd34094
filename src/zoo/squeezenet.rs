//! SqueezeNet 1.1.
//!
//! Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters
//! and <0.5MB model size", 2016; 1.1 is the authors' later, cheaper form. Its
//! pools keep a last window that hangs over the edge. Names as in torchvision.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// Few channels by a 1×1 convolution, then many by 1×1 and 3×3 side by side.
    pub struct Fire<const I: usize, const S: usize, const E: usize> {
        squeeze: Conv2d<I, S, K = 1>,
        relu1: Relu,
        Concat {
            expand1x1: Conv2d<S, E, K = 1>,
            expand3x3: Conv2d<S, E, K = 3, P = 1>,
        },
        relu2: Relu,
    }
}

network! {
    /// SqueezeNet's fire modules, on images of any size.
    pub struct SqueezeNet1_1Features {
        #[name = "0"]
        conv1: Conv2d<3, 64, K = 3, S = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 3, S = 2, CEIL = true>,
        #[name = "3"]
        fire3: Fire<64, 16, 64>,
        #[name = "4"]
        fire4: Fire<128, 16, 64>,
        pool5: MaxPool2d<K = 3, S = 2, CEIL = true>,
        #[name = "6"]
        fire6: Fire<128, 32, 128>,
        #[name = "7"]
        fire7: Fire<256, 32, 128>,
        pool8: MaxPool2d<K = 3, S = 2, CEIL = true>,
        #[name = "9"]
        fire9: Fire<256, 48, 192>,
        #[name = "10"]
        fire10: Fire<384, 48, 192>,
        #[name = "11"]
        fire11: Fire<384, 64, 256>,
        #[name = "12"]
        fire12: Fire<512, 64, 256>,
    }
}

network! {
    /// SqueezeNet 1.1 for ImageNet.
    pub struct SqueezeNet1_1: [3, 224, 224] -> [1000] {
        features: SqueezeNet1_1Features,
        #[name = "classifier.1"]
        conv10: Conv2d<512, 1000, K = 1>,
        relu10: Relu,
        pool10: GlobalAvgPool2d,
    }
}

const _: () = assert!(SqueezeNet1_1::PARAMS == 1_235_496);

impl Published for SqueezeNet1_1 {
    const ENTRY: Entry = Entry::of::<Self>(
        "squeezenet1_1",
        "Iandola et al., 2016, arXiv:1602.07360",
        Preprocessing::IMAGENET,
        Classes::IMAGENET,
    );
}
