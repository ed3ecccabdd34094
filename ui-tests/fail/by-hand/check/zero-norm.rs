//! There is no 0-norm.

use typenet::prelude::*;

type Net = LpPool2d<0, 2>;

typenet::check!(Net: [3, 8, 8] -> [3, 4, 4]);

fn main() {}
