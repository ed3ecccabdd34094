//! A last window that hangs over is for pools.

use typenet::prelude::*;
use typenet::size::{Ceil, Pad, Side};

type Net = Conv2d<3, 4, 3, 2, 0, 1, 1, true, Ceil<Side<3, 2, 1, Pad<0, 0>>>>;

typenet::check!(Net: [3, 8, 8] -> [4, 4, 4]);

fn main() {}
