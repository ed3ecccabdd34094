//! ResNet-8, the image classification of `MLPerf` Tiny.
//!
//! Banbury et al., "`MLPerf` Tiny benchmark", 2021. It comes from Keras: the
//! padding is TensorFlow's SAME, which at stride 2 is one row below and none
//! above, convolutions have a bias in front of their batch norm, and the
//! shortcuts are projected without one.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// A residual block at half the size.
    pub struct TinyProjection<const I: usize, const O: usize> where O == 2 * I {
        Residual {
            conv1: Conv2d<I, O, K = 3, S = 2, P = Same>,
            bn1: BatchNorm2d<_, EPS = 1e-3>,
            relu1: Relu,
            conv2: Conv2d<_, O, K = 3, P = Same>,
            bn2: BatchNorm2d<_, EPS = 1e-3>,
        } shortcut {
            shortcut: Conv2d<I, O, K = 1, S = 2, P = Same>,
        },
        relu2: Relu,
    }
}

network! {
    /// ResNet-8 up to the last pool, on images of any size.
    pub struct ResNet8TinyBody {
        conv1: Conv2d<3, 16, K = 3, P = Same>,
        bn1: BatchNorm2d<16, EPS = 1e-3>,
        relu1: Relu,
        layer1: Residual {
            conv1: Conv2d<16, 16, K = 3, P = Same>,
            bn1: BatchNorm2d<16, EPS = 1e-3>,
            relu1: Relu,
            conv2: Conv2d<16, 16, K = 3, P = Same>,
            bn2: BatchNorm2d<16, EPS = 1e-3>,
        },
        relu2: Relu,
        layer2: TinyProjection<16, 32>,
        layer3: TinyProjection<32, 64>,
    }
}

network! {
    /// ResNet-8 for CIFAR-10, with pixels from 0 to 255.
    pub struct ResNet8Tiny: [3, 32, 32] -> [10] {
        #[name = ""]
        body: ResNet8TinyBody,
        pool: GlobalAvgPool2d,
        linear: Linear<64, 10>,
    }
}

/// Keras counts 78,666: the running statistics of batch norm, 480, too.
const _: () = assert!(ResNet8Tiny::PARAMS == 78_666 - 480);

impl Published for ResNet8Tiny {
    const ENTRY: Entry = Entry::of::<Self>(
        "resnet8_tiny",
        "Banbury et al., 2021, arXiv:2106.07597",
        Preprocessing::new(Crop::Whole, &[0.0, 0.0, 0.0], &[1.0, 1.0, 1.0]),
        Classes::CIFAR10,
    );
}
