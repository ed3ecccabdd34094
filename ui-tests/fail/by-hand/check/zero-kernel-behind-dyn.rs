//! A window of run-time size with a kernel of 0.

use typenet::prelude::*;

type Net = Conv2d<3, 8, 0>;

typenet::check!(Net: [3, Dyn, Dyn] -> [8, Dyn, Dyn]);

fn main() {}
