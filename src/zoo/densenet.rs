//! DenseNet-121.
//!
//! Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional
//! networks", 2016. Every layer adds 32 channels to all that came before it, so
//! its number below is that of its input: 64, 96, 128, …. A transition halves
//! channels and size. Names as in torchvision.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

network! {
    /// 32 more channels: batch norm and rectifier come first here.
    pub struct DenseLayer<const C: usize> {
        Concat {
            same: Identity,
            #[name = ""]
            new: {
                norm1: BatchNorm2d<C>,
                relu1: Relu,
                conv1: Conv2d<C, 128, K = 1, BIAS = false>,
                norm2: BatchNorm2d<128>,
                relu2: Relu,
                conv2: Conv2d<128, 32, K = 3, P = 1, BIAS = false>,
            },
        },
    }
}

network! {
    /// Half the channels, half the size.
    pub struct Transition<const C: usize, const H: usize> where C == 2 * H {
        norm: BatchNorm2d<C>,
        relu: Relu,
        conv: Conv2d<C, H, K = 1, BIAS = false>,
        pool: AvgPool2d<K = 2>,
    }
}

network! {
    /// 6 layers: 64 channels become 256.
    pub struct DenseBlock1 {
        denselayer1: DenseLayer<64>,
        denselayer2: DenseLayer<96>,
        denselayer3: DenseLayer<128>,
        denselayer4: DenseLayer<160>,
        denselayer5: DenseLayer<192>,
        denselayer6: DenseLayer<224>,
    }
}

network! {
    /// 12 layers: 128 channels become 512.
    pub struct DenseBlock2 {
        denselayer1: DenseLayer<128>,
        denselayer2: DenseLayer<160>,
        denselayer3: DenseLayer<192>,
        denselayer4: DenseLayer<224>,
        denselayer5: DenseLayer<256>,
        denselayer6: DenseLayer<288>,
        denselayer7: DenseLayer<320>,
        denselayer8: DenseLayer<352>,
        denselayer9: DenseLayer<384>,
        denselayer10: DenseLayer<416>,
        denselayer11: DenseLayer<448>,
        denselayer12: DenseLayer<480>,
    }
}

network! {
    /// 24 layers: 256 channels become 1024.
    pub struct DenseBlock3 {
        denselayer1: DenseLayer<256>,
        denselayer2: DenseLayer<288>,
        denselayer3: DenseLayer<320>,
        denselayer4: DenseLayer<352>,
        denselayer5: DenseLayer<384>,
        denselayer6: DenseLayer<416>,
        denselayer7: DenseLayer<448>,
        denselayer8: DenseLayer<480>,
        denselayer9: DenseLayer<512>,
        denselayer10: DenseLayer<544>,
        denselayer11: DenseLayer<576>,
        denselayer12: DenseLayer<608>,
        denselayer13: DenseLayer<640>,
        denselayer14: DenseLayer<672>,
        denselayer15: DenseLayer<704>,
        denselayer16: DenseLayer<736>,
        denselayer17: DenseLayer<768>,
        denselayer18: DenseLayer<800>,
        denselayer19: DenseLayer<832>,
        denselayer20: DenseLayer<864>,
        denselayer21: DenseLayer<896>,
        denselayer22: DenseLayer<928>,
        denselayer23: DenseLayer<960>,
        denselayer24: DenseLayer<992>,
    }
}

network! {
    /// 16 layers: 512 channels become 1024.
    pub struct DenseBlock4 {
        denselayer1: DenseLayer<512>,
        denselayer2: DenseLayer<544>,
        denselayer3: DenseLayer<576>,
        denselayer4: DenseLayer<608>,
        denselayer5: DenseLayer<640>,
        denselayer6: DenseLayer<672>,
        denselayer7: DenseLayer<704>,
        denselayer8: DenseLayer<736>,
        denselayer9: DenseLayer<768>,
        denselayer10: DenseLayer<800>,
        denselayer11: DenseLayer<832>,
        denselayer12: DenseLayer<864>,
        denselayer13: DenseLayer<896>,
        denselayer14: DenseLayer<928>,
        denselayer15: DenseLayer<960>,
        denselayer16: DenseLayer<992>,
    }
}

network! {
    /// DenseNet-121 up to the last pool, on images of any size.
    pub struct DenseNet121Features {
        conv0: Conv2d<3, 64, K = 7, S = 2, P = 3, BIAS = false>,
        norm0: BatchNorm2d<64>,
        relu0: Relu,
        pool0: MaxPool2d<K = 3, S = 2, P = 1>,
        denseblock1: DenseBlock1,
        transition1: Transition<256, 128>,
        denseblock2: DenseBlock2,
        transition2: Transition<512, 256>,
        denseblock3: DenseBlock3,
        transition3: Transition<1024, 512>,
        denseblock4: DenseBlock4,
        norm5: BatchNorm2d<1024>,
        relu5: Relu,
    }
}

network! {
    /// DenseNet-121 for ImageNet.
    pub struct DenseNet121: [3, 224, 224] -> [1000] {
        features: DenseNet121Features,
        pool: GlobalAvgPool2d,
        classifier: Linear<1024, 1000>,
    }
}

const _: () = assert!(DenseNet121::PARAMS == 7_978_856);

impl Published for DenseNet121 {
    const ENTRY: Entry = Entry::of::<Self>(
        "densenet121",
        "Huang et al., 2016, arXiv:1608.06993",
        Preprocessing::IMAGENET,
        Classes::IMAGENET,
    );
}
