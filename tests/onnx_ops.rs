//! ONNX's own test cases, one operator each, through every engine.
//!
//! Each case becomes a description that is put together at run time
//! ([`typenet::spec::Spec`] in local variables), is laid out as a graph and run,
//! by the naive engine and by the blocked one on each instruction set of this
//! processor: the way of a network that is read from a file. The cases lie in the folder
//! that `TYPENET_ONNX_OPS` names, or beside the repository in `shared/data`.
//!
//! Prints a line for each case that is left out, with the reason, and ends with
//! `N ran, P passed, E not expressible, F failed`.

#![allow(clippy::print_stdout, clippy::float_cmp, missing_docs, unreachable_pub)]

#[path = "onnx_ops/file.rs"]
mod file;
#[path = "onnx_ops/joins.rs"]
mod joins;
#[path = "onnx_ops/larger.rs"]
mod larger;
#[path = "onnx_ops/plan.rs"]
mod plan;
#[path = "onnx_ops/pointwise.rs"]
mod pointwise;
#[path = "onnx_ops/products.rs"]
mod products;
#[path = "onnx_ops/windows.rs"]
mod windows;

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use file::{Case, Store};
use plan::{Engine, Stop, plan};
use serde_json::Value;

/// No test harness: the last line is the result.
fn main() -> ExitCode {
    // What `cargo nextest` asks a test program first.
    if env::args().any(|argument| argument == "--list") {
        if !env::args().any(|argument| argument == "--ignored") {
            println!("onnx_ops: test");
        }
        return ExitCode::SUCCESS;
    }
    let folder = folder();
    if !folder.is_dir() {
        println!("SKIPPED: {} is not there (TYPENET_ONNX_OPS names another)", folder.display());
        return ExitCode::SUCCESS;
    }
    match run_all(&folder) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("FAILED: {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    env::var_os("TYPENET_ONNX_OPS").map_or_else(beside, PathBuf::from)
}

/// Whether cases ran and none of them failed.
fn run_all(folder: &Path) -> Result<bool, String> {
    let store = Store::read(&folder.join("onnx_ops.safetensors"))?;
    let text = fs::read(folder.join("onnx_ops.json")).map_err(|error| error.to_string())?;
    let cases: Vec<Value> = serde_json::from_slice(&text).map_err(|error| error.to_string())?;

    let engines: Vec<String> = Engine::all().iter().map(ToString::to_string).collect();
    println!("engines: {}", engines.join(", "));
    let (mut passed, mut left_out, mut failed) = (0, 0, 0);
    for entry in &cases {
        let case = Case::new(&store, entry);
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&case)));
        match outcome.unwrap_or(Err(Stop::Failed("a panic".into()))) {
            Ok(()) => passed += 1,
            Err(Stop::LeftOut(reason)) => {
                println!("left out {}: {reason}", case.name());
                left_out += 1;
            }
            Err(Stop::Failed(text)) => {
                println!("FAILED {} ({}): {text}", case.name(), case.op());
                failed += 1;
            }
        }
    }
    let ran = passed + failed;
    println!("{ran} ran, {passed} passed, {left_out} not expressible, {failed} failed");
    Ok(ran > 0 && failed == 0)
}

fn run(case: &Case<'_>) -> Result<(), Stop> {
    let plan = plan(case)?;
    if case.outputs() > 1 {
        println!("note on {}: only the first of its outputs is compared", case.name());
    }
    let wanted = case.output()?;
    for engine in Engine::all() {
        plan.check(engine, &wanted).map_err(|stop| stop.on(engine))?;
    }
    Ok(())
}
