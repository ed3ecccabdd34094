//! The norm of images, behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, BatchNorm2d<192>);

typenet::check!(Net: [3, 8, 8] -> [192]);

fn main() {}
