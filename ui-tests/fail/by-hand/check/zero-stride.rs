//! A window that never moves on.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 5, 0>;

typenet::check!(Net: [1, 28, 28] -> [6, 24, 24]);

fn main() {}
