//! Shapes as tokens: types for the compiler, values for the description.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

use crate::model::{Num, Shape, Size};
use crate::spec::{Dims, Extent};

/// The path of our crate, located at the user's token, so that what is wrong
/// about the whole expression shows under that token alone.
pub(crate) fn located(krate: &TokenStream, at: Span) -> TokenStream {
    let tokens = krate.clone().into_iter().map(|mut token| {
        token.set_span(at.resolved_at(token.span()));
        token
    });
    tokens.collect()
}

/// A written shape as a type.
pub(crate) fn written_type(krate: &TokenStream, shape: &Shape) -> TokenStream {
    match &shape.sizes[..] {
        [Size::Num(n)] => quote!(#krate::__private::Vector<#n>),
        [Size::Num(c), Size::Num(h), Size::Num(w)] => {
            quote!(#krate::__private::Chw<#c, #h, #w>)
        }
        [Size::Num(c), _, _] => quote!(#krate::__private::DynChw<#c>),
        _ => quote!(#krate::__private::DynVector),
    }
}

/// A written shape as a value.
pub(crate) fn written_dims(krate: &TokenStream, shape: &Shape) -> TokenStream {
    let extent = |size: &Size| match size {
        Size::Num(n) => quote!(#krate::__private::Extent::Fixed(#n)),
        Size::Dyn => quote!(#krate::__private::Extent::Dyn),
    };
    match &shape.sizes[..] {
        [Size::Num(c), h, w] => {
            let (h, w) = (extent(h), extent(w));
            quote!(#krate::__private::Dims::Image { c: #c, h: #h, w: #w })
        }
        [n, ..] => {
            let n = extent(n);
            quote!(#krate::__private::Dims::Vector(#n))
        }
        [] => quote!(#krate::__private::Dims::Unknown),
    }
}

/// A shape that the macro knows, as a type.
pub(crate) fn known_type(krate: &TokenStream, dims: Dims) -> TokenStream {
    match dims {
        Dims::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => {
            quote!(#krate::__private::Chw<#c, #h, #w>)
        }
        Dims::Image { c, .. } => quote!(#krate::__private::DynChw<#c>),
        Dims::Vector(Extent::Fixed(n)) => quote!(#krate::__private::Vector<#n>),
        _ => quote!(#krate::__private::DynVector),
    }
}

/// A shape that the macro knows, as a value.
pub(crate) fn known_dims(krate: &TokenStream, dims: Dims) -> TokenStream {
    let extent = |size: Extent| match size {
        Extent::Fixed(n) => quote!(#krate::__private::Extent::Fixed(#n)),
        _ => quote!(#krate::__private::Extent::Dyn),
    };
    match dims {
        Dims::Image { c, h, w } => {
            let (h, w) = (extent(h), extent(w));
            quote!(#krate::__private::Dims::Image { c: #c, h: #h, w: #w })
        }
        Dims::Vector(n) => {
            let n = extent(n);
            quote!(#krate::__private::Dims::Vector(#n))
        }
        Dims::Unknown => quote!(#krate::__private::Dims::Unknown),
    }
}

/// The type of a shape whose value `dims` only const evaluation knows.
pub(crate) fn computed_type(krate: &TokenStream, dims: &TokenStream) -> TokenStream {
    let numbers = (0..4_usize).map(|i| quote!({ #krate::__private::face(#dims)[#i] }));
    quote!(<#krate::__private::At<#(#numbers),*> as #krate::__private::ToShape>::Shape)
}

impl ToTokens for Num {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}
