//! Zero times as large.

use typenet::prelude::*;

type Net = Upsample<0>;

fn main() {
    let _: Option<<Net as Layer<Chw<3, 8, 8>>>::Out> = None;
}
