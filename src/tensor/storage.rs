//! Where the numbers of a tensor lie: on the heap, in the tensor, or in a slice
//! of somebody else.
//!
//! The traits go from what every storage can do to what only some can: read
//! ([`Storage`]), write ([`StorageMut`]), be made ([`OwnedStorage`]). They are
//! sealed: a storage that changed its length would break every tensor on it.

use alloc::vec;
use alloc::vec::Vec;

use generic_array::sequence::GenericSequence;
use generic_array::{ArrayLength, GenericArray};

mod sealed {
    /// Only this file names storages.
    pub trait Sealed {}
}
use sealed::Sealed;

/// Values of type `T` in a row, of a number that never changes.
///
/// Implemented by [`Heap`], [`Inline`], `&[T]` and `&mut [T]`. A function that is
/// generic over it takes tensors and views alike:
///
/// ```
/// use typenet::shape::Shape;
/// use typenet::tensor::{Storage, Tensor};
///
/// fn mean<S: Shape, B: Storage<f32>>(x: &Tensor<f32, S, B>) -> f32 {
///     x.iter().sum::<f32>() / x.len() as f32
/// }
/// let x = Tensor::vector([1.0, 2.0]);
/// assert_eq!(mean(&x), mean(&x.view()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a storage for tensors of `{T}`",
    note = "storages are `Heap<{T}>`, `Inline<{T}, N>`, `&[{T}]` and `&mut [{T}]`"
)]
pub trait Storage<T>: Sealed {
    /// An owned storage of the same kind and length for values of type `U`.
    type Like<U>: OwnedStorage<U>;

    /// The values.
    fn as_slice(&self) -> &[T];
}

/// A storage whose values can be changed in place.
pub trait StorageMut<T>: Storage<T> {
    /// The values.
    fn as_mut_slice(&mut self) -> &mut [T];
}

/// A storage that owns its values, and so can be made from nothing.
///
/// The functions are for this crate's constructors, which check the length
/// first: an inline storage gets its own length, never another.
pub trait OwnedStorage<T>: StorageMut<T> + Sized {
    /// The only number of values this storage takes; `None` if it takes any.
    const LEN: Option<usize>;

    /// `len` values, `make(0)` to `make(len - 1)`, made in this order.
    #[doc(hidden)]
    fn generate(len: usize, make: impl FnMut(usize) -> T) -> Self;

    /// Like [`generate`](Self::generate); `None` if there is no room for `len`
    /// values, be it that memory is short. For lengths that come at run time.
    #[doc(hidden)]
    fn try_generate(len: usize, make: impl FnMut(usize) -> T) -> Option<Self>;

    /// The next `len` values; if there are fewer, how many there were.
    #[doc(hidden)]
    fn collect(len: usize, values: &mut impl Iterator<Item = T>) -> Result<Self, usize>;

    /// `len` times `value`.
    #[doc(hidden)]
    fn filled(len: usize, value: T) -> Self
    where
        T: Clone,
    {
        Self::generate(len, |_| value.clone())
    }

    /// A copy of `slice`.
    #[doc(hidden)]
    fn copied(slice: &[T]) -> Self
    where
        T: Clone,
    {
        Self::generate(slice.len(), |i| slice[i].clone())
    }
}

/// Values on the heap: the storage of a tensor unless another is named.
///
/// It is the `Vec` that the tensor was made of, so vectors go in and out
/// without a copy, and no value is ever on the stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heap<T>(pub(super) Vec<T>);

/// Values in the tensor itself, as many as the type `N` says: no heap.
///
/// For small tensors. A large one would lie on the stack and overflow it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inline<T, N: ArrayLength>(GenericArray<T, N>);

impl<T: Copy, N: ArrayLength> Copy for Inline<T, N> where N::ArrayType<T>: Copy {}

impl<T> Sealed for Heap<T> {}

impl<T> Storage<T> for Heap<T> {
    type Like<U> = Heap<U>;

    fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T> StorageMut<T> for Heap<T> {
    fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> OwnedStorage<T> for Heap<T> {
    const LEN: Option<usize> = None;

    fn generate(len: usize, make: impl FnMut(usize) -> T) -> Self {
        Self((0..len).map(make).collect())
    }

    fn try_generate(len: usize, make: impl FnMut(usize) -> T) -> Option<Self> {
        let mut values = Vec::new();
        values.try_reserve_exact(len).ok()?;
        values.extend((0..len).map(make));
        Some(Self(values))
    }

    fn collect(len: usize, values: &mut impl Iterator<Item = T>) -> Result<Self, usize> {
        let mut taken = Vec::with_capacity(len);
        taken.extend(values.take(len));
        if taken.len() == len { Ok(Self(taken)) } else { Err(taken.len()) }
    }

    // `vec!` asks the allocator for zeroed pages where `value` is zero, which
    // costs nothing until they are written to.
    fn filled(len: usize, value: T) -> Self
    where
        T: Clone,
    {
        Self(vec![value; len])
    }

    fn copied(slice: &[T]) -> Self
    where
        T: Clone,
    {
        Self(slice.to_vec())
    }
}

impl<T, N: ArrayLength> Sealed for Inline<T, N> {}

impl<T, N: ArrayLength> Storage<T> for Inline<T, N> {
    type Like<U> = Inline<U, N>;

    fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T, N: ArrayLength> StorageMut<T> for Inline<T, N> {
    fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T, N: ArrayLength> OwnedStorage<T> for Inline<T, N> {
    const LEN: Option<usize> = Some(N::USIZE);

    fn generate(len: usize, make: impl FnMut(usize) -> T) -> Self {
        debug_assert_eq!(len, N::USIZE);
        Self(GenericArray::generate(make))
    }

    fn try_generate(len: usize, make: impl FnMut(usize) -> T) -> Option<Self> {
        (len == N::USIZE).then(|| Self::generate(len, make))
    }

    fn collect(len: usize, values: &mut impl Iterator<Item = T>) -> Result<Self, usize> {
        debug_assert_eq!(len, N::USIZE);
        let mut taken = 0;
        // A closure has no size hint, by which `try_from_iter` would give up
        // before it has counted.
        let counted = core::iter::from_fn(|| values.next().inspect(|_| taken += 1));
        match GenericArray::try_from_iter(counted.take(len)) {
            Ok(array) => Ok(Self(array)),
            Err(_) => Err(taken),
        }
    }
}

impl<T> Sealed for &[T] {}

impl<T> Storage<T> for &[T] {
    type Like<U> = Heap<U>;

    fn as_slice(&self) -> &[T] {
        self
    }
}

impl<T> Sealed for &mut [T] {}

impl<T> Storage<T> for &mut [T] {
    type Like<U> = Heap<U>;

    fn as_slice(&self) -> &[T] {
        self
    }
}

impl<T> StorageMut<T> for &mut [T] {
    fn as_mut_slice(&mut self) -> &mut [T] {
        self
    }
}
