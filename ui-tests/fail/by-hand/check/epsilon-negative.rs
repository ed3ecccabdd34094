//! With this a variance of 0 has no root.

use typenet::prelude::*;

type Net = BatchNorm2d<3, { float(-1e-3) }>;

typenet::check!(Net: [3, 8, 8] -> [3, 8, 8]);

fn main() {}
