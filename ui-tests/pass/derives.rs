//! Every derive that makes sense for a type without values.

use typenet::prelude::*;

network! {
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
    struct Net: [2, 8, 8] -> [5, 3, 3] {
        conv: Conv2d<2, 5, K = 3>,
        pool: MaxPool2d<K = 2>,
    }
}

fn main() {
    assert_eq!(Net::default(), Net::default());
    let _ = Conv2d::<2, 5, 3>::default();
}
