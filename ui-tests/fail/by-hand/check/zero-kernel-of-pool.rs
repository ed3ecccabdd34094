//! A pool without a pixel.

use typenet::prelude::*;

type Net = AvgPool2d<0, 2>;

typenet::check!(Net: [1, 28, 28] -> [1, 14, 14]);

fn main() {}
