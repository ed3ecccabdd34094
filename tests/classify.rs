//! The command of `examples/classify`: what it prints where, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "support/example.rs"]
mod example;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use example::{text, there};

fn command() -> Option<Command> {
    example::command("classify")
}

fn run(arguments: &[&str]) -> Option<(Output, Option<i32>)> {
    example::run("classify", arguments)
}

/// How it ends when called wrong, and the word that must be said.
#[test]
fn wrong_calls_end_with_2() {
    let photo = "tests/image/files/rgb.png";
    for (arguments, said) in [
        (&[][..], "Usage"),
        (&[photo, "--model", "efficientnet_lite0"], "--weights"),
        (
            &[photo, "--model", "vgg15", "--weights", "w"],
            "did you mean `vgg11`, `vgg16` or `vgg19`?",
        ),
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

/// Names and probabilities on stdout, nothing else; all classes, if more are asked for.
#[test]
fn top_is_cut_at_the_classes() {
    let photo = there("tests/image/files/grey.png").unwrap();
    let weights = there("examples/fashion/lenet5.safetensors").unwrap();
    let (photo, weights) = (photo.to_str().unwrap(), weights.to_str().unwrap());
    for (top, count) in [("1", 1), ("2000", 10)] {
        let arguments = [photo, "--model", "lenet5", "--weights", weights, "--top", top];
        let Some((output, code)) = run(&arguments) else { return };
        assert!(code == Some(0) && output.stderr.is_empty(), "{}", text(&output.stderr));
        let lines = text(&output.stdout);
        assert!(lines.lines().count() == 1 + count && !lines.contains('\u{1b}'), "{lines}");
    }
}

/// As behind `| head -1`: no error, no panic.
#[test]
fn nobody_reads_on() {
    let Some(mut command) = command() else { return };
    let child = command.arg("--list").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
}

/// Names of files are bytes: not always text, not always harmless.
#[cfg(unix)]
#[test]
fn odd_names_of_photos() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let photo = there("tests/image/files/grey.png").unwrap();
    let weights = there("examples/fashion/lenet5.safetensors").unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, shown) in
        [(&b"caf\xe9.png"[..], "caf\u{fffd}.png"), (b"\x1b[31m.png", "\u{fffd}[31m.png")]
    {
        let odd = folder.join(OsStr::from_bytes(name));
        std::fs::copy(&photo, &odd).unwrap();
        for photo in [odd.clone(), folder.join("missing").join(OsStr::from_bytes(name))] {
            let Some(mut command) = command() else { return };
            command.arg(&photo).args(["--model", "lenet5", "--weights"]).arg(&weights);
            let output = command.output().unwrap();
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(said.contains(shown) && !said.contains('\u{1b}'), "{said:?}");
        }
        std::fs::remove_file(odd).unwrap();
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
