//! Draws a network of the zoo as SVG.
//!
//! ```sh
//! cargo run --release --features zoo --example draw -- resnet18 > resnet18.svg
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("usage: draw NETWORK, such as resnet18")?;
    print!("{}", typenet::zoo::find(&name)?.svg());
    Ok(())
}
