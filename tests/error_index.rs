//! The index of errors in the docs says what the compiler says, about every case.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// All snapshots below a folder.
fn snapshots(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            snapshots(&path, found);
        } else if path.extension().is_some_and(|end| end == "stderr") {
            found.push(path);
        }
    }
}

/// The cases in backticks that stand below a section as `Likewise: …`.
fn likewise(lines: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in lines {
        inside = !line.is_empty() && (inside || line.starts_with("Likewise: "));
        if inside {
            found.extend(line.split('`').skip(1).step_by(2).map(String::from));
        }
    }
    found
}

#[test]
fn every_section_quotes_its_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut index = fs::read_to_string(root.join("src/errors.rs")).unwrap();
    let spelling = fs::read_to_string(root.join("src/errors/spelling.rs")).unwrap();
    index.push_str(&spelling.replace("//! # ", "//! ## "));
    let lines: Vec<&str> =
        index.lines().map(|line| line.trim_start_matches("//!").trim_start()).collect();
    let mut all = vec![];
    snapshots(&root.join("ui-tests/fail"), &mut all);
    let named = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_string();
    let mut sections = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = line.strip_prefix("## ") else {
            continue;
        };
        assert!(sections.insert(name.to_string()), "`{name}` has two sections");
        assert_eq!(lines[at + 2], "```text", "`{name}` quotes no message");
        let quoted = lines[at + 3];
        let found: Vec<_> = all.iter().filter(|path| named(path) == name).collect();
        assert!(!found.is_empty(), "there is no case `{name}`");
        let says = |path: &&PathBuf| fs::read_to_string(path).unwrap().contains(quoted);
        assert!(found.iter().any(says), "the case `{name}` does not say: {quoted}");
    }
    let likewise = likewise(&lines);
    let cases: BTreeSet<String> = all.iter().map(named).collect();
    let twice: Vec<_> = sections.intersection(&likewise).collect();
    assert!(twice.is_empty(), "both a section and below one: {twice:?}");
    let listed: BTreeSet<String> = sections.union(&likewise).cloned().collect();
    let left_out: Vec<_> = cases.difference(&listed).collect();
    assert!(left_out.is_empty(), "cases that the index leaves out: {left_out:?}");
    let unknown: Vec<_> = listed.difference(&cases).collect();
    assert!(unknown.is_empty(), "there are no cases {unknown:?}");
}
