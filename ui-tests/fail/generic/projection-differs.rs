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

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = Down<3, 16>;

fn main() {
    behind::<Net>();
}
