//! The language of `network!` beyond chains: branches, blocks, repetition, heads.

use typenet::prelude::*;

network! {
    /// Two 3×3 convolutions around an identity shortcut.
    pub struct Basic<const C: usize> {
        Residual {
            conv1: Conv2d<C, C, K = 3, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu: Relu,
            conv2: Conv2d<_, C, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<C, EPS = 1e-3>,
        },
        relu2: Relu,
    }
}

network! {
    /// With a projected shortcut, at half the size.
    pub struct Down<const I: usize, const O: usize> where O == 2 * I {
        Residual {
            conv1: Conv2d<I, O, K = 3, S = 2, P = 1, BIAS = false>,
            bn1: BatchNorm2d<_>,
            relu: Relu,
            conv2: Conv2d<_, O, K = 3, P = 1, BIAS = false>,
            bn2: BatchNorm2d<_>,
        } shortcut {
            #[name = "downsample.0"]
            conv: Conv2d<I, O, K = 1, S = 2, BIAS = false>,
            #[name = "downsample.1"]
            bn: BatchNorm2d<_>,
        },
        relu2: Relu,
    }
}

const CLASSES: usize = 10;

network! {
    /// A small residual network.
    pub struct Small: [3, 32, 32] -> [10] {
        conv1: Conv2d<3, 16, K = 3, P = 1, BIAS = false>,
        bn1: BatchNorm2d<16>,
        relu: Relu,
        layer1: [Basic<16>; 3],
        #[name = "layer2.0"]
        down: Down<16, 32>,
        layer2: [Basic<32>; 1..3],
        pool: GlobalAvgPool2d,
        fc: Linear<_, CLASSES>,
    }
}

network! {
    /// An inception-like block.
    pub struct Mixed: [8, 14, 14] -> [24, 14, 14] {
        Concat {
            left: { conv: Conv2d<8, 8, K = 1>, relu: Relu },
            right: { conv: Conv2d<8, 8, K = 3, P = 1> },
            same: Identity,
        },
        res: Residual { conv: Conv2d<_, 24, K = 3, P = Same> },
    }
}

network! {
    /// Two outputs.
    pub struct Two: [3, 8, 8] -> { class: [10], boxes: [4, 8, 8] } {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        heads: Heads {
            class: { pool: GlobalAvgPool2d, fc: Linear<8, 10> },
            boxes: { conv: Conv2d<8, 4, K = 1> },
        },
    }
}

network! {
    /// Classes as a parameter.
    pub struct Head<const N: usize>: [3, 8, 8] -> [N] {
        pool: GlobalAvgPool2d,
        fc: Linear<3, N>,
    }
}

network! {
    /// So many blocks, the first of which is another.
    pub struct Deep<const N: usize>: [3, 8, 8] -> [6, 4, 4] {
        #[name = "0"]
        first: Down<3, 6>,
        rest: [Basic<6>; 1..N],
    }
}

network! {
    pub struct Fcn: [3, Dyn, Dyn] -> [24, Dyn, Dyn] {
        conv: Conv2d<3, 8, K = 3, P = 1>,
        Concat { a: Identity, b: { conv: Conv2d<8, 16, K = 3, P = 1> } },
        blocks: [Basic<24>; 2],
    }
}

type Basic6 = On<Basic<6>, Chw<6, 4, 4>>;
type ByHand = (Conv2d<3, 16, 3, 1, 1>, Basic<16>, Down<16, 32>);

#[test]
fn all_of_it() {
    assert_eq!(Small::summary().params(), Small::PARAMS);
    let net = Small::random(3);
    let names: Vec<_> = net.as_any().graph().params().iter().map(|p| p.name.as_str()).collect();
    assert!(names.contains(&"layer1.2.bn2.running_var"), "{names:?}");
    assert!(names.contains(&"layer2.0.downsample.0.weight"), "{names:?}");
    assert!(names.contains(&"layer2.2.bn2.running_var"), "{names:?}");
    assert_eq!(net.forward(&Tensor::zeros()).as_slice().len(), 10);
    assert_eq!(Mixed::random(3).forward(&Tensor::zeros()).len(), 24 * 14 * 14);
    let two = Two::random(3).forward(&Tensor::zeros());
    assert_eq!((two.class.len(), two.boxes.dims().to_string()), (10, "4×8×8".to_string()));
    assert_eq!(Head::<7>::random(1).forward(&Tensor::zeros()).len(), 7);
    assert_eq!(Deep::<1>::PARAMS + 2 * Basic6::PARAMS, Deep::<3>::PARAMS);
    let names = Deep::<3>::random(1);
    assert!(names.parameter("rest.2.conv1.weight").is_some());
    let shape: <ByHand as Layer<Chw<3, 32, 32>>>::Out = Chw::<32, 16, 16>;
    assert_eq!(shape.dims().to_string(), "32×16×16");
    let x = Tensor::zeros_with_shape(DynChw::<3> { height: 7, width: 9 }).unwrap();
    assert_eq!(Fcn::random(1).forward(&x).unwrap().dims().to_string(), "24×7×9");
}
