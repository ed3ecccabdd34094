//! One side of four pads more than half the window.

use typenet::prelude::*;
use typenet::size::{Pad, Side};

type Net = MaxPool2d<3, 2, 1, 1, Side<3, 2, 1, Pad<1, 1>>, Side<3, 2, 1, Pad<0, 2>>>;

fn main() {
    let _: Option<<Net as Layer<Chw<1, 28, 28>>>::Out> = None;
}
