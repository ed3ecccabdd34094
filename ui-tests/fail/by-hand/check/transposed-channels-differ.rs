//! The transposed convolution takes 6 channels, the convolution gives 8.

use typenet::prelude::*;

type Net = (Conv2d<3, 8, 3, 1, 1>, ConvTranspose2d<6, 4, 2, 2>);

typenet::check!(Net: [3, 8, 8] -> [4, 16, 16]);

fn main() {}
