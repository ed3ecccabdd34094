//! How many features there are shows only at run time.

use typenet::prelude::*;

type Net = (Conv2d<1, 6, 5>, Flatten, Linear<3456, 10>);

fn main() {
    let _: Option<<Net as Layer<DynChw<1>>>::Out> = None;
}
