//! Nothing can be put on but what the stride left open.

use typenet::prelude::*;

type Net = ConvTranspose2d<3, 4, 3, 2, 0, 2>;

typenet::check!(Net: [3, 8, 8] -> [4, 19, 19]);

fn main() {}
