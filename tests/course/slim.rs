//! Networks of TensorFlow-Slim up to their last map, for which the receptive fields
//! are published (Araujo, Norris, Sim, 2019, table 1).

use typenet::prelude::*;

network! {
    /// `alexnet_v2`: unpadded stem and pools, SAME convolutions between.
    pub struct AlexNetV2Features: [3, 224, 224] -> [256, 5, 5] {
        conv1: Conv2d<3, 64, K = 11, S = 4>,
        relu1: Relu,
        pool1: MaxPool2d<K = 3, S = 2>,
        conv2: Conv2d<64, 192, K = 5, P = Same>,
        relu2: Relu,
        pool2: MaxPool2d<K = 3, S = 2>,
        conv3: Conv2d<192, 384, K = 3, P = Same>,
        relu3: Relu,
        conv4: Conv2d<384, 384, K = 3, P = Same>,
        relu4: Relu,
        conv5: Conv2d<384, 256, K = 3, P = Same>,
        relu5: Relu,
        pool5: MaxPool2d<K = 3, S = 2>,
    }
}

network! {
    /// A bottleneck; its stride is in the 3×3 convolution.
    pub struct Body<const I: usize, const M: usize, const O: usize, const S: usize> {
        conv1: Conv2d<I, M, K = 1>,
        relu1: Relu,
        conv2: Conv2d<M, M, K = 3, S = S, P = 1>, // `conv2d_same`: padded alike on both sides
        relu2: Relu,
        conv3: Conv2d<M, O, K = 1>,
    }
}

network! {
    /// A unit that changes the channels.
    pub struct First<const I: usize, const M: usize, const O: usize> {
        Residual { #[name = ""] body: Body<I, M, O, 1> }
        shortcut { shortcut: Conv2d<I, O, K = 1> },
        relu: Relu,
    }
}

network! {
    /// A unit that keeps the shape.
    pub struct Unit<const O: usize, const M: usize> {
        Residual { #[name = ""] body: Body<O, M, O, 1> },
        relu: Relu,
    }
}

network! {
    /// The last unit of a stage, which has its stride.
    pub struct Last<const O: usize, const M: usize> {
        Residual { #[name = ""] body: Body<O, M, O, 2> }
        shortcut { shortcut: MaxPool2d<K = 1, S = 2> },
        relu: Relu,
    }
}

network! {
    /// `resnet_v1_50`: the stride of each stage in its last unit.
    pub struct ResNetV1x50Features: [3, 224, 224] -> [2048, 7, 7] {
        conv1: Conv2d<3, 64, K = 7, S = 2, P = 3>,
        relu1: Relu,
        pool1: MaxPool2d<K = 3, S = 2, P = Same>,
        block1_first: First<64, 64, 256>,
        block1: Unit<256, 64>,
        block1_last: Last<256, 64>,
        block2_first: First<256, 128, 512>,
        block2: [Unit<512, 128>; 2],
        block2_last: Last<512, 128>,
        block3_first: First<512, 256, 1024>,
        block3: [Unit<1024, 256>; 4],
        block3_last: Last<1024, 256>,
        block4_first: First<1024, 512, 2048>,
        block4: [Unit<2048, 512>; 2],
    }
}
