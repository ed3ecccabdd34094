//! 9 rows are made, and 10 cut off.

use typenet::prelude::*;

type Net = ConvTranspose2d<3, 4, 2, 1, 5>;

typenet::check!(Net: [3, 8, 8] -> [4, 1, 1]);

fn main() {}
