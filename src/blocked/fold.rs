//! Folding batch normalisation into the convolution before it.
//!
//! (x − mean) / √(variance + eps) · weight + bias is x·scale + shift, so a
//! convolution with weights w·scale and bias b·scale + shift gives the result
//! right away. All of it is computed in double precision and rounded once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::element::Element;

/// Parameters as they are, or with something folded in.
pub(crate) type Values<'a, T> = Cow<'a, [T]>;

/// A batch normalisation as a product and a sum, channel by channel.
pub(crate) struct Affine {
    scale: Vec<f64>,
    shift: Vec<f64>,
}

impl Affine {
    /// From weight, bias, mean and variance.
    pub(crate) fn new<T: Element>(eps: f64, params: &[&[T]]) -> Self {
        let channels = 0..params[0].len();
        let of = |param: usize, c: usize| params[param][c].to_double();
        let scale = |c| of(0, c) / num_traits::Float::sqrt(of(3, c) + eps);
        Self {
            scale: channels.clone().map(scale).collect(),
            shift: channels.map(|c| of(1, c) - of(2, c) * scale(c)).collect(),
        }
    }

    /// The weights of a convolution of as many outputs as there are channels.
    pub(crate) fn weights<T: Element>(&self, weights: &[T]) -> Vec<T> {
        let filter = (weights.len() / self.scale.len().max(1)).max(1);
        let mut folded = Vec::with_capacity(weights.len());
        for (filter, &scale) in weights.chunks(filter).zip(&self.scale) {
            folded.extend(filter.iter().map(|w| T::from_double(w.to_double() * scale)));
        }
        folded
    }

    /// Its bias.
    pub(crate) fn bias<T: Element>(&self, bias: Option<&[T]>) -> Vec<T> {
        let of = |c: usize| bias.map_or(0.0, |bias| bias[c].to_double());
        let channels = self.scale.iter().zip(&self.shift).enumerate();
        channels.map(|(c, (scale, shift))| T::from_double(of(c) * scale + shift)).collect()
    }
}
