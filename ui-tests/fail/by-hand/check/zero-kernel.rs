//! A kernel without a tap.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 0>;

typenet::check!(Net: [1, 28, 28] -> [6, 28, 28]);

fn main() {}
