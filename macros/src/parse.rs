//! Tokens to model. A field that can't be read is reported and stands as
//! [`Kind::Unread`], so that one mistake does not hide the next.

use std::cell::Cell;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Generics, Ident, LitInt, LitStr, Result, Token, Type, Visibility, braced,
    bracketed, token,
};

use crate::model::{Arm, Field, Kind, Layer, Network, Num, Output, Relation, Shape, Size};
use crate::report::{Errors, similar};
use crate::spec::Dims;
use crate::{known, layers};

/// Reads `network! { … }`; what is wrong within its fields goes to `errors`.
pub(crate) fn network(input: ParseStream<'_>, errors: &Errors) -> Result<Network> {
    let attrs = input.call(Attribute::parse_outer)?;
    no_conditions(&attrs, errors);
    let vis: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(
            input.error("expected `struct`, as in `pub struct Net: [1, 28, 28] -> [10] { … }`")
        );
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    let generics: Generics = input.parse()?;
    if let Some(other) = generics.params.iter().find(|p| !matches!(p, syn::GenericParam::Const(_)))
    {
        let text = "the parameters of a network are numbers: `const C: usize`";
        return Err(Error::new(other.span(), text));
    }
    let (mut shape, mut output) = (None, None);
    if input.parse::<Option<Token![:]>>()?.is_some() {
        shape = Some(input.parse()?);
        if input.parse::<Option<Token![->]>>()?.is_some() {
            output = Some(declared(input)?);
        }
    }
    let relations = relations(input)?;
    if !input.peek(token::Brace) {
        return Err(
            input.error("expected the layers in braces: `{ conv1: Conv2d<1, 6, K = 5>, … }`")
        );
    }
    let body;
    let braces = braced!(body in input);
    let mut fields = fields(&body.parse::<TokenStream>()?, errors);
    misplaced_heads(&fields, errors);
    for field in &mut fields {
        within_itself(&name, field.ident.as_ref(), &mut field.layer, errors);
    }
    if fields.is_empty() && errors.is_empty() {
        errors.at(braces.span.join(), "a network needs at least one layer");
    }
    if !input.is_empty() {
        errors.push(input.error("unexpected tokens after the network"));
        input.parse::<TokenStream>()?;
    }
    Ok(Network { attrs, vis, name, generics, input: shape, output, relations, fields })
}

/// Several outputs end a network.
fn misplaced_heads(fields: &[Field], errors: &Errors) {
    for (index, field) in fields.iter().enumerate() {
        let heads = matches!(field.layer.kind, Kind::Arms { heads: true, .. });
        if heads && index + 1 < fields.len() {
            errors.at(field.layer.span, "`Heads` are outputs: nothing can come behind them");
        }
    }
}

/// A network as a layer of its own would have no end.
fn within_itself(name: &Ident, field: Option<&Ident>, layer: &mut Layer, errors: &Errors) {
    let inside = |fields: &mut Vec<Field>| {
        for field in fields {
            within_itself(name, field.ident.as_ref(), &mut field.layer, errors);
        }
    };
    match &mut layer.kind {
        Kind::Residual { body, shortcut } => {
            inside(body);
            shortcut.iter_mut().for_each(inside);
        }
        Kind::Scale { body } => inside(body),
        Kind::Arms { arms, .. } => arms.iter_mut().for_each(|arm| inside(&mut arm.body)),
        Kind::Repeat { layer, .. } => within_itself(name, field, layer, errors),
        Kind::Other(ty) => {
            let Type::Path(path) = &**ty else { return };
            let Some(last) = path.path.segments.last() else { return };
            if path.path.segments.len() == 1 && (last.ident == *name || last.ident == "Self") {
                let own = field.map_or_else(String::new, |field| format!("`{field}` is "));
                errors.at(
                    layer.span,
                    format_args!("{own}`{name}` itself: a network within itself has no end"),
                );
                layer.kind = Kind::Unread;
            }
        }
        _ => {}
    }
}

/// What is declared to come out: a shape, or one for each head.
fn declared(input: ParseStream<'_>) -> Result<Output> {
    if !input.peek(token::Brace) {
        return input.parse().map(Output::One);
    }
    let content;
    let braces = braced!(content in input);
    let head = |input: ParseStream<'_>| -> Result<(Ident, Shape)> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok((name, input.parse()?))
    };
    let heads = content.parse_terminated(head, Token![,])?;
    Ok(Output::Heads(braces.span.join(), heads.into_iter().collect()))
}

/// `where O == 4 * C, …`: what must hold between the parameters.
fn relations(input: ParseStream<'_>) -> Result<Vec<Relation>> {
    let mut relations = vec![];
    if input.parse::<Option<Token![where]>>()?.is_none() {
        return Ok(relations);
    }
    while !input.peek(token::Brace) && !input.is_empty() {
        let mut relation = TokenStream::new();
        while !input.is_empty() && !input.peek(token::Brace) && !input.peek(Token![,]) {
            relation.extend([input.parse::<TokenTree>()?]);
        }
        let form = Error::new_spanned(&relation, "expected a relation, such as `O == 4 * C`");
        let Ok(syn::Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::Eq(_), right, .. })) =
            syn::parse2(relation)
        else {
            return Err(form);
        };
        relations.push(Relation { left: *left, right: *right });
        if input.parse::<Option<Token![,]>>()?.is_none() {
            break;
        }
    }
    Ok(relations)
}

/// The layers between braces.
fn fields(body: &TokenStream, errors: &Errors) -> Vec<Field> {
    let parse = |input: ParseStream<'_>| field(input, errors);
    let mut fields: Vec<Field> = vec![];
    for field in split(body).into_iter().filter_map(|part| errors.keep(parse.parse2(part))) {
        if let Some(name) = &field.ident
            && fields.iter().any(|earlier| earlier.ident.as_ref() == Some(name))
        {
            let text = format_args!("the name `{name}` is taken by an earlier layer");
            errors.at(name.span(), text);
            continue;
        }
        fields.push(field);
    }
    fields
}

fn field(input: ParseStream<'_>, errors: &Errors) -> Result<Field> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    no_conditions(&attrs, errors);
    let rename = attrs.iter().position(|attr| attr.path().is_ident("name"));
    let renamed = rename.map(|index| attrs.remove(index)).map(|attr| renamed(&attr)).transpose()?;
    if is_branch(input) {
        let layer = layer(input, errors)?;
        if !input.is_empty() {
            return Err(input.error("expected `,` and the next layer"));
        }
        return Ok(Field { attrs, ident: None, name: renamed.unwrap_or_default(), layer });
    }
    let ident = input.call(Ident::parse_any)?;
    let name = renamed.unwrap_or_else(|| ident.unraw().to_string());
    let unread = |span| Layer::new(span, String::from("?"), Kind::Unread);
    if input.parse::<Option<Token![:]>>()?.is_none() {
        let text = if known::find(&ident.to_string()).is_some() {
            let name = ident.to_string().to_lowercase();
            format!("`{ident}` needs a name before it, as in `{name}: {ident}`")
        } else {
            format!("expected `:` and a layer after `{ident}`, as in `{ident}: Relu`")
        };
        errors.at(ident.span(), text);
        let rest: TokenStream = input.parse()?;
        let span = if rest.is_empty() { ident.span() } else { rest.span() };
        return Ok(Field { attrs, ident: Some(ident), name, layer: unread(span) });
    }
    if input.is_empty() {
        let text = format!("`{ident}` needs a layer, such as `Relu` or `Conv2d<1, 6, K = 5>`");
        errors.at(ident.span(), text);
        let span = ident.span();
        return Ok(Field { attrs, ident: Some(ident), name, layer: unread(span) });
    }
    let tokens: TokenStream = input.fork().parse()?;
    let parsed = layer(input, errors).and_then(|layer| {
        if input.is_empty() {
            Ok(layer)
        } else {
            Err(input.error("expected `,` and the next layer"))
        }
    });
    let layer = match parsed {
        Ok(layer) => layer,
        Err(error) => {
            errors.push(error);
            input.parse::<TokenStream>()?;
            unread(if tokens.is_empty() { ident.span() } else { tokens.span() })
        }
    };
    Ok(Field { attrs, ident: Some(ident), name, layer })
}

/// Whether a branch begins here: it may stand without a name.
fn is_branch(input: ParseStream<'_>) -> bool {
    let word = input.fork().parse::<Ident>().map(|ident| ident.to_string());
    matches!(word.as_deref(), Ok("Residual" | "Scale" | "Concat" | "Heads"))
        && input.peek2(token::Brace)
}

fn braces(input: ParseStream<'_>) -> Result<TokenStream> {
    let content;
    braced!(content in input);
    content.parse()
}

/// `Residual { … } shortcut { … }`, `Scale { … }`, `Concat { a: { … }, … }` or `Heads { … }`.
fn branch(input: ParseStream<'_>, errors: &Errors) -> Result<Layer> {
    let word: Ident = input.parse()?;
    let body = braces(input)?;
    let kind = if word == "Residual" {
        let body = fields(&body, errors);
        if body.is_empty() {
            return Err(Error::new(word.span(), "a residual needs at least one layer in its body"));
        }
        let mut shortcut = None;
        if input.peek(Ident) {
            let keyword: Ident = input.parse()?;
            if keyword != "shortcut" {
                return Err(Error::new(keyword.span(), "expected `shortcut { … }` or `,`"));
            }
            shortcut = Some(fields(&braces(input)?, errors));
        }
        Kind::Residual { body, shortcut }
    } else if word == "Scale" {
        let body = fields(&body, errors);
        if body.is_empty() {
            return Err(Error::new(word.span(), "a scale needs at least one layer in its body"));
        }
        Kind::Scale { body }
    } else {
        let heads = word == "Heads";
        let parse = |input: ParseStream<'_>| arm(input, errors);
        let arms: Vec<Arm> =
            split(&body).into_iter().filter_map(|part| errors.keep(parse.parse2(part))).collect();
        for (index, arm) in arms.iter().enumerate() {
            if arms[..index].iter().any(|earlier| earlier.ident == arm.ident) {
                let text = format_args!("the name `{}` is taken by an earlier arm", arm.ident);
                return Err(Error::new(arm.ident.span(), text));
            }
        }
        if arms.is_empty() && errors.is_empty() {
            let text =
                format_args!("`{word}` needs arms: `{}`", known::branch(&word).unwrap_or(""));
            return Err(Error::new(word.span(), text));
        }
        Kind::Arms { heads, arms }
    };
    Ok(Layer::new(word.span(), format!("{word} {{ … }}"), kind))
}

/// `left: { … }`, or one layer without braces.
fn arm(input: ParseStream<'_>, errors: &Errors) -> Result<Arm> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    let rename = attrs.iter().position(|attr| attr.path().is_ident("name"));
    let renamed = rename.map(|index| attrs.remove(index)).map(|attr| renamed(&attr)).transpose()?;
    let ident = input.call(Ident::parse_any)?;
    if input.parse::<Option<Token![:]>>()?.is_none() {
        let text = format_args!("expected `: {{ … }}` after the arm's name `{ident}`");
        return Err(Error::new(ident.span(), text));
    }
    let body = if input.peek(token::Brace) {
        fields(&braces(input)?, errors)
    } else {
        let layer = layer(input, errors)?;
        vec![Field { attrs: vec![], ident: None, name: String::new(), layer }]
    };
    if !input.is_empty() {
        return Err(input.error("expected `,` and the next arm"));
    }
    let name = renamed.unwrap_or_else(|| ident.unraw().to_string());
    Ok(Arm { ident, name, body, dims: Cell::new(Dims::Unknown) })
}

/// `[layer; count]`, or `[layer; first..end]`: copies that are named from `first` on.
fn repeat(input: ParseStream<'_>, errors: &Errors) -> Result<Layer> {
    let tokens: TokenStream = input.fork().parse()?;
    let content;
    let brackets = bracketed!(content in input);
    let inner = layer_until_semicolon(&content, errors)?;
    if content.is_empty() {
        return Err(Error::new(brackets.span.join(), "expected `[layer; count]`"));
    }
    content.parse::<Token![;]>()?;
    let (mut first, mut end) = (Num::default(0, brackets.span.join()), num(&content)?);
    if content.parse::<Option<Token![..]>>()?.is_some() {
        (first, end) = (end, num(&content)?);
    }
    if first.value.zip(end.value).is_some_and(|(first, end)| first >= end) {
        return Err(Error::new(end.span, "a layer is repeated at least once"));
    }
    if !content.is_empty() {
        return Err(content.error("expected `]`"));
    }
    let kind = Kind::Repeat { layer: Box::new(inner), first, end };
    Ok(Layer::new(tokens.span(), spelled(&tokens), kind))
}

/// The layer in front of the `;` of a repetition.
fn layer_until_semicolon(input: ParseStream<'_>, errors: &Errors) -> Result<Layer> {
    let parts = split(&input.fork().parse()?);
    if let [_, more @ ..] = &parts[..]
        && let Some(comma) = more.first()
    {
        let span = comma.span();
        input.parse::<TokenStream>()?;
        return Err(Error::new(span, "expected `;` and the count: `[layer; count]`"));
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![;]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    let parse = |input: ParseStream<'_>| layer(input, errors);
    parse.parse2(tokens)
}

/// `#[name = "features.0"]`; an empty name adds no level to the path.
/// Conditions would have to hold for the description too.
fn no_conditions(attrs: &[Attribute], errors: &Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
        errors.at(attr.span(), "put `#[cfg]` on the whole `network!`, not inside it");
    }
}

fn renamed(attr: &Attribute) -> Result<String> {
    let value = &attr.meta.require_name_value()?.value;
    let name: LitStr = syn::parse2(quote::quote!(#value))?;
    if !name.value().is_empty() && name.value().split('.').any(str::is_empty) {
        return Err(Error::new(name.span(), "a part of this weight name is empty"));
    }
    Ok(name.value())
}

/// One of our layers with its numbers, or any other type.
fn layer(input: ParseStream<'_>, errors: &Errors) -> Result<Layer> {
    if input.is_empty() {
        return Err(input.error("expected a layer, such as `Relu` or `Conv2d<1, 6, K = 5>`"));
    }
    if is_branch(input) {
        return branch(input, errors);
    }
    if input.peek(token::Bracket) {
        return repeat(input, errors);
    }
    let tokens: TokenStream = input.fork().parse()?;
    let (span, text) = (tokens.span(), spelled(&tokens));
    let ours = input.fork().parse::<Ident>().ok().filter(|ident| {
        let name = ident.to_string();
        known::find(&name).is_some() && !input.peek2(Token![::])
    });
    misplaced_brackets(input)?;
    let kind = match ours {
        Some(_) => {
            let ident: Ident = input.parse()?;
            layers::read(&ident, input, errors)?
        }
        None => other(input)?,
    };
    Ok(Layer::new(span, text, kind))
}

/// Reports the wrong kind of bracket behind the name of one of ours: arguments
/// stand in `<…>`, the layers of a branch in `{ … }`.
fn misplaced_brackets(input: ParseStream<'_>) -> Result<()> {
    let fork = input.fork();
    let Ok(ident) = fork.parse::<Ident>() else {
        return Ok(());
    };
    let name = ident.to_string();
    if let Some(form) = known::branch(&ident) {
        let text = format_args!("the layers of `{name}` stand in braces: `{form}`");
        return Err(Error::new(ident.span(), text));
    }
    if fork.peek(token::Paren) && known::find(&name).is_some() {
        let text = if fork.parse::<proc_macro2::Group>()?.stream().is_empty() {
            format!("a layer is a type: write `{name}` without parentheses")
        } else {
            format!("the arguments of `{name}` stand in `<…>`, not in parentheses")
        };
        return Err(Error::new(ident.span(), text));
    }
    if fork.peek(token::Brace)
        && let Some(meant) = similar(&name, known::BRANCHES.iter().map(|(name, _)| *name))
    {
        let text = format_args!("unknown branch `{name}`; did you mean `{meant}`?");
        return Err(Error::new(ident.span(), text));
    }
    Ok(())
}

/// A type of any other origin. Keyword parameters show that one of ours was meant.
fn other(input: ParseStream<'_>) -> Result<Kind> {
    let fork = input.fork();
    if let Ok(ident) = fork.parse::<Ident>()
        && fork.peek(Token![<])
    {
        let tokens: TokenStream = fork.parse()?;
        let keyword = tokens
            .into_iter()
            .any(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == '='));
        if keyword {
            return Err(layers::unknown(&ident));
        }
    }
    let ty: Type = input.parse()?;
    Ok(Kind::Other(Box::new(ty)))
}

/// The tokens at commas that are outside of brackets and angle brackets.
pub(crate) fn split(tokens: &TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![];
    let mut part = TokenStream::new();
    let (mut depth, mut arrow) = (0_usize, false);
    for token in tokens.clone() {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if !arrow => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    parts.push(std::mem::take(&mut part));
                    continue;
                }
                _ => {}
            }
            arrow = punct.as_char() == '-';
        } else {
            arrow = false;
        }
        part.extend([token]);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

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
        let sizes = content.parse_terminated(size, Token![,])?;
        let sizes: Vec<Size> = sizes.into_iter().collect();
        match &sizes[..] {
            [Size::Dyn, _, _] => Err(Error::new(
                span,
                "the number of channels can't be `Dyn`: filters have a fixed depth",
            )),
            [_] | [_, _, _] => Ok(Self { span, sizes }),
            _ => Err(Error::new(span, "a shape is `[channels, height, width]` or `[features]`")),
        }
    }
}

fn size(input: ParseStream<'_>) -> Result<Size> {
    if input.peek(Ident) && input.fork().parse::<Ident>()? == "Dyn" {
        input.parse::<Ident>()?;
        return Ok(Size::Dyn);
    }
    num(input).map(Size::Num)
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

/// The tokens as a person would write them.
pub(crate) fn spelled(tokens: &TokenStream) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for token in tokens.clone() {
        let piece = match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                format!("{open}{}{close}", spelled(&group.stream()))
            }
            other => other.to_string(),
        };
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == ')';
        let starts = piece.chars().next().unwrap_or(' ');
        if piece == "=" || before == ',' || before == '=' || (word(before) && word(starts)) {
            text.push(' ');
        }
        text.push_str(&piece);
        before = piece.chars().next_back().unwrap_or(' ');
    }
    text
}
