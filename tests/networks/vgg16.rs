//! VGG16 at 224×224 as a type: 138 million parameters counted by the compiler.
//! (That it does not compile at 400×400 is shown in `ui-tests/`.)

use typenet::prelude::*;
use typenet::spec::Dims;

use crate::twice::outline;

network! {
    /// VGG16 (Simonyan and Zisserman, 2015), configuration D.
    pub struct Vgg16: [3, 224, 224] -> [1000] {
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

const _: () = assert!(Vgg16::PARAMS == 138_357_544);
const _: () = assert!(Vgg16::MACS == 15_470_264_320);

/// A convolution of 3×3 that keeps the size, and its activation.
type Conv<const I: usize, const O: usize> = (Conv2d<I, O, 3, 1, 1>, Relu);
type Two<const I: usize, const O: usize> = (Conv<I, O>, Conv<O, O>, MaxPool2d<2>);
type Three<const I: usize, const O: usize> = (Conv<I, O>, Conv<O, O>, Conv<O, O>, MaxPool2d<2>);
type Features = (Two<3, 64>, Two<64, 128>, Three<128, 256>, Three<256, 512>, Three<512, 512>);
type Classifier = (Linear<25088, 4096>, Relu, Linear<4096, 4096>, Relu, Linear<4096, 1000>);

/// The same by hand: tuples in tuples.
type ByHand = On<(Features, Flatten, Classifier), Chw<3, 224, 224>>;

typenet::check!((Features, Flatten, Classifier): [3, 224, 224] -> [1000]);

const _: () = assert!(ByHand::PARAMS == Vgg16::PARAMS && ByHand::MACS == Vgg16::MACS);
const _: () = assert!(ByHand::FC_TWIN == Vgg16::FC_TWIN);

#[test]
fn by_hand_and_by_macro_are_one_description() {
    assert_eq!(outline::<Vgg16>(), outline::<ByHand>());
    assert_eq!(outline::<Vgg16>().len(), 37);
    let _: <ByHand as Network>::Output = Vector::<1000>;
}

#[test]
fn the_summary_tells_the_way() {
    let summary = Vgg16::summary();
    assert_eq!(summary.params(), 138_357_544);
    let row = |name: &str| summary.rows().iter().find(|row| row.name == name).unwrap().output;
    assert_eq!(row("pool5"), Dims::image(512, 7, 7));
    assert_eq!(row("fc6"), Dims::vector(4096));
    assert!(summary.to_string().contains("102764544"), "{summary}");
}
