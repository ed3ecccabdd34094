//! Copies beyond those whose names are known to messages, and none at all where a
//! parameter says so.

use typenet::prelude::*;

network! {
    struct Deep: [1, 8, 8] -> [1, 8, 8] {
        convs: [Conv2d<1, 1, K = 3, P = 1>; 100],
    }
}

network! {
    struct Chosen<const N: usize>: [1, 8, 8] -> [1, 8, 8] {
        convs: [Conv2d<1, 1, K = 3, P = 1>; 1..N],
    }
}

fn main() {
    assert_eq!(Deep::PARAMS, 100 * 10);
    assert_eq!(Chosen::<3>::PARAMS, 2 * 10);
    let x = Tensor::<f32, Chw<1, 8, 8>>::zeros();
    assert_eq!(Chosen::<1>::random(1).forward(&x).as_slice(), x.as_slice());
}
