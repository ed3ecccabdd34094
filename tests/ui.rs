//! What the compiler says: the cases of `ui-tests/`, one offence a file, each
//! beside the words that are expected.
//!
//! | folder | what is in it |
//! |---|---|
//! | `pass` | compiles and runs |
//! | `fail/network` | rules of shapes, in `network!` with literals |
//! | `fail/const-items` | the same rules, the guilty number in a const item |
//! | `fail/by-hand/check` | the same rules for tuples, proven by `check!` |
//! | `fail/by-hand/use` | the same rules for tuples, at their first use |
//! | `fail/generic` | the same rules, in blocks with parameters and generic functions |
//! | `fail/syntax` | what `network!` cannot read |
//! | `fail/running` | tensors and weights in the wrong place |
//! | `fail/weights` | a weight file that is not the network's, under `check_weights!` |
//!
//! `ui-tests/README.md` has the table, rule by form, with a reason for each empty
//! cell; a test here keeps it complete.
//!
//! After a change of words: `TRYBUILD=overwrite cargo test --test ui`, then read
//! every difference. What can be said about all of them (plain numbers, one
//! error for one mistake, no long ones) is asserted here, so that overwriting
//! does not let it slip.
//!
//! The words belong to one toolchain and to the default features: on another
//! compiler the cases are skipped, and with other features there are none.

#![cfg(all(feature = "std", feature = "safetensors"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The toolchain whose words these are.
const TOOLCHAIN: &str = "rustc 1.95.";

/// `pass` and `fail` are one set: with a case that passes, trybuild builds
/// instead of checking, and only a build shows what const evaluation finds in
/// generic functions.
#[test]
fn cases() {
    if let Some(reason) = wrong_toolchain() {
        println!("SKIPPED: {reason}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.pass("ui-tests/pass/*.rs");
    cases.compile_fail("ui-tests/fail/network/*.rs");
    cases.compile_fail("ui-tests/fail/const-items/*.rs");
    cases.compile_fail("ui-tests/fail/generic/*.rs");
    cases.compile_fail("ui-tests/fail/by-hand/*/*.rs");
    cases.compile_fail("ui-tests/fail/syntax/*.rs");
    cases.compile_fail("ui-tests/fail/running/*.rs");
    cases.compile_fail("ui-tests/fail/weights/*.rs");
}

/// The columns of the table in `ui-tests/README.md`.
const FORMS: [&str; 5] = ["network", "const-items", "by-hand/check", "by-hand/use", "generic"];

/// Each cell of the table, rule by form, is a case that exists or says why there
/// is none, and each case of these forms is in the table.
#[test]
fn the_table_of_rules_is_complete() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut faults = vec![];
    let mut listed = vec![];
    for row in readme.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let rule = cells[0].trim_matches('`');
        assert_eq!(cells.len(), 1 + FORMS.len(), "{row}");
        for (form, cell) in FORMS.iter().zip(&cells[1..]) {
            let case = format!("{form}/{rule}");
            let exists = root().join(format!("fail/{case}.rs")).is_file();
            let reason = cell.strip_prefix('(').and_then(|cell| cell.strip_suffix(')'));
            match (*cell, reason) {
                ("yes", _) if exists => {}
                (_, Some(number)) if !exists => {
                    let found = readme.lines().any(|line| line.starts_with(&format!("{number}. ")));
                    if !found {
                        faults.push(format!("{case}: there is no reason {number}"));
                    }
                }
                _ => faults.push(format!("{case}: `{cell}`, but the case exists: {exists}")),
            }
            listed.push(case);
        }
    }
    let all = expected();
    let unlisted = all.iter().filter(|case| FORMS.iter().any(|form| case.is_in(form)));
    let unlisted = unlisted.filter(|case| !listed.contains(&case.name));
    faults.extend(unlisted.map(|case| format!("{} is not in the table", case.name)));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(listed.len() > 200, "only {} cells", listed.len());
}

/// Cases with another number of errors than one, and why.
const SEVERAL_ERRORS: &[(&str, usize, &str)] = &[
    ("network/several-mistakes", 3, "three mistakes"),
    ("const-items/several-mistakes", 3, "three mistakes"),
    ("generic/bound-forgotten", 2, "the bound is missing for the type and for what comes out"),
    ("by-hand/use/not-a-layer", 2, "two traits are missing, and rustc names each"),
    ("syntax/goes-on-behind-a-wrong-layer", 2, "two mistakes"),
    ("syntax/goes-on-behind-an-unreadable-layer", 2, "two mistakes"),
    ("syntax/keyword-in-lower-case", 2, "two mistakes"),
    ("syntax/several-mistakes", 4, "four mistakes"),
    ("weights/several-mistakes", 3, "three mistakes"),
];

/// Cases whose first line has no number: because none is wrong, or because it
/// would be too long to help.
const WITHOUT_NUMBER: &[&str] = &[
    "network/not-a-layer",
    "network/padding-past-memory",
    "const-items/padding-past-memory",
    "network/heads-not-last",
    "network/heads-declared-without-heads",
    "network/one-output-declared-for-heads",
    "const-items/one-output-declared-for-heads",
    "network/head-undeclared",
    "const-items/head-undeclared",
    "network/head-unknown",
    "const-items/head-unknown",
    "generic/infer-from-parameters",
    "network/bounds-swapped",
    "const-items/bounds-swapped",
    "by-hand/check/bounds-swapped",
    "by-hand/use/bounds-swapped",
    "generic/bounds-swapped",
    "network/epsilon-negative",
];

/// Cases that show the bits of a number below the first line: the rule is about a
/// type that has no other name yet.
const BITS: &[&str] = &["by-hand/use/size-outside-the-table"];

/// One expected error message.
struct Expected {
    /// The case: `network/channels-differ`.
    name: String,
    text: String,
}

impl Expected {
    fn is_in(&self, folder: &str) -> bool {
        self.name.starts_with(folder)
    }

    fn errors(&self) -> usize {
        self.text.lines().filter(|line| line.starts_with("error")).count()
    }

    /// The first sentence, without the code and what const evaluation puts
    /// before it.
    fn sentence(&self) -> &str {
        let first = self.text.lines().next().unwrap();
        let (_, sentence) = first.split_once(": ").unwrap();
        sentence.strip_prefix("evaluation panicked: ").unwrap_or(sentence)
    }

    /// What this message has that none should have.
    fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let mut fault = |text: String| faults.push(format!("{}: {text}", self.name));
        let first = self.text.lines().next().unwrap();
        if first.chars().count() > 160 {
            fault(format!("the first line has {} characters", first.chars().count()));
        }
        for word in ["UInt<", "UTerm", "typenum", "__private"] {
            if first.contains(word) {
                fault(format!("the first line says `{word}`"));
            }
        }
        let rule = FORMS.iter().any(|form| self.is_in(form));
        let numbered = self.sentence().contains(|c: char| c.is_ascii_digit());
        if rule && !numbered && !WITHOUT_NUMBER.contains(&&*self.name) {
            fault(format!("no number in `{}`", self.sentence()));
        }
        if self.text.contains("UInt<") && !BITS.contains(&&*self.name) {
            fault("`UInt<`: the bits of a number".into());
        }
        if ["network", "const-items", "syntax"].iter().any(|folder| self.is_in(folder)) {
            if self.text.lines().any(|line| line.ends_with("| / network! {")) {
                fault("the caret is under the whole macro".into());
            }
            let lines = self.text.lines().count();
            let most = 25 * self.errors();
            if lines > most {
                fault(format!("{lines} lines"));
            }
        }
        let allowed = SEVERAL_ERRORS.iter().find(|(name, ..)| *name == self.name);
        let allowed = allowed.map_or(1, |(_, errors, _)| *errors);
        if self.errors() != allowed {
            fault(format!("{} errors instead of {allowed}", self.errors()));
        }
        let outside = |line: &str| line.contains("--> /") || line.contains("::: /");
        if self.text.lines().any(outside) || self.text.contains("panicked at") {
            fault("a path of this machine, or a panic of the macro".into());
        }
        faults
    }
}

/// What can be said about every message.
#[test]
fn expected_messages_are_plain() {
    let expected = expected();
    assert!(expected.len() > 150, "only {} messages found", expected.len());
    let faults: Vec<String> = expected.iter().flat_map(Expected::faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (name, ..) in SEVERAL_ERRORS {
        assert!(expected.iter().any(|case| case.name == *name), "no case is called {name}");
    }
    println!("{} messages", expected.len());
}

/// VGG16 at 400×400 names the layer, what it gets and what it wants.
#[test]
fn vgg16_at_400_names_the_layer() {
    let all = expected();
    let case = all.iter().find(|case| case.name == "network/vgg16-at-400").unwrap();
    for part in ["`fc6`", "512×12×12 = 73728", "25088"] {
        assert!(case.sentence().contains(part), "{part} is not in {}", case.sentence());
    }
}

/// Every `.stderr` of `fail/`; each case has one and begins with what it is.
fn expected() -> Vec<Expected> {
    let mut files = vec![];
    walk(&root().join("fail"), &mut files);
    files.sort();
    let mut expected = vec![];
    for path in files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs")) {
        assert!(fs::read_to_string(path).unwrap().starts_with("//! "), "{}", path.display());
        let text = fs::read_to_string(path.with_extension("stderr"))
            .unwrap_or_else(|_| panic!("{} has no .stderr", path.display()));
        let name = path.with_extension("");
        let name = name.strip_prefix(root().join("fail")).unwrap().to_str().unwrap();
        expected.push(Expected { name: name.replace('\\', "/"), text });
    }
    assert_eq!(2 * expected.len(), files.len(), "a .stderr without its case");
    expected
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui-tests")
}

fn wrong_toolchain() -> Option<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&output.stdout).trim().to_string();
    let right = version.starts_with(TOOLCHAIN);
    (!right).then(|| format!("the messages are those of {TOOLCHAIN}x, this is {version}"))
}
