//! Which inputs fit a network, and what of them is never looked at.
//!
//! # The formula
//!
//! A window on n pixels fits where n + p ≥ d·(k − 1) + 1, and drops what is left of
//! n + p − d·(k − 1) − 1 divided by s: ⌊ ⌋ in the size rule (Dumoulin and Visin, "A
//! guide to convolution arithmetic for deep learning", 2016). The sizes that a network
//! takes follow layer by layer:
//!
//! - windows alone set a smallest size: VGG-16's convolutions take 32×32 and more;
//! - `Flatten` and a fully-connected layer leave a range, as wide as the effective
//!   stride of what they flatten: VGG-16 takes 224×224 to 255×255, but looks at a part
//!   only of all but the first;
//! - arms that shrink and grow again must meet: a U-Net takes multiples of 16.
//!
//! # The code
//!
//! Nothing here has a rule of its own: [`takes`] asks the walk that proves networks
//! ([`flow`]), and [`sizes`] asks it for one size after the other, because sets of
//! sizes have no form that fits all three. What a layer drops is
//! [`Axis::dropped`].
//!
//! # Examples
//!
//! ```
//! use typenet::explain::fits::{Way, dropped, sizes, smallest, takes};
//! use typenet::prelude::*;
//! use typenet::spec::Dims;
//!
//! network! {
//!     struct Net: [1, 28, 28] -> [10] {
//!         conv: Conv2d<1, 4, K = 5>,
//!         pool: MaxPool2d<K = 4>,
//!         flatten: Flatten,
//!         fc: Linear<144, 10>,
//!     }
//! }
//! const _: () = assert!(takes(Net::SPEC, Dims::image(1, 31, 31)));
//! const _: () = assert!(matches!(smallest(Net::SPEC, 1), Some(28)));
//! assert_eq!(sizes(Net::SPEC, 1, Way::Square).to_string(), "28 to 31");
//!
//! let net = Net::random(1);
//! assert_eq!(dropped(net.as_any().graph()), [[0, 0]; 4]);
//! ```

use alloc::vec::Vec;
use core::fmt;

use crate::graph::{Graph, NodeKind};
use crate::spec::{Axis, Dims, Op, Spec, Window, flow, flow_chain};

/// Whether the layers of `spec` fit together on an input of this shape, whatever
/// input it is declared for.
pub const fn takes(spec: &Spec<'_>, input: Dims) -> bool {
    if matches!(input.elements(), None | Some(0)) {
        return false;
    }
    match spec {
        Spec::Net { nodes, .. } => flow_chain(nodes, input, true).holds,
        spec => flow(spec, input, true).holds,
    }
}

/// The largest side that is looked at.
pub const MOST: usize = 1024;

/// The side of the smallest square image that fits, of those up to [`MOST`].
pub const fn smallest(spec: &Spec<'_>, channels: usize) -> Option<usize> {
    let mut side = 1;
    while side <= MOST {
        if takes(spec, Dims::image(channels, side, side)) {
            return Some(side);
        }
        side += 1;
    }
    None
}

/// Which sizes are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Those of square images.
    Square,
    /// The heights of images of this width.
    Height {
        /// The width.
        width: usize,
    },
    /// The widths of images of this height.
    Width {
        /// The height.
        height: usize,
    },
}

/// Sizes that fit, up to [`MOST`]; `{}` prints them as a person would: `28 to 31`,
/// `32 and more`, `multiples of 16`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sizes {
    sizes: Vec<usize>,
}

/// The sizes of images of so many channels that fit `spec`.
///
/// ```
/// use typenet::explain::fits::{Way, sizes};
/// use typenet::prelude::*;
///
/// network! {
///     struct Net { down: MaxPool2d<K = 4>, Residual { pool: MaxPool2d<K = 2>, up: Upsample<SCALE = 2> } }
/// }
/// let heights = sizes(Net::SPEC, 3, Way::Height { width: 64 });
/// assert_eq!(heights.iter().take(5).collect::<Vec<_>>(), [8, 9, 10, 11, 16]);
/// assert_eq!(heights.to_string(), "8 to 11, 16 to 19, 24 to 27, …");
/// ```
pub fn sizes(spec: &Spec<'_>, channels: usize, way: Way) -> Sizes {
    let image = |size| match way {
        Way::Square => Dims::image(channels, size, size),
        Way::Height { width } => Dims::image(channels, size, width),
        Way::Width { height } => Dims::image(channels, height, size),
    };
    Sizes { sizes: (1..=MOST).filter(|&size| takes(spec, image(size))).collect() }
}

impl Sizes {
    /// One after the other, up to [`MOST`].
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.sizes.iter().copied()
    }

    /// The smallest.
    pub fn smallest(&self) -> Option<usize> {
        self.sizes.first().copied()
    }

    /// Whether this size fits.
    pub fn contains(&self, size: usize) -> bool {
        self.sizes.binary_search(&size).is_ok()
    }

    /// Runs of sizes without a gap, as the first and the last.
    fn runs(&self) -> Vec<(usize, usize)> {
        let runs = self.sizes.chunk_by(|a, b| a + 1 == *b);
        runs.filter_map(|run| Some((*run.first()?, *run.last()?))).collect()
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.runs();
        let step = self.smallest().unwrap_or(0);
        let multiples = step > 1 && self.sizes.len() == MOST / step;
        if multiples && self.iter().all(|size| size.is_multiple_of(step)) && step < MOST {
            return write!(f, "multiples of {step}");
        }
        for (i, &(first, last)) in runs.iter().take(3).enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            match last {
                MOST => write!(f, "{comma}{first} and more")?,
                _ if last == first => write!(f, "{comma}{first}")?,
                _ => write!(f, "{comma}{first} to {last}")?,
            }
        }
        match runs.len() {
            0 => f.write_str("none"),
            1..=3 => Ok(()),
            _ => f.write_str(", …"),
        }
    }
}

/// Rows at the bottom and columns at the right of its own input that each of
/// [`Graph::nodes`] never looks at, because its size is rounded down.
///
/// ```
/// use typenet::explain::fits::dropped;
/// use typenet::prelude::*;
///
/// network! { struct Net: [1, 31, 28] -> [1, 7, 7] { pool: MaxPool2d<K = 4> } }
/// assert_eq!(dropped(Net::random(1).as_any().graph()), [[3, 0]]);
/// ```
pub fn dropped(graph: &Graph) -> Vec<[usize; 2]> {
    let nodes = graph.nodes().iter();
    nodes
        .map(|node| match node.kind {
            NodeKind::Op(op) => match (window(&op), graph.dims_of(node.inputs[0])) {
                (Some(window), Dims::Image { h, w, .. }) => {
                    let lost = |axis: Axis, size| if size == 0 { 0 } else { axis.dropped(size) };
                    [lost(window.h, h.or_zero()), lost(window.w, w.or_zero())]
                }
                _ => [0, 0],
            },
            NodeKind::Join(_) => [0, 0],
        })
        .collect()
}

fn window(op: &Op) -> Option<Window> {
    match op {
        Op::Conv2d(conv) => Some(conv.window),
        Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => Some(pool.window),
        Op::LpPool2d(pool) => Some(pool.window),
        _ => None,
    }
}
