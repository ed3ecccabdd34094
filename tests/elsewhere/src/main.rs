//! Prints one line for each engine and instruction set: a hash of every bit that
//! the table of cases gives. The same line has to come out of a build for
//! debugging, for release, with link-time optimisation, and with panics that
//! abort; `.ci/run` compares them.

#[path = "../../support/mod.rs"]
mod support;

use support::cases;
use support::data::{Data, Random};
use typenet::blocked::{Options, Plan};
use typenet::isa::Isa;
use typenet::naive;

/// FNV-1a, byte by byte; every NaN is the same.
fn hash(hash: u64, value: f32) -> u64 {
    let bits = if value.is_nan() { 0x7fc0_0000 } else { value.to_bits() };
    bits.to_le_bytes()
        .iter()
        .fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn main() {
    let sets: Vec<Isa> = Isa::available().collect();
    let mut plain = 0xcbf2_9ce4_8422_2325;
    let mut fast = vec![plain; sets.len()];
    for case in cases::table() {
        let graph = case.graph();
        let mut random = Random::named(&case.name);
        let mut values = |len: usize| -> Vec<f32> {
            random.values(Data::Real, len).into_iter().map(|x| x as f32).collect()
        };
        let input = values(graph.input().elements().unwrap_or(0));
        let param = |param: &typenet::graph::GraphParam| {
            // No training measures a negative variance.
            let variance = param.name.ends_with("running_var");
            let drawn = values(param.len());
            drawn.into_iter().map(|x| if variance { x.abs() + 0.5 } else { x }).collect()
        };
        let params: Vec<Vec<f32>> = graph.params().iter().map(param).collect();
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        let output = naive::run(&graph, &params, &input, |_, _, _| {}).unwrap_or_default();
        assert!(!output.is_empty(), "{}", case.name);
        plain = output.into_iter().fold(plain, hash);
        for (&isa, digest) in sets.iter().zip(&mut fast) {
            let options = Options { isa: Some(isa), ..Options::default() };
            let plan =
                Plan::new(&graph, &params, &options).unwrap_or_else(|error| panic!("{error}"));
            *digest = plan.run(&input).into_iter().fold(*digest, hash);
        }
    }
    println!("naive {plain:016x}");
    for (isa, digest) in sets.iter().zip(fast) {
        println!("{isa} {digest:016x}");
    }
}
