//! 10 channels make no pixels of 2×2.

use typenet::prelude::*;

type Net = (Conv2d<3, 10, 3, 1, 1>, PixelShuffle<2>);

fn main() {
    let _: Option<<Net as Layer<Chw<3, 8, 8>>>::Out> = None;
}
