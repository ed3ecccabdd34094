//! The small network whose files the tests and the fuzzers' corpora hold.

use typenet::graph::Graph;
use typenet::spec::{Axis, Conv2d, Dims, Linear, Node, Op, Spec, Window};

/// A convolution of 1 to 2 channels and a linear layer of 8 to 3 features:
/// 18, 2, 24 and 3 values.
pub(crate) fn graph() -> Graph {
    let window = Window::square(Axis::new(3, 1, 0));
    let conv = Conv2d { inputs: 1, outputs: 2, window, groups: 1, bias: true };
    let fc = Linear { inputs: 8, outputs: 3, bias: true };
    let (conv, fc) = (Spec::Op(Op::Conv2d(conv)), Spec::Op(Op::Linear(fc)));
    let flatten = Spec::Op(Op::Flatten);
    let nodes = [("conv1", &conv), ("flatten", &flatten), ("fc", &fc)];
    let nodes = nodes.map(|(name, spec)| Node::new(name, spec));
    Graph::new(&Spec::Chain(&nodes), Dims::image(1, 4, 4)).unwrap()
}
