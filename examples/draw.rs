//! Draws a network of the zoo as SVG.
//!
//! ```sh
//! cargo run --release --features zoo --example draw -- resnet18 > resnet18.svg
//! ```

#[path = "support/ending.rs"]
mod ending;

use std::process::ExitCode;

use clap::Parser;
use typenet::zoo::{self, Entry};

/// Draws a network of the zoo as SVG, on stdout.
#[derive(Parser)]
struct Arguments {
    /// Its name: `lenet5`, `vgg16`, `resnet18`, `mobilenet_v2`, …
    #[arg(value_parser = zoo::find)]
    network: &'static Entry,
}

fn main() -> ExitCode {
    ending::print(Ok(Arguments::parse().network.svg()))
}
