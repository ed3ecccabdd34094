//! The macros of typenet: a small compiler in named passes.
//!
//! `parse` reads tokens into the `model` (`layers` knows the parameters of each
//! layer, `numbers` what a number can be, `misplaced` what makes no sense where it
//! stands); `check` walks it, with `describe` turning layers into the description
//! that the whole crate shares, and `report`s every broken rule; `expand` writes
//! the items, with `types` and `shapes` as tokens, and `proof` what the compiler
//! has to prove. The rules themselves are not here: `spec` is the library's own
//! module, compiled into both crates; so is `format`, the header of safetensors
//! files, which `weights` reads for `check_weights!`.

#![forbid(unsafe_code)]

extern crate alloc;

mod check;
mod describe;
mod expand;
#[allow(dead_code, unused_imports, unreachable_pub, reason = "shared with the library")]
mod format;
mod known;
mod layers;
mod misplaced;
mod model;
mod network;
mod numbers;
mod ours;
mod parse;
mod proof;
mod report;
mod shapes;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the library, which uses all of it"
)]
mod spec;
mod table;
#[cfg(test)]
mod tests;
mod transpose;
mod types;
mod weights;

use proc_macro::TokenStream;
use syn::Token;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use crate::model::Shape;
use crate::network::krate;

/// What stands behind `typenet::network!`, which hands over its `$crate`.
#[doc(hidden)]
#[proc_macro]
pub fn __network(input: TokenStream) -> TokenStream {
    network::network(input.into()).into()
}

/// What stands behind `typenet::check!`, which hands over its `$crate`.
#[doc(hidden)]
#[proc_macro]
pub fn __check(input: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let krate = krate(input)?;
        let ty: syn::Type = input.parse()?;
        // At the type: at the end of the tokens there is nothing to point at.
        let form = "expected input and output, as in `check!(Net: [1, 28, 28] -> [10])`";
        let form = |_| syn::Error::new(ty.span(), form);
        input.parse::<Token![:]>().map_err(form)?;
        let from: Shape = input.parse()?;
        input.parse::<Token![->]>().map_err(form)?;
        let to: Shape = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(proof::check(&krate, &ty, &from, &to))
    };
    match parse.parse(input) {
        Ok(tokens) => tokens.into(),
        Err(error) => error.to_compile_error().into(),
    }
}

/// What stands behind `typenet::check_weights!`, which hands over its `$crate`.
#[doc(hidden)]
#[proc_macro]
pub fn __check_weights(input: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let krate = krate(input)?;
        input.parse::<weights::Check>()?.expand(&krate)
    };
    match parse.parse(input) {
        Ok(tokens) => tokens.into(),
        Err(error) => error.to_compile_error().into(),
    }
}

/// Writes the table of `typenet::size`.
#[doc(hidden)]
#[proc_macro]
pub fn __size_table(_: TokenStream) -> TokenStream {
    table::expand().into()
}
