//! Weights and inputs from an integer formula, the same as in golden/make.py.

use typenet::AnyModel;
use typenet::zoo::Entry;

const SEED: u64 = 20_260;

/// FNV-1a.
pub(crate) fn fnv(text: &str) -> u64 {
    let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, hash)
}

/// The output function of `SplitMix64`.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Numbers evenly spaced between −1 and 1.
fn symmetric(name: &str, count: usize) -> impl Iterator<Item = f64> {
    let start = fnv(name).wrapping_add(SEED);
    (1..=count as u64).map(move |i| {
        let bits = mix(start.wrapping_add(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        ((bits >> 12) as f64 * 2.0 + 1.0) / (1_u64 << 52) as f64 - 1.0
    })
}

/// The parameter of this name and shape.
fn values(name: &str, shape: &[usize]) -> Vec<f32> {
    let all = symmetric(name, shape.iter().product());
    let field = name.rsplit('.').next().unwrap_or(name);
    let value = |x: f64| match field {
        _ if shape.len() > 1 => x * (6.0 / shape[1..].iter().product::<usize>() as f64).sqrt(),
        "running_var" => 1.0 + 0.5 * x,
        "weight" => 0.875 + 0.25 * x,
        _ => x * 0.125,
    };
    all.map(|x| value(x) as f32).collect()
}

/// The input of a network.
pub(crate) fn input(len: usize) -> Vec<f32> {
    symmetric("input", len).map(|x| x as f32).collect()
}

/// The network with the formula's weights.
pub(crate) fn model(entry: &Entry) -> AnyModel {
    let graph = entry.graph();
    let params = graph.params().iter();
    let all = params.map(|param| values(&param.name, param.dims().as_slice())).collect();
    AnyModel::from_parameters(graph, all).unwrap()
}
