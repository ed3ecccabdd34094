//! The kernel fits the rows, but not the columns.

use typenet::prelude::*;
use typenet::size::{Pad, Side};

type Net = Conv2d<1, 6, 3, 1, 0, 1, 1, true, Side<3, 1, 1, Pad<0, 0>>, Side<5, 1, 1, Pad<0, 0>>>;

typenet::check!(Net: [1, 8, 4] -> [6, 6, 1]);

fn main() {}
