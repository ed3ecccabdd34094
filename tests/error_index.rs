//! The index of errors in the docs says what the compiler says.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// The snapshots of the case called `name`, whatever folder it is in.
fn snapshots(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            snapshots(&path, name, found);
        } else if path.file_name().is_some_and(|file| *file == *format!("{name}.stderr")) {
            found.push(path);
        }
    }
}

#[test]
fn every_section_quotes_its_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let index = fs::read_to_string(root.join("src/errors.rs")).unwrap();
    let lines: Vec<&str> =
        index.lines().map(|line| line.trim_start_matches("//!").trim_start()).collect();
    let mut sections = 0;
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = line.strip_prefix("## ") else {
            continue;
        };
        sections += 1;
        assert_eq!(lines[at + 2], "```text", "`{name}` quotes no message");
        let quoted = lines[at + 3];
        let mut found = vec![];
        snapshots(&root.join("ui-tests/fail"), name, &mut found);
        assert!(!found.is_empty(), "there is no case `{name}`");
        let says = |path: &PathBuf| fs::read_to_string(path).unwrap().contains(quoted);
        assert!(found.iter().any(says), "the case `{name}` does not say: {quoted}");
    }
    assert!(sections >= 20, "the index has only {sections} sections");
}
