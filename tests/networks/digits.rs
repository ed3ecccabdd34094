//! `LeNet`, as Caffe's example trained it, on the test digits of MNIST.
//!
//! The weights, the digits and the logits to compare with lie beside the
//! repository in `shared/data`; without them there is nothing to see here. The
//! naive engine without optimisation is too slow for 10,000 images: a debug
//! build looks at the first 100, image by image beside the answers that were
//! recorded for all 10,000.

use std::fs;
use std::path::Path;

use typenet::prelude::*;
use typenet::weights::SafeTensors;

use crate::support::{Images, parallel};

network! {
    /// `LeNet` of Caffe's example: wider than LeNet-5, with one activation.
    struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 20, K = 5>,
        pool1: MaxPool2d<K = 2>,
        conv2: Conv2d<20, 50, K = 5>,
        pool2: MaxPool2d<K = 2>,
        flatten: Flatten,
        fc1: Linear<800, 500>,
        relu: Relu,
        fc2: Linear<500, 10>,
    }
}

const _: () = assert!(LeNet::PARAMS == 431_080);

/// A file beside the repository.
fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        println!("SKIPPED: ../shared/data is not there");
        return None;
    }
    Some(fs::read(folder.join(name)).unwrap())
}

#[test]
fn lenet_reads_9894_of_10000_digits() {
    let Some(weights) = shared("lenet_mnist.safetensors") else { return };
    let net = LeNet::from_bytes(&weights).unwrap();
    let digits = Images::parse(&shared("mnist_t10k_u8.safetensors").unwrap());
    let golden = shared("lenet_mnist_golden.safetensors").unwrap();
    let golden = SafeTensors::parse(&golden).unwrap();
    let recorded = golden.get("argmax_all").unwrap().bytes();
    assert_eq!((digits.len(), recorded.len()), (10_000, 10_000));

    let count = if cfg!(debug_assertions) { 100 } else { 10_000 };
    let answers = parallel(count, |index| net.forward(&digits.image(index, 256.0)).argmax());
    let answers: Vec<u8> = answers.into_iter().map(|class| class.unwrap() as u8).collect();
    assert_eq!(answers, recorded[..count], "other answers than were recorded");

    let right = answers.iter().zip(&digits.labels).filter(|(answer, label)| answer == label);
    let right = right.count();
    println!("{right} of {count} digits right");
    if count == 10_000 {
        assert_eq!(right, 9_894);
    } else {
        println!("SKIPPED: the other {} digits; all of them in a release build", 10_000 - count);
    }
}

#[test]
fn logits_are_the_golden_ones() {
    let Some(weights) = shared("lenet_mnist.safetensors") else { return };
    let digits = Images::parse(&shared("mnist_t10k_u8.safetensors").unwrap());
    let golden = shared("lenet_mnist_golden.safetensors").unwrap();
    let golden = SafeTensors::parse(&golden).unwrap().get("logits_f64").unwrap().to_f64().unwrap();
    assert_eq!(golden.len(), 320);

    let single = LeNet::from_bytes(&weights).unwrap();
    let double = LeNet::from_bytes_as::<f64>(&weights).unwrap();
    let logits = parallel(32, |index| {
        let x = digits.image(index, 256.0);
        (single.forward(&x).into_vec(), double.forward(&x.map(f64::from)).into_vec())
    });
    let (mut worst_single, mut worst_double) = (0.0_f64, 0.0_f64);
    for ((single, double), golden) in logits.iter().zip(golden.chunks(10)) {
        for ((single, double), golden) in single.iter().zip(double).zip(golden) {
            worst_single = worst_single.max((f64::from(*single) - golden).abs());
            worst_double = worst_double.max((double - golden).abs());
        }
    }
    println!("largest difference: f32 {worst_single:.1e}, f64 {worst_double:.1e}");
    assert!(worst_single < 1e-4 && worst_double < 1e-9);
}
