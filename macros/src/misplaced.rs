//! What can be read but makes no sense where it stands: outputs within a branch, a
//! network within itself, arithmetic on parameters, braces in braces without end.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::{Error, Generics, Result, Type};

use crate::model::{Field, Kind, Layer};
use crate::report::Errors;

/// The most braces and brackets in each other: const evaluation has frames for 28
/// residuals, and braces without end would be the end of the stack.
const DEEPEST: usize = 24;

/// Refuses what lies in more braces than that within those of the network.
pub(crate) fn too_deep(network: &TokenStream) -> Result<()> {
    deeper(network, 1 + DEEPEST)
}

fn deeper(tokens: &TokenStream, left: usize) -> Result<()> {
    for token in tokens.clone() {
        let TokenTree::Group(group) = token else { continue };
        let Some(left) = left.checked_sub(1) else {
            let text = format!(
                "more than {DEEPEST} braces lie in each other: make the inner layers a block of \
                 their own"
            );
            return Err(Error::new(group.span_open(), text));
        };
        deeper(&group.stream(), left)?;
    }
    Ok(())
}

/// Several outputs end a network that has an input.
pub(crate) fn heads(fields: &mut [Field], network: bool, errors: &Errors) {
    let count = fields.len();
    for (index, Field { layer, .. }) in fields.iter_mut().enumerate() {
        let Kind::Arms { heads: true, arms } = &mut layer.kind else {
            inner_heads(layer, errors);
            continue;
        };
        for field in arms.iter_mut().flat_map(|arm| &mut arm.body) {
            inner_heads(&mut field.layer, errors);
        }
        if !network {
            let text = "`Heads` are the outputs of a network, but a block is only a part of one";
            errors.at(layer.span, text);
        } else if index + 1 < count {
            errors.at(layer.span, "`Heads` are outputs: nothing can come behind them");
        }
    }
}

/// Within a branch or repetition there are no outputs.
fn inner_heads(layer: &mut Layer, errors: &Errors) {
    let inside = |fields: &mut Vec<Field>| {
        for field in fields {
            inner_heads(&mut field.layer, errors);
        }
    };
    match &mut layer.kind {
        Kind::Arms { heads: true, .. } => {
            let text = "`Heads` are the outputs of the network: they stand at its end, not in a \
                        branch or repetition";
            errors.at(layer.span, text);
            layer.kind = Kind::Unread;
        }
        Kind::Arms { arms, .. } => arms.iter_mut().for_each(|arm| inside(&mut arm.body)),
        Kind::Residual { body, shortcut } => {
            inside(body);
            shortcut.iter_mut().for_each(inside);
        }
        Kind::Scale { body } => inside(body),
        Kind::Repeat { layer, .. } => inner_heads(layer, errors),
        _ => {}
    }
}

/// A network as a layer of its own would have no end.
pub(crate) fn within_itself(
    name: &Ident,
    field: Option<&Ident>,
    layer: &mut Layer,
    errors: &Errors,
) {
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

/// The layers, but where a number is calculated from a parameter, which types can't,
/// the parameter stands alone.
pub(crate) fn uncalculated(body: TokenStream, generics: &Generics, errors: &Errors) -> TokenStream {
    if generics.params.is_empty() {
        return body;
    }
    // A number stands behind one of these; what else is in braces are layers.
    let opens =
        |token: &TokenTree| matches!(token, TokenTree::Punct(p) if "<,=".contains(p.as_char()));
    let mut number = false;
    let tokens = body.into_iter().map(|token| {
        let here = std::mem::replace(&mut number, opens(&token));
        let TokenTree::Group(group) = &token else { return token };
        let inside = group.stream();
        let inside = match parameter(&inside, generics) {
            Some(used) if here && group.delimiter() == Delimiter::Brace => {
                if inside.clone().into_iter().count() > 1 {
                    let text = format!(
                        "types can't calculate with parameters: make `{inside}` a parameter `N` \
                         of its own, with `where N == {inside}`"
                    );
                    errors.push(Error::new_spanned(&inside, text));
                }
                TokenStream::from(used)
            }
            _ => uncalculated(inside, generics, errors),
        };
        let mut rewritten = Group::new(group.delimiter(), inside);
        rewritten.set_span(group.span());
        rewritten.into()
    });
    tokens.collect()
}

/// The first of the tokens that is a parameter.
fn parameter(tokens: &TokenStream, generics: &Generics) -> Option<TokenTree> {
    tokens.clone().into_iter().find(|token| {
        let TokenTree::Ident(word) = token else { return false };
        generics.const_params().any(|param| param.ident == *word)
    })
}
