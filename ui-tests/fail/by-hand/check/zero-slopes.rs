//! An activation that has learnt no slope.

use typenet::prelude::*;

type Net = (PRelu<0>, Relu);

typenet::check!(Net: [1, 28, 28] -> [1, 28, 28]);

fn main() {}
