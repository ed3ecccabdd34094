//! The smallest program that is of use: loads LeNet-5, prepares it, runs it. `.ci/run`
//! looks at its size, and at its kernels (`benches/kernels/spills.py`).

use typenet::prelude::*;
use typenet::zoo::LeNet5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give it the weights, a safetensors file")?;
    let net = LeNet5::load(path)?;
    println!("{:?}", net.prepare().run(&Tensor::zeros()));
    Ok(())
}
