//! Every layer in `network!`: its keywords and defaults, the description they
//! become, the same by hand, and what is said when a rule is broken.

#![allow(clippy::unwrap_used, clippy::panic)]

use typenet::graph::{Graph, NodeKind};
use typenet::prelude::*;
use typenet::spec::{Activation, Dims, Op, Spec};

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
    let norm = |features| Op::BatchNorm1d(typenet::spec::BatchNorm1d { features, eps: 1e-5 });
    let text = "`BatchNorm1d` takes a vector, but the input is the image 4×3×3";
    assert_eq!(said(norm(4), image), text);
    let text = "`BatchNorm1d` expects 5 input features, but the input is 4 features";
    assert_eq!(said(norm(5), vector), text);
}
