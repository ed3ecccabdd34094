//! `tests/outside` is a crate as a user writes it: outside the workspace, with
//! layers of its own. Its tests are part of these.
//!
//! It has a target directory below this one, and for a lock file a copy of ours:
//! then it needs no crate that we have not, and nothing from the network.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn a_crate_outside_the_workspace() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = root.join("tests/outside/Cargo.toml");
    fs::copy(root.join("Cargo.lock"), manifest.with_extension("lock")).unwrap();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--offline", "--color=never", "--manifest-path"])
        .arg(&manifest)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"))
        .args(["--", "--show-output"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    // A run without tests would pass, too.
    let passed = text.lines().filter(|line| line.starts_with("test ") && line.ends_with("... ok"));
    let passed = passed.count();
    assert!(passed >= 8, "{passed} tests passed\n{text}");
    assert!(text.contains("scale Scale"), "no summary was printed\n{text}");
    println!("{passed} tests passed outside the workspace");
}
