//! What the compiler says: the cases of `ui-tests/`, one offence a file, each
//! beside the words that are expected.
//!
//! | folder | what is in it |
//! |---|---|
//! | `pass` | compiles and runs |
//! | `fail/network` | rules of shapes, in `network!` |
//! | `fail/by-hand/check` | the same rules for tuples, proven by `check!` |
//! | `fail/by-hand/use` | the same rules for tuples, at their first use |
//! | `fail/syntax` | what `network!` cannot read |
//! | `fail/running` | tensors and weights in the wrong place |
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
    cases.compile_fail("ui-tests/fail/by-hand/*/*.rs");
    cases.compile_fail("ui-tests/fail/syntax/*.rs");
    cases.compile_fail("ui-tests/fail/running/*.rs");
}

/// Each rule is broken in `network!`, in a tuple that is checked, and in a tuple
/// that is used.
#[test]
fn every_rule_has_its_cases() {
    const RULES: [&str; 21] = [
        "channels-differ",
        "kernel-too-large",
        "zero-kernel",
        "zero-kernel-of-pool",
        "zero-stride",
        "zero-dilation",
        "zero-groups",
        "zero-input-channels",
        "zero-output-channels",
        "zero-features",
        "groups-do-not-divide-inputs",
        "groups-do-not-divide-outputs",
        "flatten-size-differs",
        "linear-on-image",
        "output-differs",
        "linear-behind-dyn",
        "pool-padding",
        "input-past-memory",
        "output-past-memory",
        "vector-into-convolution",
        "nested-shape-differs",
    ];
    for folder in ["network", "by-hand/check", "by-hand/use"] {
        for rule in RULES {
            let path = root().join(format!("fail/{folder}/{rule}.rs"));
            assert!(path.is_file(), "no case breaks the rule `{rule}` in {folder}");
        }
    }
}

/// Cases with another number of errors than one, and why.
const SEVERAL_ERRORS: &[(&str, usize, &str)] = &[
    ("network/several-mistakes", 3, "three mistakes"),
    ("network/input-past-memory", 2, "what the pool makes of the input is too long as well"),
    ("by-hand/use/not-a-layer", 2, "two traits are missing, and rustc names each"),
    ("syntax/goes-on-behind-a-wrong-layer", 2, "two mistakes"),
    ("syntax/goes-on-behind-an-unreadable-layer", 2, "two mistakes"),
    ("syntax/half-typed-keyword", 2, "rustc misses the const in the struct and in the description"),
    ("syntax/several-mistakes", 4, "four mistakes"),
    ("syntax/tokens-after-the-network", 2, "syn adds a word of its own"),
];

/// Cases whose first line has no number: because none is wrong, or because it
/// would be too long to help.
const WITHOUT_NUMBER: &[&str] = &["network/not-a-layer", "network/padding-past-memory"];

/// Cases whose caret is under the whole macro, because there is no token to show.
const WITHOUT_TOKEN: &[&str] = &["syntax/half-typed-layer"];

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
        let rule = self.is_in("network") || self.is_in("by-hand");
        let numbered = self.sentence().contains(|c: char| c.is_ascii_digit());
        if rule && !numbered && !WITHOUT_NUMBER.contains(&&*self.name) {
            fault(format!("no number in `{}`", self.sentence()));
        }
        if self.is_in("network") || self.is_in("syntax") {
            if self.text.contains("UInt<") {
                fault("`UInt<` in a message of `network!`".into());
            }
            let whole = self.text.lines().any(|line| line.ends_with("| / network! {"));
            if whole && !WITHOUT_TOKEN.contains(&&*self.name) {
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
