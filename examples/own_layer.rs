//! A layer of your own: in `network!`, in a tuple, in the summary, in the engine.
//!
//! ```sh
//! cargo run --release --example own_layer
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::{env, fs, process};

use typenet::prelude::*;
use typenet::spec::{Call, ParamDims, ParamSpec};

/// A `Relu` that learns its slope below 0, one for each of `C` channels
/// (He et al., "Delving deep into rectifiers", 2015).
///
/// A layer is a type without values: its weights live in the network.
#[derive(Debug)]
pub struct PRelu<const C: usize>;

/// What it is called, what it learns, how it runs. It keeps the shape; other
/// layers say how they change it: `const SHAPE: ShapeRule`.
impl<const C: usize> CustomLayer for PRelu<C> {
    const NAME: &'static str = "PRelu";

    // In weight files `<field>.weight`, of the shape [C]; starts at 0.
    const PARAMS: &'static [ParamSpec] = &[ParamSpec::constant("weight", ParamDims::d1(C), 0)];

    // One image; `params` has a slice for each of `PARAMS`.
    fn run<T: Element>(call: Call<'_, T>) {
        let slopes = call.params[0];
        let pixels = call.input.len() / C;
        for (i, (y, &x)) in call.output.iter_mut().zip(call.input).enumerate() {
            *y = if x < T::zero() { slopes[i / pixels] * x } else { x };
        }
    }
}

/// To the compiler: an image of `C` channels goes in, the same shape comes out.
/// Anything else in front of a `PRelu<C>` is an error at compile time.
impl<const C: usize, const H: usize, const W: usize> Layer<Chw<C, H, W>> for PRelu<C> {
    type Out = Chw<C, H, W>;
}

network! {
    /// Four edge detectors, and what is left of them.
    pub struct Edges: [1, 8, 8] -> [10] {
        conv: Conv2d<1, 4, K = 3>,
        prelu: PRelu<4>,
        pool: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc: Linear<36, 10>,
    }
}

/// The same by hand: layers have numbers instead of names.
type EdgesByHand =
    On<(Conv2d<1, 4, 3>, PRelu<4>, MaxPool2d<2, 2>, Flatten, Linear<36, 10>), Chw<1, 8, 8>>;

// The type counts its four slopes.
const _: () = assert!(Edges::PARAMS == (4 * 9 + 4) + 4 + (36 * 10 + 10));

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", Edges::summary());

    // It runs. The same seed gives the same weights, however the network is written.
    let mut net = Edges::random(7);
    let image = Tensor::from_fn(|[_, y, x]: [usize; 3]| if x > y { 1.0 } else { 0.0 });
    assert_eq!(net.forward(&image), EdgesByHand::random(7).forward(&image));

    // Slopes start at 0, as in a `Relu`. Let a quarter of what is negative through.
    net.set_parameter("prelu.weight", &[0.25; 4])?;

    println!("\nsmallest value behind each layer:");
    let scores = net.forward_with(&image, |layer, seen| {
        let smallest = seen.values.iter().copied().fold(f32::INFINITY, f32::min);
        println!("{layer:8} {smallest:6.3}");
    });

    // The slopes are saved and loaded with the other weights.
    let path = env::temp_dir().join(format!("own_layer-{}.safetensors", process::id()));
    net.save(&path)?;
    let loaded = Edges::load(&path);
    fs::remove_file(&path)?;
    let loaded = loaded?;
    assert_eq!(loaded.parameter("prelu.weight"), Some(&[0.25; 4][..]));
    assert_eq!(loaded.forward(&image), scores);
    println!("\nsaved, loaded, and the scores are the same");
    Ok(())
}
