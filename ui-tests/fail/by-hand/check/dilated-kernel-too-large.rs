//! Five taps at a distance of 8 span 33 pixels.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 5, 1, 0, 8>;

typenet::check!(Net: [1, 28, 28] -> [6, 1, 1]);

fn main() {}
