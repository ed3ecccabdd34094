//! The layers of ours that are a name and some arguments: how each is read, what
//! it is as data, and how its type is written. (Windows, convolutions and
//! fully-connected layers have a reading of their own in [`crate::layers`].)

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Error, Result};

use crate::layers::{Args, Sign};
use crate::model::{Flag, Float, Inputs, Num, Padding};
use crate::spec::{
    self, Activation, Dims, Extent, LocalResponseNorm, Op, Pad2d, Part, Resize, Upsample,
};

/// A layer and the arguments of its type, in their order.
pub(crate) struct Ours {
    pub(crate) name: &'static str,
    args: Vec<(Part, Value)>,
}

/// One argument.
enum Value {
    Inputs(Inputs),
    Num(Num),
    Float(Float),
    /// `Nearest` or `Bilinear`, and whether corners are aligned.
    Mode(&'static str, Flag),
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
        "PixelShuffle" => vec![(Part::Kernel, Value::Num(args.required("R", "a factor")?))],
        "LocalResponseNorm" => vec![
            (Part::Kernel, Value::Num(args.required("SIZE", "a number of channels")?)),
            signed("ALPHA", 1e-4)?,
            signed("BETA", 0.75)?,
            signed("K", 1.0)?,
        ],
        "Pad2d" => pad2d(args)?,
        "Upsample" => upsample(args)?,
        _ => vec![],
    };
    Ok(Ours { name, args })
}

fn pad2d(args: &Args<'_>) -> Result<Vec<(Part, Value)>> {
    if !args.has("P") {
        return Err(args.missing("P", "a padding"));
    }
    let pads = match args.padding()? {
        Padding::Explicit(_, pads) => pads,
        Padding::Same(span) | Padding::SameLower(span) => {
            let text = "`P` is one number, `(height, width)` or `((top, bottom), (left, right))`";
            return Err(Error::new(span, text));
        }
    };
    let mut all: Vec<_> = pads.into_iter().map(|pad| (Part::Padding, Value::Num(pad))).collect();
    all.push((Part::Layer, Value::Float(args.float("VALUE", 0.0, Sign::Any)?)));
    Ok(all)
}

fn upsample(args: &Args<'_>) -> Result<Vec<(Part, Value)>> {
    let scale = args.pair("SCALE")?.ok_or_else(|| args.missing("SCALE", "a factor"))?;
    let mode = args.word("MODE", &["Nearest", "Bilinear"])?;
    let corners = args.flag_or("ALIGN_CORNERS", false)?;
    if mode == "Nearest" && args.has("ALIGN_CORNERS") {
        return Err(args.wrong("ALIGN_CORNERS", "only `MODE = Bilinear` has corners to align"));
    }
    Ok(vec![
        (Part::Kernel, Value::Num(scale.h)),
        (Part::Kernel, Value::Num(scale.w)),
        (Part::Layer, Value::Mode(mode, corners)),
    ])
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
            Value::Num(num) => num.value,
            _ => None,
        };
        let float = |at: usize| match &self.args.get(at)?.1 {
            Value::Float(float) => float.value,
            _ => None,
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
                    "GlobalMaxPool2d" => Op::GlobalMaxPool2d,
                    "PixelShuffle" => Op::PixelShuffle { factor: inputs(0)? },
                    "Pad2d" => Op::Pad2d(Pad2d {
                        top: inputs(0)?,
                        bottom: inputs(1)?,
                        left: inputs(2)?,
                        right: inputs(3)?,
                        value: float(4)?,
                    }),
                    "LocalResponseNorm" => Op::LocalResponseNorm(LocalResponseNorm {
                        size: inputs(0)?,
                        alpha: float(1)?,
                        beta: float(2)?,
                        k: float(3)?,
                    }),
                    "Upsample" => {
                        let (rows, columns) = (inputs(0)?, inputs(1)?);
                        Op::Upsample(Upsample { rows, columns, resize: self.resize()? })
                    }
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

    fn resize(&self) -> Option<Resize> {
        match &self.args.last()?.1 {
            Value::Mode("Nearest", _) => Some(Resize::Nearest),
            Value::Mode(_, corners) => Some(Resize::Bilinear { align_corners: corners.value? }),
            _ => None,
        }
    }

    /// What comes in, if that is one of its arguments.
    pub(crate) fn inputs(&self) -> Option<&Inputs> {
        self.args.iter().find_map(|(_, value)| match value {
            Value::Inputs(inputs) => Some(inputs),
            _ => None,
        })
    }

    /// Whether it takes an image of any channels and keeps them.
    pub(crate) fn takes_any_channels(&self) -> bool {
        let kind =
            matches!(self.name, "Flatten" | "PixelShuffle" | "GlobalAvgPool2d" | "GlobalMaxPool2d");
        self.inputs().is_none() && !kind
    }

    /// What is known to go out where the numbers are not literals.
    pub(crate) fn behind(&self, arrives: Dims) -> Dims {
        match (self.name, arrives) {
            ("Pad2d" | "Upsample", Dims::Image { c, .. }) => {
                Dims::Image { c, h: Extent::Unknown, w: Extent::Unknown }
            }
            ("Pad2d" | "Upsample" | "PixelShuffle", _) => Dims::Unknown,
            _ => arrives,
        }
    }

    /// The token that says `part`, if the user wrote one.
    pub(crate) fn part(&self, part: Part) -> Option<Span> {
        self.args.iter().find(|(own, _)| *own == part).and_then(|(_, value)| match value {
            Value::Inputs(inputs) => Some(inputs.span()),
            Value::Num(num) => Some(num.span),
            _ => None,
        })
    }

    /// Changes the tokens that say how many channels there are to those behind
    /// the layer.
    pub(crate) fn channels_behind(&self, channels: &mut Option<TokenStream>) {
        match (self.name, self.args.first()) {
            ("BatchNorm2d" | "BatchNorm1d", Some((_, Value::Inputs(Inputs::Num(num))))) => {
                *channels = Some(num.to_token_stream());
            }
            ("Flatten" | "PixelShuffle", _) => *channels = None,
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
            Value::Num(num) => num.to_token_stream(),
            Value::Mode("Bilinear", Flag { tokens, .. }) => {
                quote!(#krate::layer::Bilinear<#tokens>)
            }
            Value::Mode(..) => quote!(#krate::layer::Nearest),
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
