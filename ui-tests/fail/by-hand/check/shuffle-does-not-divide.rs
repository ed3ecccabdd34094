//! 10 channels make no pixels of 2×2.

use typenet::prelude::*;

type Net = (Conv2d<3, 10, 3, 1, 1>, PixelShuffle<2>);

typenet::check!(Net: [3, 8, 8] -> [2, 16, 16]);

fn main() {}
