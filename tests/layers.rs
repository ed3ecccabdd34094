//! Every layer in `network!`: its keywords and defaults, the description they
//! become, the same by hand, and what is said when a rule is broken.

#![allow(clippy::unwrap_used, clippy::panic)]

use typenet::graph::{Graph, NodeKind};
use typenet::prelude::*;
use typenet::spec::{Activation, Axis, Conv2d, Dims, Op, Spec, Window};

const SLOPE: f64 = 0.25;

network! {
    /// Functions of one number.
    struct Functions: [4, 3, 5] -> [4, 3, 5] {
        relu6: Relu6,
        leaky: LeakyRelu,
        steep: LeakyRelu<SLOPE = SLOPE>,
        falling: LeakyRelu<SLOPE = -SLOPE>,
        elu: Elu<ALPHA = 2>,
        sigmoid: Sigmoid,
        tanh: Tanh,
        silu: Silu,
        hard_sigmoid: HardSigmoid,
        hard_swish: HardSwish,
        clip: Clip<MIN = -1.0, MAX = 1.0>,
        least: Clip<MIN = -2>,
        gelu: Gelu,
        gelu_tanh: GeluTanh,
        each: PRelu<_>,
        all: PRelu,
        drop: Dropout<P = 0.1>,
        log: LogSoftmax,
    }
}

type ByHand = (
    (Relu6, LeakyRelu, LeakyRelu<{ float(0.25) }>, LeakyRelu<{ float(-0.25) }>),
    (Elu<{ float(2.0) }>, Sigmoid, Tanh, Silu, HardSigmoid, HardSwish),
    (Clip<{ float(-1.0) }, { float(1.0) }>, Clip<{ float(-2.0) }>, Gelu, GeluTanh),
    (PRelu<4>, PRelu, Dropout<{ float(0.1) }>, LogSoftmax),
);
typenet::check!(ByHand: [4, 3, 5] -> [4, 3, 5]);

network! {
    /// Vectors are normalised too.
    struct Vectors: [8] -> [4] {
        fc1: Linear<8, 6, BIAS = false>,
        bn1: BatchNorm1d<_>,
        relu1: PRelu<_>,
        drop: Dropout,
        fc2: Linear<_, 4>,
        bn2: BatchNorm1d<4, EPS = 1e-3>,
    }
}

network! {
    /// Pools whose last window may be covered partly, and what makes images larger.
    struct Images: [4, 13, 14] -> [2, 50, 56] {
        ceil: MaxPool2d<K = 3, S = 2, CEIL = true>,
        wide: AvgPool2d<K = (1, 2), S = (1, 1), P = (0, 1), INCLUDE_PAD = false, CEIL = true>,
        norm: LocalResponseNorm<3, ALPHA = 1e-3, BETA = 0.5, K = 2>,
        pad: Pad2d<P = ((1, 0), (0, 1)), VALUE = -1.0>,
        lp: LpPool2d<NORM = 3, K = (1, 2), S = 1>,
        nearest: Upsample<SCALE = (2, 1)>,
        smooth: Upsample<SCALE = (1, 2), MODE = Bilinear>,
        corners: Upsample<SCALE = 1, MODE = Bilinear, ALIGN_CORNERS = true>,
        up: ConvTranspose2d<_, 8, K = (3, 3), S = (2, 2), P = ((2, 0), (1, 1)), OUTPUT_PADDING = (1, 0)>,
        shuffle: PixelShuffle<2>,
        cut: Conv2d<2, 2, K = (7, 7)>,
    }
}

network! {
    /// Squeeze and excitation (Hu, Shen and Sun, "Squeeze-and-excitation networks",
    /// 2017), with fully-connected layers.
    struct Excited<const C: usize, const S: usize> {
        Scale {
            pool: GlobalAvgPool2d,
            fc1: Linear<C, S>,
            relu: Relu,
            fc2: Linear<S, C>,
            sigmoid: Sigmoid,
        },
    }
}

network! {
    /// The same with convolutions of one pixel, and a mask for each pixel.
    struct Scaled: [8, 6, 6] -> [8, 6, 6] {
        block: Excited<8, 2>,
        se: Scale {
            pool: AvgPool2d<K = 6>,
            fc: Conv2d<_, 8, K = 1>,
            gate: HardSigmoid,
        },
        mask: Scale { conv: Conv2d<8, _C, K = 1> },
        fully: [Excited<8, 4>; 2],
    }
}

const _C: usize = 8;

network! {
    /// Of any size.
    struct Open: [3, Dyn, Dyn] -> [3, Dyn, Dyn] {
        conv: ConvTranspose2d<3, 8, K = 2, S = 2>,
        excited: Excited<8, 2>,
        up: Upsample<SCALE = 2>,
        pool: MaxPool2d<K = 2, CEIL = true>,
        fc: Conv2d<8, 12, K = 1>,
        shuffle: PixelShuffle<2>,
        max: Pad2d<1>,
    }
}

/// The layers of a network in running order.
fn ops<N: Network>() -> Vec<Op> {
    ops_of(N::SPEC, N::INPUT)
}

fn ops_of(spec: &Spec<'_>, input: Dims) -> Vec<Op> {
    let graph = Graph::new(spec, input).unwrap();
    let op = |kind| match kind {
        NodeKind::Op(op) => Some(op),
        NodeKind::Join(_) => None,
    };
    graph.nodes().iter().filter_map(|node| op(node.kind)).collect()
}

fn same(left: &[Op], right: &[Op]) {
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert!(left.same(right), "{left:?} is not {right:?}");
    }
}

/// What is said about a layer that is wrong.
fn said(op: Op, input: Dims) -> String {
    let text = Graph::new(&Spec::Op(op), input).unwrap_err().to_string();
    text.lines().next().unwrap_or_default().into()
}

#[test]
fn functions_are_their_descriptions() {
    let own = ops::<Functions>();
    same(&own, &ops_of(ByHand::SPEC, Functions::INPUT));
    let activations: Vec<Activation> = own
        .iter()
        .filter_map(|op| if let Op::Activation(activation) = op { Some(*activation) } else { None })
        .collect();
    let wanted = [
        Activation::Relu6,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::LeakyRelu { slope: 0.25 },
        Activation::LeakyRelu { slope: -0.25 },
        Activation::Elu { alpha: 2.0 },
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Silu,
        Activation::HardSigmoid { alpha: 1.0 / 6.0, beta: 0.5 },
        Activation::HardSwish,
        Activation::Clip { min: -1.0, max: 1.0 },
        Activation::Clip { min: -2.0, max: f64::INFINITY },
        Activation::Gelu,
        Activation::GeluTanh,
    ];
    assert_eq!(activations, wanted);
    assert_eq!(Functions::PARAMS, 5);
    let y = Functions::random(1).forward(&Tensor::<f32, Chw<4, 3, 5>>::zeros());
    assert!(y.as_slice().iter().all(|y| y.is_finite()));
}

#[test]
fn vectors_are_normalised() {
    assert_eq!(Vectors::PARAMS, 8 * 6 + 2 * 6 + 6 + 6 * 4 + 4 + 2 * 4);
    let net = Vectors::random(3);
    assert_eq!(net.parameter("relu1.weight"), Some(&[0.25; 6][..]));
    assert_eq!(net.parameter("bn2.running_var"), Some(&[1.0; 4][..]));
    // In a block of any size too.
    let shape: <(Linear<8, 6>, BatchNorm1d<6>, PRelu<6>) as Layer<Vector<8>>>::Out = Vector;
    assert_eq!(shape.dims(), Dims::vector(6));
}

#[test]
fn broken_rules_are_said() {
    let (image, vector) = (Dims::image(4, 3, 3), Dims::vector(4));
    let clip = Op::Activation(Activation::Clip { min: f64::NAN, max: 1.0 });
    let text = "`Clip` has a lower bound above its upper bound, or one that is NaN";
    assert_eq!(said(clip, vector), text);
    let text = "`Dropout` has a probability outside of 0 to 1";
    assert_eq!(said(Op::Dropout { p: 1.5 }, vector), text);
    assert_eq!(said(Op::Dropout { p: f64::NAN }, vector), text);
    let text = "`PRelu` expects 3 input channels, but the input has 4";
    assert_eq!(said(Op::PRelu { weights: 3 }, image), text);
    let text = "`PRelu` has 0 inputs; at least 1 is needed";
    assert_eq!(said(Op::PRelu { weights: 0 }, image), text);
    let text = "`BatchNorm2d` has an epsilon below 0, or one that is NaN";
    for eps in [-1e-9, f64::NAN] {
        let norm = typenet::spec::BatchNorm2d { channels: 4, eps };
        assert_eq!(said(Op::BatchNorm2d(norm), image), text);
    }
    let text = "`Conv2d` counts a partly covered last window, which only pools do";
    let ceil = Axis { ceil: true, ..Axis::new(3, 2, 0) };
    let window = Window { h: Axis::new(3, 1, 0), w: ceil };
    let conv = Conv2d { inputs: 4, outputs: 1, window, groups: 1, bias: false };
    assert_eq!(said(Op::Conv2d(conv), image), text);
    let norm = |features| Op::BatchNorm1d(typenet::spec::BatchNorm1d { features, eps: 1e-5 });
    let text = "`BatchNorm1d` takes a vector, but the input is the image 4×3×3";
    assert_eq!(said(norm(4), image), text);
    let text = "`BatchNorm1d` expects 5 input features, but the input is 4 features";
    assert_eq!(said(norm(5), vector), text);
}

#[test]
fn images_are_their_descriptions() {
    let graph = Images::random(1);
    let dims: Vec<String> =
        graph.as_any().graph().nodes().iter().map(|node| node.dims.to_string()).collect();
    let wanted = [
        "4×6×7",
        "4×6×8",
        "4×6×8",
        "4×7×9",
        "4×7×8",
        "4×14×8",
        "4×14×16",
        "4×14×16",
        "8×28×31",
        "2×56×62",
        "2×50×56",
    ];
    assert_eq!(dims, wanted);
}

#[test]
fn a_scale_is_one_value_for_each_channel() {
    let net = Scaled::random(5);
    let x = Tensor::<f32, Chw<8, 6, 6>>::from_vec((0..288).map(|i| i as f32 / 100.0).collect());
    assert_eq!(net.forward(&x.unwrap()).len(), 288);
    // By hand, on what a body of nothing but a pool gives: x times its channel's mean.
    network! { struct Mean: [2, 1, 2] -> [2, 1, 2] { Scale { mean: GlobalAvgPool2d } } }
    let x = Tensor::<f32, Chw<2, 1, 2>>::from_vec(vec![1.0, 3.0, -2.0, 0.0]).unwrap();
    assert_eq!(Mean::random(0).forward(&x).as_slice(), [2.0, 6.0, 2.0, 0.0]);
    // Blocks are functions of the shape that arrives.
    let shape: <Excited<8, 2> as Layer<Chw<8, 6, 6>>>::Out = Chw::<8, 6, 6>;
    assert_eq!(shape.dims(), Dims::image(8, 6, 6));
}

#[test]
fn sizes_come_at_run_time_too() {
    let x = Tensor::<f32, DynChw<3>>::zeros_with_shape(DynChw { height: 3, width: 5 }).unwrap();
    assert_eq!(Open::random(2).forward(&x).unwrap().dims(), Dims::image(3, 14, 22));
}

#[test]
fn broken_rules_of_images_are_said() {
    use typenet::spec::{ConvTranspose2d, LpPool, Spread, Upsample, Window};
    let image = Dims::image(6, 4, 5);
    let text = "`PixelShuffle` takes a multiple of 2×2 = 4 channels, but the input has 6";
    assert_eq!(said(Op::PixelShuffle { factor: 2 }, image), text);
    let text = "`PixelShuffle` has a factor of 0; at least 1 is needed";
    assert_eq!(said(Op::PixelShuffle { factor: 0 }, image), text);
    let far = Op::PixelShuffle { factor: usize::MAX };
    assert!(said(far, image).contains("do not fit into memory"));
    let resize = typenet::spec::Resize::Nearest;
    let upsample = |rows| Op::Upsample(Upsample { rows, columns: 1, resize });
    assert_eq!(said(upsample(0), image), "`Upsample` has a factor of 0; at least 1 is needed");
    assert!(said(upsample(usize::MAX), image).contains("do not fit into memory"));
    let text = "`Upsample` takes an image, but the input is 7 features";
    assert_eq!(said(upsample(2), Dims::vector(7)), text);
    let window = Window::square(Axis::new(2, 2, 0));
    let text = "`LpPool2d` has a norm of 0; at least 1 is needed";
    assert_eq!(said(Op::LpPool2d(LpPool { window, norm: 0 }), image), text);

    let plain = Spread { kernel: 3, stride: 2, dilation: 1, before: 1, after: 1, extra: 0 };
    let conv = |inputs, h, groups| {
        let conv = ConvTranspose2d { inputs, outputs: 4, h, w: plain, groups, bias: true };
        Op::ConvTranspose2d(conv)
    };
    let text = "`ConvTranspose2d` expects 3 input channels, but the input has 6";
    assert_eq!(said(conv(3, plain, 1), image), text);
    let text = "`ConvTranspose2d` has 4 groups, which do not divide its 6 input channels";
    assert_eq!(said(conv(6, plain, 4), image), text);
    let extra = Spread { extra: 2, ..plain };
    let text =
        "`ConvTranspose2d` has an output padding of 2, but its stride and dilation allow at most 1";
    assert_eq!(said(conv(6, extra, 1), image), text);
    let cut = Spread { before: 5, after: 4, ..plain };
    let text = "`ConvTranspose2d` cuts off 9 rows of padding, but makes only 9";
    assert_eq!(said(conv(6, cut, 1), image), text);
    let far = Spread { stride: usize::MAX, ..plain };
    assert!(said(conv(6, far, 1), image).contains("do not fit into memory"));
}

#[test]
fn a_scale_that_does_not_fit_is_said() {
    use typenet::spec::{Join, Node};
    let (empty, pool) = (Spec::Chain(&[]), Spec::Op(Op::Flatten));
    let arms = [Node::new("", &empty), Node::new("", &pool)];
    let spec = Spec::Branch { join: Join::Mul, arms: &arms };
    let nodes = [Node::new("se", &spec)];
    let error = Graph::new(&Spec::Chain(&nodes), Dims::image(2, 3, 4)).unwrap_err().to_string();
    let text = "the scale of `se` gives 24 features, but what it scales is 2×3×4; it needs one value \
                for each channel, or the same shape";
    assert_eq!(error.lines().next(), Some(text));
}
