//! The list of networks.

use std::collections::HashSet;

use typenet::graph::GraphParam;
use typenet::prelude::*;
use typenet::spec::Dims;
use typenet::zoo::{ENTRIES, LeNet5, Published, ResNet18, UnknownName, Vgg16, find};

use crate::formula::fnv;

#[test]
fn names_are_unique_lower_case_words() {
    let names: HashSet<_> = ENTRIES.iter().map(|entry| entry.name).collect();
    assert_eq!(names.len(), ENTRIES.len());
    for name in names {
        assert!(name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')), "{name}");
    }
}

#[test]
fn entries_say_what_the_types_say() -> Result<(), UnknownName> {
    let entry = find("vgg16")?;
    assert_eq!((entry.params, entry.macs), (Vgg16::PARAMS, Vgg16::MACS));
    assert_eq!((entry.input, entry.output), (Vgg16::INPUT, Vgg16::OUTPUT));
    assert_eq!(entry.summary().to_string(), Vgg16::summary().to_string());
    assert_eq!(entry.preprocessing, Vgg16::ENTRY.preprocessing);
    Ok(())
}

#[test]
fn every_entry_is_whole() {
    for entry in ENTRIES {
        assert_eq!(entry.summary().params(), entry.params, "{}", entry.name);
        let (channels, classes) = match (entry.input, entry.output) {
            (Dims::Image { c, .. }, Dims::Vector(n)) => (c, n.or_zero()),
            (Dims::Image { c, .. }, Dims::Image { c: classes, .. }) => (c, classes),
            other => panic!("{}: {other:?}", entry.name),
        };
        assert_eq!(entry.preprocessing.channels(), channels, "{}", entry.name);
        assert_eq!(entry.classes.iter().count(), classes, "{}", entry.name);
        assert!(entry.classes.iter().all(|name| !name.trim().is_empty()), "{}", entry.name);
    }
}

/// `names.txt` comes from golden/names.py: torchvision's own networks where it has
/// them.
#[test]
fn tensors_have_pytorchs_names_and_shapes() {
    let mut known = HashSet::new();
    for line in include_str!("../golden/names.txt").lines() {
        let [name, count, params, hash] =
            line.split(' ').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{line}"));
        let entry = find(name).unwrap();
        let tensor = |param: &GraphParam| {
            let dims = param.dims();
            let sizes = dims.as_slice().iter().map(|size| format!(" {size}"));
            format!("{}{}\n", param.name, sizes.collect::<String>())
        };
        let mut tensors: Vec<String> = entry.graph().params().iter().map(tensor).collect();
        tensors.sort();
        assert_eq!(tensors.len().to_string(), count, "{name}");
        assert_eq!(entry.params.to_string(), params, "{name}");
        assert_eq!(format!("{:016x}", fnv(&tensors.concat())), hash, "{name}");
        known.insert(name);
    }
    assert!(ENTRIES.iter().all(|entry| known.contains(entry.name)));
}

#[test]
fn types_come_back() {
    let any = find("lenet5").unwrap().random(3);
    let any = any.typed::<ResNet18>().unwrap_err().into_model();
    let typed = any.typed::<LeNet5>().unwrap();
    assert_eq!(typed.parameter("fc3.weight"), LeNet5::random(3).parameter("fc3.weight"));
}

#[test]
fn unknown_names_are_refused() {
    let error = find("VGG16").unwrap_err().to_string();
    assert!(error.starts_with("no network is called `VGG16`; did you mean `vgg16`?"), "{error}");
    let error = find("").unwrap_err().to_string();
    assert!(error.contains("`lenet5`, `lenet_caffe`, "), "{error}");
}
