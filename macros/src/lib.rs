//! The macros of typenet: a small compiler in named passes.
//!
//! `parse` reads tokens into the `model` (`layers` knows the parameters of each
//! layer); `check` walks it, with `describe` turning layers into the description
//! that the whole crate shares, and `report`s every broken rule; `expand` writes
//! the items, with `types` and `shapes` as tokens, and `proof` what the compiler
//! has to prove. The rules themselves are not here: `spec` is the library's own
//! module, compiled into both crates.

#![forbid(unsafe_code)]

mod check;
mod describe;
mod expand;
mod known;
mod layers;
mod model;
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
mod transpose;
mod types;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::expand::Context;
use crate::model::Shape;
use crate::report::Errors;
use crate::types::Types;

/// What stands behind `typenet::network!`, which hands over its `$crate`.
#[doc(hidden)]
#[proc_macro]
pub fn __network(input: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let parse = |input: ParseStream<'_>| Ok((krate(input)?, parse::network(input, &errors)?));
    let Some((krate, network)) = errors.keep(parse.parse(input)) else {
        return errors.into_tokens().into();
    };
    let table = check::check(&network, &errors);
    let types = Types { krate: &krate, network: &network, errors: &errors };
    let expanded = Context::new(types, &table).expand();
    let errors = errors.into_tokens();
    quote!(#expanded #errors).into()
}

/// What stands behind `typenet::check!`, which hands over its `$crate`.
#[doc(hidden)]
#[proc_macro]
pub fn __check(input: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let krate = krate(input)?;
        let ty: syn::Type = input.parse()?;
        input.parse::<Token![:]>()?;
        let from: Shape = input.parse()?;
        input.parse::<Token![->]>()?;
        let to: Shape = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(proof::check(&krate, &ty, &from, &to))
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

/// The path of our crate as the calling crate names it: everything up to `;`.
fn krate(input: ParseStream<'_>) -> syn::Result<Tokens> {
    let mut path = Tokens::new();
    while !input.peek(Token![;]) {
        path.extend([input.parse::<proc_macro2::TokenTree>()?]);
    }
    input.parse::<Token![;]>()?;
    Ok(path)
}
