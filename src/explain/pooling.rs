//! Why pooling: the output moves less than the image does, and what strides cost.
//!
//! # The formula
//!
//! A map f is invariant to a shift T if f(T x) = f(x). No convolution is; a pool makes
//! a map nearly so for shifts that are small against its windows: a maximum stays
//! where it is as long as it stays in its window, a mean changes by what crosses the
//! rim (Goodfellow, Bengio, Courville, "Deep Learning", 2016, section 9.3; Boureau,
//! Ponce, Le Cun, "A theoretical analysis of feature pooling", 2010). [`movement`]
//! measures it:
//!
//! ```text
//! ‖f(T x) − f(x)‖ / ‖f(x)‖
//! ```
//!
//! What a pool takes in exchange is equivariance: with a stride of 2 the map of an
//! image that moves by one pixel is no shift of the map, only every other shift is
//! (Zhang, "Making convolutional networks shift-invariant again", 2019;
//! [`equivariance::deviation`](super::equivariance::deviation) shows it).
//!
//! # The code
//!
//! [`movement`] runs the image and the moved image, on whatever engine it is given, and
//! takes the two norms. Which shifts are left to a network as a whole is a const, the
//! stride of its [`FIELD`](crate::Network::FIELD).
//!
//! # Examples
//!
//! ```
//! use typenet::explain::pooling::movement;
//! use typenet::prelude::*;
//!
//! network! { struct Pool: [1, 8, 8] -> [1, 2, 2] { pool: AvgPool2d<K = 4> } }
//! const _: () = assert!(Pool::FIELD.h.stride.pixels == 4); // every fourth shift
//!
//! let net = Pool::random(0);
//! let run = |x: &[f32]| net.as_any().run(Pool::INPUT, x).unwrap();
//! // A pixel that stays in its window moves nothing, one that leaves it does.
//! let at = |i| (0..64).map(|j| f32::from(u8::from(i == j))).collect::<Vec<_>>();
//! assert_eq!(movement(&at(0), Pool::INPUT, [0, 1], run), 0.0);
//! assert!(movement(&at(3), Pool::INPUT, [0, 1], run) > 1.0);
//! ```

use alloc::vec::Vec;

use num_traits::Float;

use super::equivariance::shifted;
use crate::element::Element;
use crate::spec::Dims;

/// How far the output moves when the image moves `down` and `right`: the length of the
/// difference as a part of the output's; 0 where both are 0.
pub fn movement<T: Element>(
    image: &[T],
    dims: Dims,
    shift: [isize; 2],
    mut run: impl FnMut(&[T]) -> Vec<T>,
) -> f64 {
    let still = run(image);
    let moved = run(&shifted(image, dims, shift, T::zero()));
    let pairs = still.iter().zip(&moved).map(|(a, b)| (a.to_double(), b.to_double()));
    let (off, all) =
        pairs.fold((0.0, 0.0), |(off, all), (a, b)| (off + (a - b) * (a - b), all + a * a));
    if off == 0.0 { 0.0 } else { Float::sqrt(off / all) }
}
