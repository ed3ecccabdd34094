//! `TYPENET_ISA` and `TYPENET_THREADS`: each case is a process of its own, because a
//! process has one environment.
#![cfg(feature = "threads")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::env::current_exe;
use std::process::Command;

use typenet::blocked::Options;
use typenet::isa::Isa;
use typenet::prelude::*;

network! {
    /// Large enough for threads.
    struct Large: [64, 40, 40] -> [64, 40, 40] {
        conv: Conv2d<64, 64, K = 3, P = 1>,
    }
}

network! {
    /// Too small for threads.
    struct Small: [1, 8, 8] -> [1, 8, 8] {
        conv: Conv2d<1, 1, K = 3, P = 1>,
    }
}

/// Not a test by itself: what a process with other variables runs.
#[test]
#[ignore = "run by the tests of the environment"]
fn tells_its_plans() {
    let options = Options::default();
    let large = Large::random(1).prepare_with(&options);
    let small = Small::random(1).prepare_with(&options);
    match (large, small) {
        (Ok(large), Ok(small)) => {
            let (large, small) = (large.plan(), small.plan());
            println!("plan: {} {} {}", large.isa(), large.threads(), small.threads());
        }
        (large, small) => println!("plan: {} / {}", large.unwrap_err(), small.unwrap_err()),
    }
}

/// What the plans are where these variables are set.
fn plans(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(current_exe().unwrap());
    command.env_remove("TYPENET_ISA").env_remove("TYPENET_THREADS");
    command.envs(variables.iter().copied());
    let output = command.args(["--exact", "tells_its_plans", "--ignored", "--nocapture"]).output();
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    let (_, plan) = output.split_once("plan: ").unwrap_or_else(|| panic!("no plan:\n{output}"));
    plan.lines().next().unwrap().into()
}

#[test]
fn a_run_takes_one_thread_unless_told() {
    assert_eq!(plans(&[]), format!("{} 1 1", Isa::best()));
    assert_eq!(plans(&[("TYPENET_THREADS", "2")]), format!("{} 2 1", Isa::best()));
}

#[test]
fn the_instruction_set_is_chosen_downwards_only() {
    for isa in Isa::ALL {
        let told = plans(&[("TYPENET_ISA", isa.name())]);
        if isa.is_available() {
            assert_eq!(told, format!("{isa} 1 1"));
        } else {
            assert!(told.contains(&format!("the instruction set {isa} can't be used")), "{told}");
        }
    }
}

#[test]
fn nonsense_is_an_error() {
    for threads in ["", "0", "-1", "two", "1025", "18446744073709551616"] {
        let told = plans(&[("TYPENET_THREADS", threads)]);
        assert!(told.starts_with("TYPENET_THREADS is no number from 1 to 1024"), "{told}");
    }
    for isa in ["", "avx", "AVX2", "avx2,fma"] {
        let told = plans(&[("TYPENET_ISA", isa)]);
        assert!(told.starts_with("TYPENET_ISA is none of scalar, sse"), "{told}");
    }
}
