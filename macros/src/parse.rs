//! Tokens to model. A field that can't be read is reported and stands as
//! [`Kind::Unread`], so that one mistake does not hide the next.

use std::cell::Cell;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, GenericParam, Generics, Ident, LitStr, Result, Token, Type, Visibility,
    braced, bracketed, token,
};

use crate::model::{Arm, Field, Kind, Layer, Network, Num, Output, Relation, Shape};
use crate::numbers::num;
use crate::report::{Errors, similar};
use crate::spec::Dims;
use crate::{known, layers, misplaced};

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
    if let Some(other) = generics.params.iter().find(|param| !is_size(param)) {
        let text = "the parameters of a network are numbers: `const C: usize`";
        let span =
            if let GenericParam::Const(param) = other { param.ty.span() } else { other.span() };
        return Err(Error::new(span, text));
    }
    let (mut shape, mut output) = (None, None);
    if input.parse::<Option<Token![:]>>()?.is_some() {
        shape = Some(input.parse()?);
        if input.parse::<Option<Token![->]>>()?.is_some() {
            output = Some(declared(input, errors)?);
        } else if input.peek(Token![=>]) || input.peek(Token![:]) {
            return Err(input.error("the output stands behind `->`, as in `[1, 28, 28] -> [10]`"));
        }
    }
    let relations = relations(input)?;
    if !input.peek(token::Brace) {
        let text = "expected the layers in braces: `{ conv1: Conv2d<1, 6, K = 5>, … }`";
        let at = if input.is_empty() { name.span() } else { input.span() };
        return Err(Error::new(at, text));
    }
    let body;
    let braces = braced!(body in input);
    let body = misplaced::uncalculated(body.parse()?, &generics, errors);
    let mut fields = fields(&body, errors);
    misplaced::heads(&mut fields, shape.is_some(), errors);
    for field in &mut fields {
        misplaced::within_itself(&name, field.ident.as_ref(), &mut field.layer, errors);
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

/// Whether a parameter may be a size, or a flag. (A type of another name may be `usize`.)
fn is_size(param: &GenericParam) -> bool {
    let GenericParam::Const(param) = param else { return false };
    let others = ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128"];
    let ty = &param.ty;
    !others.contains(&quote::quote!(#ty).to_string().as_str())
}

/// What is declared to come out: a shape, or one for each head.
fn declared(input: ParseStream<'_>, errors: &Errors) -> Result<Output> {
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
    let mut once: Vec<(Ident, Shape)> = vec![];
    for (name, shape) in heads {
        if once.iter().any(|(earlier, _)| *earlier == name) {
            errors.at(name.span(), format_args!("the head `{name}` is declared twice"));
        } else {
            once.push((name, shape));
        }
    }
    Ok(Output::Heads(braces.span.join(), once))
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
    let mut fields: Vec<Field> = vec![];
    for part in split(body) {
        if let Some(residual) = fields.last_mut()
            && errors.keep(cut_off_shortcut.parse2(part.clone())) == Some(true)
        {
            errors.push(Error::new_spanned(
                part,
                "`shortcut { … }` stands right behind its `Residual { … }`, without a comma",
            ));
            residual.layer.kind = Kind::Unread;
            continue;
        }
        let parse = |input: ParseStream<'_>| field(input, errors);
        let span = part.span();
        let field = errors.keep(parse.parse2(part));
        let mut field = field.unwrap_or_else(|| Field::unread(span));
        let mut earlier = fields.iter().filter_map(|field| field.ident.as_ref());
        if let Some(name) = &field.ident
            && earlier.any(|earlier| earlier.unraw() == name.unraw())
        {
            let text = format_args!("the name `{}` is taken by an earlier layer", name.unraw());
            errors.at(name.span(), text);
            field = Field::unread(span);
        }
        fields.push(field);
    }
    fields
}

/// Whether this is the shortcut of a residual, cut off from it.
fn cut_off_shortcut(input: ParseStream<'_>) -> Result<bool> {
    let word = input.fork().parse::<Ident>().is_ok_and(|word| word == "shortcut");
    let found = word && input.peek2(token::Brace);
    input.parse::<TokenStream>()?;
    Ok(found)
}

fn field(input: ParseStream<'_>, errors: &Errors) -> Result<Field> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    no_conditions(&attrs, errors);
    let last = attrs.last().map(Spanned::span);
    let renamed = rename(&mut attrs, errors)?;
    if is_branch(input) {
        let layer = layer(input, errors)?;
        if !input.is_empty() {
            return Err(input.error("expected `,` and the next layer"));
        }
        return Ok(Field { attrs, ident: None, name: renamed.unwrap_or_default(), layer });
    }
    if input.peek(Token![pub]) {
        errors.push(input.error("a layer is as visible as its network: leave `pub` out"));
        input.parse::<Visibility>()?;
    }
    let nameless = "expected a name and a layer, as in `conv1: Conv2d<1, 6, K = 5>`";
    let at = if input.is_empty() { last } else { None };
    let at = at.unwrap_or_else(|| input.span());
    let ident = input.call(Ident::parse_any).map_err(|_| Error::new(at, nameless))?;
    if ident == "_" {
        return Err(Error::new(at, nameless));
    }
    let name = renamed.unwrap_or_else(|| ident.unraw().to_string());
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
        return Ok(Field { attrs, ident: Some(ident), name, layer: Layer::unread(span) });
    }
    if input.is_empty() {
        let text = format!("`{ident}` needs a layer, such as `Relu` or `Conv2d<1, 6, K = 5>`");
        errors.at(ident.span(), text);
        let span = ident.span();
        return Ok(Field { attrs, ident: Some(ident), name, layer: Layer::unread(span) });
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
            Layer::unread(if tokens.is_empty() { ident.span() } else { tokens.span() })
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
            if arms[..index].iter().any(|earlier| earlier.ident.unraw() == arm.ident.unraw()) {
                let name = arm.ident.unraw();
                let text = format_args!("the name `{name}` is taken by an earlier arm");
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
    let renamed = rename(&mut attrs, errors)?;
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
    let (first, end) = copies.parse2(content.parse()?).map_err(|error| {
        // At the end of the tokens there is nothing to point at.
        let span = if content.is_empty() { brackets.span.close() } else { error.span() };
        Error::new(span, error)
    })?;
    let kind = Kind::Repeat { layer: Box::new(inner), first, end };
    Ok(Layer::new(tokens.span(), spelled(&tokens), kind))
}

/// How many copies: `count`, or the names from `first` to before `end`.
fn copies(input: ParseStream<'_>) -> Result<(Num, Num)> {
    let count = |input: ParseStream<'_>| {
        if input.is_empty() {
            Err(input.error("expected how often: `[layer; count]`"))
        } else {
            num(input)
        }
    };
    let (mut first, mut end) = (Num::default(0, input.span()), count(input)?);
    if input.peek(Token![..=]) {
        return Err(input.error("the copies are `first..end`, of which the end is not one"));
    }
    if input.parse::<Option<Token![..]>>()?.is_some() {
        (first, end) = (end, count(input)?);
    }
    if first.value.zip(end.value).is_some_and(|(first, end)| first >= end) {
        return Err(Error::new(end.span, "a layer is repeated at least once"));
    }
    if input.is_empty() { Ok((first, end)) } else { Err(input.error("expected `]`")) }
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

/// Conditions would have to hold for the description too.
fn no_conditions(attrs: &[Attribute], errors: &Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
        errors.at(attr.span(), "put `#[cfg]` on the whole `network!`, not inside it");
    }
}

/// Takes the new name out of the attributes.
fn rename(attrs: &mut Vec<Attribute>, errors: &Errors) -> Result<Option<String>> {
    let (names, others): (Vec<_>, _) =
        attrs.drain(..).partition(|attr| attr.path().is_ident("name"));
    *attrs = others;
    if let Some(again) = names.get(1) {
        errors.push(Error::new_spanned(again, "`#[name]` is given twice"));
    }
    names.first().map(renamed).transpose()
}

/// `#[name = "features.0"]`; an empty name adds no level to the path.
fn renamed(attr: &Attribute) -> Result<String> {
    let form = "a weight name is a string: `#[name = \"features.0\"]`";
    let value = attr.meta.require_name_value().map_err(|_| Error::new_spanned(attr, form))?;
    let value = &value.value;
    let name: LitStr =
        syn::parse2(quote::quote!(#value)).map_err(|_| Error::new_spanned(value, form))?;
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
    if fork.peek(Token![::]) && known::find(&name).is_some() {
        let rest = fork.parse::<TokenStream>()?;
        if layers::keyword(&rest).is_some()
            || rest.into_iter().any(|token| matches!(token, TokenTree::Group(_)))
        {
            let text = format_args!("a layer is a type: write `{name}<…>`, without `::`");
            return Err(Error::new(ident.span(), text));
        }
        return Ok(());
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
    fork.parse::<Option<Token![::]>>()?;
    while fork.peek(Ident) && fork.peek2(Token![::]) {
        fork.parse::<Ident>()?;
        fork.parse::<Token![::]>()?;
    }
    if let Ok(ident) = fork.parse::<Ident>()
        && fork.peek(Token![<])
        && layers::keyword(&fork.parse()?).is_some()
    {
        return Err(layers::unknown(&ident));
    }
    let ty: Type = input.parse()?;
    if let Some(span) = layers::keyword(&quote::quote!(#ty)) {
        let text =
            "within a tuple or other type numbers stand by position, as in `Conv2d<1, 6, 5>`";
        return Err(Error::new(span, text));
    }
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
                    // Nothing between two commas: the comma itself, to point at.
                    if part.is_empty() {
                        part.extend([token.clone()]);
                    }
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
