//! Tokens to numbers: the sizes of a shape, and the arguments of layers.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Ident, LitInt, Result, Token, bracketed, token};

use crate::model::{Num, Shape, Size};
use crate::parse::split;

impl Parse for Shape {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(token::Bracket) {
            return Err(
                input.error("expected a shape: `[channels, height, width]` or `[features]`")
            );
        }
        let content;
        let brackets = bracketed!(content in input);
        let span = brackets.span.join();
        let sizes = split(&content.parse()?).into_iter().map(|part| size.parse2(part));
        let sizes = sizes.collect::<Result<Vec<Size>>>()?;
        match &sizes[..] {
            [Size::Dyn, _, _] => Err(Error::new(
                span,
                "the number of channels can't be `Dyn`: filters have a fixed depth",
            )),
            [_] | [_, _, _] => Ok(Self { span, sizes }),
            [_, _, _, _] => Err(Error::new(
                span,
                "a shape has no batch size: it is `[channels, height, width]` or `[features]`",
            )),
            _ => Err(Error::new(span, "a shape is `[channels, height, width]` or `[features]`")),
        }
    }
}

fn size(input: ParseStream<'_>) -> Result<Size> {
    if input.peek(Ident) && input.fork().parse::<Ident>()? == "Dyn" {
        input.parse::<Ident>()?;
        return Ok(Size::Dyn);
    }
    if input.peek(Token![dyn]) {
        return Err(input.error("a size that is known at run time is called `Dyn`"));
    }
    if input
        .fork()
        .parse::<TokenStream>()?
        .into_iter()
        .any(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ';'))
    {
        num(input)?;
        return Err(input.error("expected `,`"));
    }
    number(input).map(Size::Num)
}

/// All of the tokens as one number.
pub(crate) fn number(input: ParseStream<'_>) -> Result<Num> {
    let tokens: TokenStream = input.fork().parse()?;
    let number = num(input)?;
    if input.is_empty() {
        return Ok(number);
    }
    input.parse::<TokenStream>()?;
    let text = format!("an expression stands in braces: `{{ {tokens} }}`");
    Err(Error::new_spanned(tokens, text))
}

/// A number: a literal, a path to a const, or a block.
pub(crate) fn num(input: ParseStream<'_>) -> Result<Num> {
    let span = input.span();
    if input.peek(Token![-]) {
        let minus: Token![-] = input.parse()?;
        let number: TokenTree = input.parse()?;
        let span = minus.span().join(number.span()).unwrap_or(span);
        return Err(Error::new(span, "a size can't be negative"));
    }
    if input.peek(LitInt) {
        return literal(&input.parse()?);
    }
    if input.peek(syn::Lit) {
        let other: syn::Lit = input.parse()?;
        return Err(Error::new(other.span(), "expected a whole number"));
    }
    if input.peek(token::Brace) {
        input.fork().parse::<syn::Block>()?;
        let block: TokenTree = input.parse()?;
        return Ok(Num { span, value: None, tokens: block.into() });
    }
    if input.peek(Token![_]) {
        let text = "only what comes in can be left to the compiler as `_`: write the number";
        return Err(input.error(text));
    }
    if input.fork().parse::<Ident>().is_ok_and(|word| word == "Dyn") {
        let text = "`Dyn` stands for a height or width in the shape of the network";
        return Err(input.error(text));
    }
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        let path: syn::Path = input.parse()?;
        let tokens = quote::quote!({ #path });
        return Ok(Num { span: path.span(), value: None, tokens });
    }
    Err(input.error("expected a number: a literal, a const or `{ expression }`"))
}

fn literal(number: &LitInt) -> Result<Num> {
    let (span, suffix) = (number.span(), number.suffix());
    if !matches!(suffix, "" | "usize") {
        return Err(Error::new(span, "a size is a `usize`: leave the suffix out"));
    }
    match number.base10_parse::<usize>() {
        Ok(value) => {
            let mut token = proc_macro2::Literal::usize_unsuffixed(value);
            token.set_span(span);
            Ok(Num { span, value: Some(value), tokens: TokenTree::from(token).into() })
        }
        Err(_) => Err(Error::new(span, format_args!("{number} is too large for a size"))),
    }
}

impl Num {
    /// A number that the user left out.
    pub(crate) fn default(value: usize, span: Span) -> Self {
        let token = proc_macro2::Literal::usize_unsuffixed(value);
        Self { span, value: Some(value), tokens: TokenTree::from(token).into() }
    }
}
