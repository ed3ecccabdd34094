//! `network!` in a stranger's crate: `tests/hygiene` renames typenet, has no `std`,
//! denies what a careful crate denies, and shadows every usual name.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn a_strict_crate_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hygiene");
    fs::create_dir_all(copy.join("src")).unwrap();
    let manifest = fs::read_to_string(root.join("tests/hygiene/Cargo.toml")).unwrap();
    assert!(manifest.contains("\"../..\""));
    let manifest = manifest.replace("\"../..\"", &format!("{:?}", root.to_str().unwrap()));
    fs::write(copy.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("tests/hygiene/src/lib.rs"), copy.join("src/lib.rs")).unwrap();
    // The versions that have been fetched already.
    if root.join("Cargo.lock").is_file() {
        fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let check = Command::new(cargo)
        .args(["check", "--quiet", "--offline"])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .env_remove("RUSTFLAGS")
        .output();
    let Ok(check) = check else {
        println!("SKIPPED: cargo can't be run");
        return;
    };
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}
