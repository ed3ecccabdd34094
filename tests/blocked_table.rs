//! The blocked engine through the table of cases that the naive one goes
//! through, against the same oracle, on every instruction set of this processor.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, clippy::print_stdout)]

mod support;

use support::{Case, cases, check, check_special};
use typenet::blocked::{Options, Plan};
use typenet::element::Element;
use typenet::isa::Isa;

/// Winograd's sums are no sums of products: its own bounds stand in `blocked`.
// Other engines lack cases; this one has them all.
#[allow(clippy::unnecessary_wraps)]
fn run<T: Element>(isa: Isa, case: &Case, input: &[T], params: &[&[T]]) -> Option<Vec<T>> {
    let options = Options { isa: Some(isa), winograd: false, ..Options::default() };
    Some(Plan::new(&case.graph(), params, &options).unwrap().run(input))
}

#[test]
fn f32_passes_the_table() {
    for isa in Isa::available() {
        let tally = check::<f32>(&format!("blocked on {isa}"), |case, input, params| {
            run(isa, case, input, params)
        });
        assert_eq!((tally.skipped, tally.ran), (0, 2 * cases::table().len()));
    }
}

#[test]
fn f64_passes_the_table() {
    check::<f64>("blocked f64", |case, input, params| run(Isa::Scalar, case, input, params));
}

#[test]
fn special_values_are_the_oracles() {
    for isa in Isa::available() {
        check_special::<f32>(&format!("blocked on {isa}"), |case, input, params| {
            run(isa, case, input, params)
        });
    }
}
