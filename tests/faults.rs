//! The table of faults in `tests/README.md` does not rot: every number is there,
//! every file and test that it names exists, and what it says can't occur can't.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// Faults in the catalogue.
const FAULTS: usize = 75;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between backticks and looks like a path.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    let between = cell.split('`').skip(1).step_by(2);
    between.filter(|word| word.contains('/'))
}

/// What is wrong with `tests/weights.rs::name` or `ui-tests/case.rs`.
fn missing(name: &str) -> Option<String> {
    let (path, test) =
        name.split_once("::").map_or((name, None), |(path, test)| (path, Some(test)));
    let Ok(text) = fs::read_to_string(root().join(path)) else {
        return Some(format!("{path} does not exist"));
    };
    let test = test?;
    let head = format!("fn {test}(");
    let Some(at) = text.find(&head) else { return Some(format!("{path} has no {test}")) };
    let before: Vec<&str> = text[..at].lines().rev().take(4).collect();
    let is_test = before.iter().any(|line| line.trim() == "#[test]");
    (!is_test).then(|| format!("{test} in {path} is no test"))
}

#[test]
fn every_fault_has_its_test_or_its_reason() {
    let readme = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let mut faults = vec![];
    let (mut next, mut tests) = (1, 0);
    for row in readme.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let Ok(number) = cells[0].parse::<usize>() else { continue };
        assert_eq!((number, cells.len()), (next, 3), "{row}");
        next += 1;
        let reason = ["can't occur: ", "not yet: "];
        let reason = reason.iter().any(|start| cells[2].starts_with(start));
        let names: Vec<&str> = named(cells[2]).collect();
        if names.is_empty() && !reason {
            faults.push(format!("{number}: neither a test nor a reason"));
        }
        tests += names.len();
        faults.extend(
            names.iter().filter_map(|name| missing(name)).map(|text| format!("{number}: {text}")),
        );
    }
    assert_eq!(next - 1, FAULTS, "faults in the table");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    println!("{FAULTS} faults, {tests} tests and files");
}

/// The sources of both crates.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = vec![];
    walk(&root().join("src"), &mut found);
    walk(&root().join("macros/src"), &mut found);
    assert!(found.len() > 80, "{}", found.len());
    found
}

/// Reading what another process may change at any time is undefined behaviour: one
/// module does it, and only for callers of an `unsafe fn`.
#[test]
fn one_module_maps_files() {
    for (path, text) in sources() {
        let allowed = path.ends_with("src/weights/map.rs");
        assert!(allowed || !text.contains("Mmap"), "{}", path.display());
        assert!(!allowed || text.contains("pub unsafe fn mapped("), "{}", path.display());
    }
}

/// A float that is cast to an index may be NaN or huge. Clippy refuses every cast of a
/// float to an unsigned number, in `.ci/run`, but where it is told not to: in the filter
/// that resizes photos, whose floats come from whole sizes and a box that was checked.
#[test]
fn no_index_comes_from_a_float() {
    let lints = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(lints.contains("pedantic = { level = \"warn\"") && !lints.contains("cast_sign_loss"));
    let ways = ["cast_sign_loss", "clippy::pedantic", ".to_usize()", "to_int_unchecked"];
    for (path, text) in sources() {
        let way = ways.iter().find(|way| text.contains(**way));
        assert!(
            way.is_none() || path.ends_with("src/image/filter.rs"),
            "{way:?} {}",
            path.display()
        );
    }
}

/// The features in the quotes of a text.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).flat_map(|list| list.split(',')).collect()
}

/// Kernels are compiled for exactly what their set's token has found on the processor: one
/// feature more, and it may lack an instruction of theirs.
#[test]
fn a_set_is_compiled_for_what_it_has_found() {
    let text = fs::read_to_string(root().join("src/isa/x86.rs")).unwrap();
    let mut sets = vec![];
    for token in ["Avx2", "Avx512"] {
        let (_, token_on) = text.split_once(&format!("impl {token} {{")).unwrap();
        let (new, _) = token_on.split_once("\n}\n").unwrap();
        let (_, kernels) = text.split_once(&format!("    {token}, __m")).unwrap();
        let (kernels, _) = kernels.split_once(';').unwrap();
        assert_eq!(quoted(new), quoted(kernels), "{token}");
        sets.push(quoted(kernels));
    }
    let enabled: Vec<&str> = text.lines().filter(|line| line.contains("enable = \"")).collect();
    assert!(enabled.iter().all(|line| sets.contains(&quoted(line))), "{enabled:?}");
    for (path, text) in sources() {
        let allowed = path.parent().is_some_and(|folder| folder.ends_with("src/isa"));
        assert!(allowed || !text.contains("target_feature("), "{}", path.display());
    }
}
