//! What a network description is, once read: data types without behaviour.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Generics, Ident, Type, Visibility};

/// A whole `network! { … }`.
pub(crate) struct Network {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) input: Option<Shape>,
    pub(crate) output: Option<Shape>,
    pub(crate) fields: Vec<Field>,
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

/// A named layer.
pub(crate) struct Field {
    pub(crate) attrs: Vec<Attribute>,
    /// The name in Rust.
    pub(crate) ident: Ident,
    /// The name in weight files.
    pub(crate) name: String,
    pub(crate) layer: Layer,
}

/// A layer: one of ours with its numbers, or any other type.
pub(crate) struct Layer {
    pub(crate) span: Span,
    /// As the user wrote it, for tables.
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Conv2d(Conv2d),
    MaxPool2d(Window),
    AvgPool2d(Window, Flag),
    Linear(Linear),
    /// A layer of ours that has no numbers, by its name.
    Plain(&'static str),
    /// A layer of any other origin.
    Other(Box<Type>),
    /// Could not be read; that has been reported.
    Unread,
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
