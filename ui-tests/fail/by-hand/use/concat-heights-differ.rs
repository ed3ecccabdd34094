//! The right arm loses two rows.

use typenet::prelude::*;

network! {
    struct Mixed<const C: usize> {
        Concat {
            left: { conv: Conv2d<C, 4, K = 1> },
            right: { conv: Conv2d<C, 4, K = (3, 1)> },
        },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Mixed<8>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
