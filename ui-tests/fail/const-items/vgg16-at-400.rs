//! VGG16 is made for 224×224: at 400×400 its first fully-connected layer gets three times as much.

use typenet::prelude::*;

const SIDE: usize = 400;

network! {
    struct Vgg16: [3, SIDE, SIDE] -> [1000] {
        conv1: Conv2d<3, 64, K = 3, P = 1>,
        relu1: Relu,
        conv2: Conv2d<64, 64, K = 3, P = 1>,
        relu2: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv3: Conv2d<64, 128, K = 3, P = 1>,
        relu3: Relu,
        conv4: Conv2d<128, 128, K = 3, P = 1>,
        relu4: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        conv5: Conv2d<128, 256, K = 3, P = 1>,
        relu5: Relu,
        conv6: Conv2d<256, 256, K = 3, P = 1>,
        relu6: Relu,
        conv7: Conv2d<256, 256, K = 3, P = 1>,
        relu7: Relu,
        pool3: MaxPool2d<K = 2, S = 2>,
        conv8: Conv2d<256, 512, K = 3, P = 1>,
        relu8: Relu,
        conv9: Conv2d<512, 512, K = 3, P = 1>,
        relu9: Relu,
        conv10: Conv2d<512, 512, K = 3, P = 1>,
        relu10: Relu,
        pool4: MaxPool2d<K = 2, S = 2>,
        conv11: Conv2d<512, 512, K = 3, P = 1>,
        relu11: Relu,
        conv12: Conv2d<512, 512, K = 3, P = 1>,
        relu12: Relu,
        conv13: Conv2d<512, 512, K = 3, P = 1>,
        relu13: Relu,
        pool5: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc6: Linear<25088, 4096>,
        relu14: Relu,
        fc7: Linear<4096, 4096>,
        relu15: Relu,
        fc8: Linear<4096, 1000>,
    }
}

fn main() {}
