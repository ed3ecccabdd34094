//! MobileNetV2.
//!
//! Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: inverted residuals and
//! linear bottlenecks", 2018. A block widens its few channels sixfold, filters
//! each with a 3×3 of its own, and narrows them again, without a rectifier, for
//! the residual is added there. Names as in torchvision.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// A convolution without bias, its batch norm, ReLU6.
    pub struct ConvNorm6<
        const I: usize,
        const O: usize,
        const K: usize,
        const S: usize,
        const P: usize,
        const G: usize,
    > {
        #[name = "0"]
        conv: Conv2d<I, O, K = K, S = S, P = P, G = G, BIAS = false>,
        #[name = "1"]
        norm: BatchNorm2d<_>,
        relu: Relu6,
    }
}

network! {
    /// The first block, which does not widen.
    pub struct Separable<const I: usize, const O: usize> {
        #[name = "conv.0"]
        depthwise: ConvNorm6<I, I, 3, 1, 1, I>,
        #[name = "conv.1"]
        narrow: Conv2d<I, O, K = 1, BIAS = false>,
        #[name = "conv.2"]
        norm: BatchNorm2d<_>,
    }
}

network! {
    /// `I` channels, widened to `M`, filtered at stride `S`, narrowed to `O`.
    pub struct Inverted<const I: usize, const M: usize, const O: usize, const S: usize>
    where M == 6 * I
    {
        #[name = "conv.0"]
        widen: ConvNorm6<I, M, 1, 1, 0, 1>,
        #[name = "conv.1"]
        depthwise: ConvNorm6<M, M, 3, S, 1, M>,
        #[name = "conv.2"]
        narrow: Conv2d<M, O, K = 1, BIAS = false>,
        #[name = "conv.3"]
        norm: BatchNorm2d<_>,
    }
}

network! {
    /// The same, added to what came in.
    pub struct InvertedResidual<const C: usize, const M: usize> {
        Residual {
            #[name = ""]
            inverted: Inverted<C, M, C, 1>,
        },
    }
}

network! {
    /// MobileNetV2 up to the last pool, on images of any size.
    pub struct MobileNetV2Features {
        #[name = "0"]
        stem: ConvNorm6<3, 32, 3, 2, 1, 1>,
        #[name = "1"]
        block1: Separable<32, 16>,
        #[name = "2"]
        block2: Inverted<16, 96, 24, 2>,
        #[name = "3"]
        block3: InvertedResidual<24, 144>,
        #[name = "4"]
        block4: Inverted<24, 144, 32, 2>,
        #[name = "5"]
        block5: InvertedResidual<32, 192>,
        #[name = "6"]
        block6: InvertedResidual<32, 192>,
        #[name = "7"]
        block7: Inverted<32, 192, 64, 2>,
        #[name = "8"]
        block8: InvertedResidual<64, 384>,
        #[name = "9"]
        block9: InvertedResidual<64, 384>,
        #[name = "10"]
        block10: InvertedResidual<64, 384>,
        #[name = "11"]
        block11: Inverted<64, 384, 96, 1>,
        #[name = "12"]
        block12: InvertedResidual<96, 576>,
        #[name = "13"]
        block13: InvertedResidual<96, 576>,
        #[name = "14"]
        block14: Inverted<96, 576, 160, 2>,
        #[name = "15"]
        block15: InvertedResidual<160, 960>,
        #[name = "16"]
        block16: InvertedResidual<160, 960>,
        #[name = "17"]
        block17: Inverted<160, 960, 320, 1>,
        #[name = "18"]
        last: ConvNorm6<320, 1280, 1, 1, 0, 1>,
    }
}

network! {
    /// MobileNetV2 for ImageNet.
    pub struct MobileNetV2: [3, 224, 224] -> [1000] {
        features: MobileNetV2Features,
        pool: GlobalAvgPool2d,
        #[name = "classifier.1"]
        classifier: Linear<1280, 1000>,
    }
}

const _: () = assert!(MobileNetV2::PARAMS == 3_504_872);

impl Published for MobileNetV2 {
    const ENTRY: Entry = Entry::of::<Self>(
        "mobilenet_v2",
        "Sandler et al., 2018, arXiv:1801.04381",
        Preprocessing::IMAGENET,
        Classes::IMAGENET,
    );
}
