//! A crate that denies what a careful crate denies.
#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations, unused, unreachable_pub, dead_code)]
#![deny(
    unused_qualifications,
    single_use_lifetimes,
    non_camel_case_types,
    non_snake_case,
    warnings
)]

use typenet::prelude::*;

network! {
    #[derive(Debug)]
    pub struct Undocumented: [1, 8, 8] -> [36] {
        conv: Conv2d<1, 1, K = 3>,
        flatten: Flatten,
    }
}

network! {
    struct NeverUsed: [1, Dyn, Dyn] {
        conv: Conv2d<1, 1, K = 3>,
    }
}

type ByHand = (Conv2d<1, 1, 3>, Flatten);

check!(ByHand: [1, 8, 8] -> [36]);

fn main() {
    assert_eq!(Undocumented::PARAMS, On::<ByHand, Chw<1, 8, 8>>::PARAMS);
}
