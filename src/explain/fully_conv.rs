//! Fully-connected layers as convolutions: a network that takes larger images.
//!
//! # The formula
//!
//! A fully-connected layer on a flattened image of C×H×W sums, for each output o,
//! weight\[o, (c·H + y)·W + x\] · in\[c, y, x\] over all c, y, x. That is what a
//! convolution with a kernel of H×W computes at its only position, and the two
//! weights lie in memory alike: \[O, C·H·W\] and \[O, C, H, W\]. So
//!
//! ```text
//! Flatten, Linear<C·H·W, O>   Conv2d<C, O, K = (H, W)>
//! Linear<O, N> behind it      Conv2d<O, N, K = 1>
//! GlobalAvgPool2d on H×W      AvgPool2d<K = (H, W), S = 1>
//! ```
//!
//! and the network that takes W×H images becomes one that slides over larger ones,
//! at the stride of its body, and computes what neighbouring windows share once
//! (Sermanet et al., "`OverFeat`", 2014, section 3.5; Long, Shelhamer, Darrell, "Fully
//! convolutional networks for semantic segmentation", 2015, section 3.1).
//!
//! Without padding, each cell of the map is exactly what the network gives for the
//! crop under it. With padding it is not: a crop has zeros around it where the whole
//! image goes on. Nor is it where strides drop pixels in a crop, but not in the whole.
//!
//! # The code
//!
//! [`FullyConv<N>`](FullyConv) is a type function: its description is computed from
//! that of `N` in const evaluation (`fully_conv/convert.rs`), so it is a layer for
//! `network!` and [`On`] like any other, with output sizes as types or
//! `Dyn`. [`Model::fully_conv`] moves the weights over; none is copied.
//!
//! What can't be read as a convolution does not compile: a branch that ends in a
//! vector, a softmax or batch norm over a flattened image, or a layer of your own
//! behind one. Global pools *within* a branch (squeeze and excitation) stay what they
//! are: they look at the whole of a larger image.
//!
//! # Examples
//!
//! ```
//! use typenet::explain::fully_conv::{FullyConv, Savings};
//! use typenet::prelude::*;
//!
//! network! {
//!     struct Digits: [1, 16, 16] -> [10] {
//!         conv: Conv2d<1, 4, K = 5>,
//!         relu: Relu,
//!         pool: MaxPool2d<K = 2>,
//!         flatten: Flatten,
//!         fc1: Linear<144, 20>,
//!         fc2: Linear<20, 10>,
//!     }
//! }
//! // The output on a larger image, as a type …
//! network! { struct Larger: [1, 32, 40] -> [10, 9, 13] { net: FullyConv<Digits> } }
//!
//! // … and with the very weights of a network that is there already.
//! let net = Digits::random(1);
//! let map = net.clone().fully_conv::<Chw<1, 32, 40>, Chw<10, 9, 13>>();
//! let image = Tensor::from_fn(|[_, y, x]: [usize; 3]| (x * y) as f32 / 64.0);
//! let cells = map.forward(&image);
//!
//! // The cell in row 1, column 2 is what the network gives for the crop there.
//! let crop = Tensor::from_fn(|[_, y, x]: [usize; 3]| ((x + 4) * (y + 2)) as f32 / 64.0);
//! let scores = net.forward(&crop);
//! assert_eq!(cells.as_slice()[13 + 2], scores.as_slice()[0]);
//!
//! // 117 windows would have cost four times as much.
//! const SAVED: Savings = Savings::of::<Digits>(32, 40);
//! assert_eq!((SAVED.windows, SAVED.times() as u32), (117, 4));
//! ```

mod convert;

use core::marker::PhantomData;

use crate::element::Element;
use crate::layer::{Apply, Describe, Layer};
use crate::model::Model;
use crate::network::{Network, On};
use crate::shape::{Chw, DynChw, Shape, Vector};
use crate::spec::{Dims, Node, Spec, Text, flow, macs};
use convert::{List, MOST};

/// The network `N` with its fully-connected layers and its global pool as
/// convolutions and windows of fixed size: a layer that takes any larger image.
///
/// A softmax over a flattened image has no such form:
///
/// ```compile_fail,E0080
/// use typenet::explain::fully_conv::FullyConv;
/// use typenet::prelude::*;
///
/// network! { struct Net: [1, 4, 4] -> [16] { flatten: Flatten, softmax: Softmax } }
/// let params = On::<FullyConv<Net>, Chw<1, 8, 8>, Chw<16, 5, 5>>::PARAMS;
/// ```
#[derive(Debug)]
pub struct FullyConv<N>(PhantomData<fn() -> N>);

impl<N: Network> FullyConv<N> {
    const LIST: &'static List = &convert::list(N::SPEC, N::INPUT);
    const SPECS: &'static [Spec<'static>; MOST] = &Self::LIST.specs;
    const NAMES: &'static [Text<64>; MOST] = &Self::LIST.names;
    const NODES: &'static [Node<'static>; MOST] = &convert::nodes(Self::NAMES, Self::SPECS);
}

impl<N: Network> Describe for FullyConv<N> {
    const SPEC: &'static Spec<'static> = &Spec::Chain(Self::NODES.split_at(Self::LIST.len).0);
}

// As for a block: the const walk of the network that it is in proves it.
impl<N: Network, In: Shape, Out: Shape> Apply<In, Out> for FullyConv<N> {}

impl<N, const C: usize, const H: usize, const W: usize, const O: usize> Layer<DynChw<C>>
    for FullyConv<N>
where
    N: Network<Input = Chw<C, H, W>, Output = Vector<O>>,
{
    type Out = DynChw<O>;
}

impl<N: Network, T: Element> Model<N, T> {
    /// The network with its fully-connected layers as convolutions, for images of the
    /// shape `In`; the weights move over.
    ///
    /// [`FullyConv`] tells what becomes of each layer. That `Out` is what comes out
    /// is proven when it is compiled:
    ///
    /// ```compile_fail,E0080
    /// use typenet::prelude::*;
    ///
    /// network! { struct Net: [1, 4, 4] -> [3] { flatten: Flatten, fc: Linear<16, 3> } }
    /// let net = Net::random(1).fully_conv::<Chw<1, 8, 8>, Chw<3, 4, 4>>(); // it is 3×5×5
    /// ```
    pub fn fully_conv<In: Shape, Out: Shape>(self) -> Model<On<FullyConv<N>, In, Out>, T> {
        self.with_layers_of()
    }
}

/// What it saves to run a network once on an image of h×w, rather than on each of
/// its windows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Savings {
    /// Windows, which are the cells of the map.
    pub windows: u128,
    /// Multiply-adds of one window.
    pub window: u128,
    /// Multiply-adds of the whole map.
    pub map: u128,
}

impl Savings {
    /// Those of the network `N` on an image of this height and width.
    ///
    /// # Panics
    ///
    /// If the network does not fit such an image.
    #[expect(clippy::panic, reason = "an error of const evaluation")]
    pub const fn of<N: Network>(height: usize, width: usize) -> Self {
        let spec = <FullyConv<N> as Describe>::SPEC;
        let channels = match N::INPUT {
            Dims::Image { c, .. } => c,
            Dims::Vector(n) => n.or_zero(),
            Dims::Unknown => 0,
        };
        let input = Dims::image(channels, height, width);
        let map = flow(spec, input, true);
        let windows = match map.dims {
            Dims::Image { h, w, .. } if map.holds => h.or_zero() as u128 * w.or_zero() as u128,
            _ => panic!("the network does not fit an image of this size"),
        };
        Self { windows, window: N::MACS as u128, map: macs(spec, input) as u128 }
    }

    /// How many times as much all windows cost.
    pub fn times(&self) -> f64 {
        self.windows as f64 * self.window as f64 / self.map as f64
    }
}
