//! LeNet-5 recognises clothes: a network as a type, trained weights, real images.
//!
//! ```sh
//! cargo run --release --example classify_images
//! ```
//!
//! Weights and images come with the project; `examples/fashion/README.md` tells
//! where from. With `NO_COLOR` set, or into a file or pipe, it draws in plain text.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use typenet::prelude::*;
use typenet::weights::SafeTensors;

#[path = "support/gallery.rs"]
mod gallery;

use gallery::{Canvas, Picture};

network! {
    /// LeNet-5 on 28×28 grey images.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<_, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}

/// What goes in: an image of values from 0 (black) to 1 (white).
type Image = Tensor<f32, Chw<1, 28, 28>>;
/// What comes out: a score for each class.
type Scores = Tensor<f32, Vector<10>>;
/// Any error, to be shown to the user.
type Failure = Box<dyn Error>;

const WEIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/fashion/lenet5.safetensors");
const IMAGES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/fashion/test-images.safetensors");

#[rustfmt::skip]
const CLASSES: [&str; 10] = [
    "T-shirt/top", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
];

/// Two images that it is sure of, three in doubt, and one that it gets wrong.
const SHOWN: [usize; 6] = [0, 18, 43, 29, 17, 40];

fn main() -> ExitCode {
    match run(&mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{}", LeNet5::summary())?;

    let net = LeNet5::load(WEIGHTS)?;
    let (images, labels) =
        load_images(IMAGES).map_err(|error| format!("can't load `{IMAGES}`: {error}"))?;

    let start = Instant::now();
    let scores = net.forward_batch(&images);
    let time = start.elapsed();

    let pictures = SHOWN.map(|i| Picture {
        rows: images[i].rows().collect(),
        label: labels[i],
        guesses: softmax(&scores[i]).top_k(3).into_iter().map(|(c, p)| (CLASSES[c], p)).collect(),
    });
    writeln!(out, "Above each image what it is, below what LeNet-5 takes it for:\n")?;
    write!(out, "{}", Canvas::of_stdout().draw(&pictures))?;

    let best = scores.iter().map(|y| y.argmax().map(|class| CLASSES[class]));
    let right = best.zip(&labels).filter(|(best, label)| *best == Some(label)).count();
    let percent = 100.0 * right as f64 / images.len() as f64;
    let millis = 1000.0 * time.as_secs_f64() / images.len() as f64;
    writeln!(out, "{right} of {} images recognised: {percent:.1} %", images.len())?;
    writeln!(out, "{millis:.2} ms an image, for {} multiply-adds", LeNet5::MACS)?;
    Ok(())
}

/// exp(x) / Σ exp(x): scores as probabilities.
fn softmax(scores: &Scores) -> Scores {
    let largest = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers = scores.map(|score| (score - largest).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The shipped images, and the name of what each shows.
fn load_images(path: &str) -> Result<(Vec<Image>, Vec<&'static str>), Failure> {
    let bytes = fs::read(path)?;
    let file = SafeTensors::parse(&bytes)?;
    let images = file.get("images").ok_or("it has no `images`")?;
    let labels = file.get("labels").ok_or("it has no `labels`")?;
    if images.shape() != [500, 1, 28, 28] || labels.shape() != [500] {
        return Err("it should have 500 images of 1×28×28, and their labels".into());
    }
    let pixels: Vec<f32> = images.to_f32()?.iter().map(|byte| byte / 255.0).collect();
    let images = pixels.chunks(28 * 28).map(Image::from_slice);
    let name = |&label: &u8| CLASSES.get(usize::from(label)).copied().ok_or("a label is above 9");
    let labels = labels.bytes().iter().map(name);
    Ok((images.collect::<Result<_, _>>()?, labels.collect::<Result<_, _>>()?))
}
