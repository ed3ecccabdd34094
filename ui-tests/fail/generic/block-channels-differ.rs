//! The block takes 16 channels, 6 arrive.

use typenet::prelude::*;

network! {
    struct Block<const I: usize, const O: usize> {
        Residual {
            conv: Conv2d<I, O, K = 3, P = 1>,
            bn: BatchNorm2d<_>,
        } shortcut {
            proj: Conv2d<I, O, K = 1>,
        },
        relu: Relu,
    }
}

fn behind<L: Layer<Chw<3, 8, 8>>>() -> typenet::spec::Dims {
    <L::Out as Shape>::DIMS
}

type Net = (Conv2d<3, 6, 3>, Block<16, 32>);

fn main() {
    behind::<Net>();
}
