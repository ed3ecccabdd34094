//! Height and width that come at run time: running gives a `Result`.

use typenet::prelude::*;

network! {
    struct Net: [3, Dyn, Dyn] -> [10] {
        conv: Conv2d<3, 8, K = 3, S = 2>,
        relu: Relu,
        pool: GlobalAvgPool2d,
        fc: Linear<8, 10>,
    }
}

network! {
    struct Map: [3, Dyn, Dyn] -> [4, Dyn, Dyn] {
        conv: Conv2d<3, 4, K = 3, P = 1>,
    }
}

type ByHand = (Conv2d<3, 8, 3, 2>, Relu, GlobalAvgPool2d, Linear<8, 10>);

typenet::check!(ByHand: [3, Dyn, Dyn] -> [10]);

fn main() {
    let image = |height, width| {
        Tensor::<f32, DynChw<3>>::zeros_with_shape(DynChw { height, width }).unwrap()
    };
    let net = Net::random(1);
    assert_eq!(net.forward(&image(17, 9)).unwrap().len(), 10);
    assert!(net.forward(&image(2, 9)).is_err());
    assert_eq!(
        Map::random(1).forward(&image(5, 7)).unwrap().dims(),
        typenet::spec::Dims::image(4, 5, 7)
    );
    assert!(On::<ByHand, DynChw<3>>::random(1).forward(&image(17, 9)).is_ok());
}
