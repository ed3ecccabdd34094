//! What a network description is, once read: data types without behaviour.

use std::cell::{Cell, RefCell};

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Generics, Ident, Type, Visibility};

use crate::ours::Ours;
use crate::spec::Dims;
use crate::transpose::ConvTranspose2d;

/// A whole `network! { … }`.
pub(crate) struct Network {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) input: Option<Shape>,
    pub(crate) output: Option<Output>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) fields: Vec<Field>,
}

/// What is declared to come out.
pub(crate) enum Output {
    /// One shape.
    One(Shape),
    /// `{ class: [10], boxes: [4] }`.
    Heads(Span, Vec<(Ident, Shape)>),
}

/// A shape: `[C, H, W]` or `[N]`.
pub(crate) struct Shape {
    pub(crate) span: Span,
    pub(crate) sizes: Vec<Size>,
}

/// A size of a shape.
pub(crate) enum Size {
    Num(Num),
    Dyn,
}

/// A number: a literal, or an expression that only the compiler can evaluate.
#[derive(Clone)]
pub(crate) struct Num {
    pub(crate) span: Span,
    pub(crate) value: Option<usize>,
    pub(crate) tokens: TokenStream,
}

/// A layer under its name.
pub(crate) struct Field {
    pub(crate) attrs: Vec<Attribute>,
    /// The name in Rust; a branch needs none.
    pub(crate) ident: Option<Ident>,
    /// The name in weight files; an empty one adds no level to the path.
    pub(crate) name: String,
    pub(crate) layer: Layer,
}

impl Field {
    /// What could not be read: what comes behind it is not checked against what is in
    /// front.
    pub(crate) fn unread(span: Span) -> Self {
        Self { attrs: vec![], ident: None, name: String::new(), layer: Layer::unread(span) }
    }
}

/// A layer: one of ours with its numbers, or any other type.
pub(crate) struct Layer {
    pub(crate) span: Span,
    /// As the user wrote it, for tables.
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// What arrives, once the network has been walked.
    pub(crate) arrives: Cell<Dims>,
    /// The tokens that say how many channels or features arrive, likewise.
    pub(crate) channels: RefCell<Option<TokenStream>>,
}

impl Layer {
    pub(crate) fn new(span: Span, text: String, kind: Kind) -> Self {
        let arrives = Cell::new(Dims::Unknown);
        Self { span, text, kind, arrives, channels: RefCell::new(None) }
    }

    /// A layer that could not be read.
    pub(crate) fn unread(span: Span) -> Self {
        Self::new(span, String::from("?"), Kind::Unread)
    }
}

/// What a layer is.
pub(crate) enum Kind {
    Conv2d(Conv2d),
    MaxPool2d(Window),
    AvgPool2d(Window, Flag),
    /// With its norm.
    LpPool2d(Window, Num),
    ConvTranspose2d(ConvTranspose2d),
    Linear(Linear),
    /// Any other layer of ours.
    Ours(Ours),
    /// A layer of any other origin.
    Other(Box<Type>),
    /// `Residual { … }`, with or without `shortcut { … }`.
    Residual {
        body: Vec<Field>,
        shortcut: Option<Vec<Field>>,
    },
    /// `Scale { … }`: what comes in times what the body gives.
    Scale {
        body: Vec<Field>,
    },
    /// `Concat { left: { … }, … }` or `Heads { … }`.
    Arms {
        heads: bool,
        arms: Vec<Arm>,
    },
    /// `[layer; count]`, or `[layer; first..end]`.
    Repeat {
        layer: Box<Layer>,
        first: Num,
        end: Num,
    },
    /// Could not be read; that has been reported.
    Unread,
}

/// One named arm of a concatenation, or one output.
pub(crate) struct Arm {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) body: Vec<Field>,
    /// What it gives, once the network has been walked.
    pub(crate) dims: Cell<Dims>,
}

/// `O == 4 * C`: a relation between parameters.
pub(crate) struct Relation {
    pub(crate) left: syn::Expr,
    pub(crate) right: syn::Expr,
}

pub(crate) struct Conv2d {
    pub(crate) inputs: Inputs,
    pub(crate) outputs: Num,
    pub(crate) window: Window,
    pub(crate) groups: Num,
    pub(crate) bias: Flag,
}

pub(crate) struct Linear {
    pub(crate) inputs: Inputs,
    pub(crate) outputs: Num,
    pub(crate) bias: Flag,
}

/// A float parameter.
pub(crate) struct Float {
    pub(crate) value: Option<f64>,
    pub(crate) tokens: TokenStream,
}

/// What comes in: a number, or `_` for what arrives.
pub(crate) enum Inputs {
    Num(Num),
    Infer(Span),
}

/// Height and width.
pub(crate) struct Pair {
    pub(crate) span: Span,
    pub(crate) h: Num,
    pub(crate) w: Num,
}

/// A sliding window; spans are those of what the user wrote.
pub(crate) struct Window {
    pub(crate) kernel: Pair,
    pub(crate) stride: Pair,
    pub(crate) dilation: Pair,
    pub(crate) padding: Padding,
    /// Whether a partly covered last window counts.
    pub(crate) ceil: bool,
}

pub(crate) enum Padding {
    /// Top, bottom, left, right.
    Explicit(Span, Box<[Num; 4]>),
    Same(Span),
    SameLower(Span),
}

/// `true`, `false`, or an expression that only the compiler can evaluate.
#[derive(Clone)]
pub(crate) struct Flag {
    pub(crate) value: Option<bool>,
    pub(crate) tokens: TokenStream,
}
