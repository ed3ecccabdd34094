//! What is measured: layers as networks have them, the networks of the peers' table,
//! and odd sizes, with weights and images drawn.

use typenet::graph::Graph;
use typenet::spec::{Dims, Spec};

use crate::networks;
use crate::reference::{Random, chain, conv, grouped, linear, max_pool};

/// Name, network, input. A layer has a pool in front that changes nothing, so
/// that it reads blocks as within a network (first layers don't).
pub fn subjects() -> Vec<(String, Spec<'static>, Dims)> {
    let mut all = vec![];
    let layers = [
        ("vgg01 3x64 224", 3, 64, 3, 1, 1, 1, 224),
        ("vgg02 64x64 224", 64, 64, 3, 1, 1, 1, 224),
        ("vgg04 128x128 112", 128, 128, 3, 1, 1, 1, 112),
        ("vgg06 256x256 56", 256, 256, 3, 1, 1, 1, 56),
        ("vgg09 512x512 28", 512, 512, 3, 1, 1, 1, 28),
        ("vgg11 512x512 14", 512, 512, 3, 1, 1, 1, 14),
        ("res 512x512 7", 512, 512, 3, 1, 1, 1, 7),
        ("res 64x64 56", 64, 64, 3, 1, 1, 1, 56),
        ("res stem 7x7s2", 3, 64, 7, 2, 3, 1, 224),
        ("res 3x3s2 128 56", 128, 128, 3, 2, 1, 1, 56),
        ("res 1x1 64x256 56", 64, 256, 1, 1, 0, 1, 56),
        ("res 1x1 512x2048 7", 512, 2048, 1, 1, 0, 1, 7),
        ("res 1x1 2048x512 7", 2048, 512, 1, 1, 0, 1, 7),
        ("mob 32x16 112", 32, 16, 1, 1, 0, 1, 112),
        ("mob 32x16 14", 32, 16, 1, 1, 0, 1, 14),
        ("mob 16x96 112", 16, 96, 1, 1, 0, 1, 112),
        ("mob 16x96 14", 16, 96, 1, 1, 0, 1, 14),
        ("mob 144x24 56", 144, 24, 1, 1, 0, 1, 56),
        ("mob 144x24 14", 144, 24, 1, 1, 0, 1, 14),
        ("mob 24x144 14", 24, 144, 1, 1, 0, 1, 14),
        ("mob 960x160 7", 960, 160, 1, 1, 0, 1, 7),
        ("mob 160x960 7", 160, 960, 1, 1, 0, 1, 7),
        ("dw 144 14 s1", 144, 144, 3, 1, 1, 144, 14),
        ("dw 16 14 s1", 16, 16, 3, 1, 1, 16, 14),
        ("dw 144 56 s1", 144, 144, 3, 1, 1, 144, 56),
        ("dw 144 56 s2", 144, 144, 3, 2, 1, 144, 56),
        ("odd 50x70 33", 50, 70, 3, 1, 1, 1, 33),
    ];
    for (name, c, o, k, s, p, groups, side) in layers {
        let layer = if groups == 1 { conv(c, o, k, s, p) } else { grouped(c, o, groups, k, s, p) };
        let front = if c == 3 { chain(vec![]) } else { max_pool(1, 1, 0) };
        let spec = chain(vec![("front", front), ("layer", layer)]);
        all.push((name.to_string(), spec, Dims::image(c, side, side)));
    }
    all.push(("fc 25088x4096".into(), linear(25088, 4096), Dims::vector(25088)));
    all.extend(networks::all());
    all.extend(networks::odd());
    all
}

/// A network with weights, and an image for it.
pub struct Drawn {
    pub graph: Graph,
    pub weights: Vec<Vec<f32>>,
    pub input: Vec<f32>,
}

impl Drawn {
    pub fn new(spec: &Spec<'static>, dims: Dims) -> Self {
        let graph = Graph::new(spec, dims).unwrap();
        let mut random = Random(88_172_645_463_325_252);
        let mut fill =
            |n: usize| -> Vec<f32> { (0..n).map(|_| random.integer(500) * 1e-4).collect() };
        let weights = graph.params().iter().map(|p| fill(p.len())).collect();
        Self { weights, input: fill(dims.elements().unwrap()), graph }
    }

    pub fn params(&self) -> Vec<&[f32]> {
        self.weights.iter().map(Vec::as_slice).collect()
    }
}
