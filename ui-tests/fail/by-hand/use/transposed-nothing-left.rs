//! 9 rows are made, and 10 cut off.

use typenet::prelude::*;

type Net = ConvTranspose2d<3, 4, 2, 1, 5>;

fn main() {
    let _: Option<<Net as Layer<Chw<3, 8, 8>>>::Out> = None;
}
