//! VGG with 11, 16 and 19 layers that learn.
//!
//! Simonyan, Zisserman, "Very deep convolutional networks for large-scale image
//! recognition", 2014: columns A, D and E of its table 1. Nothing but 3×3
//! convolutions, a pool wherever the channels double, and three fully-connected
//! layers that hold most of the weights. Names as in torchvision.

use super::{Classes, Entry, Preprocessing, Published};
use crate::prelude::*;

const SOURCE: &str = "Simonyan, Zisserman, 2014, arXiv:1409.1556";

network! {
    /// A 3×3 convolution that keeps the size, and its rectifier.
    pub struct ConvRelu<const I: usize, const O: usize> {
        #[name = ""]
        conv: Conv2d<I, O, K = 3, P = 1>,
        relu: Relu,
    }
}

network! {
    /// The fully-connected end of every VGG.
    pub struct VggClassifier {
        flatten: Flatten,
        #[name = "0"]
        fc6: Linear<25088, 4096>, // 512 · 7 · 7
        relu6: Relu,
        #[name = "3"]
        fc7: Linear<4096, 4096>,
        relu7: Relu,
        #[name = "6"]
        fc8: Linear<4096, 1000>,
    }
}

network! {
    /// The convolutions of VGG-11, on images of any size from 32×32 on.
    pub struct Vgg11Features {
        #[name = "0"]
        conv1_1: ConvRelu<3, 64>,
        pool1: MaxPool2d<K = 2>,
        #[name = "3"]
        conv2_1: ConvRelu<64, 128>,
        pool2: MaxPool2d<K = 2>,
        #[name = "6"]
        conv3_1: ConvRelu<128, 256>,
        #[name = "8"]
        conv3_2: ConvRelu<256, 256>,
        pool3: MaxPool2d<K = 2>,
        #[name = "11"]
        conv4_1: ConvRelu<256, 512>,
        #[name = "13"]
        conv4_2: ConvRelu<512, 512>,
        pool4: MaxPool2d<K = 2>,
        #[name = "16"]
        conv5_1: ConvRelu<512, 512>,
        #[name = "18"]
        conv5_2: ConvRelu<512, 512>,
        pool5: MaxPool2d<K = 2>,
    }
}

network! {
    /// VGG-11 for ImageNet.
    pub struct Vgg11: [3, 224, 224] -> [1000] {
        features: Vgg11Features,
        classifier: VggClassifier,
    }
}

const _: () = assert!(Vgg11::PARAMS == 132_863_336);

impl Published for Vgg11 {
    const ENTRY: Entry =
        Entry::of::<Self>("vgg11", SOURCE, Preprocessing::IMAGENET, Classes::IMAGENET);
}

network! {
    /// The convolutions of VGG-16, on images of any size from 32×32 on.
    pub struct Vgg16Features {
        #[name = "0"]
        conv1_1: ConvRelu<3, 64>,
        #[name = "2"]
        conv1_2: ConvRelu<64, 64>,
        pool1: MaxPool2d<K = 2>,
        #[name = "5"]
        conv2_1: ConvRelu<64, 128>,
        #[name = "7"]
        conv2_2: ConvRelu<128, 128>,
        pool2: MaxPool2d<K = 2>,
        #[name = "10"]
        conv3_1: ConvRelu<128, 256>,
        #[name = "12"]
        conv3_2: ConvRelu<256, 256>,
        #[name = "14"]
        conv3_3: ConvRelu<256, 256>,
        pool3: MaxPool2d<K = 2>,
        #[name = "17"]
        conv4_1: ConvRelu<256, 512>,
        #[name = "19"]
        conv4_2: ConvRelu<512, 512>,
        #[name = "21"]
        conv4_3: ConvRelu<512, 512>,
        pool4: MaxPool2d<K = 2>,
        #[name = "24"]
        conv5_1: ConvRelu<512, 512>,
        #[name = "26"]
        conv5_2: ConvRelu<512, 512>,
        #[name = "28"]
        conv5_3: ConvRelu<512, 512>,
        pool5: MaxPool2d<K = 2>,
    }
}

network! {
    /// VGG-16 for ImageNet.
    pub struct Vgg16: [3, 224, 224] -> [1000] {
        features: Vgg16Features,
        classifier: VggClassifier,
    }
}

const _: () = assert!(Vgg16::PARAMS == 138_357_544);

impl Published for Vgg16 {
    const ENTRY: Entry =
        Entry::of::<Self>("vgg16", SOURCE, Preprocessing::IMAGENET, Classes::IMAGENET);
}

network! {
    /// The convolutions of VGG-19, on images of any size from 32×32 on.
    pub struct Vgg19Features {
        #[name = "0"]
        conv1_1: ConvRelu<3, 64>,
        #[name = "2"]
        conv1_2: ConvRelu<64, 64>,
        pool1: MaxPool2d<K = 2>,
        #[name = "5"]
        conv2_1: ConvRelu<64, 128>,
        #[name = "7"]
        conv2_2: ConvRelu<128, 128>,
        pool2: MaxPool2d<K = 2>,
        #[name = "10"]
        conv3_1: ConvRelu<128, 256>,
        #[name = "12"]
        conv3_2: ConvRelu<256, 256>,
        #[name = "14"]
        conv3_3: ConvRelu<256, 256>,
        #[name = "16"]
        conv3_4: ConvRelu<256, 256>,
        pool3: MaxPool2d<K = 2>,
        #[name = "19"]
        conv4_1: ConvRelu<256, 512>,
        #[name = "21"]
        conv4_2: ConvRelu<512, 512>,
        #[name = "23"]
        conv4_3: ConvRelu<512, 512>,
        #[name = "25"]
        conv4_4: ConvRelu<512, 512>,
        pool4: MaxPool2d<K = 2>,
        #[name = "28"]
        conv5_1: ConvRelu<512, 512>,
        #[name = "30"]
        conv5_2: ConvRelu<512, 512>,
        #[name = "32"]
        conv5_3: ConvRelu<512, 512>,
        #[name = "34"]
        conv5_4: ConvRelu<512, 512>,
        pool5: MaxPool2d<K = 2>,
    }
}

network! {
    /// VGG-19 for ImageNet.
    pub struct Vgg19: [3, 224, 224] -> [1000] {
        features: Vgg19Features,
        classifier: VggClassifier,
    }
}

const _: () = assert!(Vgg19::PARAMS == 143_667_240);

impl Published for Vgg19 {
    const ENTRY: Entry =
        Entry::of::<Self>("vgg19", SOURCE, Preprocessing::IMAGENET, Classes::IMAGENET);
}
