//! Nothing lies above 6 and below 0.

use typenet::prelude::*;

type Net = Clip<{ float(6.0) }, { float(0.0) }>;

typenet::check!(Net: [3, 8, 8] -> [3, 8, 8]);

fn main() {}
