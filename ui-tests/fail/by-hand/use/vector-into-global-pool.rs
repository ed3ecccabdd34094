//! A global pool behind `Flatten`.

use typenet::prelude::*;

type Net = (Flatten, GlobalAvgPool2d);

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
