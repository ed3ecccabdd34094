//! The transposed convolution takes 6 channels, the convolution gives 8.

use typenet::prelude::*;

type Net = (Conv2d<3, 8, 3, 1, 1>, ConvTranspose2d<6, 4, 2, 2>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 8, 8>>>::Out> = None;
}
