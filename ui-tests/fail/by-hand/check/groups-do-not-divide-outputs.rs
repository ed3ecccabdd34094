//! 4 groups cannot share 6 filters.

use typenet::prelude::*;

type Net = Conv2d<8, 6, 5, 1, 0, 1, 4>;

typenet::check!(Net: [8, 28, 28] -> [6, 24, 24]);

fn main() {}
