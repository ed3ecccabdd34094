//! Windows that differ by axis, and every way to pad.

use typenet::prelude::*;
use typenet::size::{Pad, Side};

network! {
    struct Axes: [3, 32, 64] -> [8, 11, 14] {
        conv: Conv2d<3, 8, K = (3, 5), S = (3, 4), P = (1, 0), D = (1, 2)>,
    }
}

network! {
    struct Sides: [1, 10, 10] -> [1, 12, 17] {
        conv: Conv2d<1, 1, K = 3, P = ((1, 3), (4, 5))>,
    }
}

network! {
    struct SameStrided: [1, 9, 10] -> [1, 5, 5] {
        conv: Conv2d<1, 1, K = 3, S = 2, P = Same>,
        pool: MaxPool2d<K = (3, 2), S = 1, P = SameLower>,
        avg: AvgPool2d<K = 3, S = 1, P = Same, INCLUDE_PAD = false>,
    }
}

network! {
    struct Pools: [4, 16, 16] -> [4, 3, 1] {
        pool: MaxPool2d<K = 3, S = 2, P = 1, D = 2>,
        avg: AvgPool2d<K = (2, 3), S = (3, 4), P = ((1, 0), (1, 1))>,
        last: MaxPool2d<K = (1, 2)>,
    }
}

// Half a window is the most that a pool may pad.
network! {
    struct Half: [1, 4, 4] -> [1, 3, 3] {
        pool: MaxPool2d<K = 2, P = 1>,
    }
}

network! {
    struct Groups: [32, 8, 8] -> [64, 8, 8] {
        depthwise: Conv2d<32, 32, K = 3, P = 1, G = 32, BIAS = false>,
        grouped: Conv2d<32, 64, K = 1, G = 4>,
    }
}

type ByHand = (
    Conv2d<1, 1, 3, 2, 0, 1, 1, true, Side<3, 2, 1, Same>>,
    MaxPool2d<3, 1, 0, 1, Side<3, 1, 1, SameLower>, Side<2, 1, 1, SameLower>>,
    AvgPool2d<3, 1, 0, false, Side<3, 1, 1, Pad<1, 1>>>,
);

typenet::check!(ByHand: [1, 9, 10] -> [1, 5, 5]);

typenet::check!(MaxPool2d<2, 2, 1>: [1, 4, 4] -> [1, 3, 3]);

const _: () = assert!(Groups::PARAMS == 32 * 9 + 64 * 8 + 64);

fn main() {
    let _: <MaxPool2d<2, 2, 1> as Layer<Chw<1, 4, 4>>>::Out = Chw::<1, 3, 3>;
    assert_eq!(Half::random(1).forward(&Tensor::zeros()).len(), 9);
    assert_eq!(Axes::random(1).forward(&Tensor::zeros()).len(), 8 * 11 * 14);
    assert_eq!(Sides::random(1).forward(&Tensor::zeros()).len(), 12 * 17);
    assert_eq!(SameStrided::random(1).forward(&Tensor::zeros()).len(), 25);
    assert_eq!(Pools::random(1).forward(&Tensor::zeros()).len(), 12);
    assert_eq!(Groups::random(1).forward(&Tensor::zeros()).len(), 64 * 64);
    assert_eq!(On::<ByHand, Chw<1, 9, 10>>::random(1).forward(&Tensor::zeros()).len(), 25);
}
