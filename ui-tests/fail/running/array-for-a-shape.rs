//! An array is no shape.

use typenet::prelude::*;

#[allow(dead_code)]
struct Picture(Tensor<f32, [usize; 3]>);

fn main() {}
