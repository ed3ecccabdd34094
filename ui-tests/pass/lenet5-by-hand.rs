//! The same network as a tuple: proven by `check!`, run as `On`.

use typenet::prelude::*;

type LeNet5 = (
    Conv2d<1, 6, 5, 1, 2>,
    Relu,
    MaxPool2d<2, 2>,
    Conv2d<6, 16, 5>,
    Relu,
    MaxPool2d<2, 2>,
    Flatten,
    Linear<400, 120>,
    Relu,
    Linear<120, 84>,
    Relu,
    Linear<84, 10>,
);

typenet::check!(LeNet5: [1, 28, 28] -> [10]);

const _: () = assert!(On::<LeNet5, Chw<1, 28, 28>>::PARAMS == 61_706);

fn main() {
    let _: <LeNet5 as Layer<Chw<1, 28, 28>>>::Out = Vector::<10>;
    let y = On::<LeNet5, Chw<1, 28, 28>>::random(1).forward(&Tensor::zeros());
    assert_eq!(y.as_slice().len(), 10);
}
