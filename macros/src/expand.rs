//! Model to tokens.
//!
//! A network becomes a struct of its layers (all of them zero-sized, for docs
//! and editors), its description, and the two traits that make it a network and
//! a layer. Sizes that the macro could not work out come from const evaluation
//! of the same description. Each step is then proven at the trait level,
//!
//! ```text
//! step::<Proof<true, Conv2d<6, 16, 5>>, Chw<6, 14, 14>, Chw<16, 10, 10>>();
//! ```
//!
//! unless the network has been reported already.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::check::{Row, Table, known};
use crate::model::{
    Conv2d, Field, Inputs, Kind, Linear, Network, Num, Padding, Pair, Shape, Size, Window,
};
use crate::spec::{Dims, Extent, Part};

/// Everything that the emitters need.
pub(crate) struct Context<'a> {
    /// The path of our crate: `$crate`.
    pub(crate) krate: &'a TokenStream,
    pub(crate) network: &'a Network,
    pub(crate) table: &'a Table,
    /// Whether something has been reported.
    pub(crate) failed: bool,
}

impl Context<'_> {
    /// The whole expansion.
    pub(crate) fn expand(&self) -> TokenStream {
        let types: Vec<TokenStream> = (0..self.network.fields.len()).map(|i| self.ty(i)).collect();
        let parts = [
            self.expand_struct(&types),
            self.expand_describe(&types),
            self.expand_network(&types),
            self.expand_proof(&types),
        ];
        parts.into_iter().collect()
    }

    fn expand_struct(&self, types: &[TokenStream]) -> TokenStream {
        let Network { attrs, vis, name, fields, .. } = self.network;
        let table = self.doc_table();
        let fields = fields.iter().zip(types).zip(&self.table.rows).map(|((field, ty), row)| {
            let Field { attrs, ident, layer, .. } = field;
            let doc = format!("`{}` → {}", layer.text, row.output.text().as_str());
            quote!(#(#attrs)* #[doc = #doc] #vis #ident: #ty)
        });
        quote! {
            #(#attrs)*
            #[doc = #table]
            #[allow(dead_code)]
            #vis struct #name { #(#fields,)* }
        }
    }

    /// The table that rustdoc and editors show.
    fn doc_table(&self) -> String {
        let mut text = String::from("\n\n| layer | output | weights |\n|---|---|---|\n");
        if let Some(input) = &self.network.input {
            text += &format!("| input | {} | |\n", input.dims().text().as_str());
        }
        for (field, row) in self.network.fields.iter().zip(&self.table.rows) {
            let weights = row.params.filter(|n| *n > 0).map_or(String::new(), |n| n.to_string());
            let (name, layer) = (&field.name, &field.layer.text);
            text += &format!("| {name} `{layer}` | {} | {weights} |\n", row.output.text().as_str());
        }
        text
    }

    fn expand_describe(&self, types: &[TokenStream]) -> TokenStream {
        let (krate, name) = (self.krate, &self.network.name);
        let nodes = self.nodes(types);
        let spec = match &self.network.input {
            Some(input) => {
                let input = self.dims(input);
                let output = quote!(<Self as #krate::__private::Network>::OUTPUT);
                quote!(Net { input: #input, output: #output, nodes: &[#nodes] })
            }
            None => quote!(Chain(&[#nodes])),
        };
        quote! {
            impl #krate::__private::Describe for #name {
                const SPEC: &'static #krate::__private::Spec<'static> =
                    &#krate::__private::Spec::#spec;
            }
        }
    }

    fn nodes(&self, types: &[TokenStream]) -> TokenStream {
        let krate = self.krate;
        let nodes = self.network.fields.iter().zip(types).map(|(field, ty)| {
            let name = &field.name;
            quote! {
                #krate::__private::Node {
                    name: #name,
                    spec: <#ty as #krate::__private::Describe>::SPEC,
                },
            }
        });
        nodes.collect()
    }

    fn expand_network(&self, types: &[TokenStream]) -> TokenStream {
        let (krate, name) = (self.krate, &self.network.name);
        let Some(input_shape) = &self.network.input else {
            return TokenStream::new();
        };
        let input_dims = self.dims(input_shape);
        let input = self.shape(input_shape);
        let (output_dims, output) = match &self.network.output {
            Some(output) => (self.dims(output), self.shape(output)),
            None => self.inferred_output(types),
        };
        quote! {
            impl #krate::__private::Network for #name {
                type Input = #input;
                type Output = #output;
                const INPUT: #krate::__private::Dims = #input_dims;
                const OUTPUT: #krate::__private::Dims = #output_dims;
            }

            impl #krate::__private::Layer<#input> for #name {
                type Out = #output;
            }

            impl #krate::__private::Apply<#input, #output> for #name {}
        }
    }

    /// The output where none is declared: what the last layer gives.
    fn inferred_output(&self, types: &[TokenStream]) -> (TokenStream, TokenStream) {
        let krate = self.krate;
        let last = self.table.rows.last().map_or(Dims::Unknown, |row| row.output);
        if known(last) {
            return (self.known_dims(last), self.known_shape(last));
        }
        let (nodes, input) = (self.nodes(types), self.input_dims());
        let dims = quote!(#krate::__private::output(&[#nodes], #input));
        let shape = self.at(&quote!(#krate::__private::face(#dims)));
        (dims, shape)
    }

    fn input_dims(&self) -> TokenStream {
        let krate = self.krate;
        match &self.network.input {
            Some(input) => self.dims(input),
            None => quote!(#krate::__private::Dims::Unknown),
        }
    }

    /// The checks that only the compiler can do, and the proof of each step.
    fn expand_proof(&self, types: &[TokenStream]) -> TokenStream {
        if self.failed || self.network.input.is_none() {
            return TokenStream::new();
        }
        if self.table.complete { self.literal_proof(types) } else { self.const_proof(types) }
    }

    /// Every size is a literal: the macro has checked them.
    fn literal_proof(&self, types: &[TokenStream]) -> TokenStream {
        let krate = self.krate;
        let steps = types.iter().zip(&self.table.rows).map(|(ty, row)| {
            let Row { arrives, output, .. } = row;
            let (from, to) = (self.known_shape(*arrives), self.known_shape(*output));
            quote!(#krate::__private::step::<#krate::__private::Proof<true, #ty>, #from, #to>();)
        });
        quote!(const _: () = { #(#steps)* };)
    }

    /// Sizes come from one const walk, whose verdict on each layer is asked for
    /// at the token that would be wrong.
    fn const_proof(&self, types: &[TokenStream]) -> TokenStream {
        let (krate, network) = (self.krate, self.network);
        let (name, count) = (&network.name, network.fields.len());
        let (nodes, input) = (self.nodes(types), self.input_dims());
        let verdicts = network.fields.iter().enumerate().map(|(i, field)| {
            self.verdicts(i, field).collect::<TokenStream>()
        });
        let declared = network.output.as_ref().map(|output| {
            let span = output.span;
            let dims = self.dims(output);
            let krate = located(krate, span);
            let call = quote_spanned!(span=> #krate::__private::declared(SPEC, INPUT, &STEPS[#count - 1], #dims));
            quote_spanned!(span=> const _: () = #call;)
        });
        let aliases = (0..count).map(|i| {
            let alias = format_ident!("S{}", i + 1);
            let shape = self.at(&quote!(#krate::__private::face(STEPS[#i].dims)));
            quote!(type #alias = #shape;)
        });
        let first = self.shape_of_input();
        let steps = types.iter().enumerate().map(|(i, ty)| {
            let (from, to) = (format_ident!("S{i}"), format_ident!("S{}", i + 1));
            quote!(#krate::__private::step::<#krate::__private::Proof<CLEAN, #ty>, #from, #to>();)
        });
        quote! {
            const _: () = {
                const SPEC: &#krate::__private::Spec<'static> =
                    <#name as #krate::__private::Describe>::SPEC;
                const INPUT: #krate::__private::Dims = #input;
                const STEPS: &[#krate::__private::Step<'static>; #count] =
                    &#krate::__private::steps(&[#nodes], INPUT, true);
                const CLEAN: bool = #krate::__private::clean(
                    STEPS,
                    <#name as #krate::__private::Network>::OUTPUT,
                );
                #(#verdicts)*
                #declared
                type S0 = #first;
                #(#aliases)*
                const _: () = { #(#steps)* };
            };
        }
    }

    /// One check for each token of a layer that can be wrong, one for the rest.
    fn verdicts<'a>(&'a self, i: usize, field: &'a Field) -> impl Iterator<Item = TokenStream> + 'a {
        const PARTS: [(Part, u8); 7] = [
            (Part::Inputs, 2),
            (Part::Outputs, 4),
            (Part::Kernel, 8),
            (Part::Stride, 16),
            (Part::Padding, 32),
            (Part::Dilation, 64),
            (Part::Groups, 128),
        ];
        let krate = self.krate;
        let mut rest = 255_u8;
        let mut spans = vec![];
        for (part, bit) in PARTS {
            if let Some(span) = field.layer.part(part) {
                spans.push((span, bit));
                rest -= bit;
            }
        }
        spans.push((field.layer.span, rest));
        spans.into_iter().map(move |(span, bits)| {
            let krate = located(krate, span);
            let call = quote_spanned!(span=> #krate::__private::verdict(SPEC, INPUT, &STEPS[#i], #bits));
            quote_spanned!(span=> const _: () = #call;)
        })
    }

    fn shape_of_input(&self) -> TokenStream {
        match &self.network.input {
            Some(input) => self.shape(input),
            None => TokenStream::new(),
        }
    }

    /// The face of a shape whose kind and sizes are const expressions.
    fn at(&self, face: &TokenStream) -> TokenStream {
        let krate = self.krate;
        let numbers = (0..4_usize).map(|i| quote!({ #face[#i] }));
        quote!(<#krate::__private::At<#(#numbers),*> as #krate::__private::ToShape>::Shape)
    }

    /// A shape as a type.
    fn shape(&self, shape: &Shape) -> TokenStream {
        let krate = self.krate;
        match &shape.sizes[..] {
            [Size::Dyn] => quote!(#krate::__private::DynVector),
            [Size::Num(n)] => quote!(#krate::__private::Vector<#n>),
            [Size::Num(c), Size::Num(h), Size::Num(w)] => {
                quote!(#krate::__private::Chw<#c, #h, #w>)
            }
            [Size::Num(c), ..] => quote!(#krate::__private::DynChw<#c>),
            _ => quote!(#krate::__private::DynVector),
        }
    }

    fn dims(&self, shape: &Shape) -> TokenStream {
        dims(self.krate, shape)
    }

    /// A shape that the macro knows, as a type.
    fn known_shape(&self, dims: Dims) -> TokenStream {
        let krate = self.krate;
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
    fn known_dims(&self, dims: Dims) -> TokenStream {
        let krate = self.krate;
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

    /// The type of the `i`-th layer.
    fn ty(&self, i: usize) -> TokenStream {
        let krate = self.krate;
        let field = &self.network.fields[i];
        let span = field.layer.span;
        match &field.layer.kind {
            Kind::Conv2d(conv) => self.conv2d(i, conv, span),
            Kind::Linear(linear) => self.linear(i, linear, span),
            Kind::MaxPool2d(window) => {
                let Pair { h: d, .. } = &window.dilation;
                let args = self.pool_args(window, d);
                quote_spanned!(span=> #krate::layer::MaxPool2d<#args>)
            }
            Kind::AvgPool2d(window, include_pad) => {
                let args = self.pool_args(window, &include_pad.tokens);
                quote_spanned!(span=> #krate::layer::AvgPool2d<#args>)
            }
            Kind::Plain(name) => {
                let name = proc_macro2::Ident::new(name, span);
                quote_spanned!(span=> #krate::layer::#name)
            }
            Kind::Other(ty) => quote!(#ty),
            Kind::Unread => quote!(#krate::__private::Unread),
        }
    }

    fn conv2d(&self, i: usize, conv: &Conv2d, span: Span) -> TokenStream {
        let krate = self.krate;
        let Conv2d { inputs, outputs, window, groups, bias } = conv;
        let inputs = self.inputs(i, inputs);
        let [k, s, p, d] = window.square_or_first();
        let sides = self.sides(window);
        let bias = &bias.tokens;
        quote_spanned!(span=> #krate::layer::Conv2d<#inputs, #outputs, #k, #s, #p, #d, #groups, #bias, #sides>)
    }

    fn linear(&self, i: usize, linear: &Linear, span: Span) -> TokenStream {
        let krate = self.krate;
        let Linear { inputs, outputs, bias } = linear;
        let inputs = self.inputs(i, inputs);
        let bias = &bias.tokens;
        quote_spanned!(span=> #krate::layer::Linear<#inputs, #outputs, #bias>)
    }

    fn pool_args(&self, window: &Window, last: &impl ToTokens) -> TokenStream {
        let [k, s, p, _] = window.square_or_first();
        let sides = self.sides(window);
        quote!(#k, #s, #p, #last, #sides)
    }

    /// The windows of both axes, where they are not one and the same square.
    fn sides(&self, window: &Window) -> TokenStream {
        if window.is_square() {
            return TokenStream::new();
        }
        let krate = self.krate;
        let pad = |before: usize| match &window.padding {
            Padding::Explicit(_, pads) => {
                let (before, after) = (&pads[before], &pads[before + 1]);
                quote!(#krate::size::Pad<#before, #after>)
            }
            Padding::Same(_) => quote!(#krate::size::Same),
            Padding::SameLower(_) => quote!(#krate::size::SameLower),
        };
        let side = |k: &Num, s: &Num, d: &Num, pad: TokenStream| quote!(#krate::size::Side<#k, #s, #d, #pad>);
        let v = side(&window.kernel.h, &window.stride.h, &window.dilation.h, pad(0));
        let h = side(&window.kernel.w, &window.stride.w, &window.dilation.w, pad(2));
        quote!(#v, #h)
    }

    /// What comes in; `_` is what the macro, or else const evaluation, sees
    /// arrive.
    fn inputs(&self, i: usize, inputs: &Inputs) -> TokenStream {
        let krate = self.krate;
        let span = match inputs {
            Inputs::Num(num) => return num.to_token_stream(),
            Inputs::Infer(span) => *span,
        };
        match self.table.rows[i].arrives {
            Dims::Image { c, .. } => return quote_spanned!(span=> #c),
            Dims::Vector(Extent::Fixed(n)) => return quote_spanned!(span=> #n),
            _ => {}
        }
        let types: Vec<TokenStream> = (0..i).map(|i| self.ty(i)).collect();
        let (nodes, input) = (self.nodes(&types), self.input_dims());
        quote_spanned!(span=> { #krate::__private::arriving(&[#nodes], #input) })
    }
}

impl Window {
    /// Whether both axes have one window, padded alike on all four sides.
    fn is_square(&self) -> bool {
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
    fn square_or_first(&self) -> [TokenStream; 4] {
        let padding = match &self.padding {
            Padding::Explicit(_, pads) => pads[0].to_token_stream(),
            _ => quote!(0),
        };
        let first = |pair: &Pair| pair.h.to_token_stream();
        [first(&self.kernel), first(&self.stride), padding, first(&self.dilation)]
    }
}

impl ToTokens for Num {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

/// The path of our crate, located at the user's token, so that what is wrong
/// about the whole expression shows under that token alone.
fn located(krate: &TokenStream, at: Span) -> TokenStream {
    let tokens = krate.clone().into_iter().map(|mut token| {
        token.set_span(at.resolved_at(token.span()));
        token
    });
    tokens.collect()
}

/// A shape as a value.
fn dims(krate: &TokenStream, shape: &Shape) -> TokenStream {
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

/// `check!(Net: [1, 28, 28] -> [10])`: const evaluation proves the chain.
pub(crate) fn check(krate: &TokenStream, ty: &syn::Type, from: &Shape, to: &Shape) -> TokenStream {
    let (from, to) = (dims(krate, from), dims(krate, to));
    let spec = quote!(<#ty as #krate::__private::Describe>::SPEC);
    let span = syn::spanned::Spanned::span(ty);
    let krate = located(krate, span);
    let call = quote_spanned!(span=> #krate::__private::prove(#spec, #from, #to));
    quote!(const _: () = #call;)
}
