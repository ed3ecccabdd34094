//! Layers that move pixels about: padding, upsampling, pixel shuffle.

use core::marker::PhantomData;

use super::{Apply, Describe, Layer, float};
use crate::shape::rules::{IsImage, SameChannels};
use crate::shape::{Chw, DynChw, Shape};
use crate::size::{ImageOf, Pad, ShuffledBy, Side, Size, Slide, Times, WithSides};
use crate::spec::{self, Op, Resize, Spec};

/// Rows and columns around an image: `T` above, `B` below, `L` to the left, `R`
/// to the right, holding `VALUE` (a float as its bits; 0 unless it is given).
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Padded: [3, 8, 8] -> [3, 11, 15] {
///         pad: Pad2d<P = ((1, 2), (3, 4)), VALUE = -1.0>,
///     }
/// }
/// type ByHand = Pad2d<1, 2, 3, 4, { float(-1.0) }>;
/// typenet::check!(ByHand: [3, 8, 8] -> [3, 11, 15]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Pad2d<
    const T: usize,
    const B: usize = T,
    const L: usize = T,
    const R: usize = L,
    const VALUE: u64 = { float(0.0) },
>;

impl<const T: usize, const B: usize, const L: usize, const R: usize, const VALUE: u64> Describe
    for Pad2d<T, B, L, R, VALUE>
{
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::Pad2d(spec::Pad2d {
        top: T,
        bottom: B,
        left: L,
        right: R,
        value: f64::from_bits(VALUE),
    }));
}

/// A window of one pixel: nothing but its padding counts.
type Around<const B: usize, const A: usize> = Side<1, 1, 1, Pad<B, A>>;

/// An image of `C` channels, so much larger.
pub trait Padded<const C: usize, V, H> {
    /// The shape.
    type Out: Shape;
}

impl<In: IsImage<()>, const C: usize, V, H> Padded<C, V, H> for In
where
    In::H: Slide<V>,
    In::W: Slide<H>,
    (<In::H as Slide<V>>::Out, <In::W as Slide<H>>::Out): ImageOf<C>,
{
    type Out = <(<In::H as Slide<V>>::Out, <In::W as Slide<H>>::Out) as ImageOf<C>>::Image;
}

/// Implements a layer that keeps the channels for both kinds of images, by a
/// trait that knows the new sides.
macro_rules! keeps_channels {
    ($name:ident<$(const $param:ident: $kind:ty),* $(; $mode:ident: $bound:path)?> = $sides:ident<$($arg:ty),*>) => {
        impl<
            const CHANNELS: usize, const Y: usize, const X: usize,
            $(const $param: $kind,)* $($mode: $bound)?
        > Layer<Chw<CHANNELS, Y, X>> for $name<$($param,)* $($mode)?>
        where
            Chw<CHANNELS, Y, X>: $sides<CHANNELS, $($arg),*>,
        {
            type Out = <Chw<CHANNELS, Y, X> as $sides<CHANNELS, $($arg),*>>::Out;
        }

        impl<const CHANNELS: usize, $(const $param: $kind,)* $($mode: $bound)?>
            Layer<DynChw<CHANNELS>> for $name<$($param,)* $($mode)?>
        where
            DynChw<CHANNELS>: $sides<CHANNELS, $($arg),*>,
        {
            type Out = <DynChw<CHANNELS> as $sides<CHANNELS, $($arg),*>>::Out;
        }

        impl<
            In: IsImage<Self>, Out: Shape + SameChannels<In>,
            $(const $param: $kind,)* $($mode: $bound)?
        > Apply<In, Out> for $name<$($param,)* $($mode)?> {}
    };
}

keeps_channels! {
    Pad2d<const T: usize, const B: usize, const L: usize, const R: usize, const VALUE: u64>
    = Padded<Around<T, B>, Around<L, R>>
}

/// Each new pixel is the one it is a part of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Nearest;

/// Each new pixel lies on the straight lines between its neighbours. Pixels are
/// squares, and the images' edges lie on each other; with `ALIGN_CORNERS` it is
/// the middles of their corner pixels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Bilinear<const ALIGN_CORNERS: bool = false>;

/// How the pixels between pixels are found: [`Nearest`] or [`Bilinear`].
pub trait Mode: 'static {
    /// The same as a value.
    const RESIZE: Resize;
}

impl Mode for Nearest {
    const RESIZE: Resize = Resize::Nearest;
}

impl<const ALIGN_CORNERS: bool> Mode for Bilinear<ALIGN_CORNERS> {
    const RESIZE: Resize = Resize::Bilinear { align_corners: ALIGN_CORNERS };
}

/// An image of `ROWS` times the height and `COLUMNS` times the width (by default
/// as many), as PyTorch's `Upsample` makes it.
///
/// ```
/// use typenet::prelude::*;
///
/// network! {
///     struct Up: [8, 4, 4] -> [8, 16, 24] {
///         twice: Upsample<SCALE = 2>,
///         smooth: Upsample<SCALE = (2, 3), MODE = Bilinear, ALIGN_CORNERS = true>,
///     }
/// }
/// type ByHand = (Upsample<2>, Upsample<2, 3, Bilinear<true>>);
/// typenet::check!(ByHand: [8, 4, 4] -> [8, 16, 24]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Upsample<const ROWS: usize, const COLUMNS: usize = ROWS, M = Nearest>(PhantomData<M>);

impl<const ROWS: usize, const COLUMNS: usize, M: Mode> Describe for Upsample<ROWS, COLUMNS, M> {
    const SPEC: &'static Spec<'static> =
        &Spec::Op(Op::Upsample(spec::Upsample { rows: ROWS, columns: COLUMNS, resize: M::RESIZE }));
}

/// An image of `C` channels of whole multiples of the sides, as numbers.
pub trait Upsampled<const C: usize, V, H> {
    /// The shape.
    type Out: Shape;
}

impl<In: IsImage<()>, const C: usize, const ROWS: usize, const COLUMNS: usize>
    Upsampled<C, Size<ROWS>, Size<COLUMNS>> for In
where
    In::H: Times<ROWS>,
    In::W: Times<COLUMNS>,
    (<In::H as Times<ROWS>>::Out, <In::W as Times<COLUMNS>>::Out): ImageOf<C>,
{
    type Out = <(<In::H as Times<ROWS>>::Out, <In::W as Times<COLUMNS>>::Out) as ImageOf<C>>::Image;
}

keeps_channels! {
    Upsample<const ROWS: usize, const COLUMNS: usize; M: Mode>
    = Upsampled<Size<ROWS>, Size<COLUMNS>>
}

/// The channels of each group of `R`² as the pixels of one, `R` rows of `R`:
/// out\[c\]\[y\]\[x\] = in\[c·R² + (y mod R)·R + x mod R\]\[y / R\]\[x / R\].
///
/// (Shi et al., "Real-time single image and video super-resolution using an
/// efficient sub-pixel convolutional neural network", 2016.)
///
/// ```
/// use typenet::prelude::*;
///
/// network! { struct Up: [12, 8, 8] -> [3, 16, 16] { shuffle: PixelShuffle<2> } }
/// let shape: <PixelShuffle<2> as Layer<Chw<12, 8, 8>>>::Out = Chw::<3, 16, 16>;
/// # let _ = shape;
/// ```
///
/// The channels are a multiple of `R`²:
///
/// ```compile_fail
/// use typenet::prelude::*;
///
/// network! { struct Up: [10, 8, 8] -> [3, 16, 16] { shuffle: PixelShuffle<2> } }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PixelShuffle<const R: usize>;

impl<const R: usize> Describe for PixelShuffle<R> {
    const SPEC: &'static Spec<'static> = &Spec::Op(Op::PixelShuffle { factor: R });
}

impl<In, const R: usize> Layer<In> for PixelShuffle<R>
where
    In: IsImage<Self>,
    In::H: Times<R>,
    In::W: Times<R>,
    In::C: ShuffledBy<R>,
    <In::C as ShuffledBy<R>>::Out: WithSides<(<In::H as Times<R>>::Out, <In::W as Times<R>>::Out)>,
{
    type Out = <<In::C as ShuffledBy<R>>::Out as WithSides<(
        <In::H as Times<R>>::Out,
        <In::W as Times<R>>::Out,
    )>>::Image;
}

impl<In: IsImage<Self>, Out: IsImage<()>, const R: usize> Apply<In, Out> for PixelShuffle<R> {}
