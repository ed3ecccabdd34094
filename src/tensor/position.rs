//! How the values of a shape are addressed: `[c, y, x]` in an image, a number in
//! a vector. Apart from [`Shape`], because networks need none of it.

use core::fmt::Debug;

use crate::shape::{Chw, DynChw, DynVector, Shape, Vector};

/// A shape whose values have indices.
///
/// ```
/// use typenet::shape::Chw;
/// use typenet::tensor::Coordinates;
///
/// assert_eq!(Chw::<3, 4, 5>.offset([1, 0, 2]), Some(22));
/// assert_eq!(Chw::<3, 4, 5>.offset([0, 4, 0]), None);
/// assert_eq!(Chw::<3, 4, 5>.coordinates(22), [1, 0, 2]);
/// ```
pub trait Coordinates: Shape {
    /// An index: `[usize; 3]` (channel, row, column) or `usize`.
    type At: Copy + Debug;

    /// How many values come before this one; `None` if there is no such index.
    fn offset(&self, at: Self::At) -> Option<usize>;

    /// The index of the value that `offset` values come before. Meaningless, but
    /// no panic, if there are not so many.
    fn coordinates(&self, offset: usize) -> Self::At;
}

/// The shape of an image: channels of rows.
///
/// ```
/// use typenet::shape::{Chw, DynChw};
/// use typenet::tensor::ImageShape;
///
/// assert_eq!(Chw::<3, 4, 5>.channel_shape(), Chw::<1, 4, 5>);
/// assert_eq!(DynChw::<3> { height: 4, width: 5 }.width(), 5);
/// ```
pub trait ImageShape: Coordinates<At = [usize; 3]> {
    /// The shape of one channel.
    type Channel: ImageShape;

    /// The number of channels.
    const CHANNELS: usize;

    /// The shape of one channel, with its sizes.
    fn channel_shape(&self) -> Self::Channel;

    /// Rows of a channel.
    fn height(&self) -> usize;

    /// Values of a row.
    fn width(&self) -> usize;
}

macro_rules! image {
    (($($params:tt)*) $shape:ty, $channel:ty, |$self:ident| $one:expr, $h:expr, $w:expr) => {
        impl<$($params)*> Coordinates for $shape {
            type At = [usize; 3];

            fn offset(&self, at: [usize; 3]) -> Option<usize> {
                image_offset([C, self.height(), self.width()], at)
            }

            fn coordinates(&self, offset: usize) -> [usize; 3] {
                image_coordinates([self.height(), self.width()], offset)
            }
        }

        impl<$($params)*> ImageShape for $shape {
            type Channel = $channel;
            const CHANNELS: usize = C;

            fn channel_shape(&$self) -> $channel {
                $one
            }

            fn height(&$self) -> usize {
                $h
            }

            fn width(&$self) -> usize {
                $w
            }
        }
    };
}

image! {
    (const C: usize, const H: usize, const W: usize)
    Chw<C, H, W>, Chw<1, H, W>, |self| Chw, H, W
}
image! {
    (const C: usize)
    DynChw<C>, DynChw<1>,
    |self| DynChw { height: self.height, width: self.width }, self.height, self.width
}

macro_rules! vector {
    (($($params:tt)*) $shape:ty, |$self:ident| $len:expr) => {
        impl<$($params)*> Coordinates for $shape {
            type At = usize;

            fn offset(&$self, at: usize) -> Option<usize> {
                (at < $len).then_some(at)
            }

            fn coordinates(&self, offset: usize) -> usize {
                offset
            }
        }
    };
}

vector! { (const N: usize) Vector<N>, |self| N }
vector! { () DynVector, |self| self.len }

// The product can't overflow where a tensor of these sizes exists, but a shape
// alone may claim anything.
fn image_offset([c, h, w]: [usize; 3], [channel, y, x]: [usize; 3]) -> Option<usize> {
    let inside = channel < c && y < h && x < w;
    let row = channel.checked_mul(h)?.checked_add(y)?;
    inside.then_some(row.checked_mul(w)?.checked_add(x)?)
}

fn image_coordinates([h, w]: [usize; 2], offset: usize) -> [usize; 3] {
    // No image without rows or columns has a value to ask for.
    let (h, w) = (h.max(1), w.max(1));
    [offset / w / h, offset / w % h, offset % w]
}
