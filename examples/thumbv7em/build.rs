//! On the desktop: the weights as a blob, an image, and what the network says of it.

use std::path::PathBuf;
use std::{env, fs};

use typenet::prelude::*;
use typenet::weights::SafeTensors;

include!("src/net.rs");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let net = LeNet5::load("../fashion/lenet5.safetensors")?;
    fs::write(out.join("lenet5.blob"), net.to_blob())?;

    let file = fs::read("../fashion/test-images.safetensors")?;
    let images = SafeTensors::parse(&file)?;
    let pixels = &images.get("images").ok_or("no images")?.bytes()[..784];
    fs::write(out.join("image.bin"), pixels)?;
    let image = Tensor::try_from_iter(pixels.iter().map(|&pixel| f32::from(pixel) / 255.0))?;
    fs::write(out.join("logits.rs"), format!("{:?}", net.forward(&image).as_slice()))?;

    fs::copy("memory.x", out.join("memory.x"))?;
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-arg=-Tlink.x");
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rerun-if-changed=src/net.rs");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
