//! Published weights on real images; with `../shared/data` only.

use std::fs;
use std::path::PathBuf;

use typenet::prelude::*;
use typenet::weights::SafeTensors;
use typenet::zoo::{EfficientNetLite0, LeNetCaffe, Published, ResNet20Cifar};

use crate::{affordable, close};

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

/// The logits of the first `count` images, computed on all cores.
fn logits<N>(net: &Model<N>, images: &[u8], count: usize) -> Vec<Vec<f32>>
where
    N: Published,
{
    let (len, recipe) = (N::ENTRY.input.elements().unwrap(), N::ENTRY.preprocessing);
    let images: Vec<&[u8]> = images.chunks(len).take(count).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let run = |image: &&[u8]| net.as_any().run(N::INPUT, &recipe.planes(image)).unwrap();
    std::thread::scope(|scope| {
        let parts = images.chunks(images.len().div_ceil(threads));
        let parts: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(run).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

fn largest(logits: &[f32]) -> usize {
    Tensor::<f32, Vector<10>>::from_slice(logits).unwrap().argmax().unwrap()
}

#[test]
fn lenet_reads_digits() {
    let Some(path) = data("lenet_mnist.safetensors") else { return };
    let net = LeNetCaffe::load(path).unwrap();
    let images = bytes("mnist_t10k_u8.safetensors", "images").unwrap();
    let golden = doubles("lenet_mnist_golden.safetensors", "logits_f64").unwrap();
    let all = affordable("all 10,000 digits", 10_000 * LeNetCaffe::MACS);
    let logits = logits(&net, &images, if all { 10_000 } else { 32 });
    for (i, (got, golden)) in logits.iter().zip(golden.chunks(10)).enumerate() {
        close(got, golden, &format!("digit {i}"));
    }
    if all {
        let labels = bytes("mnist_t10k_u8.safetensors", "labels").unwrap();
        let best = bytes("lenet_mnist_golden.safetensors", "argmax_all").unwrap();
        let got: Vec<u8> = logits.iter().map(|logits| largest(logits) as u8).collect();
        assert_eq!(got, best);
        assert_eq!(got.iter().zip(&labels).filter(|(a, b)| a == b).count(), 9894);
    }
}

#[test]
fn resnet20_tells_pictures_apart() {
    let Some(path) = data("resnet20_cifar10.safetensors") else { return };
    let net = ResNet20Cifar::load(path).unwrap();
    let images = bytes("cifar10_test1000_u8.safetensors", "images").unwrap();
    let golden = doubles("resnet20_cifar10_golden.safetensors", "logits_f64").unwrap();
    let all = affordable("all 1,000 pictures", 1000 * ResNet20Cifar::MACS);
    let logits = logits(&net, &images, if all { 1000 } else { 4 });
    for (i, (got, golden)) in logits.iter().zip(golden.chunks(10)).enumerate() {
        close(got, golden, &format!("picture {i}"));
    }
    if all {
        let labels = bytes("cifar10_test1000_u8.safetensors", "labels").unwrap();
        let best = bytes("resnet20_cifar10_golden.safetensors", "argmax").unwrap();
        let got: Vec<u8> = logits.iter().map(|logits| largest(logits) as u8).collect();
        assert_eq!(got, best);
        assert_eq!(got.iter().zip(&labels).filter(|(a, b)| a == b).count(), 915);
    }
}

#[test]
fn efficientnet_names_what_it_sees() {
    let Some(path) = data("efficientnet_lite0_imagenet.safetensors") else { return };
    let net = EfficientNetLite0::load(path).unwrap();
    let (macs, recipe) = (EfficientNetLite0::MACS, EfficientNetLite0::ENTRY.preprocessing);
    let seen = [
        ("chelsea", "tiger cat", 0.3845),
        ("coffee", "espresso", 0.9511),
        ("china", "palace", 0.3133),
        ("rocket", "missile", 0.2855),
    ];
    for (photo, name, probability) in seen {
        if !affordable(photo, macs) {
            continue;
        }
        let crop = bytes("efficientnet_lite0_golden.safetensors", &format!("{photo}.input_u8"));
        let file = "efficientnet_lite0_golden.safetensors";
        let golden = doubles(file, &format!("{photo}.logits_f64")).unwrap();
        let x = Tensor::from_vec(recipe.planes(&crop.unwrap())).unwrap();
        let logits = net.forward(&x);
        close(logits.as_slice(), &golden, photo);
        let best = logits.argmax().unwrap();
        assert_eq!(EfficientNetLite0::ENTRY.classes.name(best), Some(name));
        let scale: f32 = logits.as_slice().iter().map(|x| x.exp()).sum();
        let got = logits.as_slice()[best].exp() / scale;
        assert!((got - probability).abs() < 1e-4, "{photo}: {got}");
    }
}
