//! Sound files that are another network's, or hold what no network should.

use std::error::Error;

use typenet::blocked::{Options, Plan, PlanError};
use typenet::graph::Graph;
use typenet::model::AnyModel;
use typenet::naive;
use typenet::spec::{BatchNorm1d, Dims, Linear, Node, Op, ParamDims, Spec};
use typenet::weights::{
    DType, FormatError, LoadError, LoadErrorKind, Mismatch, SaveError, Weights,
};

use crate::support::{Part, file, file_of, graph, halves, linear, parts};

fn load(parts: &[Part<'_>]) -> Result<Weights<f32>, LoadErrorKind> {
    Weights::from_safetensors(&graph(), &file_of(parts)).map_err(LoadError::into_kind)
}

fn mismatch(parts: &[Part<'_>]) -> Mismatch {
    match load(parts) {
        Err(LoadErrorKind::Mismatch(mismatch)) => mismatch,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_order_in_the_file_does_not_matter() {
    let bytes = halves(47);
    let sound = load(&parts(&bytes)).unwrap();
    assert_eq!(sound.get(0).unwrap()[..3], [0.0, 0.5, 1.0]);
    assert_eq!(sound.get(3).unwrap(), [22.0, 22.5, 23.0]);
    let mut turned = parts(&bytes);
    turned.reverse();
    assert_eq!(load(&turned).unwrap(), sound);
}

#[test]
fn one_error_lists_everything() {
    let bytes = halves(47);
    let mut wrong = parts(&bytes).to_vec();
    wrong[0].0 = "conv1.weigth";
    wrong[1].1 = "I32";
    wrong[2].2 = &[8, 3];
    wrong[3].2 = &[3, 1];
    wrong.push(("fc2.bias", "F32", &[0], &[]));
    let found = mismatch(&wrong);

    assert_eq!(found.missing.len(), 1);
    assert_eq!(found.missing[0].name, "conv1.weight");
    assert_eq!(found.missing[0].shape.as_slice(), [2, 1, 3, 3]);
    assert_eq!(found.missing[0].similar.as_deref(), Some("conv1.weigth"));
    assert_eq!(found.unexpected, ["conv1.weigth", "fc2.bias"]);
    assert_eq!(found.wrong_dtype.len(), 1);
    assert_eq!(found.wrong_dtype[0].found, DType::I32);
    assert_eq!(found.wrong_dtype[0].accepted, [DType::F32, DType::F16, DType::BF16]);
    assert_eq!(found.misshapen.len(), 2);
    assert_eq!(found.misshapen[0].found.as_slice(), [8, 3]);
    assert_eq!(found.misshapen[0].expected, ParamDims::d2(3, 8));

    let text = LoadErrorKind::Mismatch(found).to_string();
    assert_eq!(
        text,
        "the tensors of the file do not fit the network
  missing: `conv1.weight` (2×1×3×3), did you mean `conv1.weigth`?
  unexpected: `conv1.weigth`
  unexpected: `fc2.bias`
  wrong shape: `fc.weight` is 8×3, the network needs 3×8 \
         (the same sizes in another order: `permute(1, 0)` it)
  wrong shape: `fc.bias` is 3×1, the network needs 3 (as many values in another shape: `reshape` it)
  wrong type: `conv1.bias` is I32, not F32, F16 or BF16
help: tensors are found by their names; `LoadOptions::names` maps them, or rename the fields of the \
         network"
    );
}

#[test]
fn long_lists_are_cut_in_the_text_only() {
    let names: Vec<String> = (0..100).map(|i| format!("extra{i}")).collect();
    let bytes = halves(47);
    let mut many = parts(&bytes).to_vec();
    many.extend(names.iter().map(|name| (name.as_str(), "F32", &[0][..], &[][..])));
    let found = mismatch(&many);
    assert_eq!(found.unexpected, names);
    let text = found.to_string();
    assert_eq!(text.lines().count(), 10, "{text}");
    assert!(text.ends_with("unexpected: … and 92 more"), "{text}");
}

#[test]
fn near_names_are_suggested() {
    let suggested = |name: &str| {
        let bytes = halves(47);
        let mut renamed = parts(&bytes);
        renamed[0].0 = name;
        let similar = mismatch(&renamed).missing.remove(0).similar;
        assert!(similar.is_none() || similar.as_deref() == Some(name));
        similar.is_some()
    };
    for near in ["conv1.wieght", "conv_1.weight", "Conv1.Weight", "module.conv1.weight"] {
        assert!(suggested(near), "{near}");
    }
    for far in ["features.0.weight", "conv1.kernel", "x", "", "conv1.weight.extra"] {
        assert!(!suggested(far), "{far}");
    }
}

#[test]
fn a_suggestion_of_the_right_shape_comes_first() {
    let file =
        file_of(&[("fc1.weight", "F32", &[2], &[0; 8]), ("fc2.weight", "F32", &[3, 2], &[0; 24])]);
    let error = Weights::<f32>::from_safetensors(&linear("fc", 2, 3), &file).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("can't load weights: the tensors"), "{text}");
    assert!(text.contains("did you mean `fc2.weight`?"), "{text}");
}

#[test]
fn two_letters_and_the_shape_are_too_much() {
    let bytes = halves(47);
    let similar = |shape| {
        let mut renamed = parts(&bytes);
        (renamed[0].0, renamed[0].2) = ("conv2.wieght", shape);
        mismatch(&renamed).missing.remove(0).similar
    };
    assert_eq!(similar(&[2, 1, 3, 3]).as_deref(), Some("conv2.wieght"));
    assert_eq!(similar(&[18]), None);
}

#[test]
fn a_shape_of_other_numbers_has_no_advice() {
    let file = file_of(&[("fc.weight", "F32", &[2, 2], &[0; 16])]);
    let error = Weights::<f32>::from_safetensors(&linear("fc", 2, 3), &file).unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with("`fc.weight` is 2×2, the network needs 3×2"), "{text}");
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let bytes = halves(47);
    let mut hostile = parts(&bytes).to_vec();
    let name = "\\u001b]0;pwned\\u0007\\u0000".to_string() + &"n".repeat(100_000);
    let header = format!(r#"{{"{name}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}}}"#);
    let error = Weights::<f32>::from_safetensors(&graph(), &file(header.as_bytes(), b""));
    let text = error.unwrap_err().to_string();
    assert!(!text.replace('\n', "").contains(char::is_control), "{text}");
    assert!(text.len() < 1000, "{text}");
    hostile[0].0 = "";
    assert_eq!(mismatch(&hostile).unexpected, [""]);
}

#[test]
fn the_counter_of_batch_norm_is_passed_over() {
    let bytes = halves(47);
    let with = |name, dtype, shape: &'static [usize], data: &'static [u8]| {
        let mut more = parts(&bytes).to_vec();
        more.insert(1, (name, dtype, shape, data));
        load(&more)
    };
    let sound = load(&parts(&bytes)).unwrap();
    let count = &[5, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(with("bn1.num_batches_tracked", "I64", &[], count).unwrap(), sound);
    assert_eq!(with("num_batches_tracked", "I64", &[1], count).unwrap(), sound);
    assert!(with("bn1.num_batches_tracked", "F64", &[], count).is_err());
    assert!(with("bn1.num_batches_tracked", "I32", &[2], count).is_err());
    assert!(with("xnum_batches_tracked", "I64", &[], count).is_err());
}

#[test]
fn types_that_hold_less_are_widened() {
    let graph = linear("fc", 2, 1);
    let single = |x: f32| x.to_le_bytes();
    let file = file_of(&[("fc.weight", "F32", &[1, 2], &[single(0.1), single(-3.0)].concat())]);
    let half = file_of(&[("fc.weight", "F16", &[1, 2], &[0x00, 0x3c, 0x01, 0x80])]);
    let brain = file_of(&[("fc.weight", "BF16", &[1, 2], &[0x80, 0x3f, 0x00, 0xc0])]);

    let wide = Weights::<f64>::from_safetensors(&graph, &file).unwrap();
    assert_eq!(wide.get(0).unwrap(), [f64::from(0.1_f32), -3.0]);
    let wide = Weights::<f32>::from_safetensors(&graph, &half).unwrap();
    assert_eq!(wide.get(0).unwrap(), [1.0, -(2_f32.powi(-24))]);
    let wide = Weights::<f64>::from_safetensors(&graph, &brain).unwrap();
    assert_eq!(wide.get(0).unwrap(), [1.0, -2.0]);
}

#[test]
fn double_is_rounded_only_when_asked() {
    let graph = linear("fc", 1, 1);
    let file = file_of(&[("fc.weight", "F64", &[1, 1], &0.1_f64.to_le_bytes())]);
    let error = Weights::<f32>::from_safetensors(&graph, &file).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`fc.weight` is F64, not F32, F16 or BF16"), "{text}");
    assert!(text.ends_with("help: to round them, load as `Weights::<f64>` and `cast`"), "{text}");
    let rounded = Weights::<f64>::from_safetensors(&graph, &file).unwrap().cast::<f32>();
    assert_eq!(rounded.get(0).unwrap(), [0.1_f32]);
}

#[test]
fn integers_and_bytes_are_no_weights() {
    let graph = linear("fc", 2, 1);
    for (dtype, len) in [("U8", 2), ("I8", 2), ("BOOL", 2), ("F8_E4M3", 2), ("I64", 16)] {
        let file = file_of(&[("fc.weight", dtype, &[1, 2], &vec![0; len])]);
        let error = Weights::<f64>::from_safetensors(&graph, &file).unwrap_err();
        let text = format!("wrong type: `fc.weight` is {dtype}, not F32, F64, F16 or BF16");
        assert!(error.to_string().contains(&text), "{error}");
    }
}

#[test]
fn values_must_be_finite() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN] {
        let mut bytes = halves(47);
        bytes[19 * 4..20 * 4].copy_from_slice(&value.to_le_bytes());
        let kind = load(&parts(&bytes)).unwrap_err();
        let text = kind.to_string();
        let LoadErrorKind::NotFinite { name, index, value: found } = kind else { panic!("{text}") };
        assert_eq!((name.as_str(), index), ("conv1.bias", 1));
        assert!(
            found.is_nan() == value.is_nan()
                && found.is_sign_negative() == value.is_sign_negative()
        );
        assert!(text.starts_with("`conv1.bias` has the value "), "{text}");
    }
    let half = file_of(&[("fc.weight", "F16", &[1, 2], &[0, 0, 0, 0x7c])]);
    let error = Weights::<f32>::from_safetensors(&linear("fc", 2, 1), &half).unwrap_err();
    assert!(error.to_string().contains("`fc.weight` has the value inf at index 1"), "{error}");
}

#[test]
fn a_variance_is_not_negative() {
    let norm = Spec::Op(Op::BatchNorm1d(BatchNorm1d { features: 2, eps: 1e-5 }));
    let graph = Graph::new(&Spec::Chain(&[Node::new("bn", &norm)]), Dims::vector(2)).unwrap();
    let file = |variance: f32| {
        let values = |a: f32, b: f32| [a.to_le_bytes(), b.to_le_bytes()].concat();
        let [weight, bias, mean] = [values(1.0, -1.0), values(0.0, -2.0), values(-3.0, 0.0)];
        file_of(&[
            ("bn.weight", "F32", &[2], &weight),
            ("bn.bias", "F32", &[2], &bias),
            ("bn.running_mean", "F32", &[2], &mean),
            ("bn.running_var", "F32", &[2], &values(0.0, variance)),
        ])
    };
    for variance in [0.0, -0.0, f32::MIN_POSITIVE, f32::MAX] {
        assert!(Weights::<f32>::from_safetensors(&graph, &file(variance)).is_ok());
    }
    for variance in [-1.0, -f32::MIN_POSITIVE] {
        let error = Weights::<f32>::from_safetensors(&graph, &file(variance)).unwrap_err();
        let LoadErrorKind::NegativeVariance { name, index, value } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((name.as_str(), *index, *value), ("bn.running_var", 1, f64::from(variance)));
        assert!(error.to_string().ends_with("; a variance can't be negative"), "{error}");
    }
    // Whatever way they come.
    for variance in [-1.0, f32::NAN] {
        let two = vec![1.0; 2];
        let values = vec![two.clone(), two.clone(), two.clone(), vec![1.0, variance]];
        let text = "`bn.running_var` is a variance, but negative or NaN at index 1";
        let params: Vec<&[f32]> = values.iter().map(Vec::as_slice).collect();
        let error = naive::run(&graph, &params, &two, |_, _, _| {}).unwrap_err();
        assert_eq!(error.to_string(), text);
        let error = Plan::new(&graph, &params, &Options::default()).err().unwrap();
        assert_eq!(error, PlanError::Variance { name: "bn.running_var".into(), index: 1 });
        assert_eq!(error.to_string(), text);
        let mut model = AnyModel::from_parameters(graph.clone(), vec![two; 4]).unwrap();
        let error = model.set_parameter("bn.running_var", &values[3]).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(model.parameter("bn.running_var"), Some(&[1.0, 1.0][..]));
        let error = AnyModel::from_parameters(graph.clone(), values).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn the_index_of_a_value_counts_from_the_start_of_the_tensor() {
    // Far enough for the file to be read in more than one piece.
    let (graph, n) = (linear("fc", 50_000, 1), 50_000_usize);
    let mut data = vec![0; n * 4];
    data[49_999 * 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let file = file_of(&[("fc.weight", "F32", &[1, n], &data)]);
    let error = Weights::<f32>::from_safetensors(&graph, &file).unwrap_err();
    assert!(matches!(error.kind(), LoadErrorKind::NotFinite { index: 49_999, .. }), "{error}");
}

#[test]
fn huge_tiny_and_negative_zero_values_are_kept() {
    let values = [f32::MAX, f32::MIN, f32::MIN_POSITIVE, f32::from_bits(1), -0.0];
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    let file = file_of(&[("fc.weight", "F32", &[5, 1], &bytes)]);
    let weights = Weights::<f32>::from_safetensors(&linear("fc", 1, 5), &file).unwrap();
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<u32>>();
    assert_eq!(bits(weights.get(0).unwrap()), bits(&values));
}

#[test]
fn a_network_with_one_name_twice_is_refused() {
    let fc = Spec::Op(Op::Linear(Linear { inputs: 2, outputs: 2, bias: false }));
    let nodes = [Node::new("fc", &fc), Node::new("fc", &fc)];
    let graph = Graph::new(&Spec::Chain(&nodes), Dims::vector(2)).unwrap();
    let file = file_of(&[("fc.weight", "F32", &[2, 2], &[0; 16])]);
    let error = Weights::<f32>::from_safetensors(&graph, &file).unwrap_err();
    assert!(matches!(error.kind(), LoadErrorKind::SameName { name } if name == "fc.weight"));
    let error = Weights::<f32>::random(&graph, 0).to_safetensors(&graph).unwrap_err();
    assert!(matches!(error, SaveError::UnfitName { name } if name == "fc.weight"));
}

#[test]
fn sources_lead_to_the_cause() {
    let error = Weights::<f32>::from_safetensors(&graph(), b"").unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "the file is empty");
    assert_eq!(error.to_string(), "can't load weights: the file is empty");
    let other = Weights::<f32>::random(&linear("fc", 2, 2), 0).to_safetensors(&graph());
    let error = other.unwrap_err();
    assert!(matches!(error, SaveError::OtherNetwork(_)));
    assert!(error.to_string().contains("has 4 parameters, but 1 were given"), "{error}");
}

#[test]
fn errors_are_small_and_can_cross_threads() {
    fn assert_error<T: Error + Send + Sync + 'static>() {}
    assert_error::<LoadError>();
    assert_error::<SaveError>();
    assert_error::<FormatError>();
    assert_eq!(size_of::<LoadError>(), size_of::<usize>());
}

/// What each error says.
#[test]
fn errors_are_sentences() {
    let name = || "fc.weight".to_string();
    let cases = [
        (LoadErrorKind::NotAFile { what: "a directory" }, "this is a directory, not a file"),
        (LoadErrorKind::Format(FormatError::TooShort { len: 0 }), "the file is empty"),
        (
            LoadErrorKind::NotFinite { name: name(), index: 3, value: f64::INFINITY },
            "`fc.weight` has the value inf at index 3; every weight must be finite",
        ),
        (
            LoadErrorKind::NegativeVariance { name: name(), index: 3, value: -1.0 },
            "`fc.weight` has the value -1 at index 3; a variance can't be negative",
        ),
        (
            LoadErrorKind::SameName { name: name() },
            "two parameters of the network are called `fc.weight`",
        ),
        (
            LoadErrorKind::SameNameInFile { name: name(), tensors: ["a".into(), "b".into()] },
            "`a` and `b` of the file would both be called `fc.weight`",
        ),
        (LoadErrorKind::OutOfMemory { bytes: 7, tensor: None }, "no memory for 7 bytes"),
        (
            LoadErrorKind::OutOfMemory { bytes: 7, tensor: Some(name()) },
            "no memory for 7 bytes of `fc.weight`",
        ),
        (LoadErrorKind::Io(std::io::Error::other("the disk is on fire")), "the disk is on fire"),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
        let has_source = matches!(error, LoadErrorKind::Format(_) | LoadErrorKind::Io(_));
        assert_eq!(
            error.source().map(|source| source.to_string() == text),
            has_source.then_some(true)
        );
    }
    #[cfg(feature = "pth")]
    {
        let error = LoadErrorKind::Pth(typenet::weights::PthError::BigEndian);
        let text = "the file was written on a big-endian machine";
        assert_eq!(
            (error.to_string(), error.source().unwrap().to_string()),
            (text.into(), text.into())
        );
    }
    assert!(LoadErrorKind::Mismatch(Mismatch::default()).source().is_some());
    let unfit = SaveError::UnfitName { name: name() };
    assert_eq!(
        unfit.to_string(),
        "can't save weights: `fc.weight` is no name for one parameter alone"
    );
    assert!(unfit.source().is_none());
}
