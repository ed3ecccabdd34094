//! Views: a shape laid over a slice, and the channels and rows of an image.

use core::slice;

use super::fit::check_len;
use super::{ImageShape, Storage, StorageMut, Tensor, TensorView, TensorViewMut};
use crate::error::ShapeError;
use crate::shape::{FixedShape, Shape};

impl<'a, T, S: FixedShape> TensorView<'a, T, S> {
    /// The slice seen as a tensor, row-major; nothing is copied.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::Chw;
    /// use typenet::tensor::TensorView;
    ///
    /// let camera_buffer = [0_u8; 12];
    /// assert!(TensorView::<u8, Chw<3, 2, 2>>::of(&camera_buffer).is_ok());
    /// assert!(TensorView::<u8, Chw<3, 2, 2>>::of(&camera_buffer[1..]).is_err());
    /// ```
    pub fn of(values: &'a [T]) -> Result<Self, ShapeError> {
        Self::of_shape(S::default(), values)
    }
}

impl<'a, T, S: Shape> TensorView<'a, T, S> {
    /// The slice seen as a tensor of this shape, row-major; nothing is copied.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::DynChw;
    /// use typenet::tensor::TensorView;
    ///
    /// let shape = DynChw::<1> { height: 2, width: 3 };
    /// let view = TensorView::of_shape(shape, &[0, 1, 2, 3, 4, 5])?;
    /// assert_eq!(view[[0, 1, 0]], 3);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn of_shape(shape: S, values: &'a [T]) -> Result<Self, ShapeError> {
        check_len(shape.dims(), values.len())?;
        Ok(Self::checked(shape, values))
    }

    /// The slice, for as long as it is borrowed: longer than this view may live.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::image([[[1, 2]], [[3, 4]]]);
    /// let second: Option<&[i32]> = x.channel(1).map(|view| view.into_slice());
    /// assert_eq!(second, Some(&[3, 4][..]));
    /// ```
    pub fn into_slice(self) -> &'a [T] {
        self.values
    }
}

impl<'a, T, S: FixedShape> TensorViewMut<'a, T, S> {
    /// The slice seen as a tensor, row-major, to be written to.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::TensorViewMut;
    ///
    /// let mut buffer = [0; 5];
    /// TensorViewMut::<_, Vector<2>>::of(&mut buffer[..2])?[1] = 7;
    /// assert_eq!(buffer, [0, 7, 0, 0, 0]);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn of(values: &'a mut [T]) -> Result<Self, ShapeError> {
        Self::of_shape(S::default(), values)
    }
}

impl<'a, T, S: Shape> TensorViewMut<'a, T, S> {
    /// The slice seen as a tensor of this shape, row-major, to be written to.
    ///
    /// # Errors
    ///
    /// The slice is longer or shorter than the shape says.
    ///
    /// ```
    /// use typenet::shape::DynChw;
    /// use typenet::tensor::TensorViewMut;
    ///
    /// let mut buffer = [0; 4];
    /// let shape = DynChw::<1> { height: 2, width: 2 };
    /// TensorViewMut::of_shape(shape, &mut buffer)?.rows_mut().for_each(|row| row[1] = 1);
    /// assert_eq!(buffer, [0, 1, 0, 1]);
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    pub fn of_shape(shape: S, values: &'a mut [T]) -> Result<Self, ShapeError> {
        check_len(shape.dims(), values.len())?;
        Ok(Self::checked(shape, values))
    }

    /// The slice, for as long as it is borrowed: longer than this view may live.
    pub fn into_slice(self) -> &'a mut [T] {
        self.values
    }
}

impl<T, S: Shape, B: Storage<T>> Tensor<T, S, B> {
    /// This tensor, borrowed.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::{Tensor, TensorView};
    ///
    /// fn sum(x: TensorView<'_, f32, Vector<2>>) -> f32 {
    ///     x.iter().sum()
    /// }
    /// assert_eq!(sum(Tensor::vector([1.0, 2.0]).view()), 3.0);
    /// ```
    pub fn view(&self) -> TensorView<'_, T, S> {
        Tensor::checked(self.shape, self.as_slice())
    }

    /// This tensor, borrowed to be changed.
    ///
    /// ```
    /// use typenet::shape::Vector;
    /// use typenet::tensor::{Tensor, TensorViewMut};
    ///
    /// fn clear(mut x: TensorViewMut<'_, f32, Vector<2>>) {
    ///     x.as_mut_slice().fill(0.0);
    /// }
    /// let mut x = Tensor::vector([1.0, 2.0]);
    /// clear(x.view_mut());
    /// assert_eq!(x, Tensor::zeros());
    /// ```
    pub fn view_mut(&mut self) -> TensorViewMut<'_, T, S>
    where
        B: StorageMut<T>,
    {
        Tensor::checked(self.shape, self.values.as_mut_slice())
    }
}

impl<T, S: ImageShape, B: Storage<T>> Tensor<T, S, B> {
    /// One channel, a view of the shape 1 × height × width; `None` if there are
    /// not so many.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::image([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
    /// let second = x.channel(1).unwrap();
    /// assert_eq!(second[[0, 1, 0]], 7);
    /// assert!(second.rows().eq([[5, 6], [7, 8]]));
    /// assert!(x.channel(2).is_none());
    /// ```
    pub fn channel(&self, channel: usize) -> Option<TensorView<'_, T, S::Channel>> {
        let (start, end) = plane(&self.shape, channel)?;
        let values = self.as_slice().get(start..end)?;
        Some(Tensor::checked(self.shape.channel_shape(), values))
    }

    /// One channel, to be changed; `None` if there are not so many.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let mut x = Tensor::image([[[1, 2]], [[3, 4]]]);
    /// if let Some(mut second) = x.channel_mut(1) {
    ///     second.as_mut_slice().fill(0);
    /// }
    /// assert_eq!(x.as_slice(), [1, 2, 0, 0]);
    /// ```
    pub fn channel_mut(&mut self, channel: usize) -> Option<TensorViewMut<'_, T, S::Channel>>
    where
        B: StorageMut<T>,
    {
        let (start, end) = plane(&self.shape, channel)?;
        let shape = self.shape.channel_shape();
        let values = self.values.as_mut_slice().get_mut(start..end)?;
        Some(Tensor::checked(shape, values))
    }

    /// The channels, one view each.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let rgb = Tensor::image([[[0.5, 0.5]], [[0.0, 1.0]], [[0.0, 0.0]]]);
    /// let means: Vec<f32> = rgb.channels().map(|c| c.iter().sum::<f32>() / 2.0).collect();
    /// assert_eq!(means, [0.5, 0.5, 0.0]);
    /// ```
    pub fn channels(&self) -> impl Iterator<Item = TensorView<'_, T, S::Channel>> {
        (0..S::CHANNELS).filter_map(|channel| self.channel(channel))
    }

    /// The rows of all channels, from top to bottom, channel after channel; none
    /// if the width is 0.
    ///
    /// ```
    /// use typenet::tensor::Tensor;
    ///
    /// let x = Tensor::image([[[1, 2], [3, 4]]]);
    /// assert_eq!(x.rows().map(|row| row[0]).collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn rows(&self) -> slice::ChunksExact<'_, T> {
        self.as_slice().chunks_exact(self.shape.width().max(1))
    }

    /// The rows of all channels, as in [`rows`](Self::rows), to be changed.
    pub fn rows_mut(&mut self) -> slice::ChunksExactMut<'_, T>
    where
        B: StorageMut<T>,
    {
        let width = self.shape.width().max(1);
        self.as_mut_slice().chunks_exact_mut(width)
    }
}

/// Where the values of a channel start and end.
fn plane<S: ImageShape>(shape: &S, channel: usize) -> Option<(usize, usize)> {
    let len = shape.channel_shape().dims().elements()?;
    let start = channel.checked_mul(len)?;
    (channel < S::CHANNELS).then_some((start, start.checked_add(len)?))
}

impl<'a, T, S: Shape, B: Storage<T>> From<&'a Tensor<T, S, B>> for TensorView<'a, T, S> {
    fn from(tensor: &'a Tensor<T, S, B>) -> Self {
        tensor.view()
    }
}

impl<'a, T, S: Shape, B: StorageMut<T>> From<&'a mut Tensor<T, S, B>> for TensorViewMut<'a, T, S> {
    fn from(tensor: &'a mut Tensor<T, S, B>) -> Self {
        tensor.view_mut()
    }
}
