//! 7 rows are left where the kernel spans 9.

use typenet::prelude::*;

type Net = (MaxPool2d<2>, MaxPool2d<2>, Conv2d<1, 6, 9>);

typenet::check!(Net: [1, 28, 28] -> [6, 1, 1]);

fn main() {}
