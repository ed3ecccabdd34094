//! Blocks lie in each other fifty deep, and braces twenty-four, without a
//! `recursion_limit`.

use typenet::prelude::*;

network! { struct B0 { conv: Conv2d<2, 2, K = 3, P = 1> } }
network! { struct B1 { inner: B0, relu: Relu } }
network! { struct B2 { inner: B1, relu: Relu } }
network! { struct B3 { inner: B2, relu: Relu } }
network! { struct B4 { inner: B3, relu: Relu } }
network! { struct B5 { inner: B4, relu: Relu } }
network! { struct B6 { inner: B5, relu: Relu } }
network! { struct B7 { inner: B6, relu: Relu } }
network! { struct B8 { inner: B7, relu: Relu } }
network! { struct B9 { inner: B8, relu: Relu } }
network! { struct B10 { inner: B9, relu: Relu } }
network! { struct B11 { inner: B10, relu: Relu } }
network! { struct B12 { inner: B11, relu: Relu } }
network! { struct B13 { inner: B12, relu: Relu } }
network! { struct B14 { inner: B13, relu: Relu } }
network! { struct B15 { inner: B14, relu: Relu } }
network! { struct B16 { inner: B15, relu: Relu } }
network! { struct B17 { inner: B16, relu: Relu } }
network! { struct B18 { inner: B17, relu: Relu } }
network! { struct B19 { inner: B18, relu: Relu } }
network! { struct B20 { inner: B19, relu: Relu } }
network! { struct B21 { inner: B20, relu: Relu } }
network! { struct B22 { inner: B21, relu: Relu } }
network! { struct B23 { inner: B22, relu: Relu } }
network! { struct B24 { inner: B23, relu: Relu } }
network! { struct B25 { inner: B24, relu: Relu } }
network! { struct B26 { inner: B25, relu: Relu } }
network! { struct B27 { inner: B26, relu: Relu } }
network! { struct B28 { inner: B27, relu: Relu } }
network! { struct B29 { inner: B28, relu: Relu } }
network! { struct B30 { inner: B29, relu: Relu } }
network! { struct B31 { inner: B30, relu: Relu } }
network! { struct B32 { inner: B31, relu: Relu } }
network! { struct B33 { inner: B32, relu: Relu } }
network! { struct B34 { inner: B33, relu: Relu } }
network! { struct B35 { inner: B34, relu: Relu } }
network! { struct B36 { inner: B35, relu: Relu } }
network! { struct B37 { inner: B36, relu: Relu } }
network! { struct B38 { inner: B37, relu: Relu } }
network! { struct B39 { inner: B38, relu: Relu } }
network! { struct B40 { inner: B39, relu: Relu } }
network! { struct B41 { inner: B40, relu: Relu } }
network! { struct B42 { inner: B41, relu: Relu } }
network! { struct B43 { inner: B42, relu: Relu } }
network! { struct B44 { inner: B43, relu: Relu } }
network! { struct B45 { inner: B44, relu: Relu } }
network! { struct B46 { inner: B45, relu: Relu } }
network! { struct B47 { inner: B46, relu: Relu } }
network! { struct B48 { inner: B47, relu: Relu } }
network! { struct B49 { inner: B48, relu: Relu } }
network! { struct B50 { inner: B49, relu: Relu } }

network! {
    struct Net: [2, 8, 8] -> [2, 8, 8] {
        deep: B50,
    }
}

network! {
    struct Sums: [2, 8, 8] -> [2, 8, 8] {
        Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { Residual { conv: Conv2d<2, 2, K = 3, P = 1> } } } } } } } } } } } } } } } } } } } } } } } } 
    }
}

fn main() {
    assert_eq!((Net::PARAMS, Sums::PARAMS), (38, 38));
    assert_eq!(Net::random(1).forward(&Tensor::zeros()).len(), 128);
    assert_eq!(Sums::random(1).forward(&Tensor::zeros()).len(), 128);
}
