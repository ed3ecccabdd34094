//! The network of the pinned surface, as it stands there.

use typenet::prelude::*;

network! {
    /// LeNet-5 on 28×28 grey images.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<_, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}

const _: () = assert!(LeNet5::PARAMS == 61_706);
const _: u64 = LeNet5::MACS;
const _: u128 = LeNet5::FC_TWIN;

fn main() {
    let _: (<LeNet5 as Network>::Input, <LeNet5 as Network>::Output) =
        (Chw::<1, 28, 28>, Vector::<10>);
    let x = Tensor::<f32, Chw<1, 28, 28>>::from_vec(vec![0.5; 784]).unwrap();
    let net = LeNet5::random(1);
    let y = net.forward(&x);
    assert_eq!(y.as_slice().len(), 10);
    assert_eq!(LeNet5::summary().rows().len(), 12);
    assert!(LeNet5::from_bytes(b"no weights").is_err());
    assert!(LeNet5::load("no/such/file").is_err());
    assert_eq!(LeNet5::random_as::<f64>(1).forward(&Tensor::zeros()).len(), 10);
}
