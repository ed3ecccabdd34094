//! Layers as tokens: the type of each, and the description of all.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::model::{
    Arm, Conv2d, Field, Inputs, Kind, Layer, Linear, Network, Num, Padding, Pair, Window,
};
use crate::report::Errors;
use crate::shapes::written_dims;
use crate::spec::{Dims, Extent};

/// Writes types and descriptions.
#[derive(Clone, Copy)]
pub(crate) struct Types<'a> {
    /// The path of our crate: `$crate`.
    pub(crate) krate: &'a TokenStream,
    pub(crate) network: &'a Network,
    pub(crate) errors: &'a Errors,
}

impl Types<'_> {
    /// The nodes of a chain; `before` are those that its input comes through.
    pub(crate) fn nodes(self, fields: &[Field], before: &[TokenStream]) -> Vec<TokenStream> {
        let mut all = before.to_vec();
        for field in fields {
            let spec = self.spec(&field.layer, &all);
            all.push(self.node(&field.name, &spec));
        }
        all.split_off(before.len())
    }

    fn node(self, name: &str, spec: &TokenStream) -> TokenStream {
        let krate = self.krate;
        quote!(#krate::__private::Node { name: #name, spec: #spec })
    }

    /// The description of a layer, an expression of the type `&'static Spec`.
    fn spec(self, layer: &Layer, before: &[TokenStream]) -> TokenStream {
        let krate = self.krate;
        let chain =
            |nodes: Vec<TokenStream>| quote!(&#krate::__private::Spec::Chain(&[#(#nodes),*]));
        let branch = |join: &str, arms: Vec<TokenStream>| {
            let join = Ident::new(join, Span::call_site());
            quote! {
                &#krate::__private::Spec::Branch {
                    join: #krate::__private::Join::#join,
                    arms: &[#(#arms),*],
                }
            }
        };
        match &layer.kind {
            Kind::Residual { body, shortcut } => {
                let body = chain(self.nodes(body, before));
                let shortcut = chain(shortcut.as_ref().map_or(vec![], |s| self.nodes(s, before)));
                branch("Add", vec![self.node("", &body), self.node("", &shortcut)])
            }
            Kind::Scale { body } => {
                let (whole, body) = (chain(vec![]), chain(self.nodes(body, before)));
                branch("Mul", vec![self.node("", &whole), self.node("", &body)])
            }
            Kind::Arms { heads, arms } => {
                let arm = |arm: &Arm| self.node(&arm.name, &chain(self.nodes(&arm.body, before)));
                branch(if *heads { "Heads" } else { "Concat" }, arms.iter().map(arm).collect())
            }
            Kind::Repeat { layer, first, end } => {
                let body = self.spec(layer, before);
                quote! {
                    &#krate::__private::Spec::Repeat {
                        first: #first,
                        count: #end - #first,
                        body: #body,
                    }
                }
            }
            _ => {
                let ty = self.ty(layer, before);
                quote!(<#ty as #krate::__private::Describe>::SPEC)
            }
        }
    }

    /// The type of a layer; branches and repetitions have none of their own.
    pub(crate) fn ty(self, layer: &Layer, before: &[TokenStream]) -> TokenStream {
        let krate = self.krate;
        let span = layer.span;
        match &layer.kind {
            Kind::Conv2d(conv) => self.conv2d(layer, conv, before),
            Kind::Linear(Linear { inputs, outputs, bias }) => {
                let inputs = self.inputs(layer, inputs, before);
                let bias = &bias.tokens;
                quote_spanned!(span=> #krate::layer::Linear<#inputs, #outputs, #bias>)
            }
            Kind::MaxPool2d(window) => {
                let args = self.pool_args(window, &window.dilation.h);
                quote_spanned!(span=> #krate::layer::MaxPool2d<#args>)
            }
            Kind::AvgPool2d(window, include_pad) => {
                let args = self.pool_args(window, &include_pad.tokens);
                quote_spanned!(span=> #krate::layer::AvgPool2d<#args>)
            }
            Kind::LpPool2d(window, norm) => {
                let [k, s, p, _] = window.square_or_first();
                let sides = self.sides(window);
                quote_spanned!(span=> #krate::layer::LpPool2d<#norm, #k, #s, #p, #sides>)
            }
            Kind::ConvTranspose2d(conv) => {
                conv.ty(krate, span, &self.inputs(layer, &conv.conv.inputs, before))
            }
            Kind::Ours(ours) => ours.ty(krate, span, |inputs| self.inputs(layer, inputs, before)),
            Kind::Other(ty) => quote!(#ty),
            Kind::Residual { .. }
            | Kind::Scale { .. }
            | Kind::Arms { .. }
            | Kind::Repeat { .. } => {
                quote!(#krate::__private::Branch)
            }
            Kind::Unread => quote!(#krate::__private::Unread),
        }
    }

    fn conv2d(self, layer: &Layer, conv: &Conv2d, before: &[TokenStream]) -> TokenStream {
        let (krate, span) = (self.krate, layer.span);
        let Conv2d { inputs, outputs, window, groups, bias } = conv;
        let inputs = self.inputs(layer, inputs, before);
        let [k, s, p, d] = window.square_or_first();
        let (sides, bias) = (self.sides(window), &bias.tokens);
        quote_spanned! {span=>
            #krate::layer::Conv2d<#inputs, #outputs, #k, #s, #p, #d, #groups, #bias, #sides>
        }
    }

    fn pool_args(self, window: &Window, last: &impl ToTokens) -> TokenStream {
        let [k, s, p, _] = window.square_or_first();
        let sides = self.sides(window);
        quote!(#k, #s, #p, #last, #sides)
    }

    /// The windows of both axes, where they are not one and the same square.
    fn sides(self, window: &Window) -> TokenStream {
        if window.is_square() && !window.ceil {
            return TokenStream::new();
        }
        let krate = self.krate;
        let pad = |first: usize| match &window.padding {
            Padding::Explicit(_, pads) => {
                let (before, after) = (&pads[first], &pads[first + 1]);
                quote!(#krate::size::Pad<#before, #after>)
            }
            Padding::Same(_) => quote!(#krate::size::Same),
            Padding::SameLower(_) => quote!(#krate::size::SameLower),
        };
        let side = |k: &Num, s: &Num, d: &Num, pad: TokenStream| {
            let side = quote!(#krate::size::Side<#k, #s, #d, #pad>);
            if window.ceil { quote!(#krate::size::Ceil<#side>) } else { side }
        };
        let Window { kernel, stride, dilation, .. } = window;
        let v = side(&kernel.h, &stride.h, &dilation.h, pad(0));
        let h = side(&kernel.w, &stride.w, &dilation.w, pad(2));
        quote!(#v, #h)
    }

    /// What comes in. `_` is what the macro sees arrive, as a number or as the
    /// tokens of the layer before; or else const evaluation finds it out.
    fn inputs(self, layer: &Layer, inputs: &Inputs, before: &[TokenStream]) -> TokenStream {
        let krate = self.krate;
        let span = match inputs {
            Inputs::Num(num) => return num.to_token_stream(),
            Inputs::Infer(span) => *span,
        };
        match layer.arrives.get() {
            Dims::Image { c, .. } => return quote_spanned!(span=> #c),
            Dims::Vector(Extent::Fixed(n)) => return quote_spanned!(span=> #n),
            _ => {}
        }
        if let Some(tokens) = layer.channels.borrow().as_ref() {
            return tokens.clone();
        }
        match &self.network.input {
            Some(input) if self.network.generics.params.is_empty() => {
                let input = written_dims(krate, input);
                quote_spanned!(span=> { #krate::__private::arriving(&[#(#before),*], #input) })
            }
            _ => {
                let text = "what arrives here depends on parameters: write the number";
                self.errors.at(span, text);
                quote!(1)
            }
        }
    }
}

impl Window {
    /// Whether both axes have one window, padded alike on all four sides.
    pub(crate) fn is_square(&self) -> bool {
        let same = |a: &Num, b: &Num| a.tokens.to_string() == b.tokens.to_string();
        let pair = |pair: &Pair| same(&pair.h, &pair.w);
        let Padding::Explicit(_, pads) = &self.padding else {
            return false;
        };
        let padded = pads.iter().all(|pad| same(pad, &pads[0]));
        pair(&self.kernel) && pair(&self.stride) && pair(&self.dilation) && padded
    }

    /// Kernel, stride, padding and dilation of the square; of the rows where it
    /// is none, for which the sides speak.
    pub(crate) fn square_or_first(&self) -> [TokenStream; 4] {
        let padding = match &self.padding {
            Padding::Explicit(_, pads) => pads[0].to_token_stream(),
            _ => quote!(0),
        };
        let first = |pair: &Pair| pair.h.to_token_stream();
        [first(&self.kernel), first(&self.stride), padding, first(&self.dilation)]
    }
}
