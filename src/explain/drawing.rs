//! A network as a picture: SVG, from top to bottom.
//!
//! ```text
//! Spec ──► parts: blocks, branches, repetitions ──► pictures, put together ──► SVG
//! ```
//!
//! `parts` reads the description: what has weights or changes the shape becomes a
//! block; what keeps it (norms, activations) is written beside the block before;
//! copies of a repetition that are alike are drawn once. `place` turns parts into
//! pictures, each with its own extents around the line that the data take, and a
//! picture is put together of smaller ones, so nothing can overlap. `canvas` is the
//! paper: lines, slabs and text, in colours for a light and a dark page.
//!
//! An image is a slab: width and depth are its width and height, all to one scale,
//! its thickness the square root of its channels (64 and 4096 would not fit on one
//! page otherwise). A vector is a bar as long as the square root of its features.
//! Text is set in a monospaced font, whose width is known without measuring it.

mod canvas;
mod parts;
mod place;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::network::Network;
use crate::spec::{Dims, Spec};

use canvas::Picture;
use parts::{Block, Chain, Part};

/// A network as a picture; `{}` writes it as SVG.
///
/// [`Network::svg`](crate::Network::svg) is the short way to it; this one draws any
/// description, with a title of its own.
///
/// ```
/// use typenet::explain::Drawing;
/// use typenet::prelude::*;
/// use typenet::spec::Dims;
///
/// type Net = (Conv2d<1, 6, 5, 1, 2>, Relu, MaxPool2d<2, 2>);
/// let drawing = Drawing::new("first layers", Net::SPEC, Dims::image(1, 28, 28));
/// assert!(drawing.to_string().starts_with("<svg "));
/// ```
#[derive(Clone, Debug)]
pub struct Drawing {
    title: String,
    subtitle: String,
    chain: Chain,
}

/// Sizes that stand for an unknown height and width: the first that the network
/// takes.
const SAMPLES: [usize; 7] = [224, 256, 320, 299, 128, 64, 32];

impl Drawing {
    /// Reads the description of a network that fits together for `input`; another
    /// is drawn as far as it goes.
    pub fn new(title: &str, spec: &Spec<'_>, input: Dims) -> Self {
        Self {
            title: title.to_string(),
            subtitle: subtitle(spec, input),
            chain: parts::read(spec, input, sample(spec, input)),
        }
    }

    /// A network type, under its name.
    pub fn of<N: Network>() -> Self {
        Self::new(&short(core::any::type_name::<N>()), N::SPEC, N::INPUT)
    }

    /// The whole picture: title, input, network, legend.
    fn picture(&self) -> Picture {
        let scale = place::Scale::of(&self.chain);
        let body = place::network(&self.chain, &scale);
        let mut page = Picture::default();
        let left = -body.left;
        page.text(left, 14.0, "title", &self.title);
        page.text(left, 32.0, "dim", &self.subtitle);
        page.put(&body, 0.0, 52.0);
        let legend = place::legend(&scale);
        page.put(&legend, left + legend.left, page.height + 18.0);
        page
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.picture().write(f, &self.title)
    }
}

/// A type's name without modules, `Net<3>` for `a::b::Net<3>`, and not too long.
fn short(name: &str) -> String {
    let words = name.split_inclusive(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
    let mut text: String = words.map(|word| word.rsplit("::").next().unwrap_or(word)).collect();
    if text.chars().count() > 40 {
        text = text.chars().take(39).collect();
        text.push('…');
    }
    text
}

fn subtitle(spec: &Spec<'_>, input: Dims) -> String {
    let params = super::text::grouped(crate::spec::params(spec).into());
    if input.is_dyn() {
        let sample = sample(spec, input);
        return alloc::format!("{params} parameters; drawn for {sample}");
    }
    let macs = super::text::grouped(crate::spec::local_twin(spec, input));
    alloc::format!("{params} parameters, {macs} multiply-adds")
}

/// The input with numbers for the sizes that come at run time.
fn sample(spec: &Spec<'_>, input: Dims) -> Dims {
    use crate::spec::Extent;
    let sized = |size| match input {
        Dims::Image { c, h, w } => {
            let fixed = |extent: Extent| if extent.is_dyn() { Extent::Fixed(size) } else { extent };
            Dims::Image { c, h: fixed(h), w: fixed(w) }
        }
        Dims::Vector(extent) if extent.is_dyn() => Dims::vector(size),
        other => other,
    };
    let fits = |&dims: &Dims| crate::spec::flow(spec, dims, false).holds;
    SAMPLES.into_iter().map(sized).find(fits).unwrap_or_else(|| sized(SAMPLES[0]))
}

impl Chain {
    /// Every block, those of branches and repetitions too.
    fn blocks(&self) -> Vec<&Block> {
        let mut all = Vec::new();
        for part in &self.parts {
            match part {
                Part::Block(block) => all.push(block),
                Part::Branch { arms, .. } => all.extend(arms.iter().flat_map(Self::blocks)),
                Part::Repeat { body, .. } => all.extend(body.blocks()),
            }
        }
        all
    }
}
