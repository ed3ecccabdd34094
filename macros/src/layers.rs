//! How the arguments of a layer of ours become its numbers.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Ident, LitBool, Result, Token, parenthesized, token};

use crate::known::{Known, find, in_pytorch, names, position_in_pytorch};
use crate::model::{Conv2d, Flag, Float, Inputs, Kind, Linear, Num, Padding, Pair, Window};
use crate::numbers::{num, number};
use crate::ours;
use crate::parse::split;
use crate::report::{Errors, similar};
use crate::transpose;

/// A name with keyword parameters that is none of ours.
pub(crate) fn unknown(name: &Ident) -> Error {
    let word = name.to_string();
    if find(&word).is_some() {
        let text = format_args!("`NAME = value` goes with the plain name: write `{word}<…>`");
        return Error::new(name.span(), text);
    }
    let text = match similar(&name.to_string(), names()) {
        Some(meant) => format!("unknown layer `{name}`; did you mean `{meant}`?"),
        None => format!("unknown layer `{name}`: only built-in layers take `NAME = value`"),
    };
    Error::new(name.span(), text)
}

/// The name of the first `NAME = value` among these tokens, those in parentheses too.
pub(crate) fn keyword(tokens: &TokenStream) -> Option<Span> {
    let mut before = None;
    for token in tokens.clone() {
        match &token {
            TokenTree::Punct(p) if p.as_char() == '=' => return before.or(Some(p.span())),
            TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis => {
                if let Some(found) = keyword(&g.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
        before = Some(token.span());
    }
    None
}

/// The comma of a part that is nothing else.
fn lone_comma(part: &TokenStream) -> Option<Span> {
    match part.clone().into_iter().next()? {
        TokenTree::Punct(p) if p.as_char() == ',' => Some(p.span()),
        _ => None,
    }
}

/// One argument.
struct Arg {
    keyword: bool,
    name: &'static str,
    span: Span,
    value: TokenStream,
}

/// Whether a float may be negative.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Any,
    Positive,
}

/// The arguments of one layer.
pub(crate) struct Args<'a> {
    layer: &'a Ident,
    given: Vec<Arg>,
    errors: &'a Errors,
}

/// Reads the arguments behind the name of one of ours.
pub(crate) fn read(layer: &Ident, input: ParseStream<'_>, errors: &Errors) -> Result<Kind> {
    let name = layer.to_string();
    let Some(known) = find(&name) else {
        return Err(unknown(layer));
    };
    let mut args = Args { layer, given: vec![], errors };
    if input.peek(Token![<]) {
        let before = errors.len();
        for part in split(&angled(input)?) {
            let (named, found) = (keyword(&part).is_some(), errors.len());
            errors.keep(args.add(known, part));
            // What comes behind a wrong number without a name may have moved.
            if !named && errors.len() > found {
                break;
            }
        }
        if errors.len() > before {
            return Ok(Kind::Unread);
        }
    }
    Ok(match known.name {
        "Conv2d" => args.conv2d()?.map_or(Kind::Unread, Kind::Conv2d),
        "MaxPool2d" => Kind::MaxPool2d(args.pool()?),
        "AvgPool2d" => {
            let include_pad = args.flag("INCLUDE_PAD")?;
            Kind::AvgPool2d(args.pool()?, include_pad)
        }
        "LpPool2d" => {
            let norm = args.required("NORM", "a norm")?;
            Kind::LpPool2d(args.pool()?, norm)
        }
        "ConvTranspose2d" => transpose::read(&args)?.map_or(Kind::Unread, Kind::ConvTranspose2d),
        "Linear" => Kind::Linear(Linear {
            inputs: args.inputs()?,
            outputs: args.required("O", "the features that go out")?,
            bias: args.flag("BIAS")?,
        }),
        other => Kind::Ours(ours::read(other, &args)?),
    })
}

/// What stands between `<` and its `>`.
fn angled(input: ParseStream<'_>) -> Result<TokenStream> {
    let open: Token![<] = input.parse()?;
    let mut depth = 1;
    let mut inside = TokenStream::new();
    while !input.is_empty() {
        if input.peek(Token![<]) {
            depth += 1;
        } else if input.peek(Token![>]) {
            depth -= 1;
            if depth == 0 {
                input.parse::<Token![>]>()?;
                return Ok(inside);
            }
        }
        inside.extend([input.parse::<TokenTree>()?]);
    }
    Err(Error::new(open.span(), "this `<` has no `>`"))
}

impl Args<'_> {
    /// Adds one argument, by keyword or by position.
    fn add(&mut self, known: &'static Known, part: TokenStream) -> Result<()> {
        let layer = self.layer;
        let span = part.span();
        let keyword = |input: ParseStream<'_>| -> Result<Option<(Ident, TokenStream)>> {
            if input.peek(Ident::peek_any) && input.peek2(Token![=]) {
                let name = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                return Ok(Some((name, input.parse()?)));
            }
            input.parse::<TokenStream>()?;
            Ok(None)
        };
        if let Some(comma) = lone_comma(&part) {
            return Err(Error::new(comma, "expected a number or `NAME = value` before this comma"));
        }
        let named = keyword.parse2(part.clone())?;
        let keyword = named.is_some();
        let (name, name_span, value) = match named {
            Some((name, value)) => {
                let word = name.to_string();
                match known.keywords.iter().find(|keyword| **keyword == word) {
                    Some(keyword) => (*keyword, name.span(), value),
                    None => return Err(no_such_parameter(known, &name)),
                }
            }
            None => {
                if self.given.iter().any(|arg| arg.keyword) {
                    let text = "numbers without a name stand before those with one";
                    return Err(Error::new(span, text));
                }
                let taken = self.given.len();
                let Some(name) = known.positional.get(taken) else {
                    let text = match known.positional.len() {
                        0 => format!("`{layer}` takes no numbers"),
                        n => format!("`{layer}` takes at most {n} numbers by position"),
                    };
                    return Err(Error::new(span, text));
                };
                (*name, span, part)
            }
        };
        if self.given.iter().any(|arg| arg.name == name) {
            return Err(Error::new(name_span, format_args!("`{name}` is given twice")));
        }
        if value.is_empty() {
            return Err(Error::new(name_span, format_args!("`{name}` has no value")));
        }
        let span = value.span();
        self.given.push(Arg { keyword, name, span, value });
        Ok(())
    }

    /// Whether the user gave it.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &str) -> Option<&Arg> {
        self.given.iter().find(|arg| arg.name == name)
    }

    /// An error at an argument that is given.
    pub(crate) fn wrong(&self, name: &str, text: &str) -> Error {
        Error::new(self.get(name).map_or(self.layer.span(), |arg| arg.span), text)
    }

    /// An argument that has no default is not given.
    pub(crate) fn missing(&self, name: &str, what: &str) -> Error {
        let text = match name {
            "I" | "O" | "C" => format!("`{}` needs {what}", self.layer),
            _ => format!("`{}` needs {what}: `{name} = …`", self.layer),
        };
        Error::new(self.layer.span(), text)
    }

    /// A number that has no default.
    pub(crate) fn required(&self, name: &str, what: &str) -> Result<Num> {
        let arg = self.get(name).ok_or_else(|| self.missing(name, what))?;
        number.parse2(arg.value.clone())
    }

    fn or(&self, name: &str, default: usize) -> Result<Num> {
        match self.get(name) {
            Some(arg) => number.parse2(arg.value.clone()),
            None => Ok(Num::default(default, self.layer.span())),
        }
    }

    /// `true` or `false`; `true` unless it is given.
    fn flag(&self, name: &str) -> Result<Flag> {
        self.flag_or(name, true)
    }

    pub(crate) fn flag_or(&self, name: &str, default: bool) -> Result<Flag> {
        let Some(arg) = self.get(name) else {
            return Ok(Flag { value: Some(default), tokens: quote!(#default) });
        };
        let parse = |input: ParseStream<'_>| {
            if input.peek(LitBool) {
                let value = input.parse::<LitBool>()?;
                return Ok(Flag { value: Some(value.value), tokens: quote!(#value) });
            }
            if input.peek(syn::Lit) || input.peek(Token![-]) {
                return Err(input.error(format_args!("`{name}` is `true` or `false`")));
            }
            Ok(Flag { value: None, tokens: num(input)?.tokens })
        };
        parse.parse2(arg.value.clone())
    }

    /// A float, as the bits that the type carries.
    pub(crate) fn float(&self, name: &str, default: f64, sign: Sign) -> Result<Float> {
        let bits = |value: f64| {
            let bits = value.to_bits();
            Float { value: Some(value), tokens: quote!(#bits) }
        };
        let Some(arg) = self.get(name) else {
            return Ok(bits(default));
        };
        let parse = |input: ParseStream<'_>| {
            let minus = input.peek(Token![-]);
            if minus && sign == Sign::Positive {
                return Err(input.error(format_args!("`{name}` can't be negative")));
            }
            if minus {
                input.parse::<Token![-]>()?;
            }
            let value = match input.fork().parse::<syn::Lit>() {
                Ok(syn::Lit::Float(float)) => float.base10_parse::<f64>()?,
                Ok(syn::Lit::Int(int)) => int.base10_parse::<f64>()?,
                Ok(_) => return Err(input.error(format_args!("`{name}` is a number"))),
                Err(_) => {
                    let tokens = num(input)?.tokens;
                    let tokens = if minus { quote!(-#tokens) } else { tokens };
                    return Ok(Float { value: None, tokens });
                }
            };
            input.parse::<syn::Lit>()?;
            Ok(bits(if minus { -value } else { value }))
        };
        parse.parse2(arg.value.clone())
    }

    /// One of these words; the first unless it is given.
    pub(crate) fn word(&self, name: &str, words: &[&'static str]) -> Result<&'static str> {
        let Some(arg) = self.get(name) else {
            return Ok(words[0]);
        };
        let given = arg.value.to_string();
        words.iter().find(|word| **word == given).copied().ok_or_else(|| {
            let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
            Error::new(arg.span, format_args!("`{name}` is {}", all.join(" or ")))
        })
    }

    fn inputs(&self) -> Result<Inputs> {
        self.inputs_of("I", "what comes in, or `_`")
    }

    /// What comes in, under the name that the layer has for it.
    pub(crate) fn inputs_of(&self, name: &str, what: &str) -> Result<Inputs> {
        let arg = self.get(name).ok_or_else(|| self.missing(name, what))?;
        let parse = |input: ParseStream<'_>| {
            if input.peek(Token![_]) {
                return Ok(Inputs::Infer(input.parse::<Token![_]>()?.span()));
            }
            number(input).map(Inputs::Num)
        };
        parse.parse2(arg.value.clone())
    }

    /// One number for both axes, or `(height, width)`.
    pub(crate) fn pair(&self, name: &str) -> Result<Option<Pair>> {
        let Some(arg) = self.get(name) else {
            return Ok(None);
        };
        let parse = |input: ParseStream<'_>| {
            let form = || format!("`{name}` is one number or `(height, width)`");
            let (h, w) = if input.peek(token::Paren) {
                two(input, num, &form())?
            } else if input.peek(token::Bracket) {
                return Err(Error::new(arg.span, form()));
            } else {
                let both = number(input)?;
                (both.clone(), both)
            };
            Ok(Pair { span: arg.span, h, w })
        };
        parse.parse2(arg.value.clone()).map(Some)
    }

    /// Likewise, with a default for both.
    pub(crate) fn pair_or(&self, name: &str, default: usize) -> Result<Pair> {
        let span = self.layer.span();
        let number = || Num::default(default, span);
        Ok(self.pair(name)?.unwrap_or_else(|| Pair { span, h: number(), w: number() }))
    }

    /// `P`, in all its forms.
    pub(crate) fn padding(&self) -> Result<Padding> {
        let Some(arg) = self.get("P") else {
            let zero = || Num::default(0, self.layer.span());
            return Ok(Padding::Explicit(
                self.layer.span(),
                Box::new([zero(), zero(), zero(), zero()]),
            ));
        };
        let span = arg.span;
        let parse = |input: ParseStream<'_>| {
            if input.peek(token::Paren) {
                let help = "`P` is one number, `(height, width)`, `((top, bottom), (left, right))`, \
                            `Same` or `SameLower`";
                let ((top, bottom), (left, right)) = two(input, |side| sides(side, help), help)?;
                return Ok(Padding::Explicit(span, Box::new([top, bottom, left, right])));
            }
            if input.peek(Ident) {
                let word = input.fork().parse::<Ident>()?;
                if word == "Same" || word == "SameLower" {
                    input.parse::<Ident>()?;
                    let same = word == "Same";
                    return Ok(if same { Padding::Same(span) } else { Padding::SameLower(span) });
                }
            }
            if let Some(meant) = padding_word(&arg.value) {
                return Err(Error::new(arg.span, meant));
            }
            let all = number(input)?;
            let all = [all.clone(), all.clone(), all.clone(), all];
            Ok(Padding::Explicit(span, Box::new(all)))
        };
        parse.parse2(arg.value.clone())
    }

    fn window(&self, stride: impl FnOnce(&Pair) -> Result<Pair>) -> Result<Window> {
        let kernel = self.pair("K")?.ok_or_else(|| self.missing("K", "a kernel"))?;
        let stride = stride(&kernel)?;
        let (dilation, padding) = (self.pair_or("D", 1)?, self.padding()?);
        let ceil = self.flag_or("CEIL", false)?.value.ok_or_else(|| {
            // It decides between two types, which no const item can.
            self.wrong("CEIL", "`CEIL` is `true` or `false`")
        })?;
        Ok(Window { kernel, stride, dilation, padding, ceil })
    }

    /// The window of a pool; its stride is the kernel unless it is given.
    fn pool(&self) -> Result<Window> {
        self.window(|kernel| {
            let (h, w) = (kernel.h.clone(), kernel.w.clone());
            Ok(self.pair("S")?.unwrap_or(Pair { span: kernel.span, h, w }))
        })
    }

    /// A convolution; nothing if it could not be read, which has been reported.
    pub(crate) fn conv2d(&self) -> Result<Option<Conv2d>> {
        // Each is read, so that several mistakes in one layer show together.
        let window = self.errors.keep(self.window(|_| self.pair_or("S", 1)));
        let groups = self.errors.keep(self.or("G", 1));
        let bias = self.errors.keep(self.flag("BIAS"));
        let inputs = self.errors.keep(self.inputs());
        let outputs = self.required("O", "the channels that go out")?;
        match (inputs, window, groups, bias) {
            (Some(inputs), Some(window), Some(groups), Some(bias)) => {
                Ok(Some(Conv2d { inputs, outputs, window, groups, bias }))
            }
            _ => Ok(None),
        }
    }
}

/// What is meant by the word for a padding that other frameworks have.
fn padding_word(value: &TokenStream) -> Option<&'static str> {
    match value.to_string().trim_matches('"') {
        "same" => Some("unknown padding `same`; did you mean `Same`?"),
        "same_lower" => Some("unknown padding `same_lower`; did you mean `SameLower`?"),
        "valid" | "Valid" => Some("padding that is `valid` is none: write `P = 0`"),
        _ => None,
    }
}

/// `(a, b)`, each read by `read`.
fn two<T>(
    input: ParseStream<'_>,
    read: impl Fn(ParseStream<'_>) -> Result<T>,
    help: &str,
) -> Result<(T, T)> {
    let content;
    let parens = parenthesized!(content in input);
    let first = read(&content)?;
    if content.parse::<Option<Token![,]>>()?.is_none() {
        return Err(Error::new(parens.span.join(), help));
    }
    let second = read(&content)?;
    content.parse::<Option<Token![,]>>()?;
    if !content.is_empty() {
        return Err(Error::new(parens.span.join(), help));
    }
    Ok((first, second))
}

/// The padding of one axis: one number for both ends, or `(before, after)`.
fn sides(input: ParseStream<'_>, help: &str) -> Result<(Num, Num)> {
    if input.peek(token::Paren) {
        return two(input, num, help);
    }
    let both = num(input)?;
    Ok((both.clone(), both))
}

fn no_such_parameter(known: &Known, name: &Ident) -> Error {
    let layer = known.name;
    let list = || known.keywords.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    let word = name.to_string();
    let own = |place: &&'static str| **place == word && !known.keywords.contains(place);
    if let Some(place) =
        position_in_pytorch(&word).or_else(|| known.positional.iter().position(own))
        && known.positional.get(place).is_some_and(|name| matches!(*name, "I" | "O" | "C"))
    {
        let place = ["first", "second"][place];
        let text = format_args!("`{name}` is the {place} number of `{layer}`, without a name");
        return Error::new(name.span(), text);
    }
    let same = |keyword: &&&str| keyword.eq_ignore_ascii_case(&word);
    let meant = in_pytorch(&word.to_lowercase())
        .filter(|meant| known.keywords.contains(meant))
        .or_else(|| known.keywords.iter().find(same).copied())
        .or_else(|| similar(&word, known.keywords.iter().copied()));
    let text = match meant {
        Some(meant) => format!("`{layer}` has no parameter `{name}`; did you mean `{meant}`?"),
        None if known.keywords.is_empty() => format!("`{layer}` takes no parameters"),
        None => format!("`{layer}` has no parameter `{name}`; it has {}", list().join(", ")),
    };
    Error::new(name.span(), text)
}
