//! 1101 rows fit, but types can calculate with them only from the table.

use typenet::prelude::*;

type Net = Conv2d<1, 6, 5, 2>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 1101, 1101>>>::Out> = None;
}
