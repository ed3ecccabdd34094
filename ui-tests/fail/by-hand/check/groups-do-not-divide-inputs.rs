//! 3 groups cannot share 8 channels.

use typenet::prelude::*;

type Net = Conv2d<8, 6, 5, 1, 0, 1, 3>;

typenet::check!(Net: [8, 28, 28] -> [6, 24, 24]);

fn main() {}
