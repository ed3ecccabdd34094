//! Any text between the braces of `network!`: read or refused, never a panic. The
//! macro is compiled into this program, module by module.
#![no_main]
#![allow(dead_code, unused_imports, unreachable_pub)]

#[path = "../../macros/src/check.rs"]
mod check;
#[path = "../../macros/src/describe.rs"]
mod describe;
#[path = "../../macros/src/expand.rs"]
mod expand;
#[path = "../../macros/src/known.rs"]
mod known;
#[path = "../../macros/src/layers.rs"]
mod layers;
#[path = "../../macros/src/misplaced.rs"]
mod misplaced;
#[path = "../../macros/src/model.rs"]
mod model;
#[path = "../../macros/src/network.rs"]
mod network;
#[path = "../../macros/src/numbers.rs"]
mod numbers;
#[path = "../../macros/src/ours.rs"]
mod ours;
#[path = "../../macros/src/parse.rs"]
mod parse;
#[path = "../../macros/src/proof.rs"]
mod proof;
#[path = "../../macros/src/report.rs"]
mod report;
#[path = "../../macros/src/shapes.rs"]
mod shapes;
mod spec;
#[path = "../../macros/src/transpose.rs"]
mod transpose;
#[path = "../../macros/src/types.rs"]
mod types;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| {
    // (The limit is the compiler's own: deeper nesting never reaches a macro.)
    let depth = text.chars().filter(|c| "([{<".contains(*c)).count();
    if depth > 60 || text.len() > 4000 {
        return;
    }
    let Ok(inside) = text.parse::<TokenStream>() else { return };
    let _ = network::network(quote::quote!(::typenet; #inside));
});
