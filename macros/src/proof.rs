//! What remains to be proven when a network has been expanded.
//!
//! Where the macro saw every number, it has walked the network itself; else
//! const evaluation walks the same description, and its verdict on each layer
//! is asked for at the tokens that would be wrong. Then each step is proven at
//! the trait level,
//!
//! ```text
//! step::<Proof<true, Conv2d<6, 16, 5>>, Chw<6, 14, 14>, Chw<16, 10, 10>>();
//! ```
//!
//! unless the network has been reported already. A block without an input of
//! its own becomes a function of the shape that arrives, one where-clause a
//! layer; the network that uses it walks into it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics};

use crate::check::known;
use crate::expand::{Context, arguments};
use crate::model::{Field, Kind, Layer, Network, Num, Output, Shape};
use crate::shapes::{computed_type, known_type, located, written_dims, written_type};
use crate::spec::{ANY_COPY, Part};
use crate::types::Types;

/// The checks that only the compiler can do, and the proof of each step; `network` makes
/// the impl that says that it is one, given what of it the proof knows.
pub(crate) fn expand_proof(
    context: &Context<'_>,
    network: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let Types { network: Network { generics, .. }, errors, .. } = context.types;
    if !errors.is_empty() || !generics.params.is_empty() {
        return network(TokenStream::new());
    }
    if context.table.complete {
        let (network, proof) = (network(TokenStream::new()), literal_proof(context));
        quote!(#network #proof)
    } else {
        const_proof(context, network)
    }
}

/// Whether a layer has a type of its own.
fn has_type(layer: &Layer) -> bool {
    !matches!(
        layer.kind,
        Kind::Residual { .. } | Kind::Scale { .. } | Kind::Arms { .. } | Kind::Repeat { .. }
    )
}

/// Every size is a literal, and the macro has checked them.
fn literal_proof(context: &Context<'_>) -> TokenStream {
    let krate = context.types.krate;
    let fields = context.types.network.fields.iter().enumerate();
    let steps = fields.filter(|(_, field)| has_type(&field.layer)).map(|(i, _)| {
        let ty = context.ty(i);
        let from = known_type(krate, context.table.ways[i]);
        let to = known_type(krate, context.table.ways[i + 1]);
        step(krate, &context.types.network.fields[i], &quote!(true), &ty, &from, &to)
    });
    quote!(const _: () = { #(#steps)* };)
}

/// The trait-level proof of one step, at the layer's own tokens.
fn step(
    krate: &TokenStream,
    field: &Field,
    clean: &TokenStream,
    ty: &TokenStream,
    from: &impl ToTokens,
    to: &impl ToTokens,
) -> TokenStream {
    let span = field.layer.span;
    let at = located(krate, span);
    quote_spanned! {span=>
        #at::__private::step::<#at::__private::Proof<#clean, #ty>, #from, #to>();
    }
}

/// Sizes come from one const walk, which says what the network costs, too. (All names
/// are such as no user's: the numbers of the layers are read in their midst.)
fn const_proof(
    context: &Context<'_>,
    network_impl: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let Types { krate, network, .. } = context.types;
    let Network { name, fields, input: Some(input), .. } = network else {
        return TokenStream::new();
    };
    let count = fields.len();
    let verdicts = fields.iter().enumerate().map(|(i, field)| field_verdicts(krate, i, field, &[]));
    let declared = match &network.output {
        Some(Output::One(output)) => declared(krate, count, output),
        Some(Output::Heads(_, heads)) => declared_heads(context, heads),
        None => TokenStream::new(),
    };
    let aliases = (0..count).map(|i| {
        let alias = format_ident!("__S{}", i + 1);
        let shape = match context.table.ways[i + 1] {
            way if known(way) => known_type(krate, way),
            _ => computed_type(krate, &quote!(__WALK.steps[#i].dims)),
        };
        quote!(type #alias = #shape;)
    });
    let steps = fields.iter().enumerate().filter(|(_, field)| has_type(&field.layer));
    let steps = steps.map(|(i, _)| {
        let (from, to) = (format_ident!("__S{i}"), format_ident!("__S{}", i + 1));
        step(krate, &fields[i], &quote!(__CLEAN), &context.ty(i), &from, &to)
    });
    let (first, dims) = (written_type(krate, input), written_dims(krate, input));
    // (An input of literals has been checked.)
    let start = (!known(input.dims())).then(|| {
        let krate = located(krate, input.span);
        quote_spanned!(input.span=> const _: () = #krate::__private::start(__SPEC, __INPUT);)
    });
    let network_impl = network_impl(quote! {
        const FLOW: #krate::__private::Flow = __WALK.flow;
    });
    quote! {
        #[allow(dead_code, unused_braces)]
        const _: () = {
            const __SPEC: &#krate::__private::Spec<'static> =
                <#name as #krate::__private::Describe>::SPEC;
            const __INPUT: #krate::__private::Dims = #dims;
            const __WALK: &#krate::__private::Walk<'static, #count> =
                &#krate::__private::steps(__SPEC.nodes(), __INPUT, true);
            const __CLEAN: #krate::__private::Bool = #krate::__private::clean(
                &__WALK.steps,
                <#name as #krate::__private::Network>::OUTPUT,
            );
            #network_impl
            #start
            #(#verdicts)*
            #declared
            type __S0 = #first;
            #(#aliases)*
            const _: () = { #(#steps)* };
        };
    }
}

fn declared(krate: &TokenStream, count: usize, output: &Shape) -> TokenStream {
    let (span, dims) = (output.span, written_dims(krate, output));
    let krate = located(krate, span);
    quote_spanned! {span=>
        const _: () = #krate::__private::declared(
            __SPEC, __INPUT, &__WALK.steps[#count - 1], #dims,
        );
    }
}

/// The same for each head.
fn declared_heads(context: &Context<'_>, heads: &[(Ident, Shape)]) -> TokenStream {
    let network = context.types.network;
    let count = network.fields.len();
    let arms = network.heads().unwrap_or(&[]);
    let checks = heads.iter().filter_map(|(name, shape)| {
        let index = arms.iter().position(|arm| arm.ident == *name)?;
        let (span, dims) = (shape.span, written_dims(context.types.krate, shape));
        let (krate, name) = (located(context.types.krate, span), &arms[index].name);
        Some(quote_spanned! {span=>
            const _: () = #krate::__private::declared_head(
                __SPEC.nodes(), __INPUT, &__WALK.steps[#count - 1], (#index, #name), #dims,
            );
        })
    });
    checks.collect()
}

const PARTS: [(Part, u8); 7] = [
    (Part::Inputs, 2),
    (Part::Outputs, 4),
    (Part::Kernel, 8),
    (Part::Stride, 16),
    (Part::Padding, 32),
    (Part::Dilation, 64),
    (Part::Groups, 128),
];

/// The checks of the `i`-th field of the network, or of one within it.
fn field_verdicts(krate: &TokenStream, i: usize, field: &Field, path: &[&str]) -> TokenStream {
    let mut path = path.to_vec();
    if !field.name.is_empty() {
        path.push(&field.name);
    }
    verdicts(krate, i, &field.layer, &path)
}

/// The checks of a layer at `path`: one for each token that can be wrong, one for
/// the rest.
fn verdicts(krate: &TokenStream, i: usize, layer: &Layer, path: &[&str]) -> TokenStream {
    let verdict = |span: Span, path: &[&str], bits: u8| {
        let krate = located(krate, span);
        quote_spanned! {span=>
            const _: () =
                #krate::__private::verdict(__SPEC, __INPUT, &__WALK.steps[#i], &[#(#path),*], #bits);
        }
    };
    let inside = |fields: &[Field], path: &[&str]| -> TokenStream {
        fields.iter().map(|field| field_verdicts(krate, i, field, path)).collect()
    };
    // 0 asks for what is wrong with the branch or repetition itself.
    match &layer.kind {
        Kind::Residual { body, shortcut } => {
            let own = verdict(layer.span, path, 0);
            let shortcut = shortcut.as_ref().map(|fields| inside(fields, path));
            let body = inside(body, path);
            quote!(#own #body #shortcut)
        }
        Kind::Scale { body } => {
            let (own, body) = (verdict(layer.span, path, 0), inside(body, path));
            quote!(#own #body)
        }
        Kind::Repeat { layer, end, .. } => {
            let own = verdict(end.span, path, 0);
            let each = verdicts(krate, i, layer, &[path, &[ANY_COPY]].concat());
            quote!(#own #each)
        }
        Kind::Arms { arms, .. } => {
            let arms = arms.iter().map(|arm| {
                let path = [path, &[&*arm.name]].concat();
                let body = inside(&arm.body, &path);
                // An arm that is one layer without a name is that layer.
                let own = !matches!(&arm.body[..], [only] if only.ident.is_none());
                let own = own.then(|| verdict(arm.ident.span(), &path, 0));
                quote!(#own #body)
            });
            arms.collect()
        }
        _ => {
            let mut rest = 255_u8;
            let mut tokens = TokenStream::new();
            for (part, bit) in PARTS {
                if let Some(span) = layer.part(part) {
                    tokens.extend(verdict(span, path, bit));
                    rest -= bit;
                }
            }
            tokens.extend(verdict(layer.span, path, rest));
            tokens
        }
    }
}

/// A block: a function at the type level, one where-clause a layer.
pub(crate) fn expand_block(context: &Context<'_>) -> TokenStream {
    let Types { krate, network, .. } = context.types;
    let Network { name, generics, fields, .. } = network;
    let mut bounds = Bounds { types: context.types, shapes: 0, clauses: vec![], expected: vec![] };
    let first = bounds.fresh();
    let last = bounds.chain(fields, first.clone());
    let Bounds { shapes, clauses, .. } = bounds;
    let shapes = (0..shapes).map(|i| format_ident!("__S{i}"));
    let params = parameters(generics);
    let arguments = arguments(generics);
    let apply = {
        let params = parameters(generics);
        quote! {
            impl<#(#params,)* __In, __Out> #krate::__private::Apply<__In, __Out> for #name #arguments {}
        }
    };
    quote! {
        impl<#(#params,)* #(#shapes),*> #krate::__private::Layer<#first> for #name #arguments
        where
            #(#clauses,)*
            #last: #krate::__private::Shape,
        {
            type Out = #last;
        }

        #apply
    }
}

/// The generic parameters as an impl declares them: without defaults.
pub(crate) fn parameters(generics: &Generics) -> impl Iterator<Item = GenericParam> + '_ {
    generics.params.iter().cloned().map(|mut param| {
        if let GenericParam::Const(param) = &mut param {
            param.default = None;
        }
        param
    })
}

/// Where-clauses of a block in the making.
struct Bounds<'a> {
    types: Types<'a>,
    shapes: usize,
    clauses: Vec<TokenStream>,
    /// The shapes that have been given expected channels: of which, how many, as what.
    expected: Vec<((Ident, String), Ident)>,
}

impl Bounds<'_> {
    /// A type parameter for one more shape.
    fn fresh(&mut self) -> Ident {
        self.shapes += 1;
        format_ident!("__S{}", self.shapes - 1)
    }

    fn chain(&mut self, fields: &[Field], from: Ident) -> Ident {
        fields.iter().fold(from, |from, field| self.layer(&field.layer, from))
    }

    /// `from` for another arm: with the channels that the `first` arm takes, where both
    /// take as many. So wrong ones give one error, that of the first.
    fn expected(&mut self, from: &Ident, first: &[Field], arm: &[Field]) -> Ident {
        let Some(channels) = channels_taken(first) else { return from.clone() };
        let same = |taken: &Num| taken.tokens.to_string() == channels.tokens.to_string();
        if !channels_taken(arm).is_none_or(same) {
            return from.clone();
        }
        // (The same clause twice would have two answers.)
        let asked = (from.clone(), channels.tokens.to_string());
        if let Some((_, again)) = self.expected.iter().find(|(earlier, _)| *earlier == asked) {
            return again.clone();
        }
        let (krate, again) = (self.types.krate, self.fresh());
        let clause = quote!(#from: #krate::__private::WithChannels<#channels, Out = #again>);
        self.clauses.push(clause);
        self.expected.push((asked, again.clone()));
        again
    }

    fn layer(&mut self, layer: &Layer, from: Ident) -> Ident {
        let krate = self.types.krate;
        match &layer.kind {
            Kind::Residual { body, shortcut } => {
                let end = self.chain(body, from.clone());
                let shortcut = shortcut.as_deref().unwrap_or(&[]);
                let from = self.expected(&from, body, shortcut);
                let other = self.chain(shortcut, from);
                self.clauses.push(quote!(#end: #krate::shape::rules::AddsTo<#other>));
                end
            }
            Kind::Scale { body } => {
                let end = self.chain(body, from.clone());
                self.clauses.push(quote!(#end: #krate::shape::rules::Scales<#from>));
                from
            }
            Kind::Arms { arms, .. } => {
                let body = arms.first().map_or(&[][..], |arm| &arm.body);
                let first = self.chain(body, from.clone());
                arms.iter().skip(1).fold(first, |first, arm| {
                    let from = self.expected(&from, body, &arm.body);
                    let other = self.chain(&arm.body, from);
                    let joined = self.fresh();
                    let clause = quote!(#first: #krate::shape::rules::ConcatenatesWith<#other, Out = #joined>);
                    self.clauses.push(clause);
                    joined
                })
            }
            Kind::Repeat { layer, first, end } => match first.value.zip(end.value) {
                Some((first, end)) => (first..end).fold(from, |from, _| self.layer(layer, from)),
                None => {
                    let ty = self.types.ty(layer, &[]);
                    self.clauses.push(quote!(#ty: #krate::__private::Layer<#from, Out = #from>));
                    from
                }
            },
            _ => {
                let (ty, to) = (self.types.ty(layer, &[]), self.fresh());
                let span = ty.span();
                self.clauses
                    .push(quote_spanned!(span=> #ty: #krate::__private::Layer<#from, Out = #to>));
                to
            }
        }
    }
}

/// The channels that a chain takes, if its first layer that asks for some says how
/// many.
fn channels_taken(fields: &[Field]) -> Option<&Num> {
    let layer =
        fields.iter().map(|field| &field.layer).find(|layer| !layer.takes_any_channels())?;
    match &layer.kind {
        Kind::Residual { body, .. } => channels_taken(body),
        Kind::Arms { arms, .. } => channels_taken(&arms.first()?.body),
        _ => layer.channels_taken(),
    }
}

/// `check!(Net: [1, 28, 28] -> [10])`: const evaluation proves the chain.
pub(crate) fn check(krate: &TokenStream, ty: &syn::Type, from: &Shape, to: &Shape) -> TokenStream {
    let (from, to) = (written_dims(krate, from), written_dims(krate, to));
    let spec = quote!(<#ty as #krate::__private::Describe>::SPEC);
    let span = ty.span();
    let krate = located(krate, span);
    let call = quote_spanned!(span=> #krate::__private::prove(#spec, #from, #to));
    quote_spanned!(span=> const _: () = #call;)
}
