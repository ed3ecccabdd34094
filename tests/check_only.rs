//! `cargo check` refuses what `cargo build` refuses: an error that only code
//! generation finds would reach people late, behind their editor's back.
//!
//! The cases of `ui-tests/fail` in which a network is written and used where it
//! stands become examples of one crate, which is checked and never built. (What
//! only a caller's numbers make wrong, the folder `generic`, is known when these
//! numbers are: at code generation.)

#![cfg(all(feature = "std", feature = "safetensors"))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDERS: [&str; 4] = ["network", "const-items", "by-hand/check", "by-hand/use"];

/// Found by code generation alone: chains by hand whose sizes are written out, or
/// whose numbers break a rule that no bound says. `check!` finds each of them in a
/// check (`by-hand/check` has them all), and `network!` calls it by itself.
const LATE: &[&str] = &[
    "by-hand-use--bounds-swapped",
    "by-hand-use--convolution-with-ceil",
    "by-hand-use--epsilon-negative",
    "by-hand-use--input-past-memory",
    "by-hand-use--output-differs",
    "by-hand-use--output-past-memory",
    "by-hand-use--probability-past-one",
    "by-hand-use--relation-broken",
    "by-hand-use--zero-features",
    "by-hand-use--zero-input-channels",
    "by-hand-use--zero-output-channels",
];

/// The crate, with an example for each case; the names of these.
fn write(folder: &Path) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let _ = fs::remove_dir_all(folder.join("examples"));
    fs::create_dir_all(folder.join("examples")).unwrap();
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    let manifest = format!(
        "[package]\nname = \"check-only\"\nedition = \"2024\"\n[workspace]\n\
         [dev-dependencies]\ntypenet = {{ path = {:?} }}\n",
        root.to_str().unwrap()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    if root.join("Cargo.lock").is_file() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    let mut names = BTreeSet::new();
    for form in FOLDERS {
        for entry in fs::read_dir(root.join("ui-tests/fail").join(form)).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "rs") {
                let stem = path.file_stem().unwrap().to_str().unwrap();
                let name = format!("{}--{stem}", form.replace('/', "-"));
                fs::copy(&path, folder.join("examples").join(format!("{name}.rs"))).unwrap();
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn a_check_finds_what_a_build_finds() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check-only");
    let names = write(&folder);
    assert!(names.len() > 150, "{}", names.len());
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let check = Command::new(cargo)
        .args(["check", "--examples", "--keep-going", "--offline", "--message-format=json"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .output();
    let Ok(check) = check else {
        println!("SKIPPED: cargo can't be run");
        return;
    };
    let text = String::from_utf8_lossy(&check.stdout);
    let mut refused = BTreeSet::new();
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        if line["message"]["level"] == "error" {
            refused.insert(line["target"]["name"].as_str().unwrap_or_default().to_string());
        }
    }
    let passed: Vec<&String> = names.difference(&refused).collect();
    let unknown: Vec<_> = passed.iter().filter(|name| !LATE.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?} pass the check: {}", {
        String::from_utf8_lossy(&check.stderr).lines().take(5).collect::<Vec<_>>().join("\n")
    });
    assert_eq!(passed.len(), LATE.len(), "no longer late: take it off the list");
    println!("{} cases refused by a check, {} later", refused.len(), LATE.len());
}
