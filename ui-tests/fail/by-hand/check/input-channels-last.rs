//! The input's channels stand last, as in an array of pixels.

use typenet::prelude::*;

type Net = (Conv2d<3, 8, 3>, Relu);

typenet::check!(Net: [28, 28, 3] -> [8, 26, 26]);

fn main() {}
