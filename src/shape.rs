//! Shapes as types: what a layer takes and gives.
//!
//! A shape is written with const generics, `Chw<3, 224, 224>` or `Vector<10>`,
//! so that a compiler message shows plain numbers. Sizes that are known only at
//! run time have faces of their own, [`DynChw`] and [`DynVector`]; their values
//! carry the sizes. Sizes are computed from each other in [`crate::size`].

pub mod rules;

use core::fmt::Debug;

use crate::error::ShapeError;
use crate::graph::Graph;
use crate::spec::{Dims, Extent};

/// The shape of one sample: channels × height × width, or a vector.
///
/// Batches are slices of tensors. Implemented by the four shapes of this
/// module; a crate that defines layers has no need of another.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape",
    label = "not a shape",
    note = "a shape is `Chw<3, 224, 224>`, `Vector<10>`, `DynChw<3>` or `DynVector`"
)]
pub trait Shape: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// The shape as a value; sizes known only at run time are [`Extent::Dyn`].
    const DIMS: Dims;

    /// What running a network on this shape gives: a plain `Y` where the sizes
    /// are fixed, a `Result` where a run-time size may not fit.
    type Ran<Y>;

    /// The shape with these sizes; `None` if they are another shape's.
    fn from_dims(dims: Dims) -> Option<Self>;

    /// The sizes, all of them known.
    fn dims(&self) -> Dims;

    /// The shape for sizes that are known to be this shape's.
    #[doc(hidden)]
    fn fitting(dims: Dims) -> Self;

    /// Runs `run` on `graph`, laid out for this shape.
    #[doc(hidden)]
    fn ran<Y>(&self, graph: &Graph, run: impl FnOnce(&Graph) -> Y) -> Self::Ran<Y>;
}

/// A shape whose sizes the compiler knows.
pub trait FixedShape: Shape + Default {
    /// The number of elements.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// assert_eq!(Chw::<3, 224, 224>::LEN, 150_528);
    /// ```
    ///
    /// What no memory holds as numbers of eight bytes does not compile.
    ///
    /// ```compile_fail,E0080
    /// use typenet::prelude::*;
    ///
    /// const LEN: usize = Vector::<{ isize::MAX as usize / 8 + 1 }>::LEN;
    /// ```
    const LEN: usize = match Self::DIMS.elements() {
        Some(n) if n <= isize::MAX as usize / 8 => n,
        _ => panic!("the shape does not fit into memory: more than isize::MAX bytes"),
    };
}

/// An image: channels × height × width, row-major (NCHW without the N).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Chw<const C: usize, const H: usize, const W: usize>;

/// A vector of `N` features.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Vector<const N: usize>;

/// An image of `C` channels whose height and width come at run time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DynChw<const C: usize> {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// A vector whose length comes at run time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DynVector {
    /// Features.
    pub len: usize,
}

/// A size that is known at run time: `[3, Dyn, Dyn]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Dyn;

macro_rules! fixed_shape {
    (($($params:tt)*) $shape:ty = $dims:expr) => {
        impl<$($params)*> Shape for $shape {
            const DIMS: Dims = $dims;
            type Ran<Y> = Y;

            fn from_dims(dims: Dims) -> Option<Self> {
                dims.same(Self::DIMS).then(Self::default)
            }

            fn fitting(_: Dims) -> Self {
                Self::default()
            }

            fn dims(&self) -> Dims {
                Self::DIMS
            }

            fn ran<Y>(&self, graph: &Graph, run: impl FnOnce(&Graph) -> Y) -> Y {
                run(graph)
            }
        }

        impl<$($params)*> FixedShape for $shape {}
    };
}

fixed_shape! { (const C: usize, const H: usize, const W: usize) Chw<C, H, W> = Dims::image(C, H, W) }
fixed_shape! { (const N: usize) Vector<N> = Dims::vector(N) }

impl<const C: usize> Shape for DynChw<C> {
    const DIMS: Dims = Dims::Image { c: C, h: Extent::Dyn, w: Extent::Dyn };
    type Ran<Y> = Result<Y, ShapeError>;

    fn from_dims(dims: Dims) -> Option<Self> {
        match dims {
            Dims::Image { c, h: Extent::Fixed(height), w: Extent::Fixed(width) } if c == C => {
                Some(Self { height, width })
            }
            _ => None,
        }
    }

    fn fitting(dims: Dims) -> Self {
        match dims {
            Dims::Image { h, w, .. } => Self { height: h.or_zero(), width: w.or_zero() },
            _ => Self { height: 0, width: 0 },
        }
    }

    fn dims(&self) -> Dims {
        Dims::image(C, self.height, self.width)
    }

    fn ran<Y>(&self, graph: &Graph, run: impl FnOnce(&Graph) -> Y) -> Self::Ran<Y> {
        Ok(run(&graph.sized(self.dims())?))
    }
}

impl Shape for DynVector {
    const DIMS: Dims = Dims::Vector(Extent::Dyn);
    type Ran<Y> = Result<Y, ShapeError>;

    fn from_dims(dims: Dims) -> Option<Self> {
        match dims {
            Dims::Vector(Extent::Fixed(len)) => Some(Self { len }),
            _ => None,
        }
    }

    fn fitting(dims: Dims) -> Self {
        match dims {
            Dims::Vector(n) => Self { len: n.or_zero() },
            _ => Self { len: 0 },
        }
    }

    fn dims(&self) -> Dims {
        Dims::vector(self.len)
    }

    fn ran<Y>(&self, graph: &Graph, run: impl FnOnce(&Graph) -> Y) -> Self::Ran<Y> {
        Ok(run(&graph.sized(self.dims())?))
    }
}
