//! Model to tokens: the items.
//!
//! A network becomes a struct of its layers (all of them zero-sized, for docs
//! and editors), its description, and the traits that make it a network and a
//! layer. What remains to be proven is in [`crate::proof`].

use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics};

use crate::check::{Table, known};
use crate::model::{Field, Network, Output, Relation, Shape};
use crate::proof;
use crate::shapes::{computed_type, known_dims, known_type, written_dims, written_type};
use crate::spec::{Dims, Extent};
use crate::types::Types;

/// Everything that the emitters need.
pub(crate) struct Context<'a> {
    pub(crate) types: Types<'a>,
    pub(crate) table: &'a Table,
    /// The nodes of the description, one for each field.
    pub(crate) nodes: Vec<TokenStream>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(types: Types<'a>, table: &'a Table) -> Self {
        Self { types, table, nodes: types.nodes(&types.network.fields, &[]) }
    }

    /// The whole expansion.
    pub(crate) fn expand(&self) -> TokenStream {
        let mut tokens = self.expand_struct();
        tokens.extend(self.expand_describe());
        tokens.extend(match &self.types.network.input {
            Some(input) => self.expand_network(input),
            None => proof::expand_block(self),
        });
        tokens
    }

    /// The type of the `i`-th field.
    pub(crate) fn ty(&self, i: usize) -> TokenStream {
        self.types.ty(&self.types.network.fields[i].layer, &self.nodes[..i])
    }

    fn expand_struct(&self) -> TokenStream {
        let Network { attrs, vis, name, generics, fields, .. } = self.types.network;
        let table = self.doc_table();
        // In brackets of ours: for those of the user the compiler would suggest
        // more parameters, and say every unknown name twice.
        let declared = generics.params.iter();
        let declared = quote!(<#(#declared),*>);
        let named = fields.iter().enumerate().filter_map(|(i, field)| {
            let Field { attrs, ident, layer, .. } = field;
            let (ident, ty) = (ident.as_ref()?, self.ty(i));
            let doc = format!("`{}` → {}", layer.text, self.table.ways[i + 1].text().as_str());
            Some(quote!(#(#attrs)* #[doc = #doc] #vis #ident: #ty))
        });
        quote! {
            #(#attrs)*
            #[doc = #table]
            #[allow(dead_code, clippy::pub_underscore_fields)]
            #vis struct #name #declared { #(#named,)* }
        }
    }

    /// The table that rustdoc and editors show.
    fn doc_table(&self) -> String {
        let mut text = String::from("\n\n| layer | output | weights |\n|---|---|---|\n");
        if let Some(input) = &self.types.network.input {
            let _ = writeln!(text, "| input | {} | |", input.dims().text().as_str());
        }
        for row in &self.table.rows {
            let weights = row.params.filter(|n| *n > 0).map_or(String::new(), |n| n.to_string());
            let (name, layer, output) = (&row.name, &row.layer, row.output.text());
            let _ = writeln!(text, "| {name} `{layer}` | {} | {weights} |", output.as_str());
        }
        text
    }

    fn expand_describe(&self) -> TokenStream {
        let Network { name, generics, input, relations, .. } = self.types.network;
        let (krate, nodes) = (self.types.krate, &self.nodes);
        let spec = match input {
            Some(input) => {
                let input = written_dims(krate, input);
                let output = quote!(<Self as #krate::__private::Network>::OUTPUT);
                quote!(Net { input: #input, output: #output, nodes: &[#(#nodes),*] })
            }
            None => quote!(Chain(&[#(#nodes),*])),
        };
        let relations = relations.iter().map(|Relation { left, right }| {
            let text = [name.to_string(), quote!(#left).to_string(), quote!(#right).to_string()];
            let [block, a, b] = text;
            quote! {
                #krate::__private::Relation {
                    block: #block, left: #a, a: #left, right: #b, b: #right,
                }
            }
        });
        let relations: Vec<_> = relations.collect();
        let mut value = quote!(&#krate::__private::Spec::#spec);
        if !relations.is_empty() {
            value = quote! {
                if #krate::__private::hold(&[#(#relations),*]) {
                    #value
                } else {
                    &#krate::__private::Spec::Broken(#krate::__private::broken(&[#(#relations),*]))
                }
            };
        }
        let arguments = arguments(generics);
        let (generics, _, _) = generics.split_for_impl();
        quote! {
            #[allow(unused_braces)]
            impl #generics #krate::__private::Describe for #name #arguments {
                const SPEC: &'static #krate::__private::Spec<'static> = #value;
            }
        }
    }

    fn expand_network(&self, input: &Shape) -> TokenStream {
        let Network { name, generics, .. } = self.types.network;
        let krate = self.types.krate;
        let (input_type, input_dims) = (written_type(krate, input), written_dims(krate, input));
        let arguments = arguments(generics);
        let params: Vec<_> = proof::parameters(generics).collect();
        let (generics, _, _) = generics.split_for_impl();
        let (heads, (output_type, output_dims)) = match self.types.network.heads() {
            Some(_) => self.expand_heads(),
            None => (TokenStream::new(), self.output()),
        };
        let heads_proof = self.generic_heads_proof();
        let network = |flow: TokenStream| {
            quote! {
                #[allow(unused_braces)]
                impl #generics #krate::__private::Network for #name #arguments {
                    type Input = #input_type;
                    type Output = #output_type;
                    const INPUT: #krate::__private::Dims = #input_dims;
                    const OUTPUT: #krate::__private::Dims = #output_dims;
                    #flow
                    #heads_proof
                }
            }
        };
        let proof = proof::expand_proof(self, network);
        let layer = heads.is_empty().then(|| {
            // For any shape, under the rule that it is this one: so a wrong one gets
            // the rule's sentence.
            let params = &params;
            quote! {
                impl<#(#params,)* __In> #krate::__private::Layer<__In> for #name #arguments
                where
                    __In: #krate::shape::rules::IsInput<#input_type, Self>,
                {
                    type Out = #output_type;
                }

                impl<#(#params,)* __In> #krate::__private::Apply<__In, #output_type>
                    for #name #arguments
                where
                    __In: #krate::shape::rules::IsInput<#input_type, Self>,
                {
                }
            }
        });
        quote! {
            #heads

            #layer

            #proof
        }
    }

    /// What has to be proven of the declared heads of a network with parameters, once
    /// they are given.
    fn generic_heads_proof(&self) -> Option<TokenStream> {
        let Network { generics, input: Some(_), output: Some(Output::Heads(_, heads)), .. } =
            self.types.network
        else {
            return None;
        };
        if generics.params.is_empty() {
            return None;
        }
        let (krate, nodes) = (self.types.krate, &self.nodes);
        let arms = self.types.network.heads()?;
        let checks = heads.iter().filter_map(|(name, shape)| {
            let index = arms.iter().position(|arm| arm.ident == *name)?;
            let (name, dims) = (&arms[index].name, written_dims(krate, shape));
            Some(quote! {
                #krate::__private::declared_head(
                    &[#(#nodes),*], Self::INPUT, &__start, (#index, #name), #dims,
                );
            })
        });
        Some(quote! {
            const PROOF: () = {
                #krate::__private::prove(
                    <Self as #krate::__private::Describe>::SPEC, Self::INPUT, Self::OUTPUT,
                );
                let __start = #krate::__private::Step::start(Self::INPUT);
                #(#checks)*
            };
        })
    }

    /// The output as a type and as a value: as declared, or what the last layer
    /// gives.
    fn output(&self) -> (TokenStream, TokenStream) {
        let krate = self.types.krate;
        if let Some(Output::One(shape)) = &self.types.network.output {
            return (written_type(krate, shape), written_dims(krate, shape));
        }
        let last = self.table.ways.last().copied().unwrap_or(Dims::Unknown);
        if known(last) {
            return (known_type(krate, last), known_dims(krate, last));
        }
        if !self.types.network.generics.params.is_empty() {
            let text = "the output depends on parameters: declare it, `[…] -> […]`";
            self.types.errors.at(self.types.network.name.span(), text);
            return (known_type(krate, Dims::Unknown), self.computed_output());
        }
        // The type reads the const, so that the chain is written down once.
        let name = &self.types.network.name;
        let dims = quote!(<#name as #krate::__private::Network>::OUTPUT);
        (computed_type(krate, &dims), self.computed_output())
    }

    /// What the last layer gives, as a const expression.
    fn computed_output(&self) -> TokenStream {
        let (krate, nodes) = (self.types.krate, &self.nodes);
        let input = match &self.types.network.input {
            Some(input) => written_dims(krate, input),
            None => quote!(#krate::__private::Dims::Unknown),
        };
        quote!(#krate::__private::output(&[#(#nodes),*], #input))
    }

    /// The struct of tensors that a network with heads returns, and the type
    /// that stands for it.
    fn expand_heads(&self) -> (TokenStream, (TokenStream, TokenStream)) {
        let Network { vis, name, generics, .. } = self.types.network;
        let krate = self.types.krate;
        let arms = self.types.network.heads().unwrap_or(&[]);
        let (output, marker) = (format_ident!("{name}Output"), format_ident!("{name}Heads"));
        let shapes: Vec<TokenStream> = (0..arms.len()).map(|i| self.head_type(i)).collect();
        let names: Vec<_> = arms.iter().map(|arm| &arm.ident).collect();
        let doc = format!("What [`{name}`] returns: one tensor for each head.");
        let marker_doc =
            format!("The output of [`{name}`] as a type: [`{output}`] holds the tensors.");
        let docs = arms.iter().map(|arm| arm.dims.get().text().as_str().to_string());
        let index = 0..names.len();
        let params: Vec<_> = proof::parameters(generics).collect();
        let given: Vec<_> = generics.const_params().map(|param| &param.ident).collect();
        let heads = quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #vis struct #output<#(#params,)* T = f32> {
                #(#[doc = #docs] #vis #names: #krate::Tensor<T, #shapes>,)*
            }

            #[doc = #marker_doc]
            #[derive(Clone, Copy, Debug)]
            #vis struct #marker<#(#params),*>;

            impl<#(#params),*> #krate::__private::Outputs for #marker<#({ #given }),*> {
                const RETURNS: #krate::__private::Dims =
                    <#name<#({ #given }),*> as #krate::__private::Network>::OUTPUT;
                type Value<T: #krate::__private::Element> = #output<#({ #given },)* T>;

                fn assemble<T: #krate::__private::Element>(
                    graph: &#krate::__private::Graph,
                    values: #krate::__private::Values<T>,
                ) -> Self::Value<T> {
                    let mut heads = #krate::__private::Heads::new(graph, values);
                    #output { #(#names: heads.take(#index),)* }
                }
            }
        };
        let last = self.table.ways.last().copied().unwrap_or(Dims::Unknown);
        let total = match last {
            Dims::Vector(Extent::Fixed(_) | Extent::Dyn) => known_dims(krate, last),
            _ => self.computed_output(),
        };
        (heads, (quote!(#marker<#({ #given }),*>), total))
    }

    /// The shape of the `i`-th head: as far as the macro knows it, as declared where
    /// it depends on parameters, or what const evaluation finds.
    fn head_type(&self, i: usize) -> TokenStream {
        let (krate, network) = (self.types.krate, self.types.network);
        let arm = &network.heads().unwrap_or(&[])[i];
        if known(arm.dims.get()) {
            return known_type(krate, arm.dims.get());
        }
        if !network.generics.params.is_empty() {
            if let Some(shape) = network.declared_head(&arm.ident) {
                return written_type(krate, shape);
            }
            let text = format_args!("the head `{}` depends on parameters: declare it", arm.ident);
            self.types.errors.at(arm.ident.span(), text);
            return known_type(krate, Dims::Unknown);
        }
        computed_type(krate, &self.computed_output_head(i))
    }

    fn computed_output_head(&self, i: usize) -> TokenStream {
        let (krate, nodes) = (self.types.krate, &self.nodes);
        let input = self.types.network.input.as_ref().map(|input| written_dims(krate, input));
        quote!(#krate::__private::head(&[#(#nodes),*], #input, #i))
    }
}

/// The generic arguments of the network in its own impls. Const parameters are
/// braced: a type of the same name may be in scope.
pub(crate) fn arguments(generics: &Generics) -> TokenStream {
    let arguments = generics.params.iter().map(|param| match param {
        GenericParam::Const(param) => {
            let ident = &param.ident;
            quote!({ #ident })
        }
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
    });
    quote!(<#(#arguments),*>)
}
