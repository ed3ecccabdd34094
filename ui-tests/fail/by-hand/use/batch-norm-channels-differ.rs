//! The norm has 16 channels, the convolution gives 8.

use typenet::prelude::*;

type Net = (Conv2d<3, 8, 3>, BatchNorm2d<16>, Relu);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 28, 28>>>::Out> = None;
}
