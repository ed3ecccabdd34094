//! The command of `examples/classify`: what it prints where, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The example, which cargo builds before it runs all tests.
fn command() -> Option<Command> {
    let tests = env::current_exe().unwrap();
    let folder = tests.parent().and_then(Path::parent).unwrap().join("examples");
    let path = folder.join("classify").with_extension(env::consts::EXE_EXTENSION);
    if !path.exists() {
        println!("SKIPPED: the example `classify` has not been built");
        return None;
    }
    Some(Command::new(path))
}

/// What stands under `path`, seen from the project, if it is there.
fn there(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if !path.exists() {
        println!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn run(arguments: &[&str]) -> Option<(Output, Option<i32>)> {
    let output = command()?.args(arguments).output().unwrap();
    let code = output.status.code();
    Some((output, code))
}

/// How it ends when called wrong, and the word that must be said.
#[test]
fn wrong_calls_end_with_2() {
    let photo = "tests/image/files/rgb.png";
    for (arguments, said) in [
        (&[][..], "Usage"),
        (&[photo, "--model", "efficientnet_lite0"], "--weights"),
        (&[photo, "--model", "vgg15", "--weights", "w"], "no network is called `vgg15`"),
        (&[photo, "--model", "unet", "--weights", "w"], "not classes"),
        (&[photo, "--model", "vgg16", "--weights", "w", "--top", "0"], "--top"),
        (&[photo, "--model", "vgg16", "--weights", "w", "--engine", "gpu"], "naive"),
    ] {
        let Some((output, code)) = run(arguments) else { return };
        let errors = text(&output.stderr);
        assert!(code == Some(2) && output.stdout.is_empty(), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?}: {errors}");
    }
}

#[test]
fn weights_of_another_network_end_with_1() {
    let photo = there("tests/image/files/rgb.png").unwrap();
    let weights = there("examples/fashion/lenet5.safetensors").unwrap();
    let (photo, weights) = (photo.to_str().unwrap(), weights.to_str().unwrap());
    let arguments = [photo, "--model", "lenet_caffe", "--weights", weights, "--json"];
    let Some((output, code)) = run(&arguments) else { return };
    let errors = text(&output.stderr);
    assert!(code == Some(1) && output.stdout.is_empty(), "{errors}");
    assert!(errors.starts_with("error: can't load weights from"), "{errors}");
}

#[test]
fn the_list_names_every_classifier() {
    let Some((output, code)) = run(&["--list"]) else { return };
    let list = text(&output.stdout);
    assert!(code == Some(0) && output.stderr.is_empty());
    for name in ["lenet5", "vgg16", "resnet56_cifar10", "efficientnet_lite0"] {
        assert!(list.lines().any(|line| line.starts_with(name)), "{name} is not in\n{list}");
    }
    assert!(!list.contains("unet"), "{list}");
}

#[test]
fn lenet_reads_with_its_own_weights() {
    let photo = there("tests/image/files/grey.png").unwrap();
    let weights = there("examples/fashion/lenet5.safetensors").unwrap();
    let broken = there("tests/image/make.py").unwrap();
    let [photo, weights, broken] = [&photo, &weights, &broken].map(|path| path.to_str().unwrap());
    let arguments =
        [photo, broken, photo, "--model", "lenet5", "--weights", weights, "--json", "--top", "2"];
    let Some((output, code)) = run(&arguments) else { return };
    let (results, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(code == Some(1) && errors.contains("make.py"), "{errors}");
    let lines: Vec<serde_json::Value> =
        results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{results}");
    for line in lines {
        assert!(line["photo"] == photo && line["model"] == "lenet5" && line["ms"].is_number());
        assert_eq!(line["top"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn chelsea_is_a_tiger_cat_on_both_engines() {
    let Some(photo) = there("../shared/data/photos/chelsea.png") else { return };
    let safe = there("../shared/data/efficientnet_lite0_imagenet.safetensors");
    let real = there("tests/pth/real/efficientnet-lite0.pth");
    for weights in [safe, real].into_iter().flatten() {
        for engine in ["naive", "blocked"] {
            let (photo, weights) = (photo.to_str().unwrap(), weights.to_str().unwrap());
            let arguments = ["--model", "efficientnet_lite0", "--engine", engine, "--json"];
            let arguments = [&[photo, "--weights", weights][..], &arguments].concat();
            let Some((output, code)) = run(&arguments) else { return };
            assert!(code == Some(0) && output.stderr.is_empty(), "{}", text(&output.stderr));
            let line: serde_json::Value = serde_json::from_str(&text(&output.stdout)).unwrap();
            let expected =
                [(282, "tiger cat", 0.3845), (285, "Egyptian cat", 0.3655), (281, "tabby", 0.1691)];
            for (got, (class, name, probability)) in
                line["top"].as_array().unwrap().iter().zip(expected)
            {
                assert!(got["class"] == class && got["name"] == name, "{engine}: {line}");
                let off = got["probability"].as_f64().unwrap() - probability;
                assert!(off.abs() < 5e-4, "{engine}: {line}");
            }
        }
    }
}
