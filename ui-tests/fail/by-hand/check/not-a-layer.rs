//! A type that is no layer.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, String);

typenet::check!(Net: [1, 28, 28] -> [6, 24, 24]);

fn main() {}
