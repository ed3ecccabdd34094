//! `network!` as a whole, on tokens that exist outside of the compiler too: tests
//! and fuzzing call it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::expand::Context;
use crate::misplaced::too_deep;
use crate::report::Errors;
use crate::types::Types;
use crate::{check, parse};

/// What `typenet::network!` becomes, errors included.
pub(crate) fn network(input: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let parse = |input: ParseStream<'_>| Ok((krate(input)?, parse::network(input, &errors)?));
    // (The parser goes as deep as the braces before it hands over anything.)
    let parsed = too_deep(&input).and_then(|()| parse.parse2(input));
    let Some((krate, network)) = errors.keep(parsed) else {
        return errors.into_tokens();
    };
    let table = check::check(&network, &errors);
    let types = Types { krate: &krate, network: &network, errors: &errors };
    let expanded = Context::new(types, &table).expand();
    let errors = errors.into_tokens();
    quote!(#expanded #errors)
}

/// The path of our crate as the calling crate names it: everything up to `;`.
pub(crate) fn krate(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut path = TokenStream::new();
    while !input.peek(Token![;]) {
        path.extend([input.parse::<proc_macro2::TokenTree>()?]);
    }
    input.parse::<Token![;]>()?;
    Ok(path)
}
