//! More than every value can't be dropped: found on building.

use typenet::prelude::*;

type Net = Dropout<{ float(1.5) }>;

fn main() {
    On::<Net, Chw<3, 8, 8>>::random(1);
}
