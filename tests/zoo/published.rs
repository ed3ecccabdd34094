//! Published weights on real images; with `../shared/data` only.

use std::fs;
use std::path::PathBuf;

use typenet::prelude::*;
use typenet::weights::SafeTensors;
use typenet::zoo::{EfficientNetLite0, LeNetCaffe, Published, ResNet20Cifar};

use crate::{affordable, close, planned};

/// A file of `../shared/data`, or why there is none.
fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        println!("SKIPPED: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The bytes of one tensor, with its shape.
fn bytes(file: &str, name: &str) -> Option<Vec<u8>> {
    let file = fs::read(data(file)?).unwrap();
    Some(SafeTensors::parse(&file).unwrap().get(name).unwrap().bytes().to_vec())
}

fn doubles(file: &str, name: &str) -> Option<Vec<f64>> {
    let file = fs::read(data(file)?).unwrap();
    Some(SafeTensors::parse(&file).unwrap().get(name).unwrap().to_f64().unwrap())
}

/// Runs all images on the blocked engine and the first `naive` of them on the
/// naive one too; the first of the golden logits are known.
fn logits<N: Published>(net: &Model<N>, images: &[u8], golden: &[f64], naive: usize) -> Vec<u8> {
    let (len, recipe) = (N::ENTRY.input.elements().unwrap(), N::ENTRY.preprocessing);
    let plan = planned(net.as_any());
    let run = |(i, image): (usize, &[u8])| {
        let x = recipe.planes(image);
        let got = plan.run(&x);
        let best = Tensor::<f32, Vector<10>>::from_slice(&got).unwrap().argmax().unwrap();
        if let Some(golden) = golden.chunks(10).nth(i) {
            close(&got, golden, &format!("image {i}, blocked"));
        }
        if i < naive {
            let golden = golden.chunks(10).nth(i).map(<[f64]>::to_vec);
            let golden = golden.unwrap_or_else(|| got.iter().map(|&x| f64::from(x)).collect());
            let got = net.as_any().run(N::INPUT, &x).unwrap();
            close(&got, &golden, &format!("image {i}, naive"));
        }
        best as u8
    };
    images.chunks(len).enumerate().map(run).collect()
}

/// How many are right.
fn right(got: &[u8], labels: &[u8]) -> usize {
    assert_eq!(got.len(), labels.len());
    got.iter().zip(labels).filter(|(a, b)| a == b).count()
}

#[test]
fn lenet_reads_digits() {
    let Some(path) = data("lenet_mnist.safetensors") else { return };
    let net = LeNetCaffe::load(path).unwrap();
    let images = bytes("mnist_t10k_u8.safetensors", "images").unwrap();
    let labels = bytes("mnist_t10k_u8.safetensors", "labels").unwrap();
    let golden = doubles("lenet_mnist_golden.safetensors", "logits_f64").unwrap();
    let all = affordable("10,000 digits", 10_000 * LeNetCaffe::MACS);
    let got = logits(&net, &images, &golden, if all { 10_000 } else { 32 });
    assert_eq!(got, bytes("lenet_mnist_golden.safetensors", "argmax_all").unwrap());
    assert_eq!(right(&got, &labels), 9894);
}

#[test]
fn resnet20_tells_pictures_apart() {
    let Some(path) = data("resnet20_cifar10.safetensors") else { return };
    let net = ResNet20Cifar::load(path).unwrap();
    let images = bytes("cifar10_test1000_u8.safetensors", "images").unwrap();
    let labels = bytes("cifar10_test1000_u8.safetensors", "labels").unwrap();
    let golden = doubles("resnet20_cifar10_golden.safetensors", "logits_f64").unwrap();
    let all = affordable("1,000 pictures", 1000 * ResNet20Cifar::MACS);
    let got = logits(&net, &images, &golden, if all { 1000 } else { 4 });
    assert_eq!(got, bytes("resnet20_cifar10_golden.safetensors", "argmax").unwrap());
    assert_eq!(right(&got, &labels), 915);
}

#[test]
fn efficientnet_names_what_it_sees() {
    let Some(path) = data("efficientnet_lite0_imagenet.safetensors") else { return };
    let net = EfficientNetLite0::load(path).unwrap();
    let (macs, recipe) = (EfficientNetLite0::MACS, EfficientNetLite0::ENTRY.preprocessing);
    let runner = net.prepare();
    let seen = [
        ("chelsea", "tiger cat", 0.3845),
        ("coffee", "espresso", 0.9511),
        ("china", "palace", 0.3133),
        ("rocket", "missile", 0.2855),
    ];
    for (photo, name, probability) in seen {
        let crop = bytes("efficientnet_lite0_golden.safetensors", &format!("{photo}.input_u8"));
        let file = "efficientnet_lite0_golden.safetensors";
        let golden = doubles(file, &format!("{photo}.logits_f64")).unwrap();
        let x = Tensor::from_vec(recipe.planes(&crop.unwrap())).unwrap();
        let logits = runner.run(&x);
        close(logits.as_slice(), &golden, &format!("{photo}, blocked"));
        if affordable(photo, macs) {
            close(net.forward(&x).as_slice(), &golden, &format!("{photo}, naive"));
        }
        let best = logits.argmax().unwrap();
        assert_eq!(EfficientNetLite0::ENTRY.classes.name(best), Some(name));
        let scale: f32 = logits.as_slice().iter().map(|x| x.exp()).sum();
        let got = logits.as_slice()[best].exp() / scale;
        assert!((got - probability).abs() < 1e-4, "{photo}: {got}");
    }
}
