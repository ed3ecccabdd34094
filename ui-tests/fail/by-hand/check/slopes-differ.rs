//! 4 slopes for 3 channels.

use typenet::prelude::*;

type Net = PRelu<4>;

typenet::check!(Net: [3, 8, 8] -> [3, 8, 8]);

fn main() {}
