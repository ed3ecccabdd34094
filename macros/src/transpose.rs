//! The transposed convolution: a convolution's arguments and an output padding.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, Result};

use crate::layers::Args;
use crate::model::{Conv2d, Num, Padding, Pair};
use crate::spec::{self, Dims, Op, Part, Spread};

/// A transposed convolution.
pub(crate) struct ConvTranspose2d {
    /// What it has in common with a convolution; its padding is in numbers.
    pub(crate) conv: Conv2d,
    extra: Pair,
}

/// Reads the arguments.
pub(crate) fn read(args: &Args<'_>) -> Result<Option<ConvTranspose2d>> {
    let extra = args.pair_or("OUTPUT_PADDING", 0)?;
    let Some(conv) = args.conv2d()? else {
        return Ok(None);
    };
    if let Padding::Same(span) | Padding::SameLower(span) = &conv.window.padding {
        let text = "`P` is cut off here: one number, `(height, width)` or \
                    `((top, bottom), (left, right))`";
        return Err(Error::new(*span, text));
    }
    Ok(Some(ConvTranspose2d { conv, extra }))
}

impl ConvTranspose2d {
    /// The layer as data, if all its numbers are literals.
    pub(crate) fn op(&self, arrives: Dims) -> Option<Op> {
        let Conv2d { inputs, outputs, groups, bias, .. } = &self.conv;
        let channels = match arrives {
            Dims::Image { c, .. } => Some(c),
            _ => None,
        };
        let axis = |axis: usize| {
            let [k, s, d, before, after, extra] = self.axis(axis)?.map(|num| num.value);
            let (kernel, stride, dilation) = (k?, s?, d?);
            let (before, after, extra) = (before?, after?, extra?);
            Some(Spread { kernel, stride, dilation, before, after, extra })
        };
        Some(Op::ConvTranspose2d(spec::ConvTranspose2d {
            inputs: inputs.value(channels)?,
            outputs: outputs.value?,
            h: axis(0)?,
            w: axis(1)?,
            groups: groups.value?,
            bias: bias.value?,
        }))
    }

    /// Kernel, stride, dilation, the padding before and after and the output
    /// padding of the rows (0) or of the columns (1).
    fn axis(&self, axis: usize) -> Option<[&Num; 6]> {
        let window = &self.conv.window;
        let Padding::Explicit(_, pads) = &window.padding else {
            return None;
        };
        Some([
            side(&window.kernel, axis),
            side(&window.stride, axis),
            side(&window.dilation, axis),
            &pads[2 * axis],
            &pads[2 * axis + 1],
            side(&self.extra, axis),
        ])
    }

    /// The type; `inputs` are the tokens of what comes in.
    pub(crate) fn ty(&self, krate: &TokenStream, span: Span, inputs: &TokenStream) -> TokenStream {
        let Conv2d { outputs, window, groups, bias, .. } = &self.conv;
        let [k, s, p, d] = window.square_or_first();
        let (e, bias) = (&self.extra.h, &bias.tokens);
        let same = self.extra.h.tokens.to_string() == self.extra.w.tokens.to_string();
        let spread = |axis: usize| {
            let numbers = self.axis(axis).into_iter().flatten();
            quote!(#krate::size::Spread<#(#numbers),*>)
        };
        let sides = (!window.is_square() || !same).then(|| {
            let (v, h) = (spread(0), spread(1));
            quote!(, #v, #h)
        });
        quote_spanned! {span=>
            #krate::layer::ConvTranspose2d<#inputs, #outputs, #k, #s, #p, #e, #groups, #d, #bias #sides>
        }
    }

    /// The token that says `part`, if the user wrote one.
    pub(crate) fn part(&self, part: Part) -> Option<Span> {
        match part {
            Part::Inputs => Some(self.conv.inputs.span()),
            Part::Outputs => Some(self.conv.outputs.span),
            Part::Groups => Some(self.conv.groups.span),
            part => self.conv.window.span(part),
        }
    }
}

fn side(pair: &Pair, axis: usize) -> &Num {
    if axis == 0 { &pair.h } else { &pair.w }
}
