//! Two pixels of padding all round do not help.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 9, 1, 2>;

typenet::check!(Net: [1, 4, 4] -> [6, 1, 1]);

fn main() {}
