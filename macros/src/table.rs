//! The table behind `typenet::size`: rows that tie a const-generic number to a
//! typenum integer, both ways.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

/// The rows: what windows and flattening meet in practice. The solver's cost is
/// quadratic in their number (2,048 rows cost 0.8 s of `cargo check`, 4,096 1.8).
fn sizes() -> BTreeSet<usize> {
    let mut sizes: BTreeSet<usize> = (0..=1024).collect();
    sizes.extend((1024..=4096).step_by(8));
    // channels × side² at the end of common networks: 512·7·7, 256·6·6, …
    for channels in (4..=11).map(|bits| 1 << bits) {
        sizes.extend((2..=8).map(|side| channels * side * side));
    }
    sizes.extend((12..=31).map(|bits| 1_usize << bits));
    sizes
}

/// The number as a typenum integer: its bits, the highest innermost.
fn unsigned(n: usize) -> TokenStream {
    if n == 0 {
        return quote!(::typenum::UTerm);
    }
    let high = unsigned(n / 2);
    let bit = if n % 2 == 1 { quote!(::typenum::B1) } else { quote!(::typenum::B0) };
    quote!(::typenum::UInt<#high, #bit>)
}

/// Writes the rows.
pub(crate) fn expand() -> TokenStream {
    let rows = sizes().into_iter().map(|n| {
        let unsigned = unsigned(n);
        quote! {
            impl Known for Size<#n> {
                type U = #unsigned;
            }
            impl Face for #unsigned {
                type Size = Size<#n>;
            }
        }
    });
    quote!(#(#rows)*)
}
