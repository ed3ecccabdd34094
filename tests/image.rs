//! Photos: every kind of file, resizing against Pillow, and files that are none.
//!
//! `tests/image/make.py` has written the files and, with Pillow, what they are.

#![cfg(all(feature = "image", feature = "safetensors"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]
#![allow(clippy::cast_sign_loss, clippy::float_cmp, reason = "of sizes; of exact values")]

#[path = "support/measure.rs"]
mod measure;

use std::fs;
use std::path::{Path, PathBuf};

use measure::measure;
use typenet::image::{Limits, Photo, PhotoErrorKind};
use typenet::prelude::*;
use typenet::preprocessing::{Crop, Filter, Preprocessing};
use typenet::spec::Dims;
use typenet::weights::SafeTensors;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/image")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join("files").join(name)).unwrap()
}

/// Height, width and values of a reference.
fn reference(name: &str) -> (usize, usize, Vec<u8>) {
    let bytes = fs::read(folder().join("references.safetensors")).unwrap();
    let tensors = SafeTensors::parse(&bytes).unwrap();
    let tensor = tensors.get(name).unwrap();
    (tensor.shape()[0], tensor.shape()[1], tensor.bytes().to_vec())
}

fn photo() -> Photo {
    let (height, width, pixels) = reference("photo");
    Photo::from_rgb(width, height, pixels).unwrap()
}

/// The most that two images differ by.
fn furthest(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn every_kind_of_file_is_what_pillow_says() {
    // How far a JPEG may be off, and why: the docs of `typenet::image`.
    let exact = ["rgb", "grey", "bit", "palette", "palette-transparent", "rgba", "grey-alpha"];
    let exact = exact.into_iter().chain(["grey16", "one", "rgb16", "interlaced", "gamma"]);
    let exact = exact.chain(["animated", "rgb-transparent", "exif6"]);
    let mut cases: Vec<(String, u8)> = exact.map(|name| (format!("{name}.png"), 0)).collect();
    cases.extend((1..=8).map(|n| (format!("exif{n}.jpg"), 3)));
    let jpegs = [("grey", 1), ("cmyk", 1), ("ycck", 3), ("rgb", 3), ("progressive", 3)];
    cases.extend(jpegs.map(|(name, most)| (format!("{name}.jpg"), most)));
    cases.extend([("half-width.jpg".into(), 5), ("subsampled.jpg".into(), 6)]);
    for (name, most) in cases {
        let got = Photo::decode(&file(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (height, width, pixels) = reference(&format!("decoded.{name}"));
        assert_eq!((got.width(), got.height()), (width, height), "{name}");
        let off = furthest(got.pixels(), &pixels);
        println!("{name}: {off} of 255 off");
        assert!(off <= most, "{name}: {off} of 255 off");
    }
}

#[test]
fn resizing_stays_within_a_level_of_pillow() {
    let cases = fs::read_to_string(folder().join("cases.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&cases).unwrap();
    assert!(cases.len() > 20);
    for (i, case) in cases.iter().enumerate() {
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let (width, height) = (number(&case["size"][0]), number(&case["size"][1]));
        let filter = if case["filter"] == "bicubic" { Filter::Bicubic } else { Filter::Bilinear };
        let from = match &case["box"] {
            serde_json::Value::Null => [0.0, 0.0, 61.0, 47.0],
            ends => [0, 1, 2, 3].map(|i| number(&ends[i])),
        };
        let got = photo().resize_box(from, width as usize, height as usize, filter).unwrap();
        let (.., expected) = reference(&format!("resized.{i}"));
        let off = furthest(got.pixels(), &expected);
        println!("{case}: {off} of 255 off");
        assert!(off <= 1, "{case}: {off} of 255 off");
    }
}

#[test]
fn recipes_are_torchvisions() {
    let unchanged = |crop| Preprocessing::new(crop, &[0.0; 3], &[1.0; 3]);
    let x: Tensor<f32, Chw<3, 28, 28>> = photo().tensor(&unchanged(Crop::ShorterSide(32))).unwrap();
    let (.., expected) = reference("shorter-side");
    let planes: Vec<f32> =
        (0..3).flat_map(|c| expected.iter().skip(c).step_by(3).map(|&x| x.into())).collect();
    assert_eq!(x.as_slice(), planes);

    let grey = Preprocessing::new(Crop::Whole, &[0.0], &[1.0]);
    let x: Tensor<f32, Chw<1, 47, 61>> = photo().tensor(&grey).unwrap();
    let (.., expected) = reference("grey");
    assert_eq!(x.as_slice(), expected.iter().map(|&x| x.into()).collect::<Vec<f32>>());

    let own = photo().tensor_dyn::<3>(&unchanged(Crop::Whole)).unwrap();
    assert_eq!(own.len(), 3 * 47 * 61);
}

#[test]
fn a_photo_as_thin_as_a_thread_costs_its_middle_only() {
    // Whole, with a shorter side of 256 pixels, it would be one of 59 gigabytes.
    for (width, height) in [(1, 300_000), (300_000, 1)] {
        let thread = Photo::from_rgb(width, height, vec![7; 900_000]).unwrap();
        let x: Tensor<f32, Chw<3, 224, 224>> = thread.tensor(&Preprocessing::IMAGENET).unwrap();
        assert!(
            x.as_slice()[..224 * 224].iter().all(|&x| x == Preprocessing::IMAGENET.value(0, 7))
        );
    }
}

#[test]
fn what_does_not_suit_is_an_error() {
    let recipe = Preprocessing::IMAGENET;
    let kind = |dims, recipe: &Preprocessing| photo().values(recipe, dims).unwrap_err();
    let text = kind(Dims::image(1, 8, 8), &recipe).to_string();
    assert!(text.contains("1×8×8") && text.contains("3 channels"), "{text}");
    assert!(matches!(kind(Dims::vector(3), &recipe).kind(), PhotoErrorKind::Input { .. }));
    let small = Preprocessing::new(Crop::ShorterSide(20), &[0.0; 3], &[1.0; 3]);
    assert!(matches!(
        kind(Dims::image(3, 28, 28), &small).kind(),
        PhotoErrorKind::CutOut { width: 28, height: 28 }
    ));
    for from in [
        [0.0, 0.0, 61.5, 47.0],
        [-0.1, 0.0, 10.0, 10.0],
        [5.0, 5.0, 5.0, 9.0],
        [f64::NAN, 0.0, 10.0, 10.0],
        [0.0, 0.0, 10.0, f64::INFINITY],
    ] {
        let error = photo().resize_box(from, 8, 8, Filter::Bicubic).unwrap_err();
        assert!(matches!(error.kind(), PhotoErrorKind::OutsideBox { .. }), "{error}");
    }
    for (width, height) in [(0, 8), (8, 0), (usize::MAX, 8), (1 << 40, 1 << 40)] {
        let error = photo().resize(width, height, Filter::Bilinear).unwrap_err();
        assert!(matches!(error.kind(), PhotoErrorKind::Target { .. }), "{error}");
    }
    assert!(photo().crop(60, 0, 2, 2).is_err() && photo().crop(0, 0, usize::MAX, 1).is_err());
    assert!(Photo::from_rgb(0, 0, vec![]).is_err() && Photo::from_rgb(1, 1, vec![0]).is_err());
}

#[test]
fn a_header_that_claims_too_much_is_refused() {
    let error = Photo::decode(&file("bomb.png")).unwrap_err();
    let claimed = PhotoErrorKind::TooLarge { width: 100_000, height: 100_000 };
    assert_eq!(format!("{:?}", error.kind()), format!("{claimed:?}"));
    let limits = Limits::default().pixels(61 * 47 - 1);
    assert!(Photo::decode_with(&file("rgb.png"), &limits).is_err());
    assert!(Photo::decode_with(&file("rgb.png"), &limits.pixels(61 * 47)).is_ok());
    assert!(Photo::decode_with(&file("rgb.png"), &Limits::default().bytes(100)).is_err());
    // Sides of 0, in a file that is sound otherwise.
    let mut none = file("rgb.png");
    none[16..20].fill(0);
    assert!(Photo::decode(&none).is_err());
    // A single row, for which the decoder has no memory.
    let mut wide = file("rgb.png");
    wide[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
    let error = Photo::decode(&wide).unwrap_err();
    assert!(matches!(error.kind(), PhotoErrorKind::TooLarge { height: 1, .. }), "{error}");
    // The most that the frame of a JPEG can say: twice 65535.
    let mut huge = file("rgb.jpg");
    let frame = huge.windows(2).position(|bytes| bytes == [0xff, 0xc0]).unwrap();
    huge[frame + 5..frame + 9].fill(0xff);
    let error = Photo::decode(&huge).unwrap_err();
    assert!(matches!(error.kind(), PhotoErrorKind::TooLarge { width: 65535, .. }), "{error}");
}

#[test]
fn what_is_packed_beside_the_picture_does_not_swell() {
    // A profile and two texts, 64 MiB each of them.
    for name in ["profile.png", "text.png", "unicode-text.png"] {
        let bytes = file(name);
        let memory = measure(|| assert!(Photo::decode(&bytes).is_ok(), "{name}"));
        assert!(memory.peak < 40 << 20, "{name}: {memory:?}");
    }
}

#[test]
fn a_cut_file_is_never_half_a_photo() {
    for name in ["rgb.png", "interlaced.png", "palette.png", "rgb.jpg", "progressive.jpg"] {
        let whole = file(name);
        for len in (0..whole.len()).step_by(7) {
            match Photo::decode(&whole[..len]) {
                Err(_) => {}
                // The last chunk of a PNG holds nothing of the picture.
                Ok(photo) if name.ends_with("png") && len + 16 > whole.len() => {
                    assert_eq!(photo, Photo::decode(&whole).unwrap(), "{name}");
                }
                Ok(_) => panic!("{name} cut to {len} of {} bytes", whole.len()),
            }
        }
    }
}

#[test]
fn damage_never_panics() {
    for name in ["rgb.png", "palette.png", "grey16.png", "rgb.jpg", "cmyk.jpg", "exif6.jpg"] {
        let sound = file(name);
        for at in (0..sound.len()).step_by(5) {
            for flip in [0x01, 0xff] {
                let mut damaged = sound.clone();
                damaged[at] ^= flip;
                drop(Photo::decode_with(&damaged, &Limits::default().pixels(1_000_000)));
            }
        }
    }
    let mut wrong = file("rgb.png");
    let at = wrong.windows(4).position(|bytes| bytes == b"IDAT").unwrap();
    wrong[at + 30] ^= 0xff;
    let error = Photo::decode(&wrong).unwrap_err();
    assert!(matches!(error.kind(), PhotoErrorKind::Damaged { .. }), "{error}");
}

#[test]
fn errors_are_sentences() {
    let (width, height) = (61, 47);
    let cases = [
        (PhotoErrorKind::NotAFile, "this is a directory, device or pipe, not a file"),
        (PhotoErrorKind::Format { looks_like: "" }, "the file is empty"),
        (
            PhotoErrorKind::Format { looks_like: "a GIF image" },
            "this is a GIF image; PNG and JPEG files are read",
        ),
        (PhotoErrorKind::Damaged { problem: "no".into() }, "the file is damaged: no"),
        (PhotoErrorKind::CutShort, "the file ends before the picture does"),
        (
            PhotoErrorKind::TooLarge { width: 0, height: 0 },
            "the file is larger than the limit allows",
        ),
        (
            PhotoErrorKind::TooLarge { width: 61, height: 47 },
            "the picture is 61×47 pixels, more than the limit allows",
        ),
        (
            PhotoErrorKind::Values { width, height, values: 3 },
            "61×47 pixels are not made of 3 values",
        ),
        (
            PhotoErrorKind::OutsideBox { from: [0.5, 1.0, 62.0, 2.0], width, height },
            "the box from (0.5, 1) to (62, 2) does not lie in the 61×47 pixels of the photo",
        ),
        (PhotoErrorKind::Target { width, height }, "a photo can't be resized to 61×47 pixels"),
        (
            PhotoErrorKind::CutOut { width, height },
            "the recipe leaves less of the photo than the 61×47 pixels to cut out",
        ),
        (
            PhotoErrorKind::Input { dims: Dims::image(1, 8, 8), channels: 3 },
            "the network takes 1×8×8, and the recipe makes images of 3 channels",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_file_is_read_from_its_path() {
    let path = folder().join("files/rgb.png");
    let whole = Photo::decode(&file("rgb.png")).unwrap();
    assert_eq!(Photo::open(&path).unwrap(), whole);
    assert_eq!(format!("{whole:?}"), "Photo(61×47)");
    let bytes = file("rgb.png").len() as u64;
    assert_eq!(Photo::open_with(&path, &Limits::default().bytes(bytes)).unwrap(), whole);
    let error = Photo::open_with(&path, &Limits::default().bytes(bytes - 1)).unwrap_err();
    assert!(matches!(error.kind(), PhotoErrorKind::TooLarge { width: 0, .. }), "{error}");
    // Whatever somebody calls a file, the terminal stays as it is.
    let error = Photo::open("\u{1b}[31m.png").unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn other_files_say_what_they_are() {
    for (start, what) in [
        (&b""[..], "empty"),
        (b"GIF89a", "GIF"),
        (b"RIFF\0\0\0\0WEBP", "WebP"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\0\0\0\0\0\0", "no picture"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0", "ends before"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0IDAT\0\0\0\0\0\0\0\0", "does not begin with the size"),
        (b"hello", "no picture"),
        (b"\x89PNG\r\n\x1a\n", "ends before"),
        (b"\xff\xd8\xff", "ends before"),
    ] {
        let error = Photo::decode(start).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    // The name does not matter, junk behind the picture neither.
    for name in ["rgb.jpg", "rgb.png"] {
        let mut junk = file(name);
        junk.extend([0xff; 100]);
        assert_eq!(Photo::decode(&junk).unwrap(), Photo::decode(&file(name)).unwrap());
    }
    let error = Photo::open(folder()).unwrap_err();
    assert!(matches!(error.kind(), PhotoErrorKind::NotAFile), "{error}");
    let error = Photo::open("no/such/photo.png").unwrap_err();
    assert_eq!(error.path(), Some(Path::new("no/such/photo.png")));
    assert!(matches!(error.kind(), PhotoErrorKind::Io(_)));
}
