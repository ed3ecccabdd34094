//! The second convolution takes 7 channels, the first gives 6.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, Relu, Conv2d<7, 16, 5>);

typenet::check!(Net: [1, 28, 28] -> [16, 20, 20]);

fn main() {}
