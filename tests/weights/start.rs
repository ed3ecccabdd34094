//! Random weights, given weights, and what they look like in a file.

use typenet::graph::Graph;
use typenet::model::AnyModel;
use typenet::spec::{Call, CustomKernel};
use typenet::spec::{CustomOp, Dims, Node, Op, ParamDims, ParamSpec, ShapeRule, Spec};
use typenet::weights::{SafeTensors, Weights};

use crate::support::{graph, linear};

#[test]
fn filters_are_uniform_with_variance_two_over_fan_in() {
    let fan_in = 200_usize;
    let weights = Weights::<f64>::random(&linear("fc", fan_in, 2000), 11);
    let values = weights.get(0).unwrap();
    let (n, variance) = (values.len() as f64, 2.0 / fan_in as f64);
    let bound = (3.0 * variance).sqrt();
    let mean = values.iter().sum::<f64>() / n;
    let spread = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    // Five standard deviations of both estimates.
    assert!(mean.abs() < 5.0 * (variance / n).sqrt(), "{mean}");
    assert!((spread / variance - 1.0).abs() < 5.0 * (0.8 / n).sqrt(), "{spread}");
    assert!(values.iter().all(|x| x.abs() < bound));
    let mut tenths = [0_u32; 10];
    for x in values {
        let tenth = (1..10_u32).filter(|&i| x / bound * 5.0 + 5.0 >= f64::from(i)).count();
        tenths[tenth] += 1;
    }
    assert!(tenths.iter().all(|&count| (39_000..41_000).contains(&count)), "{tenths:?}");
}

#[test]
fn neighbouring_values_and_streams_are_unrelated() {
    let correlation = |a: &[f64], b: &[f64]| {
        let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
        let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        product / (norm(a) * norm(b))
    };
    let graph = linear("fc", 300, 300);
    let [a, b] = [0, 1].map(|seed| Weights::<f64>::random(&graph, seed));
    let (a, b) = (a.get(0).unwrap(), b.get(0).unwrap());
    let limit = 5.0 / 300.0;
    assert!(correlation(a, b).abs() < limit);
    assert!(correlation(&a[1..], a).abs() < limit);
    assert!(correlation(&a[300..], a).abs() < limit);
    assert!(correlation(&a[1..], b).abs() < limit);
}

#[test]
fn weights_count_their_parameters() {
    let weights = Weights::<f32>::random(&graph(), 1);
    assert!(!weights.is_empty());
    let mut params = weights.iter();
    for (index, left) in [4, 3, 2, 1].into_iter().enumerate() {
        assert_eq!(params.len(), left);
        assert_eq!(params.next(), weights.get(index));
    }
    assert_eq!((params.len(), params.next()), (0, None));
    let none = Graph::new(&Spec::Chain(&[]), Dims::vector(1)).unwrap();
    assert!(Weights::<f32>::random(&none, 1).is_empty());
}

#[test]
fn the_same_seed_gives_the_same_bits_everywhere() {
    // Frozen: a change here changes everybody's networks.
    let weights = Weights::<f64>::random(&graph(), 2015);
    let bits = |index: usize| weights.get(index).unwrap()[0].to_bits();
    assert_eq!([bits(0), bits(2)], FROZEN);
    assert_eq!(weights, Weights::random(&graph(), 2015));
    assert_ne!(weights, Weights::random(&graph(), 2016));
}

/// Computed by a second implementation, in Python.
const FROZEN: [u64; 2] = [0x3fc8_620b_ac1a_0aee, 0x3f70_8273_b9d1_656a];

#[test]
fn single_precision_is_double_rounded() {
    let double = Weights::<f64>::random(&graph(), 5);
    assert_eq!(double.cast::<f32>(), Weights::<f32>::random(&graph(), 5));
}

#[test]
fn a_parameter_does_not_depend_on_those_before_it() {
    let seeded = |hidden: usize| {
        let layers = [(3, hidden), (hidden, 4)].map(|(inputs, outputs)| {
            Op::Linear(typenet::spec::Linear { inputs, outputs, bias: true })
        });
        let specs = layers.map(Spec::Op);
        let nodes = [Node::new("a", &specs[0]), Node::new("b", &specs[1])];
        let graph = Graph::new(&Spec::Chain(&nodes), Dims::vector(3)).unwrap();
        Weights::<f64>::random(&graph, 9)
    };
    let unit = |weights: &Weights<f64>, hidden: f64| {
        weights.get(2).unwrap()[..8].iter().map(|x| x * hidden.sqrt()).collect::<Vec<f64>>()
    };
    let (small, large) = (unit(&seeded(2), 2.0), unit(&seeded(200), 200.0));
    assert!(small.iter().zip(&large).all(|(a, b)| (a - b).abs() < 1e-12));
}

/// A layer of a user's, with what batch norm has.
struct Scale;

impl CustomKernel for Scale {
    fn run_f32(&self, _: Call<'_, f32>) {}
    fn run_f64(&self, _: Call<'_, f64>) {}
}

#[test]
fn constants_start_at_their_value() {
    static OP: CustomOp = CustomOp {
        name: "Scale",
        rule: ShapeRule::Same,
        params: &[
            ParamSpec::constant("weight", ParamDims::d1(3), 1),
            ParamSpec::constant("bias", ParamDims::d1(3), 0),
        ],
        macs_per_output: 1,
        kernel: &Scale,
    };
    let spec = Spec::Op(Op::Custom(&OP));
    let graph = Graph::new(&Spec::Chain(&[Node::new("bn", &spec)]), Dims::vector(3)).unwrap();
    let weights = Weights::<f32>::random(&graph, 1);
    assert_eq!(weights.iter().collect::<Vec<_>>(), [[1.0; 3], [0.0; 3]]);
    assert_eq!(weights.get(2), None);
}

#[test]
fn given_vectors_must_fit() {
    let graph = graph();
    let vecs = |last| vec![vec![0.5; 18], vec![0.5; 2], vec![0.5; 24], vec![0.5; last]];
    let weights = Weights::from_vecs(&graph, vecs(3)).unwrap();
    assert_eq!(format!("{weights:?}"), "Weights(4 parameters, 47 values)");
    let error = Weights::from_vecs(&graph, vecs(4)).unwrap_err();
    assert_eq!(error.to_string(), "`fc.bias` holds 3 values, but 4 were given");
    let error = Weights::<f32>::from_vecs(&graph, vec![]).unwrap_err();
    assert_eq!(error.to_string(), "the network has 4 parameters, but 0 were given");
}

#[test]
fn one_parameter_is_set_or_left() {
    let values = [18, 2, 24, 3].map(|len| vec![0.5_f32; len]);
    let mut model = AnyModel::from_parameters(graph(), values.to_vec()).unwrap();
    let before = model.clone();
    for (name, values, error) in [
        ("fc.bias", &[1.0; 2][..], "`fc.bias` holds 3 values, but 2 were given"),
        ("fc.bia", &[1.0; 3], "no parameter is called `fc.bia`"),
    ] {
        assert_eq!(model.set_parameter(name, values).unwrap_err().to_string(), error);
        assert_eq!(model.weights(), before.weights());
    }
    model.set_parameter("fc.bias", &[1.0, f32::INFINITY, -3.0]).unwrap();
    assert_eq!(model.parameter("fc.bias"), Some(&[1.0, f32::INFINITY, -3.0][..]));
    for name in ["conv1.weight", "conv1.bias", "fc.weight"] {
        assert_eq!(model.parameter(name), before.parameter(name), "{name}");
    }
}

#[test]
fn saved_weights_come_back_bit_for_bit() {
    let graph = graph();
    let double = Weights::<f64>::random(&graph, 3);
    let file = double.to_safetensors(&graph).unwrap();
    assert_eq!(Weights::<f64>::from_safetensors(&graph, &file).unwrap(), double);
    let single = Weights::<f32>::random(&graph, 3);
    let file = single.to_safetensors(&graph).unwrap();
    assert_eq!(Weights::<f32>::from_safetensors(&graph, &file).unwrap(), single);
    assert_eq!(Weights::<f64>::from_safetensors(&graph, &file).unwrap().cast(), single);
}

#[test]
fn a_saved_file_is_ordered_aligned_and_json() {
    let graph = graph();
    let file = Weights::<f32>::random(&graph, 3).to_safetensors(&graph).unwrap();
    let len = u64::from_le_bytes(file[..8].try_into().unwrap());
    assert!(len.is_multiple_of(8));
    assert_eq!(file.len() as u64, 8 + len + 47 * 4);
    let text = std::str::from_utf8(&file[8..8 + usize::try_from(len).unwrap()]).unwrap();
    assert!(text.len() - text.trim_end().len() < 8);
    let header: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(header["__metadata__"]["format"], "pt");
    assert_eq!(header["fc.weight"]["dtype"], "F32");
    assert_eq!(header["fc.weight"]["shape"], serde_json::json!([3, 8]));
    assert_eq!(header["fc.weight"]["data_offsets"], serde_json::json!([80, 176]));
    let tensors = SafeTensors::parse(&file).unwrap();
    let names: Vec<&str> = tensors.iter().map(|tensor| tensor.name()).collect();
    assert_eq!(names, ["conv1.weight", "conv1.bias", "fc.weight", "fc.bias"]);
}

#[test]
fn any_name_survives_a_file() {
    for name in ["a\"b\\c", "tab\tnul\0esc\u{1b}", "é🦀\u{7f}", "/\u{2028}", "[0].{x}: 1,"] {
        let graph = linear(name, 2, 2);
        let weights = Weights::<f32>::random(&graph, 3);
        let file = weights.to_safetensors(&graph).unwrap();
        assert_eq!(Weights::from_safetensors(&graph, &file).unwrap(), weights, "{name:?}");
    }
}
