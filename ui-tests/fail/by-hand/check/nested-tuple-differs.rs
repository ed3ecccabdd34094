//! The tuple in the middle takes 12 channels, 6 arrive.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, (Conv2d<12, 8, 1>, Relu), Flatten);

typenet::check!(Net: [1, 28, 28] -> [4608]);

fn main() {}
