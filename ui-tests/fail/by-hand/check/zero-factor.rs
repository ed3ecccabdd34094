//! Zero times as large.

use typenet::prelude::*;

type Net = Upsample<0>;

typenet::check!(Net: [3, 8, 8] -> [3, 0, 0]);

fn main() {}
