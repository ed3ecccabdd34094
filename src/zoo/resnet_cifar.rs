//! The small ResNets for CIFAR-10: 6 N + 2 layers that learn.
//!
//! He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015,
//! section 4.2. Where the channels double, the paper's shortcut takes every
//! second pixel and pads the channels with zeros (its option A); here that is
//! written out as a 1×1 convolution at stride 2. Its weights, 1 on 16 (32) of the
//! channels in the middle and 0 else, stand in the file as `shortcut.weight`;
//! the other names are those of Idelbayev's `pytorch_resnet_cifar10`.

use super::{Classes, Crop, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// Two 3×3 convolutions, added to what came in.
    pub struct CifarBlock<const C: usize> {
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
    /// The first block of a stage: half the size, twice the channels.
    pub struct CifarProjection<const I: usize, const O: usize> where O == 2 * I {
        Residual {
            conv1: Conv2d<I, O, K = 3, S = 2, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu: Relu,
            conv2: Conv2d<_, O, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
        } shortcut {
            shortcut: Conv2d<I, O, K = 1, S = 2, BIAS = false>,
        },
        relu2: Relu,
    }
}

network! {
    /// Three stages of `N` blocks, on images of any size.
    pub struct ResNetCifarBody<const N: usize> {
        conv1: Conv2d<3, 16, K = 3, P = 1, BIAS = false>,
        bn1: BatchNorm2d<_>,
        relu: Relu,
        layer1: [CifarBlock<16>; N],
        #[name = "layer2.0"]
        half2: CifarProjection<16, 32>,
        layer2: [CifarBlock<32>; 1..N],
        #[name = "layer3.0"]
        half3: CifarProjection<32, 64>,
        layer3: [CifarBlock<64>; 1..N],
    }
}

network! {
    /// A ResNet of 6 N + 2 layers for CIFAR-10.
    pub struct ResNetCifar<const N: usize>: [3, 32, 32] -> [10] {
        #[name = ""]
        body: ResNetCifarBody<N>,
        pool: GlobalAvgPool2d,
        linear: Linear<64, 10>,
    }
}

/// ResNet-20 for CIFAR-10.
pub type ResNet20Cifar = ResNetCifar<3>;
/// ResNet-32 for CIFAR-10.
pub type ResNet32Cifar = ResNetCifar<5>;
/// ResNet-44 for CIFAR-10.
pub type ResNet44Cifar = ResNetCifar<7>;
/// ResNet-56 for CIFAR-10.
pub type ResNet56Cifar = ResNetCifar<9>;
/// ResNet-110 for CIFAR-10.
pub type ResNet110Cifar = ResNetCifar<18>;

/// What the shortcuts written out add to the published numbers.
const SHORTCUTS: u64 = 16 * 32 + 32 * 64;
const _: () = assert!(ResNet20Cifar::PARAMS == 269_722 + SHORTCUTS);
const _: () = assert!(ResNet32Cifar::PARAMS == 464_154 + SHORTCUTS);
const _: () = assert!(ResNet44Cifar::PARAMS == 658_586 + SHORTCUTS);
const _: () = assert!(ResNet56Cifar::PARAMS == 853_018 + SHORTCUTS);
const _: () = assert!(ResNet110Cifar::PARAMS == 1_727_962 + SHORTCUTS);

/// ImageNet's mean and deviation, as the published weights were trained.
const PREPROCESSING: Preprocessing = {
    let imagenet = Preprocessing::IMAGENET;
    Preprocessing::new(Crop::Whole, imagenet.mean, imagenet.scale)
};

impl<const N: usize> Published for ResNetCifar<N> {
    const ENTRY: Entry = {
        let name = match N {
            3 => "resnet20_cifar10",
            5 => "resnet32_cifar10",
            7 => "resnet44_cifar10",
            9 => "resnet56_cifar10",
            18 => "resnet110_cifar10",
            _ => "resnet_cifar10",
        };
        let source = "He et al., 2015, arXiv:1512.03385";
        Entry::of::<Self>(name, source, PREPROCESSING, Classes::CIFAR10)
    };
}
