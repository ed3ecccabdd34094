//! An output of 2⁶³ bytes and more.

use typenet::prelude::*;

type Net = Conv2d<1, 1099511627776, 1>;

typenet::check!(Net: [1, 4096, 4096] -> [1099511627776, 4096, 4096]);

fn main() {}
