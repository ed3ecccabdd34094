//! ResNet with 18, 34, 50 and 152 layers that learn.
//!
//! He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015.
//! The four numbers of a body are the blocks of its four stages, as in the
//! paper's table 1. As in torchvision, whose names it has, a bottleneck that
//! halves the image does so in its 3×3 convolution.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

const SOURCE: &str = "He et al., 2015, arXiv:1512.03385";

network! {
    /// Two 3×3 convolutions, added to what came in.
    pub struct BasicBlock<const C: usize> {
        Residual {
            conv1: Conv2d<C, C, K = 3, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu: Relu,
            conv2: Conv2d<_, C, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
        },
        relu2: Relu,
    }
}

network! {
    /// The first block of a stage: half the size, more channels, and a shortcut
    /// that is projected to them.
    pub struct BasicProjection<const I: usize, const O: usize> {
        Residual {
            conv1: Conv2d<I, O, K = 3, S = 2, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu: Relu,
            conv2: Conv2d<_, O, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
        } shortcut {
            #[name = "downsample.0"]
            conv: Conv2d<I, O, K = 1, S = 2, BIAS = false>,
            #[name = "downsample.1"]
            bn: BatchNorm2d<_>,
        },
        relu2: Relu,
    }
}

network! {
    /// ResNet-18 and 34 up to the last pool, on images of any size.
    pub struct BasicBody<const A: usize, const B: usize, const C: usize, const D: usize> {
        conv1: Conv2d<3, 64, K = 7, S = 2, P = 3, BIAS = false>,
        bn1: BatchNorm2d<_>,
        relu: Relu,
        maxpool: MaxPool2d<K = 3, S = 2, P = 1>,
        layer1: [BasicBlock<64>; A],
        #[name = "layer2.0"]
        half2: BasicProjection<64, 128>,
        layer2: [BasicBlock<128>; 1..B],
        #[name = "layer3.0"]
        half3: BasicProjection<128, 256>,
        layer3: [BasicBlock<256>; 1..C],
        #[name = "layer4.0"]
        half4: BasicProjection<256, 512>,
        layer4: [BasicBlock<512>; 1..D],
    }
}

network! {
    /// Down to `M` channels, a 3×3 convolution, and up to `C` again, added to
    /// what came in.
    pub struct Bottleneck<const C: usize, const M: usize> where C == 4 * M {
        Residual {
            conv1: Conv2d<C, M, K = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu1: Relu,
            conv2: Conv2d<_, M, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
            relu2: Relu,
            conv3: Conv2d<_, C, K = 1, BIAS = false>,
            bn3: BatchNorm2d<_>,
        },
        relu3: Relu,
    }
}

network! {
    /// The first bottleneck of a stage: other channels, at stride `S`.
    pub struct BottleneckProjection<const I: usize, const M: usize, const O: usize, const S: usize>
    where O == 4 * M
    {
        Residual {
            conv1: Conv2d<I, M, K = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu1: Relu,
            conv2: Conv2d<_, M, K = 3, S = S, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
            relu2: Relu,
            conv3: Conv2d<_, O, K = 1, BIAS = false>,
            bn3: BatchNorm2d<_>,
        } shortcut {
            #[name = "downsample.0"]
            conv: Conv2d<I, O, K = 1, S = S, BIAS = false>,
            #[name = "downsample.1"]
            bn: BatchNorm2d<_>,
        },
        relu3: Relu,
    }
}

network! {
    /// ResNet-50 and 152 up to the last pool, on images of any size.
    pub struct BottleneckBody<const A: usize, const B: usize, const C: usize, const D: usize> {
        conv1: Conv2d<3, 64, K = 7, S = 2, P = 3, BIAS = false>,
        bn1: BatchNorm2d<_>,
        relu: Relu,
        maxpool: MaxPool2d<K = 3, S = 2, P = 1>,
        #[name = "layer1.0"]
        wide1: BottleneckProjection<64, 64, 256, 1>,
        layer1: [Bottleneck<256, 64>; 1..A],
        #[name = "layer2.0"]
        half2: BottleneckProjection<256, 128, 512, 2>,
        layer2: [Bottleneck<512, 128>; 1..B],
        #[name = "layer3.0"]
        half3: BottleneckProjection<512, 256, 1024, 2>,
        layer3: [Bottleneck<1024, 256>; 1..C],
        #[name = "layer4.0"]
        half4: BottleneckProjection<1024, 512, 2048, 2>,
        layer4: [Bottleneck<2048, 512>; 1..D],
    }
}

/// The convolutions of [`ResNet18`].
pub type ResNet18Body = BasicBody<2, 2, 2, 2>;
/// The convolutions of [`ResNet34`].
pub type ResNet34Body = BasicBody<3, 4, 6, 3>;
/// The convolutions of [`ResNet50`].
pub type ResNet50Body = BottleneckBody<3, 4, 6, 3>;
/// The convolutions of [`ResNet152`].
pub type ResNet152Body = BottleneckBody<3, 8, 36, 3>;

network! {
    /// A ResNet of basic blocks for ImageNet.
    pub struct BasicResNet<const A: usize, const B: usize, const C: usize, const D: usize>:
        [3, 224, 224] -> [1000]
    {
        #[name = ""]
        body: BasicBody<A, B, C, D>,
        avgpool: GlobalAvgPool2d,
        fc: Linear<512, 1000>,
    }
}

network! {
    /// A ResNet of bottlenecks for ImageNet.
    pub struct BottleneckResNet<const A: usize, const B: usize, const C: usize, const D: usize>:
        [3, 224, 224] -> [1000]
    {
        #[name = ""]
        body: BottleneckBody<A, B, C, D>,
        avgpool: GlobalAvgPool2d,
        fc: Linear<2048, 1000>,
    }
}

/// ResNet-18 for ImageNet.
pub type ResNet18 = BasicResNet<2, 2, 2, 2>;
/// ResNet-34 for ImageNet.
pub type ResNet34 = BasicResNet<3, 4, 6, 3>;
/// ResNet-50 for ImageNet.
pub type ResNet50 = BottleneckResNet<3, 4, 6, 3>;
/// ResNet-152 for ImageNet.
pub type ResNet152 = BottleneckResNet<3, 8, 36, 3>;

const _: () = assert!(ResNet18::PARAMS == 11_689_512);
const _: () = assert!(ResNet34::PARAMS == 21_797_672);
const _: () = assert!(ResNet50::PARAMS == 25_557_032);
const _: () = assert!(ResNet152::PARAMS == 60_192_808);

impl<const A: usize, const B: usize, const C: usize, const D: usize> Published
    for BasicResNet<A, B, C, D>
{
    const ENTRY: Entry = {
        let name = match (A, B, C, D) {
            (2, 2, 2, 2) => "resnet18",
            (3, 4, 6, 3) => "resnet34",
            _ => "resnet_of_basic_blocks",
        };
        Entry::of::<Self>(name, SOURCE, Preprocessing::IMAGENET, Classes::IMAGENET)
    };
}

impl<const A: usize, const B: usize, const C: usize, const D: usize> Published
    for BottleneckResNet<A, B, C, D>
{
    const ENTRY: Entry = {
        let name = match (A, B, C, D) {
            (3, 4, 6, 3) => "resnet50",
            (3, 8, 36, 3) => "resnet152",
            _ => "resnet_of_bottlenecks",
        };
        Entry::of::<Self>(name, SOURCE, Preprocessing::IMAGENET, Classes::IMAGENET)
    };
}
