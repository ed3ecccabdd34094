//! Twenty-five braces lie in each other.

use typenet::prelude::*;

network! {
    struct Net: [2, 8, 8] {
        Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual {
        Residual { relu: Relu }
        } } } } } } } } } } } } } } } } } } } } } } } }
    }
}

fn main() {}
