//! A norm over no channels.

use typenet::prelude::*;

type Net = (LocalResponseNorm<0>, Relu);

typenet::check!(Net: [1, 28, 28] -> [1, 28, 28]);

fn main() {}
