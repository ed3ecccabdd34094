//! What is asked of a whole tensor: every value changed, the largest ones found.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{OwnedStorage, Storage, Tensor};
use crate::element::Element;
use crate::shape::Shape;

impl<T: Copy, S: Shape, B: Storage<T>> Tensor<T, S, B> {
    /// A tensor of the same shape with `change` applied to every value, in the
    /// same kind of storage (a view becomes a tensor on the heap).
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let pixels = Tensor::image([[[0_u8, 51, 255]]]);
    /// assert_eq!(pixels.map(|v| f32::from(v) / 255.0).as_slice(), [0.0, 0.2, 1.0]);
    /// ```
    pub fn map<U>(&self, mut change: impl FnMut(T) -> U) -> Tensor<U, S, B::Like<U>> {
        let values = self.as_slice();
        Tensor::checked(self.shape, B::Like::generate(values.len(), |i| change(values[i])))
    }
}

impl<T: Element, S: Shape, B: Storage<T>> Tensor<T, S, B> {
    /// The position of the largest value in [`as_slice`](Self::as_slice); of
    /// equal ones, the first.
    ///
    /// NaN is passed over: `None` if there is nothing but NaN, or nothing.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// assert_eq!(Tensor::vector([0.0, 2.0, f32::NAN, 2.0]).argmax(), Some(1));
    /// assert_eq!(Tensor::vector([f32::NAN]).argmax(), None);
    /// ```
    pub fn argmax(&self) -> Option<usize> {
        let mut best: Option<(usize, T)> = None;
        for (i, &value) in self.iter().enumerate() {
            if !value.is_nan() && best.is_none_or(|(_, largest)| value > largest) {
                best = Some((i, value));
            }
        }
        best.map(|(i, _)| i)
    }

    /// The `k` largest values with their positions in
    /// [`as_slice`](Self::as_slice), largest first; of equal ones, the first
    /// comes first.
    ///
    /// NaN is passed over. There are fewer than `k` where there are not so many
    /// numbers.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let scores = Tensor::vector([0.1, 0.6, f64::NAN, 0.3]);
    /// assert_eq!(scores.top_k(2), [(1, 0.6), (3, 0.3)]);
    /// ```
    pub fn top_k(&self, k: usize) -> Vec<(usize, T)> {
        let numbers = self.iter().copied().enumerate().filter(|(_, value)| !value.is_nan());
        let mut numbers: Vec<(usize, T)> = numbers.collect();
        // Sort only what is asked for: `k` is 5 and the classes are 1,000s.
        if k < numbers.len() {
            numbers.select_nth_unstable_by(k, larger_first);
            numbers.truncate(k);
        }
        numbers.sort_unstable_by(larger_first);
        numbers
    }
}

/// A total order, since NaN has been left out and no position comes twice.
fn larger_first<T: Element>((i, a): &(usize, T), (j, b): &(usize, T)) -> Ordering {
    b.partial_cmp(a).unwrap_or(Ordering::Equal).then(i.cmp(j))
}
