//! The projection has another stride than the body.

use typenet::prelude::*;

network! {
    struct Down<const I: usize, const O: usize> {
        Residual {
            conv: Conv2d<I, O, K = 3, S = 2, P = 1>,
        } shortcut {
            proj: Conv2d<I, O, K = 1>,
        },
    }
}

type Net = (Conv2d<3, 8, 3, 1, 1>, Down<8, 16>);

typenet::check!(Net: [3, 28, 28] -> [16, 14, 14]);

fn main() {}
