//! A deep network costs the compiler little: 200 convolutions at most 25 times
//! what 10 cost, an empty crate subtracted, and no `recursion_limit`.
//!
//! `benches/compile-time.sh` measures; this only reads its table. A measurement
//! on a busy machine can only come out too large, so the test believes the best
//! of three.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

use std::env;
use std::path::Path;
use std::process::Command;

const LIMIT: f64 = 25.0;

/// The table for 10 and 200 convolutions.
fn measure() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("bash")
        .arg(root.join("benches/compile-time.sh"))
        .args(["10", "200"])
        .env("CARGO_TARGET_DIR", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What 200 convolutions cost, in terms of 10.
fn ratio(table: &str) -> f64 {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.into_iter().find(|row| row.first() == Some(&"200")).unwrap();
    row.last().unwrap().parse().unwrap()
}

#[test]
fn two_hundred_convolutions_cost_at_most_25_times_ten() {
    if Command::new("bash").arg("--version").output().is_err() {
        println!("SKIPPED: there is no bash to measure with");
        return;
    }
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let table = measure();
        println!("{table}");
        best = best.min(ratio(&table));
        if best <= LIMIT {
            return;
        }
    }
    panic!("200 convolutions cost {best} times what 10 cost");
}
