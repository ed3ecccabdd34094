//! Sizes as values: what flows from one layer to the next.

use super::Text;

/// One size: a number, or one that is known only at run time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// A size known at compile time.
    Fixed(usize),
    /// A size known at run time.
    Dyn,
    /// Not known to this reader: behind a type that the macro can't see into, or
    /// behind a layer that was wrong. Every rule lets it pass.
    Unknown,
}

impl Extent {
    /// Whether both are the same number, or one of them is not known yet.
    pub const fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Fixed(a), Self::Fixed(b)) => a == b,
            _ => true,
        }
    }

    /// Whether both are the same number, or both are known at run time only.
    pub const fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Fixed(a), Self::Fixed(b)) => a == b,
            (Self::Dyn, Self::Dyn) => true,
            _ => false,
        }
    }

    /// The number, or 0 for a size that is known at run time only.
    pub const fn or_zero(self) -> usize {
        match self {
            Self::Fixed(n) => n,
            Self::Dyn | Self::Unknown => 0,
        }
    }

    /// Whether the size is known only at run time.
    pub const fn is_dyn(self) -> bool {
        matches!(self, Self::Dyn)
    }
}

/// The shape of one activation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dims {
    /// Not known to this reader, not even whether it is an image.
    Unknown,
    /// Channels × height × width.
    Image {
        /// Channels.
        c: usize,
        /// Height in pixels.
        h: Extent,
        /// Width in pixels.
        w: Extent,
    },
    /// A flat vector of features.
    Vector(Extent),
}

impl Dims {
    /// An image of fixed size.
    pub const fn image(c: usize, h: usize, w: usize) -> Self {
        Self::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) }
    }

    /// A vector of fixed length.
    pub const fn vector(n: usize) -> Self {
        Self::Vector(Extent::Fixed(n))
    }

    /// The number of elements; `None` if it is not known or does not fit `usize`.
    pub const fn elements(self) -> Option<usize> {
        match self {
            Self::Vector(Extent::Fixed(n)) => Some(n),
            Self::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => product([c, h, w, 1]),
            _ => None,
        }
    }

    /// The number of elements, saturating; 0 where a size is open.
    pub(super) const fn volume(self) -> usize {
        match self {
            Self::Image { c, h: Extent::Fixed(h), w: Extent::Fixed(w) } => volume(c, h, w, 1),
            Self::Vector(Extent::Fixed(n)) => n,
            _ => 0,
        }
    }

    /// Whether any size is known only at run time.
    pub const fn is_dyn(self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Image { h, w, .. } => h.is_dyn() || w.is_dyn(),
            Self::Vector(n) => n.is_dyn(),
        }
    }

    /// Whether both are the same shape (`Dyn` is the same as `Dyn` only).
    pub const fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) => true,
            (Self::Image { c, h, w }, Self::Image { c: c2, h: h2, w: w2 }) => {
                c == c2 && h.same(h2) && w.same(w2)
            }
            (Self::Vector(a), Self::Vector(b)) => a.same(b),
            _ => false,
        }
    }

    /// Whether a concrete shape fits this one, in which a size may be `Dyn`.
    pub const fn admits(self, other: Self) -> bool {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => true,
            (Self::Image { c, h, w }, Self::Image { c: c2, h: h2, w: w2 }) => {
                c == c2 && h.agrees(h2) && w.agrees(w2)
            }
            (Self::Vector(a), Self::Vector(b)) => a.agrees(b),
            _ => false,
        }
    }

    /// The shape as text: `16×5×5`, `400`, `3×Dyn×Dyn`.
    pub const fn text(self) -> Text<72> {
        Text::new().dims(self)
    }
}

/// The product of four sizes; `None` past `usize::MAX`.
pub(super) const fn product(sizes: [usize; 4]) -> Option<usize> {
    let [a, b, c, d] = sizes;
    match volume(a, b, c, d) {
        usize::MAX => None,
        product => Some(product),
    }
}

/// The product of four sizes, saturating.
pub(super) const fn volume(a: usize, b: usize, c: usize, d: usize) -> usize {
    // Nearly always so, and const evaluation pays for every call.
    if (a | b | c | d) as u64 >> 32 == 0 {
        let product = a as u128 * b as u128 * c as u128 * d as u128;
        return if product > usize::MAX as u128 { usize::MAX } else { product as usize };
    }
    a.saturating_mul(b).saturating_mul(c).saturating_mul(d)
}

/// The larger of the two, as `Ord::max` in const evaluation.
pub(super) const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

impl core::fmt::Display for Dims {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.text().as_str())
    }
}
