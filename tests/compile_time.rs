//! A deep network costs the compiler little, and no `recursion_limit`: with
//! literals 200 convolutions cost at most 25 times what 10 cost, with const items
//! 400 at most 10 times what 100 cost, an empty crate subtracted. A quadratic
//! slip would be 400 and 16. The sources of the whole zoo cost at most 20 times those
//! of its VGG-16 (the aim is 15; a tick is a sixth of that VGG-16).
//!
//! `benches/compile-time.py` has the whole table and the peer; this is the short
//! form of it, which needs no Python. Times are those of the processor (user and
//! system), the least of some runs without an incremental cache.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A chain of `n` convolutions, each with channels of its own, so that no answer
/// of the trait solver serves twice.
fn chain(n: usize, kernel: &str) -> String {
    let mut text = String::from("#![allow(dead_code)]\nuse typenet::prelude::*;\n");
    text += "const K3: usize = 3;\nnetwork! { pub struct Net: [1, 64, 64] {\n";
    for i in 1..=n {
        writeln!(text, "c{i}: Conv2d<{i}, {}, K = {kernel}, P = 1>,", i + 1).unwrap();
    }
    text + "} }\n"
}

/// The zoo's sources as a crate of their own, or of them the one VGG-16 alone, with what
/// the zoo asks of each: proven, counted and listed.
fn zoo(whole: bool) -> String {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/zoo");
    let list = fs::read_to_string(sources.with_extension("rs")).unwrap();
    let mut text = String::from(
        "#![allow(dead_code, unused_imports)]
        pub use typenet::{Network, prelude, spec::Spec};
        pub use typenet::preprocessing::{Crop, Preprocessing};
        pub use classes::Classes;
        pub trait Published: Network { const ENTRY: Entry; }
        pub struct Entry(pub &'static Spec<'static>, pub u64, pub u64);
        impl Entry {
            const fn of<N: Network>(_: &str, _: &str, _: Preprocessing, _: Classes) -> Self {
                let () = N::PROOF;
                Self(N::SPEC, N::PARAMS, N::MACS)
            }
        }\n",
    );
    let modules = list.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    for name in modules.filter(|&name| name != "entry" && (whole || name == "classes")) {
        let path = sources.join(name).with_extension("rs");
        let path = path.display();
        writeln!(text, "#[path = \"{path}\"] mod {name}; pub use {name}::*;").unwrap();
    }
    if !whole {
        // The convolutions, the end, and what is called so.
        let vgg = fs::read_to_string(sources.join("vgg.rs")).unwrap();
        let parts = ["ConvRelu<", "VggClassifier {", "Vgg16"];
        let parts = parts.map(|name| format!("pub struct {name}"));
        let mut networks = vgg.split("\nnetwork! {");
        let head = networks.next().unwrap().lines().filter(|line| !line.starts_with("//!"));
        write!(text, "mod vgg {{ {}", head.collect::<Vec<_>>().join("\n")).unwrap();
        for network in networks.filter(|text| parts.iter().any(|part| text.contains(&**part))) {
            write!(text, "\nnetwork! {{{network}").unwrap();
        }
        text += "}\npub use vgg::*;\n";
    }
    text += "pub const ENTRIES: &[Entry] = &[";
    for line in list.lines().filter(|line| line.ends_with("::ENTRY,")) {
        if whole || line.trim() == "Vgg16::ENTRY," {
            text += line;
        }
    }
    text + "];\n"
}

/// A crate that uses typenet, in the folder for temporary files of tests.
fn write(name: &str, text: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-time").join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\ntypenet = {{ path = {:?} }}\n",
        root.to_str().unwrap()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    if root.join("Cargo.lock").is_file() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    fs::write(folder.join("src/lib.rs"), text).unwrap();
    folder
}

/// Checks the crate anew, if cargo can be run; else why not.
fn check(folder: &Path) -> Result<(), String> {
    let source = folder.join("src/lib.rs");
    fs::write(&source, fs::read(&source).unwrap()).unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.parent().unwrap().join("target"))
        .output()
        .map_err(|error| format!("cargo can't be run: {error}"))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Ticks (hundredths of a second) that finished children took, theirs included:
/// Linux says so.
fn ticks() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name in parentheses: fields 16 and 17 are cutime and cstime.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    Some(fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?)
}

/// Measures the crates in turn; the least of the rounds counts.
fn measure(crates: &[PathBuf], rounds: usize) -> Result<Vec<u64>, String> {
    let mut least = vec![u64::MAX; crates.len()];
    for folder in crates {
        check(folder)?;
    }
    for _ in 0..rounds {
        for (folder, least) in crates.iter().zip(&mut least) {
            let before = ticks().ok_or("no /proc to read times from")?;
            check(folder)?;
            *least = (*least).min(ticks().ok_or("no /proc")? - before);
        }
    }
    Ok(least)
}

#[test]
fn cost_grows_with_the_layers() {
    let crates = [
        ("empty", "#[allow(unused_imports)]\nuse typenet::prelude::*;\n".to_string()),
        ("literals-10", chain(10, "3")),
        ("literals-200", chain(200, "3")),
        ("consts-100", chain(100, "K3")),
        ("consts-400", chain(400, "K3")),
        ("zoo-vgg16", zoo(false)),
        ("zoo", zoo(true)),
    ];
    let folders: Vec<PathBuf> = crates.iter().map(|(name, text)| write(name, text)).collect();
    let mut found = vec![];
    // A busy machine can only make figures larger: the best of three tries counts.
    for _ in 0..3 {
        let times = match measure(&folders, 3) {
            Ok(times) => times,
            Err(reason) => {
                println!("SKIPPED: {reason}");
                return;
            }
        };
        let net: Vec<u64> = times.iter().map(|time| time.saturating_sub(times[0])).collect();
        for ((name, _), (time, net)) in crates.iter().zip(times.iter().zip(&net)) {
            println!("{name:14} {:5} ms, less empty {:5} ms", 10 * time, 10 * net);
        }
        // A tick is 10 ms: what takes less than two of them counts as two.
        let ratio = |large: usize, small: usize| net[large] as f64 / net[small].max(2) as f64;
        let (literals, consts, zoo) = (ratio(2, 1), ratio(4, 3), ratio(6, 5));
        println!("literals 200 : 10 = {literals:.1}, const items 400 : 100 = {consts:.1}");
        println!("the zoo : its VGG-16 = {zoo:.1}");
        if literals <= 25.0 && consts <= 10.0 && zoo <= 20.0 {
            return;
        }
        found.push((literals, consts, zoo));
    }
    assert!(found.is_empty(), "too much, three times: {found:?}");
}
