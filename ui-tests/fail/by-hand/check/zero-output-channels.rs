//! A convolution without a filter.

use typenet::prelude::*;

type Net = Conv2d<1, 0, 5>;

typenet::check!(Net: [1, 28, 28] -> [0, 24, 24]);

fn main() {}
