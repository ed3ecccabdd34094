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

const WIDTH: usize = 8;
const COPIES: usize = 2;

/// A chain by hand, as a layer of a network.
type Stem = (Conv2d<3, WIDTH, 3, 1, 1>, BatchNorm2d<WIDTH>, Relu);

network! {
    /// With an input of its own.
    pub struct Inner: [WIDTH, 16, 16] -> [WIDTH, 8, 8] {
        pool: MaxPool2d<K = 2>,
        act: PRelu<_>,
    }
}

network! {
    /// Networks of any origin as layers, numbers of any kind.
    pub struct AnyOrigin: [3, 16, 16] -> [10] {
        stem: Stem,
        inner: Inner,
        wide: Conv2d<WIDTH, { 2 * WIDTH }, K = (1, 3), P = ((0, 0), (1, 1)), BIAS = false>,
        block: [Basic<{ 2 * WIDTH }>; COPIES],
        even: Conv2d<_, 4, K = 2, P = Same, G = 4>,
        odd: AvgPool2d<K = 2, S = 2, P = SameLower, INCLUDE_PAD = false>,
        gate: Scale { pool: GlobalAvgPool2d, fc: Linear<_, 4>, sigmoid: Sigmoid },
        up: Upsample<2>,
        shuffle: PixelShuffle<2>,
        grow: ConvTranspose2d<1, 1, K = 2, S = 2>,
        pad: Pad2d<P = ((1, 0), (0, 1))>,
        flatten: Flatten,
        norm: BatchNorm1d<_, EPS = 1e-3>,
        clip: Clip<MIN = -1.0, MAX = 1.0>,
        drop: Dropout<P = 0.5>,
        #[name = "classifier"]
        fc: Linear<_, CLASSES>,
        softmax: Softmax,
    }
}

network! {
    /// Heads on a run-time size, and copies of a number that is a parameter.
    pub struct Detector<const N: usize>: [3, Dyn, Dyn] -> { class: [N], boxes: [4, Dyn, Dyn] } {
        stem: Stem,
        Heads {
            class: { pool: GlobalMaxPool2d, fc: Linear<WIDTH, N> },
            boxes: { conv: Conv2d<WIDTH, 4, K = (3, 3), P = 1> },
        },
    }
}

/// What another crate can do with a network that it knows nothing of.
fn run<N>(seed: u64) -> Vec<f32>
where
    N: Network<Input = Chw<3, 16, 16>, Output = Vector<10>>,
{
    N::random(seed).forward(&Tensor::zeros()).into_vec()
}

/// A function over a layer: what comes out is computed.
fn behind<L: Layer<Chw<3, 16, 16>>>() -> String {
    <L::Out as Shape>::DIMS.to_string()
}

#[test]
fn networks_of_any_origin() {
    assert_eq!(AnyOrigin::summary().params(), AnyOrigin::PARAMS);
    let net = AnyOrigin::random(2);
    for name in ["stem.0.weight", "inner.act.weight", "block.1.conv2.weight", "classifier.bias"] {
        assert!(net.parameter(name).is_some(), "{name}");
    }
    let y = net.forward(&Tensor::zeros());
    assert!((y.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert_eq!(run::<AnyOrigin>(2), y.into_vec());
    assert_eq!(behind::<(Stem, Inner)>(), "8×8×8");
    let x = Tensor::zeros_with_shape(DynChw::<3> { height: 5, width: 6 }).unwrap();
    let found = Detector::<7>::random(1).forward(&x).unwrap();
    assert_eq!((found.class.len(), found.boxes.dims().to_string()), (7, "4×5×6".to_string()));
}
