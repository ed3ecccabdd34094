//! Running: precisions, batches, taps, sizes from run time, networks without
//! types, networks put together at run time.

use typenet::graph::Graph;
use typenet::prelude::*;
use typenet::spec::{self, Axis, Dims, Node, Op, Pool, Spec, Window};

network! {
    struct Net: [2, 9, 9] -> [5] {
        conv: Conv2d<2, 4, K = 3>,
        relu: Relu,
        pool: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc: Linear<36, 5>,
    }
}

network! {
    struct AnySize: [2, Dyn, Dyn] -> [5] {
        conv: Conv2d<2, 4, K = 3>,
        relu: Relu,
        pool: GlobalAvgPool2d,
        fc: Linear<4, 5>,
    }
}

network! {
    /// The width is fixed, the height comes at run time.
    struct Scroll: [1, Dyn, 8] -> [3, Dyn, 6] {
        conv: Conv2d<1, 3, K = 3>,
    }
}

fn wave(phase: usize) -> Tensor<f64, Chw<2, 9, 9>> {
    Tensor::try_from_iter((phase..phase + 162).map(|i| (i as f64 * 0.7).sin())).unwrap()
}

#[test]
fn both_precisions_agree() {
    let double = Net::random_as::<f64>(3);
    let values = double.as_any().weights().iter();
    let values = values.map(|values| values.iter().map(|x| *x as f32).collect()).collect();
    let single = AnyModel::from_parameters(double.as_any().graph().clone(), values).unwrap();
    let single = single.typed::<Net>().unwrap();
    let x = wave(0);
    let (y, z) = (double.forward(&x), single.forward(&x.map(|x| x as f32)));
    for (y, z) in y.iter().zip(z.iter()) {
        assert!((y - f64::from(*z)).abs() < 1e-5, "{y} {z}");
    }
    assert!(y.iter().any(|y| y.abs() > 0.01));
}

#[test]
fn a_batch_is_one_after_the_other() {
    let net = Net::random_as::<f64>(5);
    let batch: Vec<_> = (0..3).map(wave).collect();
    let each: Vec<_> = batch.iter().map(|x| net.forward(x)).collect();
    assert_eq!(net.forward_batch(&batch), each);
    assert_ne!(each[0], each[1]);
    assert!(net.forward_batch(&batch[..0]).is_empty());
}

#[test]
fn a_tap_sees_every_layer() {
    let net = Net::random_as::<f64>(7);
    let mut seen = vec![];
    let y = net.forward_with(&wave(0), |name, layer| {
        assert_eq!(layer.dims.elements(), Some(layer.values.len()));
        seen.push((name.to_string(), layer.dims, layer.values.to_vec()));
    });
    let names: Vec<&str> = seen.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["conv", "relu", "pool", "flatten", "fc"]);
    let dims = seen.iter().map(|(_, dims, _)| *dims);
    let summary = Net::summary();
    assert!(dims.eq(summary.rows().iter().map(|row| row.output)));
    assert!(seen[1].2.iter().all(|x| *x >= 0.0) && seen[0].2.iter().any(|x| *x < 0.0));
    assert_eq!(seen[2].2, seen[3].2);
    assert_eq!(seen[4].2, y.as_slice());
}

#[test]
fn one_network_serves_many_threads() {
    let net = Net::random_as::<f64>(9);
    let expected = net.forward(&wave(1));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(net.forward(&wave(1)), expected));
        }
    });
}

#[test]
fn sizes_from_run_time() {
    let net = AnySize::random_as::<f64>(1);
    let image =
        |height, width| Tensor::from_fn_with_shape(DynChw::<2> { height, width }, |_| 1.0).unwrap();
    let y: Tensor<f64, Vector<5>> = net.forward(&image(3, 7)).unwrap();
    let z = net.forward(&image(20, 4)).unwrap();
    for (y, z) in y.iter().zip(z.iter()) {
        assert!((y - z).abs() < 1e-12, "the mean of a constant image has no size");
    }
    let error = net.forward(&image(2, 7)).unwrap_err().to_string();
    assert_eq!(error, "`conv` has a kernel that spans 3 rows, but the input has 2 rows");
    let error = net.forward(&image(7, 0)).unwrap_err().to_string();
    assert!(error.contains("3 columns") && error.contains("0 columns"), "{error}");
}

#[test]
fn one_size_from_run_time() {
    let net = Scroll::random(1);
    let image =
        |height, width| Tensor::from_fn_with_shape(DynChw::<1> { height, width }, |_| 1.0).unwrap();
    assert_eq!(net.forward(&image(30, 8)).unwrap().dims(), Dims::image(3, 28, 6));
    let error = net.forward(&image(30, 9)).unwrap_err().to_string();
    assert_eq!(error, "the network takes an input of 1×Dyn×8, but this one is 1×30×9");
}

#[test]
fn erased_and_back() {
    let net = Net::random_as::<f64>(11);
    let x = wave(0);
    let y = net.forward(&x);
    let any: AnyModel<f64> = net.into_any();
    assert_eq!(any.run(Dims::image(2, 9, 9), x.as_slice()).unwrap(), y.as_slice());
    let error = any.run(Dims::image(2, 9, 8), x.as_slice()).unwrap_err().to_string();
    assert_eq!(error, "the network takes an input of 2×9×9, but this one is 2×9×8");
    assert!(any.run(Dims::image(2, 9, 9), &x.as_slice()[1..]).is_err());

    let error = any.typed::<AnySize>().unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("the model has other layers than") && text.contains("AnySize"),
        "{text}"
    );
    let net = error.into_model().typed::<Net>().unwrap();
    assert_eq!(net.forward(&x), y);
}

/// The same names, shapes and weights do not make it the same network.
#[test]
fn another_activation_is_another_network() {
    network! {
        struct Other: [2, 9, 9] -> [5] {
            conv: Conv2d<2, 4, K = 3>,
            relu: Identity,
            pool: MaxPool2d<K = 2, S = 2>,
            flatten: Flatten,
            fc: Linear<36, 5>,
        }
    }
    network! {
        struct Stride: [2, 9, 9] -> [5] {
            conv: Conv2d<2, 4, K = 3>,
            relu: Relu,
            pool: MaxPool2d<K = 3, S = 2>,
            flatten: Flatten,
            fc: Linear<36, 5>,
        }
    }
    let any = Net::random(1).into_any();
    let any = any.typed::<Other>().unwrap_err().into_model();
    let any = any.typed::<Stride>().unwrap_err().into_model();
    assert!(any.typed::<Net>().is_ok());
}

/// A program that chooses its network at run time.
#[test]
fn networks_in_one_list() {
    let models: [(&str, AnyModel); 2] =
        [("net", Net::random(1).into_any()), ("any size", AnySize::random(1).into_any())];
    for (name, model) in &models {
        let y = model.run(Dims::image(2, 9, 9), &[0.5; 162]).unwrap();
        assert_eq!(y.len(), 5, "{name}");
        assert_eq!(model.graph().output_dims(), Dims::vector(5));
    }
}

/// The network of the type, put together from numbers.
#[test]
fn put_together_at_run_time() {
    let conv = spec::Conv2d {
        inputs: 2,
        outputs: 4,
        window: Window::square(Axis::new(3, 1, 0)),
        groups: 1,
        bias: true,
    };
    let pool = Pool { window: Window::square(Axis::new(2, 2, 0)), include_pad: false };
    let fc = spec::Linear { inputs: 36, outputs: 5, bias: true };
    let layers = [
        ("conv", Spec::Op(Op::Conv2d(conv))),
        ("relu", *Relu::SPEC),
        ("pool", Spec::Op(Op::MaxPool2d(pool))),
        ("flatten", Spec::Op(Op::Flatten)),
        ("fc", Spec::Op(Op::Linear(fc))),
    ];
    let nodes: Vec<Node<'_>> = layers.iter().map(|(name, spec)| Node::new(name, spec)).collect();
    let graph = Graph::new(&Spec::Chain(&nodes), Dims::image(2, 9, 9)).unwrap();

    let net = Net::random_as::<f64>(13);
    assert!(graph.same_network(net.as_any().graph()));
    let values = net.as_any().weights().iter().map(<[f64]>::to_vec).collect();
    let any = AnyModel::from_parameters(graph, values).unwrap();
    let x = wave(0);
    let y = net.forward(&x);
    assert_eq!(any.run(Dims::image(2, 9, 9), x.as_slice()).unwrap(), y.as_slice());
    assert_eq!(any.typed::<Net>().unwrap().forward(&x), y);
}

/// What the compiler says of a type, a graph says in a `Result`.
#[test]
fn wrong_at_run_time() {
    let fc = Spec::Op(Op::Linear(spec::Linear { inputs: 36, outputs: 5, bias: true }));
    let nodes = [Node::new("flatten", Flatten::SPEC), Node::new("fc", &fc)];
    let error = AnyModel::<f32>::random(&Spec::Chain(&nodes), Dims::image(1, 5, 7), 1).unwrap_err();
    let text = error.to_string();
    let sentence = text.lines().next();
    assert_eq!(sentence, Some("`fc` expects 36 input features, but the input is 1×5×7 = 35"));
}
