//! Not a number.

use typenet::prelude::*;

type Net = BatchNorm2d<3, { float(f64::NAN) }>;

typenet::check!(Net: [3, 8, 8] -> [3, 8, 8]);

fn main() {}
