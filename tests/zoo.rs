//! The zoo: published weights give the published answers, and every network
//! gives PyTorch's logits, on both engines.
//!
//! The naive engine takes some two seconds for a thousand million multiply-adds,
//! so the largest networks and sets of images are left out there, and say so;
//! `TYPENET_ZOO=all` runs everything, which takes minutes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

#[path = "zoo/formula.rs"]
mod formula;
#[path = "zoo/golden.rs"]
mod golden;
#[path = "zoo/heads.rs"]
mod heads;
#[path = "zoo/list.rs"]
mod list;
#[path = "zoo/published.rs"]
mod published;

use typenet::AnyModel;
use typenet::blocked::{Options, Plan};

/// Whether the naive engine can be given so many multiply-adds; says so if not.
fn affordable(what: &str, macs: u64) -> bool {
    let all = std::env::var_os("TYPENET_ZOO").is_some_and(|value| value == "all");
    let affordable = all || macs <= 1_000_000_000;
    if !affordable {
        println!("SKIPPED: {what} on the naive engine: {macs} multiply-adds");
    }
    affordable
}

/// The network for the blocked engine.
fn planned(model: &AnyModel) -> Plan {
    model.plan(&Options::default()).unwrap()
}

/// How far f32 logits may be off: 1e-4, or 1e-5 of the largest where that is more.
fn close(got: &[f32], expected: &[f64], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
    let tolerance = f64::max(1e-4, 1e-5 * largest);
    let off = got.iter().zip(expected).map(|(&a, b)| (f64::from(a) - b).abs());
    // `max` would pass over a NaN.
    let worst = off.fold(0.0, |max, x| if x > max || x.is_nan() { x } else { max });
    println!("{what}: off by {worst:.1e} of {tolerance:.1e}, the largest is {largest:.4}");
    assert!(worst <= tolerance, "{what}: off by {worst}");
}
