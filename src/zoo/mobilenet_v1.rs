//! MobileNetV1, in the widths 1, 0.75, 0.5 and 0.25.
//!
//! Howard et al., "MobileNets: efficient convolutional neural networks for
//! mobile vision applications", 2017, its table 1. A width is the channels of
//! the six stages: what a width multiplier of the paper makes of 32, 64, … 1024.
//!
//! As TensorFlow and Keras have it: SAME padding (at stride 2 one pixel more
//! below and to the right), ReLU6, batch norm with ε = 1e-3. No PyTorch file is
//! the known one; the names here are our own.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// A 3×3 filter for each channel, then a 1×1 convolution across them.
    pub struct DepthwiseSeparable<const I: usize, const O: usize, const S: usize> {
        depthwise: Conv2d<I, I, K = 3, S = S, P = Same, G = I, BIAS = false>,
        bn1: BatchNorm2d<_, EPS = 1e-3>,
        relu1: Relu6,
        pointwise: Conv2d<I, O, K = 1, BIAS = false>,
        bn2: BatchNorm2d<_, EPS = 1e-3>,
        relu2: Relu6,
    }
}

network! {
    /// MobileNetV1 up to the last pool, on images of any size.
    pub struct MobileNetV1Body<
        const A: usize,
        const B: usize,
        const C: usize,
        const D: usize,
        const E: usize,
        const F: usize,
    > where B == 2 * A, C == 2 * B, D == 2 * C, E == 2 * D, F == 2 * E {
        conv: Conv2d<3, A, K = 3, S = 2, P = Same, BIAS = false>,
        bn: BatchNorm2d<_, EPS = 1e-3>,
        relu: Relu6,
        block1: DepthwiseSeparable<A, B, 1>,
        block2: DepthwiseSeparable<B, C, 2>,
        block3: DepthwiseSeparable<C, C, 1>,
        block4: DepthwiseSeparable<C, D, 2>,
        block5: DepthwiseSeparable<D, D, 1>,
        block6: DepthwiseSeparable<D, E, 2>,
        block7: DepthwiseSeparable<E, E, 1>,
        block8: DepthwiseSeparable<E, E, 1>,
        block9: DepthwiseSeparable<E, E, 1>,
        block10: DepthwiseSeparable<E, E, 1>,
        block11: DepthwiseSeparable<E, E, 1>,
        block12: DepthwiseSeparable<E, F, 2>,
        block13: DepthwiseSeparable<F, F, 1>,
    }
}

/// Width 1.
pub type MobileNetV1Full = MobileNetV1Body<32, 64, 128, 256, 512, 1024>;
/// Width 0.75.
pub type MobileNetV1ThreeQuarters = MobileNetV1Body<24, 48, 96, 192, 384, 768>;
/// Width 0.5.
pub type MobileNetV1Half = MobileNetV1Body<16, 32, 64, 128, 256, 512>;
/// Width 0.25.
pub type MobileNetV1Quarter = MobileNetV1Body<8, 16, 32, 64, 128, 256>;

network! {
    /// MobileNetV1 for ImageNet.
    pub struct MobileNetV1Of<
        const A: usize,
        const B: usize,
        const C: usize,
        const D: usize,
        const E: usize,
        const F: usize,
    >: [3, 224, 224] -> [1000] {
        #[name = ""]
        body: MobileNetV1Body<A, B, C, D, E, F>,
        pool: GlobalAvgPool2d,
        fc: Linear<F, 1000>,
    }
}

/// MobileNetV1 of the width 1.
pub type MobileNetV1 = MobileNetV1Of<32, 64, 128, 256, 512, 1024>;
/// MobileNetV1 of the width 0.75.
pub type MobileNetV1x075 = MobileNetV1Of<24, 48, 96, 192, 384, 768>;
/// MobileNetV1 of the width 0.5.
pub type MobileNetV1x050 = MobileNetV1Of<16, 32, 64, 128, 256, 512>;
/// MobileNetV1 of the width 0.25.
pub type MobileNetV1x025 = MobileNetV1Of<8, 16, 32, 64, 128, 256>;

// What Keras counts as trainable.
const _: () = assert!(MobileNetV1::PARAMS == 4_231_976);
const _: () = assert!(MobileNetV1x075::PARAMS == 2_585_560);
const _: () = assert!(MobileNetV1x050::PARAMS == 1_331_592);
const _: () = assert!(MobileNetV1x025::PARAMS == 470_072);

impl<const A: usize, const B: usize, const C: usize, const D: usize, const E: usize, const F: usize>
    Published for MobileNetV1Of<A, B, C, D, E, F>
{
    const ENTRY: Entry = {
        let name = match A {
            32 => "mobilenet_v1",
            24 => "mobilenet_v1_075",
            16 => "mobilenet_v1_050",
            8 => "mobilenet_v1_025",
            _ => "mobilenet_v1_of_another_width",
        };
        let source = "Howard et al., 2017, arXiv:1704.04861";
        let preprocessing = Preprocessing::new(Crop::Central(0.875), &[127.5; 3], &[127.5; 3]);
        Entry::of::<Self>(name, source, preprocessing, Classes::IMAGENET)
    };
}
