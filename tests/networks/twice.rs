//! The same network by hand and by macro: the same description, and with the
//! same weights the same bits.

use typenet::graph::{Graph, Source};
use typenet::prelude::*;
use typenet::spec::{Dims, ParamSpec};

/// A graph without its names: what each node does, reads, gives and has to learn.
pub type Outline = Vec<(String, Vec<Source>, Dims, Vec<ParamSpec>)>;

pub fn outline<N: Network>() -> Outline {
    let graph = Graph::new(N::SPEC, N::INPUT).unwrap();
    let nodes = graph.nodes().iter().map(|node| {
        let params = graph.params()[node.params.clone()].iter().map(|param| param.spec);
        (format!("{:?}", node.kind), node.inputs.clone(), node.dims, params.collect())
    });
    nodes.collect()
}

/// A pattern of numbers without symmetry.
fn input<S: FixedShape>() -> Tensor<f32, S> {
    let values = (0..S::LEN).map(|i| ((i * 37 + 11) % 101) as f32 / 50.0 - 1.0);
    Tensor::try_from_iter(values).unwrap()
}

/// Compares two networks of one input and one output, by all that can be seen.
fn same<A, B, S, O>()
where
    S: FixedShape<Ran<Tensor<f32, O>> = Tensor<f32, O>>,
    O: Shape,
    A: Network<Input = S, Output = O>,
    B: Network<Input = S, Output = O>,
{
    assert_eq!(outline::<A>(), outline::<B>());
    assert_eq!((A::PARAMS, A::MACS, A::FC_TWIN), (B::PARAMS, B::MACS, B::FC_TWIN));
    assert_eq!(A::OUTPUT, B::OUTPUT);

    let a = A::random(17);
    let values = a.as_any().weights().iter().map(<[f32]>::to_vec).collect();
    let graph = Graph::new(B::SPEC, B::INPUT).unwrap();
    let b = AnyModel::from_parameters(graph, values).unwrap().typed::<B>().unwrap();

    let x = input::<S>();
    let (mut seen_a, mut seen_b) = (vec![], vec![]);
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<u32>>();
    let y = a.forward_with(&x, |_, seen| seen_a.push((seen.dims, bits(seen.values))));
    let z = b.forward_with(&x, |_, seen| seen_b.push((seen.dims, bits(seen.values))));
    assert_eq!(seen_a, seen_b);
    assert_eq!(bits(y.as_slice()), bits(z.as_slice()));
    assert!(y.iter().any(|y| *y != y.abs() || *y > 0.0), "nothing but zeros");
}

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<_, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}

#[test]
fn a_chain() {
    type ByHand = (
        Conv2d<1, 6, 5, 1, 2>,
        Relu,
        MaxPool2d<2, 2>,
        Conv2d<6, 16, 5>,
        Relu,
        MaxPool2d<2, 2>,
        Flatten,
        Linear<400, 120>,
        Relu,
        Linear<120, 84>,
        Relu,
        Linear<84, 10>,
    );
    same::<LeNet5, On<ByHand, Chw<1, 28, 28>>, _, _>();
}

#[test]
fn nested_tuples() {
    type Conv<const I: usize, const O: usize, const P: usize> = (Conv2d<I, O, 5, 1, P>, Relu);
    type Stage<const I: usize, const O: usize, const P: usize> = (Conv<I, O, P>, MaxPool2d<2>);
    type Dense<const I: usize, const O: usize> = (Linear<I, O>, Relu);
    type Head = (Flatten, (Dense<400, 120>, (Dense<120, 84>, (Linear<84, 10>,))));
    type ByHand = ((Stage<1, 6, 2>, Stage<6, 16, 0>), Head);
    same::<LeNet5, On<ByHand, Chw<1, 28, 28>>, _, _>();
}

/// Every kind of layer, windows that differ by axis, every way to pad.
#[test]
fn every_layer() {
    use typenet::size::{Pad, Side};

    network! {
        struct Every: [4, 20, 24] -> [6] {
            axes: Conv2d<4, 8, K = (3, 5), S = (1, 2), P = ((1, 2), (0, 3)), D = (2, 1), G = 2>,
            same: Conv2d<8, 8, K = 4, S = 2, P = Same, BIAS = false>,
            lower: Conv2d<8, 6, K = (2, 3), P = SameLower>,
            norm: BatchNorm2d<6, EPS = 1e-3>,
            max: MaxPool2d<K = 3, S = 1, P = 1, D = 1>,
            avg: AvgPool2d<K = (2, 3), S = 1, P = ((1, 0), (1, 1)), INCLUDE_PAD = false>,
            identity: Identity,
            pool: GlobalAvgPool2d,
            fc: Linear<6, 6, BIAS = false>,
            softmax: Softmax,
        }
    }
    type Axes =
        Conv2d<4, 8, 3, 1, 0, 2, 2, true, Side<3, 1, 2, Pad<1, 2>>, Side<5, 2, 1, Pad<0, 3>>>;
    type SameSide = Side<4, 2, 1, Same>;
    type Lower<const K: usize> = Side<K, 1, 1, SameLower>;
    type Avg = AvgPool2d<2, 1, 0, false, Side<2, 1, 1, Pad<1, 0>>, Side<3, 1, 1, Pad<1, 1>>>;
    type ByHand = (
        Axes,
        Conv2d<8, 8, 4, 2, 0, 1, 1, false, SameSide>,
        Conv2d<8, 6, 2, 1, 0, 1, 1, true, Lower<2>, Lower<3>>,
        BatchNorm2d<6, { float(1e-3) }>,
        MaxPool2d<3, 1, 1>,
        Avg,
        Identity,
        GlobalAvgPool2d,
        Linear<6, 6, false>,
        Softmax,
    );
    same::<Every, On<ByHand, Chw<4, 20, 24>>, _, _>();
}

/// Networks in networks against the same layers in one row.
#[test]
fn nested_networks() {
    network! {
        struct Stem: [3, 16, 16] -> [8, 8, 8] {
            conv: Conv2d<3, 8, K = 3, P = 1>,
            pool: MaxPool2d<K = 2>,
        }
    }
    network! {
        struct Head: [512] -> [10] {
            fc: Linear<_, 10>,
        }
    }
    network! {
        struct Net: [3, 16, 16] -> [10] {
            stem: Stem,
            relu: Relu,
            flatten: Flatten,
            head: Head,
        }
    }
    type Row = (Conv2d<3, 8, 3, 1, 1>, MaxPool2d<2>, Relu, Flatten, Linear<512, 10>);
    type Mixed = (Stem, (Relu, Flatten), Head);
    same::<Net, On<Row, Chw<3, 16, 16>>, _, _>();
    same::<Net, On<Mixed, Chw<3, 16, 16>>, _, _>();
}

/// Numbers from const items are numbers like any other.
#[test]
fn const_items_and_literals() {
    const SIDE: usize = 12;
    const SMALLER: usize = SIDE - 4;
    const KERNEL: usize = 3;
    network! {
        struct Consts: [2, SIDE, SIDE] -> [5, SMALLER, SMALLER] {
            conv1: Conv2d<2, { KERNEL + 1 }, K = KERNEL>,
            conv2: Conv2d<_, 5, K = (KERNEL, 3)>,
        }
    }
    network! {
        struct Literals: [2, 12, 12] -> [5, 8, 8] {
            conv1: Conv2d<2, 4, K = 3>,
            conv2: Conv2d<4, 5, K = 3>,
        }
    }
    same::<Consts, Literals, _, _>();
}
