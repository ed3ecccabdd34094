//! The crate under another name.

extern crate typenet as networks;

use networks as tn;

mod typenet {
    // Shadows the crate.
}

tn::network! {
    struct Net: [1, 8, 8] -> [4, 6, 6] {
        conv: Conv2d<1, 4, K = 3>,
        own: crate::tn::Relu,
    }
}

type ByHand = (tn::Conv2d<1, 4, 3>, tn::Relu);

networks::check!(ByHand: [1, 8, 8] -> [4, 6, 6]);

fn main() {
    use tn::Network;
    assert_eq!(Net::random(1).forward(&tn::Tensor::zeros()).len(), 144);
}
