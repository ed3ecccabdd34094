//! Any bytes as a file of weights: read or refused, in memory no larger than the
//! file and the network, and what is accepted can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use typenet::graph::Graph;
use typenet::spec::{Axis, Conv2d, Dims, Linear, Node, Op, Spec, Window};
use typenet::weights::{SafeTensors, Weights};

/// The network of `tests/weights.rs`, whose files the corpus holds.
fn graph() -> Graph {
    let window = Window::square(Axis::new(3, 1, 0));
    let conv = Conv2d { inputs: 1, outputs: 2, window, groups: 1, bias: true };
    let fc = Linear { inputs: 8, outputs: 3, bias: true };
    let (conv, fc) = (Spec::Op(Op::Conv2d(conv)), Spec::Op(Op::Linear(fc)));
    let flatten = Spec::Op(Op::Flatten);
    let nodes = [("conv1", &conv), ("flatten", &flatten), ("fc", &fc)];
    let nodes = nodes.map(|(name, spec)| Node::new(name, spec));
    Graph::new(&Spec::Chain(&nodes), Dims::image(1, 4, 4)).unwrap()
}

fuzz_target!(|bytes: &[u8]| {
    match SafeTensors::parse(bytes) {
        Ok(tensors) => {
            let mut sum = 0;
            for tensor in tensors.iter() {
                sum += tensor.bytes().len();
                assert!(tensors.get(tensor.name()).is_some());
                if let Ok(values) = tensor.to_f64() {
                    assert_eq!(values.len(), tensor.shape().iter().product::<usize>());
                }
            }
            assert!(sum <= bytes.len());
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
    match Weights::<f32>::from_safetensors(&graph(), bytes) {
        Ok(weights) => assert!(weights.iter().flatten().all(|value| value.is_finite())),
        Err(error) => assert!(!error.to_string().replace('\n', "").contains(char::is_control)),
    }
});
