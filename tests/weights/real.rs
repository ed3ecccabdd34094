//! Files that others wrote.

use std::fs;
use std::path::PathBuf;

use typenet::graph::Graph;
use typenet::spec::{Axis, Conv2d, Dims, Linear, Node, Op, Pool, Spec, Window};
use typenet::weights::{DType, LoadErrorKind, SafeTensors, Weights};

/// A file of `../shared/data`, or why there is none.
fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        println!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn lenet(classes: usize) -> Graph {
    let conv = |inputs, outputs| {
        let window = Window::square(Axis::new(5, 1, 0));
        Spec::Op(Op::Conv2d(Conv2d { inputs, outputs, window, groups: 1, bias: true }))
    };
    let window = Window::square(Axis::new(2, 2, 0));
    let pool = Spec::Op(Op::MaxPool2d(Pool { window, include_pad: false }));
    let linear = |inputs, outputs| Spec::Op(Op::Linear(Linear { inputs, outputs, bias: true }));
    let layers = [
        ("conv1", conv(1, 20)),
        ("pool1", pool),
        ("conv2", conv(20, 50)),
        ("pool2", pool),
        ("flatten", Spec::Op(Op::Flatten)),
        ("fc1", linear(800, 500)),
        ("fc2", linear(500, classes)),
    ];
    let nodes: Vec<Node<'_>> = layers.iter().map(|(name, spec)| Node::new(name, spec)).collect();
    Graph::new(&Spec::Chain(&nodes), Dims::image(1, 28, 28)).unwrap()
}

#[test]
fn lenet_loads_and_keeps_every_bit() {
    let Some(path) = data("lenet_mnist.safetensors") else { return };
    let graph = lenet(10);
    let weights = Weights::<f32>::load(&graph, &path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    for (param, values) in graph.params().iter().zip(&weights) {
        let raw: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        assert!(raw == tensors.get(&param.name).unwrap().bytes(), "{}", param.name);
    }
    assert_eq!(Weights::<f64>::load(&graph, &path).unwrap().cast::<f32>(), weights);
    let saved = weights.to_safetensors(&graph).unwrap();
    assert_eq!(Weights::from_safetensors(&graph, &saved).unwrap(), weights);
}

#[test]
fn another_lenet_does_not_load() {
    let Some(path) = data("lenet_mnist.safetensors") else { return };
    let error = Weights::<f32>::load(&lenet(100), &path).unwrap_err();
    let LoadErrorKind::Mismatch(mismatch) = error.kind() else { panic!("{error}") };
    let names: Vec<&str> = mismatch.misshapen.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names, ["fc2.weight", "fc2.bias"]);
    assert!(error.to_string().contains("`fc2.weight` is 10×500, the network needs 100×500"));

    let Some(other) = data("resnet20_cifar10.safetensors") else { return };
    let error = Weights::<f32>::load(&lenet(10), &other).unwrap_err();
    let LoadErrorKind::Mismatch(mismatch) = error.kind() else { panic!("{error}") };
    println!("{error}");
    // Both have a conv1.weight, and nothing else in common.
    assert_eq!(mismatch.missing.len(), 7);
    assert_eq!(mismatch.misshapen.len(), 1);
    assert_eq!(mismatch.unexpected.len(), 98);
    assert!(error.to_string().lines().count() < 30);
}

#[test]
fn images_are_read_as_bytes() {
    let Some(path) = data("mnist_t10k_u8.safetensors") else { return };
    let bytes = fs::read(path).unwrap();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let images = tensors.get("images").unwrap();
    let labels = tensors.get("labels").unwrap();
    assert_eq!((images.dtype(), images.shape()), (DType::U8, &[10_000, 1, 28, 28][..]));
    assert_eq!(labels.bytes()[..5], [7, 2, 1, 0, 4]);
    let numbers = images.to_f32().unwrap();
    assert!(numbers.iter().zip(images.bytes()).all(|(x, &byte)| x.total_cmp(&byte.into()).is_eq()));
}

#[test]
fn every_file_of_the_data_is_sound() {
    for (name, tensors) in [
        ("cifar10_test1000_u8.safetensors", 2),
        ("efficientnet_lite0_golden.safetensors", 8),
        ("efficientnet_lite0_imagenet.safetensors", 247),
        ("lenet_mnist.safetensors", 8),
        ("lenet_mnist_golden.safetensors", 2),
        ("mnist_t10k_u8.safetensors", 2),
        ("onnx_ops.safetensors", 435),
        ("resnet20_cifar10.safetensors", 99),
        ("resnet20_cifar10_golden.safetensors", 3),
    ] {
        let Some(path) = data(name) else { continue };
        let bytes = fs::read(path).unwrap();
        let file = SafeTensors::parse(&bytes).unwrap();
        assert_eq!(file.len(), tensors, "{name}");
        for tensor in file.iter() {
            assert_eq!(file.get(tensor.name()).unwrap().bytes().len(), tensor.bytes().len());
            let elements: usize = tensor.shape().iter().product();
            if let Ok(values) = tensor.to_f64() {
                assert_eq!(values.len(), elements, "{name}: {}", tensor.name());
            }
        }
    }
}
