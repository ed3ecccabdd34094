//! The commands `explain`, `class_map` and `draw` of `examples/`: figures, pictures, and
//! how they end.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "support/example.rs"]
mod example;

use std::path::Path;

use example::{run, text, there};
use serde_json::{Value, json};
use typenet::image::Photo;
use typenet::prelude::*;
use typenet::zoo::ResNet8Tiny;

/// The story of a network as JSON.
fn story(arguments: &[&str]) -> Option<Value> {
    let (output, code) = run("explain", &[arguments, &["--json"]].concat())?;
    assert!(code == Some(0) && output.stderr.is_empty(), "{}", text(&output.stderr));
    Some(serde_json::from_str(&text(&output.stdout)).unwrap())
}

#[test]
fn vgg16_is_explained() {
    let Some(story) = story(&["vgg16"]) else { return };
    let answers = story["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 8);
    let figures = |number: usize| &answers[number - 1]["figures"];

    let cost = figures(1);
    assert_eq!(cost["parameters"], 138_357_544);
    assert_eq!(cost["multiply_adds"], 15_470_264_320_u64);
    assert_eq!(cost["filter"]["weights"], 27);
    assert_eq!(cost["filter"]["dense"], 7_552_892_928_u64);

    assert_eq!(figures(2)["equal"], figures(2)["columns"]);
    let changes =
        ["none", "max", "average", "global"].map(|pool| figures(3)[pool].as_f64().unwrap());
    assert!(changes[0] > changes[1] && changes[0] > changes[2] && changes[2] > changes[3]);

    assert_eq!(figures(4)["image"], "3×400×400");
    assert_eq!(figures(4)["fits"], false);
    assert_eq!(figures(4)["features"], json!({ "expected": 25088, "got": 73728 }));

    let layers = figures(5)["layers"].as_array().unwrap();
    let shape = |layer: &Value| {
        [&layer["channels"], &layer["outputs"], &layer["kernel"][0]].map(Value::clone)
    };
    let shapes: Vec<[Value; 3]> = layers.iter().map(shape).collect();
    let expected = [[512, 4096, 7], [4096, 4096, 1], [4096, 1000, 1]];
    assert_eq!(shapes, expected.map(|shape| shape.map(Value::from)));

    assert_eq!((&figures(6)["map"], &figures(6)["windows"]), (&json!("1000×6×6"), &json!(36)));
    let times = figures(6)["times"].as_f64().unwrap();
    assert!((10.4..10.5).contains(&times), "{times}");

    let field = figures(7);
    assert_eq!(field["size"], json!([212, 212]));
    assert_eq!((&field["stride"], &field["padding"]), (&json!(["32", "32"]), &json!([90, 90])));
    assert_eq!(field["depth"].as_array().unwrap()[..3], [1, 3, 5]);

    assert_eq!(
        (&figures(8)["square"], &figures(8)["smallest"]),
        (&json!("224 to 255"), &json!(224))
    );
}

/// What stands in the figures is said in words too.
#[test]
fn people_read_the_same_figures() {
    let Some((output, code)) = run("explain", &["vgg16"]) else { return };
    assert!(code == Some(0) && output.stderr.is_empty());
    let told = text(&output.stdout);
    for figure in [
        "138357544",
        "25088",
        "73728",
        "7552892928",
        "212×212",
        "1000×6×6",
        "10.4 times",
        "224 to 255",
    ] {
        assert!(told.contains(figure), "{figure} is not in\n{told}");
    }
}

/// Networks with other parts: a stride first, branches, global pools, maps that come out.
#[test]
fn other_networks_are_explained() {
    for name in ["lenet5", "resnet8_tiny", "squeezenet1_1", "mobilenet_v1_025", "unet"] {
        let Some(story) = story(&[name]) else { return };
        assert_eq!(story["network"], name);
        for answer in story["answers"].as_array().unwrap() {
            assert!(!answer["text"].as_array().unwrap().is_empty(), "{name}: {answer}");
        }
    }
}

#[test]
fn what_a_larger_image_saves_is_measured() {
    let Some(story) = story(&["lenet5", "--measure"]) else { return };
    let measured = &story["answers"][5]["figures"]["measured"];
    for figure in ["window_ms", "map_ms", "times"] {
        assert!(measured[figure].as_f64().unwrap() > 0.0, "{measured}");
    }
}

/// How they end when called wrong, and the word that must be said.
#[test]
fn wrong_calls() {
    let photo = there("tests/image/files/rgb.png").unwrap();
    let weights = there("examples/fashion/lenet5.safetensors").unwrap();
    let (photo, weights) = (photo.to_str().unwrap(), weights.to_str().unwrap());
    let map = [photo, "--weights", weights, "--model"];
    for (example, arguments, code, said) in [
        ("explain", &[][..], 2, "<NETWORK>"),
        ("explain", &["vgg15"], 2, "did you mean `vgg11`, `vgg16` or `vgg19`?"),
        ("draw", &["lenet"], 2, "did you mean `lenet5`?"),
        ("class_map", &[photo], 2, "--model"),
        (
            "class_map",
            &[&map[..], &["alexnet", "--class", "cat", "--side", "0"]].concat(),
            2,
            "1..=4096",
        ),
        (
            "class_map",
            &[&map[..], &["alexnet", "--class", "no such"]].concat(),
            1,
            "no class `no such`",
        ),
        ("class_map", &[&map[..], &["alexnet", "--class", "1000"]].concat(), 1, "has 1000 classes"),
        (
            "class_map",
            &[&map[..], &["alexnet", "--class", "1"]].concat(),
            1,
            "can't load weights from",
        ),
        (
            "class_map",
            &[&["missing.png"], &map[1..], &["alexnet", "--class", "1"]].concat(),
            1,
            "missing.png",
        ),
    ] {
        let Some((output, ended)) = run(example, arguments) else { return };
        let errors = text(&output.stderr);
        assert!(
            ended == Some(code) && output.stdout.is_empty(),
            "{example} {arguments:?}: {errors}"
        );
        assert!(errors.contains(said), "{example} {arguments:?}: {errors}");
    }
}

#[test]
fn a_network_is_drawn() {
    let Some((output, code)) = run("draw", &["resnet18"]) else { return };
    let svg = text(&output.stdout);
    assert!(code == Some(0) && output.stderr.is_empty());
    assert!(roxmltree::Document::parse(&svg).is_ok() && svg.contains("11,689,512 parameters"));
}

/// A map with random weights: the picture is the photo with its legend.
#[test]
fn a_map_of_classes_is_drawn() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (weights, picture) = (folder.join("resnet8_tiny.safetensors"), folder.join("map.png"));
    ResNet8Tiny::random(3).save(&weights).unwrap();
    let photo = there("tests/image/files/rgb.png").unwrap();
    let [photo, weights, output] = [&photo, &weights, &picture].map(|path| path.to_str().unwrap());
    let arguments = [photo, "--model", "resnet8_tiny", "--weights", weights, "--output", output];
    let arguments = [&arguments[..], &["--class", "cat", "--side", "94"]].concat();
    let Some((output, code)) = run("class_map", &arguments) else { return };
    let said = text(&output.stdout);
    assert!(code == Some(0) && output.stderr.is_empty(), "{}", text(&output.stderr));
    // 94×122 pixels, halved twice, under a mean of 8×8.
    assert!(said.starts_with("17 x 24 cells; the surest is row "), "{said}");
    let picture = Photo::open(picture).unwrap();
    assert_eq!((picture.width(), picture.height()), (122 + 230, 170));
}

/// The cat lights up, the wall does not.
#[test]
fn chelsea_lights_up() {
    let photo = there("../shared/data/photos/chelsea.png");
    let safe = there("../shared/data/efficientnet_lite0_imagenet.safetensors");
    let (Some(photo), Some(weights)) = (photo, safe) else { return };
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chelsea.png");
    let [photo, weights, output] = [&photo, &weights, &picture].map(|path| path.to_str().unwrap());
    let arguments =
        [photo, "--model", "efficientnet_lite0", "--weights", weights, "--output", output];
    let cats = ["--class", "tiger cat", "--class", "tabby", "--class", "Egyptian cat"];
    let Some((output, code)) = run("class_map", &[&arguments[..], &cats].concat()) else { return };
    assert!(code == Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("8 x 16 cells; the surest is row 6, column 10:"));
    // How much redder than blue the picture is than the photo, around a pixel.
    let picture = Photo::open(picture).unwrap();
    let warmth = |x: usize, y: usize| -> i32 {
        let near = (y - 8..y + 8).flat_map(|y| (x - 8..x + 8).map(move |x| (x, y)));
        let pixel = |(x, y)| {
            let at = 3 * (y * picture.width() + x);
            i32::from(picture.pixels()[at]) - i32::from(picture.pixels()[at + 2])
        };
        near.map(pixel).sum::<i32>() / 256
    };
    let (nose, wall) = (warmth(385, 360), warmth(630, 80));
    println!("red above blue: {nose} at the nose, {wall} at the wall");
    assert!(nose > 100 && wall < 0);
}
