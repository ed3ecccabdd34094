//! The layers of ours that are a name and some arguments: how each is read, what
//! it is as data, and how its type is written. (Windows, convolutions and
//! fully-connected layers have a reading of their own in [`crate::layers`].)

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Result;

use crate::layers::{Args, Sign};
use crate::model::{Float, Inputs};
use crate::spec::{self, Activation, Dims, Extent, Op, Part};

/// A layer and the arguments of its type, in their order.
pub(crate) struct Ours {
    pub(crate) name: &'static str,
    args: Vec<(Part, Value)>,
}

/// One argument.
enum Value {
    Inputs(Inputs),
    Float(Float),
}

/// Reads the arguments of the layer called `name`.
pub(crate) fn read(name: &'static str, args: &Args<'_>) -> Result<Ours> {
    let float = |keyword, default, sign| -> Result<(Part, Value)> {
        Ok((Part::Layer, Value::Float(args.float(keyword, default, sign)?)))
    };
    let signed = |keyword, default| float(keyword, default, Sign::Any);
    let channels = || -> Result<(Part, Value)> {
        Ok((Part::Inputs, Value::Inputs(args.inputs_of("C", "its channels, or `_`")?)))
    };
    let args = match name {
        "BatchNorm2d" | "BatchNorm1d" => vec![channels()?, float("EPS", 1e-5, Sign::Positive)?],
        "LeakyRelu" => vec![signed("SLOPE", 0.01)?],
        "Elu" => vec![signed("ALPHA", 1.0)?],
        "Clip" => vec![signed("MIN", f64::NEG_INFINITY)?, signed("MAX", f64::INFINITY)?],
        "Dropout" => vec![float("P", 0.5, Sign::Positive)?],
        "PRelu" if args.has("C") => vec![channels()?],
        _ => vec![],
    };
    Ok(Ours { name, args })
}

impl Ours {
    /// The layer as data, if all its numbers are literals; `arrives` settles a `_`.
    pub(crate) fn op(&self, arrives: Dims) -> Option<Op> {
        let channels = match arrives {
            Dims::Image { c, .. } => Some(c),
            Dims::Vector(Extent::Fixed(n)) => Some(n),
            _ => None,
        };
        let inputs = |at: usize| match &self.args.get(at)?.1 {
            Value::Inputs(inputs) => inputs.value(channels),
            Value::Float(_) => None,
        };
        let float = |at: usize| match &self.args.get(at)?.1 {
            Value::Float(float) => float.value,
            Value::Inputs(_) => None,
        };
        let activation = match self.name {
            "Relu" => Activation::Relu,
            "Relu6" => Activation::Relu6,
            "LeakyRelu" => Activation::LeakyRelu { slope: float(0)? },
            "Elu" => Activation::Elu { alpha: float(0)? },
            "Sigmoid" => Activation::Sigmoid,
            "Tanh" => Activation::Tanh,
            "Silu" => Activation::Silu,
            "HardSigmoid" => Activation::HARD_SIGMOID,
            "HardSwish" => Activation::HardSwish,
            "Clip" => Activation::Clip { min: float(0)?, max: float(1)? },
            "Gelu" => Activation::Gelu,
            "GeluTanh" => Activation::GeluTanh,
            _ => {
                return Some(match self.name {
                    "BatchNorm2d" => {
                        let (channels, eps) = (inputs(0)?, float(1)?);
                        Op::BatchNorm2d(spec::BatchNorm2d { channels, eps })
                    }
                    "BatchNorm1d" => {
                        let (features, eps) = (inputs(0)?, float(1)?);
                        Op::BatchNorm1d(spec::BatchNorm1d { features, eps })
                    }
                    "PRelu" if self.args.is_empty() => Op::PRelu { weights: 1 },
                    "PRelu" => Op::PRelu { weights: inputs(0)? },
                    "GlobalAvgPool2d" => Op::GlobalAvgPool2d,
                    "Softmax" => Op::Softmax,
                    "LogSoftmax" => Op::LogSoftmax,
                    "Dropout" => Op::Dropout { p: float(0)? },
                    "Flatten" => Op::Flatten,
                    "Identity" => Op::Identity,
                    _ => return None,
                });
            }
        };
        Some(Op::Activation(activation))
    }

    /// What is known to go out where the numbers are not literals.
    pub(crate) fn behind(arrives: Dims) -> Dims {
        arrives
    }

    /// The token that says `part`, if the user wrote one.
    pub(crate) fn part(&self, part: Part) -> Option<Span> {
        self.args.iter().find(|(own, _)| *own == part).and_then(|(_, value)| match value {
            Value::Inputs(inputs) => Some(inputs.span()),
            Value::Float(_) => None,
        })
    }

    /// Changes the tokens that say how many channels there are to those behind
    /// the layer.
    pub(crate) fn channels_behind(&self, channels: &mut Option<TokenStream>) {
        match (self.name, self.args.first()) {
            ("BatchNorm2d" | "BatchNorm1d", Some((_, Value::Inputs(Inputs::Num(num))))) => {
                *channels = Some(num.to_token_stream());
            }
            ("Flatten", _) => *channels = None,
            _ => {}
        }
    }

    /// The type; `inputs` writes what comes in.
    pub(crate) fn ty(
        &self,
        krate: &TokenStream,
        span: Span,
        inputs: impl Fn(&Inputs) -> TokenStream,
    ) -> TokenStream {
        let name = Ident::new(self.name, span);
        let args = self.args.iter().map(|(_, value)| match value {
            Value::Inputs(value) => inputs(value),
            Value::Float(Float { value: Some(_), tokens }) => tokens.clone(),
            Value::Float(Float { value: None, tokens }) => {
                quote!({ #krate::layer::float(#tokens) })
            }
        });
        let args = args.collect::<Vec<_>>();
        let args = (!args.is_empty()).then(|| quote!(<#(#args),*>));
        let path = quote::quote_spanned!(span=> #krate::layer::#name);
        quote!(#path #args)
    }
}
