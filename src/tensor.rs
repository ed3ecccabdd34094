//! Tensors: numbers whose shape is part of their type.
//!
//! One struct serves owned tensors and views. [`Tensor`] is a shape and a
//! storage; the storage decides who owns the numbers and where they lie:
//!
//! | type | the numbers lie |
//! |---|---|
//! | `Tensor<T, S>` | on the heap ([`Heap`]) |
//! | [`InlineTensor<T, S, N>`](InlineTensor) | in the tensor itself ([`Inline`]), for small ones: no heap |
//! | [`TensorView<'a, T, S>`](TensorView) | in somebody else's slice; `Copy` |
//! | [`TensorViewMut<'a, T, S>`](TensorViewMut) | in somebody else's slice, to be written to |
//!
//! A length is checked once, where a tensor is built. From there on the number
//! of values is the one that the shape says, so nothing checks it again.
//!
//! Read in this order: this file, `storage` (where numbers lie), `build` and
//! `build_in`, `fit` (do the lengths agree), `position` (which index a shape takes),
//! `access`, `view`, `reduce`, `text`, `sample` (what a network takes).

use core::marker::PhantomData;

use crate::shape::Shape;
use crate::spec::Dims;

mod access;
mod build;
mod build_in;
mod error;
mod fit;
mod position;
mod reduce;
mod sample;
mod storage;
mod text;
mod view;

pub use error::FromVecError;
#[doc(no_inline)]
pub use generic_array::{ArrayLength, typenum};
pub use position::{Coordinates, ImageShape};
pub use sample::Sample;
pub use storage::{Heap, Inline, OwnedStorage, Storage, StorageMut};

/// Numbers of type `T` in the shape `S`, row-major: the last size varies fastest.
///
/// A tensor of fixed shape carries no sizes at run time; one of run-time shape
/// ([`DynChw`](crate::shape::DynChw), [`DynVector`](crate::shape::DynVector))
/// carries its own. The tensor itself is a few words wide however large it is
/// (an inline one is as wide as its values): it can be moved, boxed and returned
/// on any stack.
///
/// ```
/// use typenet::shape::{Chw, DynChw};
/// use typenet::tensor::Tensor;
///
/// let image = Tensor::<f32, Chw<1, 28, 28>>::from_vec(vec![0.5; 784])?;
/// assert_eq!(image[[0, 27, 27]], 0.5);
///
/// let photo = Tensor::with_shape(DynChw::<3> { height: 2, width: 4 }, vec![0_u8; 24])?;
/// assert_eq!(photo.dims().to_string(), "3×2×4");
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Tensor<T, S: Shape, B: Storage<T> = Heap<T>> {
    shape: S,
    values: B,
    // The storage owns the values; `fn() -> T` asks nothing of `T` beside it, so
    // that a tensor is `Send` and `Sync` exactly where its storage is.
    element: PhantomData<fn() -> T>,
}

/// A small tensor that holds its values itself and never touches the heap.
///
/// `N` is the number of values as a type ([`U12`](typenum::U12)), which has to be
/// the one that the shape says. It is made by `default()` and by the constructors
/// that end in `_in`.
///
/// ```
/// use typenet::shape::Chw;
/// use typenet::tensor::InlineTensor;
/// use typenet::tensor::typenum::U12;
///
/// let patch = InlineTensor::<f32, Chw<3, 2, 2>, U12>::from_fn_in(|[c, _, _]| c as f32);
/// assert_eq!(size_of_val(&patch), 12 * size_of::<f32>());
/// assert_eq!(patch.argmax(), Some(8));
/// ```
///
/// For a fixed shape a wrong `N` stops the build, where the tensor is made:
/// "a tensor of 3×2×2 holds 12 values, but its inline storage has 11".
///
/// ```compile_fail,E0080
/// # use typenet::shape::Chw;
/// # use typenet::tensor::InlineTensor;
/// use typenet::tensor::typenum::U11;
///
/// let patch = InlineTensor::<f32, Chw<3, 2, 2>, U11>::default();
/// ```
///
/// So does an `N` that no array can have, here 2⁶⁴ (which a `usize` wraps to 0):
///
/// ```compile_fail,E0275
/// # use typenet::shape::Vector;
/// # use typenet::tensor::InlineTensor;
/// use typenet::tensor::typenum::{B0, U9223372036854775808, UInt};
///
/// let x = InlineTensor::<f32, Vector<4>, UInt<U9223372036854775808, B0>>::default();
/// ```
pub type InlineTensor<T, S, N> = Tensor<T, S, Inline<T, N>>;

/// A tensor whose values lie in a borrowed slice; `Copy`.
///
/// ```
/// use typenet::shape::Vector;
/// use typenet::tensor::TensorView;
///
/// let scores = [0.1, 0.7, 0.2];
/// let view = TensorView::<f64, Vector<3>>::of(&scores)?;
/// assert_eq!(view.argmax(), Some(1));
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
pub type TensorView<'a, T, S> = Tensor<T, S, &'a [T]>;

/// A tensor whose values lie in a borrowed slice and can be changed there.
///
/// ```
/// use typenet::shape::Chw;
/// use typenet::tensor::TensorViewMut;
///
/// let mut pixels = [0_u8; 4];
/// TensorViewMut::<u8, Chw<1, 2, 2>>::of(&mut pixels)?[[0, 1, 0]] = 255;
/// assert_eq!(pixels, [0, 0, 255, 0]);
/// # Ok::<(), typenet::error::ShapeError>(())
/// ```
pub type TensorViewMut<'a, T, S> = Tensor<T, S, &'a mut [T]>;

impl<T, S: Shape, B: Storage<T>> Tensor<T, S, B> {
    /// A tensor whose length has been checked: every constructor ends here.
    fn checked(shape: S, values: B) -> Self {
        debug_assert_eq!(shape.dims().elements(), Some(values.as_slice().len()));
        Self { shape, values, element: PhantomData }
    }

    /// The shape as a value.
    ///
    /// ```
    /// use typenet::shape::DynVector;
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::with_shape(DynVector { len: 2 }, vec![0.5, 1.5])?;
    /// assert_eq!((x.shape().len, x.len(), x.is_empty()), (2, 2, false));
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn shape(&self) -> S {
        self.shape
    }

    /// The sizes, all of them known; as text, `3×2×4`.
    pub fn dims(&self) -> Dims {
        self.shape.dims()
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are no values, because one of the sizes is 0.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// All values, row-major.
    ///
    /// ```
    /// use typenet::shape::Chw;
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::<_, Chw<2, 1, 2>>::from_fn(|[c, y, x]| 100 * c + 10 * y + x);
    /// assert_eq!(x.as_slice(), [0, 1, 100, 101]);
    /// ```
    pub fn as_slice(&self) -> &[T] {
        self.values.as_slice()
    }

    /// All values, row-major, to be changed in place.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let mut x = Tensor::vector([3, 1, 2]);
    /// x.as_mut_slice().sort();
    /// assert_eq!(x.as_slice(), [1, 2, 3]);
    /// ```
    pub fn as_mut_slice(&mut self) -> &mut [T]
    where
        B: StorageMut<T>,
    {
        self.values.as_mut_slice()
    }
}
