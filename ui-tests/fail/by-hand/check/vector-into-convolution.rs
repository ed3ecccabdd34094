//! A convolution behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, Conv2d<784, 6, 1>);

typenet::check!(Net: [1, 28, 28] -> [6, 1, 1]);

fn main() {}
