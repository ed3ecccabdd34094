//! Nothing lies above 6 and below 0: found on building.

use typenet::prelude::*;

type Net = Clip<{ float(6.0) }, { float(0.0) }>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
