//! Integers that no table of sizes holds.

use typenet::prelude::*;

network! {
    struct Wide: [320, 7, 7] -> [1000] {
        conv: Conv2d<320, 1280, K = 1>,
        pool: GlobalAvgPool2d,
        fc: Linear<1280, 1000>,
    }
}

network! {
    struct Vgg: [512, 7, 7] -> [4096] {
        flatten: Flatten,
        fc6: Linear<25088, 4096>,
    }
}

network! {
    struct Huge: [102760448] -> [102760448] {
        relu: Relu,
    }
}

network! {
    struct Odd: [3, 1283, 40009] -> [153994641] {
        conv: Conv2d<3, 3, K = 1>,
        flatten: Flatten,
        same: Identity,
    }
}

const _: () = assert!(Wide::PARAMS == 320 * 1280 + 1280 + 1280 * 1000 + 1000);
const _: () = assert!(Vgg::PARAMS == 102_760_448 + 4096);
const _: () = assert!(Odd::PARAMS == 12);

// By hand a shape that stays needs no table; any other is written out.
typenet::check!((Relu, Identity): [102760448] -> [102760448]);
typenet::check!((Conv2d<3, 3, 1>, Flatten): [3, 1283, 40009] -> [153994641]);

type Large = On<Conv2d<3, 8, 7, 2, 3>, Chw<3, 1283, 1999>, Chw<8, 642, 1000>>;

const _: () = assert!(Large::PARAMS == 8 * 3 * 49 + 8);

fn main() {
    let _: <Huge as Network>::Output = Vector::<102_760_448>;
    let _: <(Conv2d<3, 1279, 1>, Relu) as Layer<Chw<3, 40009, 40009>>>::Out =
        Chw::<1279, 40009, 40009>;
}
