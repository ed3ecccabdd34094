//! "Did you mean": which tensor of the file is taken for the one that is missing.

use typenet::graph::Graph;
use typenet::weights::{LoadError, LoadErrorKind, Weights};

use crate::support::{Part, file_of, linear};

/// A name and a shape.
type Tensor<'a> = (&'a str, &'a [usize]);

/// What is suggested for the weight of a layer, 1×1, in a file of these tensors.
fn similar(graph: &Graph, tensors: &[Tensor<'_>]) -> Option<String> {
    let parts = tensors.iter().map(|&(name, shape)| (name, "F32", shape, &[0; 4][..]));
    let parts: Vec<Part<'_>> = parts.collect();
    let error = Weights::<f32>::from_safetensors(graph, &file_of(&parts)).unwrap_err();
    match LoadError::into_kind(error) {
        LoadErrorKind::Mismatch(mut mismatch) => mismatch.missing.remove(0).similar,
        other => panic!("{other}"),
    }
}

#[test]
fn names_of_a_few_other_letters_are_near() {
    let cases = [
        // One letter of a short name, two of one of eight and more.
        ("", "wieght", true),
        ("", "wiegth", false),
        ("a", "a.wiegth", true),
        ("fc", "fc.weightXY", true),
        ("fc", "fc.weigXYZ", false),
        ("fc", "fc.weightXYZ", false),
        ("fc", "FC.WEIGHT", true),
        ("fc", "net.fc.weight", true),
        ("fc", "netfc.weight", false),
        ("net.fc", "fc.weight", true),
    ];
    for (layer, other, near) in cases {
        let found = similar(&linear(layer, 1, 1), &[(other, &[1, 1])]);
        assert_eq!(found.as_deref(), near.then_some(other), "{layer:?} {other}");
    }
}

#[test]
fn the_nearest_is_suggested() {
    let (fits, other): (&[usize], &[usize]) = (&[1, 1], &[1]);
    let cases: [(&[Tensor<'_>], Option<&str>); 5] = [
        (&[("fc1.weight", fits), ("fc2.weight", fits)], Some("fc1.weight")),
        (&[("fc12.weight", fits), ("fc2.weight", fits)], Some("fc2.weight")),
        (&[("fc1.weight", other), ("fc2.weight", fits)], Some("fc2.weight")),
        (&[("fc1.weight", other)], Some("fc1.weight")),
        (&[("fc12.weight", other)], None),
    ];
    for (tensors, name) in cases {
        assert_eq!(similar(&linear("fc", 1, 1), tensors).as_deref(), name, "{tensors:?}");
    }
}

/// However many names there are, no more than 20,000 are compared letter by letter.
#[test]
fn comparing_ends() {
    let names: Vec<String> = (0..20_000).map(|i| format!("x{i:08}")).collect();
    let shape: &[usize] = &[1, 1];
    let mut tensors: Vec<_> = names.iter().map(|name| (name.as_str(), shape)).collect();
    tensors.push(("fc.wieght", shape));
    assert_eq!(similar(&linear("fc", 1, 1), &tensors), None);
    assert_eq!(similar(&linear("fc", 1, 1), &tensors[1..]).as_deref(), Some("fc.wieght"));
}
