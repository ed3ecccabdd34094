//! One side of four pads more than half the window.

use typenet::prelude::*;
use typenet::size::{Pad, Side};

type Net = MaxPool2d<3, 2, 1, 1, Side<3, 2, 1, Pad<1, 1>>, Side<3, 2, 1, Pad<0, 2>>>;

typenet::check!(Net: [1, 28, 28] -> [1, 14, 14]);

fn main() {}
