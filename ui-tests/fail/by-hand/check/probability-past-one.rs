//! More than every value can't be dropped.

use typenet::prelude::*;

type Net = Dropout<{ float(1.5) }>;

typenet::check!(Net: [3, 8, 8] -> [3, 8, 8]);

fn main() {}
