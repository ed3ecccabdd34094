//! A filter without depth.

use typenet::prelude::*;

type Net = Conv2d<0, 6, 5>;

typenet::check!(Net: [0, 28, 28] -> [6, 24, 24]);

fn main() {}
