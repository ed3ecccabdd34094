//! An input of 2⁶³ bytes and more.

use typenet::prelude::*;

type Net = Relu;

typenet::check!(Net: [3, 1099511627776, 1099511627776] -> [3, 1099511627776, 1099511627776]);

fn main() {}
