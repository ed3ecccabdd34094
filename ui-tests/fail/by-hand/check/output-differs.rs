//! 10 classes are declared, 12 come.

use typenet::prelude::*;

type Net = (Flatten, Linear<784, 12>);

typenet::check!(Net: [1, 28, 28] -> [10]);

fn main() {}
