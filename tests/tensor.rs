//! Tensors: building, reading, views, inline storage, and what goes wrong.

#![allow(clippy::unwrap_used, clippy::float_cmp)]

use std::collections::HashSet;
use std::thread;

use typenet::element::Element;
use typenet::error::ShapeError;
use typenet::shape::{Chw, DynChw, DynVector, FixedShape, Shape, Vector};
use typenet::spec::Dims;
use typenet::tensor::typenum::{U0, U3, U4, U12, Unsigned};
use typenet::tensor::{
    Coordinates, FromVecError, Heap, ImageShape, InlineTensor, Storage, Tensor, TensorView,
    TensorViewMut,
};

type Grey = Chw<1, 28, 28>;
/// 64 MiB of `f32`, 128 MiB of `f64`.
type Large = Chw<64, 512, 512>;

fn text(error: impl std::error::Error) -> String {
    error.to_string()
}

#[test]
fn a_shape_is_made_of_sizes_of_its_kind() {
    let (image, vector) = (Dims::image(3, 2, 5), Dims::vector(30));
    let (sized, len) = (DynChw::<3> { height: 2, width: 5 }, DynVector { len: 30 });
    assert_eq!(DynChw::from_dims(image), Some(sized));
    assert_eq!(DynChw::<2>::from_dims(image), None);
    assert_eq!(DynChw::<3>::from_dims(vector), None);
    assert_eq!(DynVector::from_dims(vector), Some(len));
    assert_eq!(DynVector::from_dims(image), None);
    assert_eq!(Chw::<3, 2, 5>::from_dims(image), Some(Chw));
    assert_eq!(Chw::<3, 5, 2>::from_dims(image), None);
    assert_eq!(Vector::<30>::from_dims(vector), Some(Vector));
    assert_eq!(Vector::<30>::from_dims(image), None);
    assert_eq!((sized.dims(), len.dims()), (image, vector));
    assert_eq!((DynChw::fitting(image), DynVector::fitting(vector)), (sized, len));
}

#[test]
fn the_pinned_lines_compile() -> Result<(), Box<dyn std::error::Error>> {
    let v = vec![0.25; 784];
    let x = Tensor::<f32, Chw<1, 28, 28>>::from_vec(v)?;
    assert_eq!(x.as_slice(), [0.25; 784]);
    Ok(())
}

fn holds<T: Element>() {
    let values: Vec<T> = (0..12).map(|i| T::from_double(f64::from(i))).collect();
    let x = Tensor::<T, Chw<3, 2, 2>>::from_vec(values.clone()).unwrap();
    assert_eq!(x[[2, 1, 0]], values[10]);
    assert_eq!(x.argmax(), Some(11));
    assert_eq!(x.clone(), x);
    assert_eq!(x.into_vec(), values);
    assert_eq!(Tensor::<T, Vector<3>>::zeros().as_slice(), [T::zero(); 3]);
    assert!(Tensor::<T, Vector<3>>::from_slice(&values).is_err());
}

#[test]
fn holds_f32_and_f64() {
    holds::<f32>();
    holds::<f64>();
}

#[test]
fn from_vec_takes_the_vector_without_a_copy() {
    let mut values = Vec::with_capacity(1000);
    values.resize(784, 1.0_f32);
    let place = values.as_ptr();
    let x = Tensor::<f32, Grey>::from_vec(values).unwrap();
    assert_eq!(x.as_slice().as_ptr(), place);
    let values = x.into_vec();
    assert_eq!(values.as_ptr(), place);
}

#[test]
fn a_wrong_length_is_an_error_that_gives_the_vector_back() {
    for got in [0, 1, 783, 785, 10_000] {
        let error = Tensor::<f32, Grey>::from_vec(vec![0.5; got]).unwrap_err();
        let message = format!("a tensor of 1×28×28 holds 784 values, but {got} were given");
        assert_eq!(error.to_string(), message);
        assert_eq!(ShapeError::from(error.clone()).to_string(), message);
        assert!(format!("{error:?}").len() < 200, "{error:?}");
        assert_eq!(error.into_vec().len(), got);
        assert_eq!(text(Tensor::<f32, Grey>::from_slice(&vec![0.5; got]).unwrap_err()), message);
        assert_eq!(text(TensorView::<f32, Grey>::of(&vec![0.5; got]).unwrap_err()), message);
        assert_eq!(text(TensorViewMut::<f32, Grey>::of(&mut vec![0.5; got]).unwrap_err()), message);
    }
}

#[test]
fn iterators_are_counted() {
    type Three<B = Heap<u8>> = Tensor<u8, Vector<3>, B>;
    fn check<B: typenet::tensor::OwnedStorage<u8>>() {
        let three = Three::<B>::try_from_iter_in([1, 2, 3]).unwrap();
        assert_eq!(three.as_slice(), [1, 2, 3]);
        for got in 0..3 {
            let error = Three::<B>::try_from_iter_in(vec![0; got]).err().unwrap();
            assert_eq!(text(error), format!("a tensor of 3 values can't be made of {got}"));
        }
        let error = Three::<B>::try_from_iter_in(std::iter::repeat(0)).err().unwrap();
        assert_eq!(text(error), "a tensor of 3 values can't be made of more");
        assert!(Three::<B>::try_from_iter_in([1, 2, 3, 4]).is_err());
    }
    check::<Heap<u8>>();
    check::<typenet::tensor::Inline<u8, U3>>();
}

#[test]
fn from_fn_goes_in_order() {
    let x = Tensor::<_, Chw<2, 3, 4>>::from_fn(|at| at);
    let mut expected = Vec::new();
    for c in 0..2 {
        for y in 0..3 {
            expected.extend((0..4).map(|x| [c, y, x]));
        }
    }
    assert_eq!(x.as_slice(), expected);
    for (offset, &at) in x.iter().enumerate() {
        assert_eq!(x[at], at);
        assert_eq!(x.shape().offset(at), Some(offset));
        assert_eq!(x.shape().coordinates(offset), at);
    }
}

#[test]
fn arrays_become_tensors() {
    let image = Tensor::image([[[1, 2, 3], [4, 5, 6]]]);
    assert_eq!(image.shape(), Chw::<1, 2, 3>);
    assert_eq!(image.as_slice(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(Tensor::vector([1, 2]).shape(), Vector::<2>);
}

#[test]
fn run_time_shapes_carry_their_sizes() {
    let shape = DynChw::<3> { height: 2, width: 5 };
    let x = Tensor::from_fn_with_shape(shape, |[c, y, x]| 100 * c + 10 * y + x);
    let mut x: Tensor<usize, DynChw<3>> = x.unwrap();
    assert_eq!((x.shape(), x.len()), (shape, 30));
    assert_eq!(x.get([2, 1, 4]), Some(&214));
    assert_eq!(x.get([0, 2, 0]), None);
    x[[1, 0, 0]] = 7;
    assert_eq!(x.channel(1).unwrap().as_slice()[0], 7);
    assert_eq!(x.channel(1).unwrap().shape(), DynChw::<1> { height: 2, width: 5 });

    let error = Tensor::with_shape(shape, vec![0; 31]).unwrap_err();
    assert_eq!(error.to_string(), "a tensor of 3×2×5 holds 30 values, but 31 were given");
    let error = Tensor::with_shape(DynVector { len: 4 }, vec![0; 3]).unwrap_err();
    assert_eq!(error.to_string(), "a tensor of 4 values can't be made of 3");
    assert_eq!(Tensor::<f32, _>::zeros_with_shape(DynVector { len: 4 }).unwrap().len(), 4);
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    for height in [2, 3, usize::MAX / 2, usize::MAX] {
        let shape = DynChw::<3> { height, width: usize::MAX };
        let error = Tensor::<f64, _>::zeros_with_shape(shape).unwrap_err();
        assert!(error.to_string().ends_with("does not fit into memory"), "{error}");
        assert!(Tensor::<f64, _>::with_shape(shape, vec![1.0]).is_err());
        assert!(TensorView::<f64, _>::of_shape(shape, &[]).is_err());
    }
    // Too many bytes for a slice, and the most that a slice may have: this one
    // is asked of the allocator, which has to say no (but may have two gigabytes).
    let most = if usize::BITS < 64 { usize::MAX } else { isize::MAX as usize / 8 };
    for len in [usize::MAX, usize::MAX / 8, most] {
        assert!(Tensor::<f64, _>::zeros_with_shape(DynVector { len }).is_err());
        assert!(Tensor::<f64, _>::from_fn_with_shape(DynVector { len }, |_| 1.0).is_err());
    }
}

#[test]
fn a_product_that_wraps_to_zero_is_not_empty() {
    let half = 1 << (usize::BITS / 2);
    let shape = DynChw::<2> { height: half, width: half };
    assert!(Tensor::<u8, _>::with_shape(shape, vec![]).is_err());
    assert!(TensorView::<u8, _>::of_shape(shape, &[]).is_err());
    assert!(Tensor::<u8, _>::zeros_with_shape(shape).is_err());
    assert_eq!(shape.offset([0, 1, 1]), Some(half + 1));
    assert_eq!(shape.offset([1, 0, 0]), None);
}

#[test]
fn sizes_of_zero_hold_nothing() {
    let empty = Tensor::<f32, Chw<3, 0, 5>>::zeros();
    assert!(empty.is_empty());
    assert_eq!((empty.argmax(), empty.top_k(3)), (None, vec![]));
    assert_eq!((empty.rows().count(), empty.channels().count()), (0, 3));
    assert_eq!(empty.get([0, 0, 0]), None);
    let narrow = Tensor::<f32, Chw<2, 5, 0>>::from_vec(vec![]).unwrap();
    assert_eq!((narrow.rows().count(), narrow.channel(1).unwrap().len()), (0, 0));
    assert_eq!(narrow.map(|v| v + 1.0), narrow);
    assert!(Tensor::<f32, Chw<0, 5, 5>>::from_fn(|_| 1.0).channels().next().is_none());
    assert!(Tensor::<f32, Vector<0>>::try_from_iter([1.0]).is_err());
    assert!(InlineTensor::<f32, Vector<0>, U0>::default().is_empty());
    assert!(format!("{narrow:?}").ends_with("2×5×0 []"));
}

#[test]
fn get_is_none_outside() {
    let mut x = Tensor::<u8, Chw<2, 3, 4>>::zeros();
    // In each of these the offset alone would lie inside of the slice.
    for at in [[0, 0, 4], [0, 3, 0], [1, 0, 5]] {
        assert_eq!(x.get(at), None);
        assert_eq!(x.get_mut(at), None);
    }
    for at in [[2, 0, 0], [usize::MAX, 0, 0], [usize::MAX, usize::MAX, usize::MAX]] {
        assert_eq!(x.get(at), None);
        assert_eq!(x.get_mut(at), None);
    }
    assert_eq!(Tensor::vector([1, 2]).get(2), None);
}

#[test]
#[should_panic(expected = "index [0, 0, 4] is outside of a tensor of 2×3×4")]
fn an_index_outside_panics() {
    let _ = Tensor::<u8, Chw<2, 3, 4>>::zeros()[[0, 0, 4]];
}

#[test]
#[should_panic(expected = "index 2 is outside of a tensor of 2")]
fn an_index_to_write_outside_panics() {
    Tensor::vector([1, 2])[2] = 3;
}

#[test]
fn views_share_the_values() {
    let mut x = Tensor::<u16, Chw<2, 2, 3>>::from_fn(|[c, y, x]| (100 * c + 10 * y + x) as u16);
    let view = x.view();
    let copy = view;
    assert_eq!((view.as_slice().as_ptr(), view), (x.as_slice().as_ptr(), copy));
    assert_eq!(TensorView::from(&x), view);
    assert_eq!(view.map(u32::from), x.map(u32::from));

    x.channel_mut(1).unwrap()[[0, 1, 2]] = 999;
    x.rows_mut().for_each(|row| row[0] = 0);
    x.view_mut().as_mut_slice()[1] = 5;
    TensorViewMut::from(&mut x)[[0, 0, 2]] = 6;
    assert_eq!(x.as_slice(), [0, 5, 6, 0, 11, 12, 0, 101, 102, 0, 111, 999]);
    assert!(x.channel(2).is_none() && x.channel_mut(usize::MAX).is_none());
    assert_eq!(x.channels().map(|c| c.iter().count()).sum::<usize>(), 12);
    assert!(x.channel(1).unwrap().rows().eq([[0, 101, 102], [0, 111, 999]]));
}

#[test]
fn a_slice_outlives_its_view() {
    fn first<'a>(values: &'a [u8]) -> Option<&'a [u8]> {
        let view = TensorView::<_, Chw<2, 1, 2>>::of(values).ok()?;
        let slice: &'a [u8] = view.into_slice();
        slice.get(..2)
    }
    assert_eq!(first(&[1, 2, 3, 4]), Some(&[1, 2][..]));
    assert_eq!(first(&[1, 2, 3]), None);
}

#[test]
fn inline_tensors_hold_their_values() {
    type Small = InlineTensor<f32, Chw<3, 2, 2>, U12>;
    assert_eq!(size_of::<Small>(), 48);
    let mut x = Small::from_fn_in(|[c, _, _]| c as f32);
    let copy = x;
    x[[0, 0, 0]] = 9.0;
    assert_eq!((copy[[0, 0, 0]], x[[0, 0, 0]]), (0.0, 9.0));
    assert_eq!(x.as_ref(), Small::from_slice_in(x.as_slice()).unwrap().as_ref());
    assert_eq!(Small::default().as_slice(), [0.0; 12]);
    let doubled: InlineTensor<f64, Chw<3, 2, 2>, U12> = x.map(|v| f64::from(v) * 2.0);
    assert_eq!(doubled.channel(0).unwrap().as_slice(), [18.0, 0.0, 0.0, 0.0]);
    assert_eq!(
        text(Small::from_slice_in(&[]).unwrap_err()),
        "a tensor of 3×2×2 holds 12 values, but 0 were given"
    );
}

#[test]
fn inline_storage_takes_one_run_time_length() {
    type Small = InlineTensor<f32, DynVector, U4>;
    let x = Small::from_fn_with_shape_in(DynVector { len: 4 }, |i| i as f32).unwrap();
    assert_eq!(x.as_slice(), [0.0, 1.0, 2.0, 3.0]);
    let error = Small::from_fn_with_shape_in(DynVector { len: 5 }, |_| 0.0).unwrap_err();
    assert_eq!(text(error), "a tensor of 5 holds 5 values, but its inline storage has 4");
    let endless = DynChw::<2> { height: usize::MAX, width: 2 };
    let error = InlineTensor::<f32, _, U4>::from_fn_with_shape_in(endless, |_| 0.0).unwrap_err();
    assert!(error.to_string().ends_with("does not fit into memory"), "{error}");
}

/// Debug builds put every temporary on the stack: nothing large may be one.
#[test]
fn large_tensors_live_on_a_small_stack() {
    fn everything<T: Element>() {
        let x = Tensor::<T, Large>::zeros();
        let copy = x.clone();
        let mut boxed = Box::new(Tensor::<T, Large>::default());
        boxed[[63, 511, 511]] = T::one();
        assert_eq!(boxed.clone().argmax(), Some(Large::LEN - 1));
        assert_eq!(x, copy);
        let shape = DynChw::<64> { height: 512, width: 512 };
        let grown = Tensor::with_shape(shape, copy.into_vec()).unwrap();
        let views: Vec<_> = grown.channels().collect();
        assert_eq!(views.len(), 64);
        assert_eq!(Tensor::<T, Large>::from_slice(grown.as_slice()).unwrap(), x);
    }
    let small = || thread::Builder::new().stack_size(2 << 20);
    small().spawn(everything::<f32>).unwrap().join().unwrap();
    small().spawn(everything::<f64>).unwrap().join().unwrap();
}

#[test]
fn argmax_takes_the_first_of_equals_and_no_nan() {
    let nan = f32::NAN;
    let inf = f32::INFINITY;
    assert_eq!(Tensor::vector([1.0_f32, 3.0, 3.0]).argmax(), Some(1));
    assert_eq!(Tensor::vector([-0.0_f32, 0.0]).argmax(), Some(0));
    assert_eq!(Tensor::vector([nan, -inf, nan]).argmax(), Some(1));
    assert_eq!(Tensor::vector([nan, 1.0, inf, nan]).argmax(), Some(2));
    assert_eq!(Tensor::vector([nan, nan]).argmax(), None);
    assert_eq!(Tensor::vector([-inf, -inf]).argmax(), Some(0));
}

#[test]
fn top_k_is_sorted_and_begins_with_argmax() {
    let values = [2.0, f64::NAN, 5.0, -1.0, 5.0, f64::NEG_INFINITY, 2.0];
    let sorted = [(2, 5.0), (4, 5.0), (0, 2.0), (6, 2.0), (3, -1.0), (5, f64::NEG_INFINITY)];
    let x = Tensor::vector(values);
    for k in 0..10 {
        assert_eq!(x.top_k(k), sorted[..k.min(6)]);
    }
    assert_eq!(x.top_k(usize::MAX)[0].0, x.argmax().unwrap());
    assert!(Tensor::vector([f64::NAN]).top_k(1).is_empty());
}

#[test]
fn debug_output_is_short() {
    assert_eq!(format!("{:?}", Tensor::vector([1.0, 2.5])), "Tensor 2 [1.0, 2.5]");
    assert_eq!(format!("{:.1?}", Tensor::vector([1.0, 2.25])), "Tensor 2 [1.0, 2.2]");
    let long = format!("{:?}", Tensor::<u8, Vector<1000>>::zeros());
    assert_eq!(long, "Tensor 1000 [0, 0, 0, 0, 0, 0, 0, 0, … and 992 more]");
}

#[test]
fn equality_is_of_shape_and_values() {
    let shape = |height, width| DynChw::<1> { height, width };
    let wide = Tensor::with_shape(shape(2, 3), vec![0; 6]).unwrap();
    assert_ne!(wide, Tensor::with_shape(shape(3, 2), vec![0; 6]).unwrap());
    assert_ne!(wide, Tensor::with_shape(shape(2, 3), vec![1; 6]).unwrap());
    let inline = InlineTensor::<_, Vector<3>, U3>::from_slice_in(&[1, 2, 3]).unwrap();
    assert_eq!(inline.view(), Tensor::vector([1, 2, 3]).view());
}

#[test]
fn a_panic_in_a_callback_leaves_nothing_behind() {
    let token = std::rc::Rc::new(());
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        InlineTensor::<_, Vector<4>, U4>::from_fn_in(|i| {
            assert!(i < 2, "the third value is not to be had");
            token.clone()
        })
    }));
    assert!(result.is_err());
    assert_eq!(std::rc::Rc::strong_count(&token), 1);
}

#[test]
fn tensors_cross_threads_where_their_values_may() {
    fn free<X: Send + Sync + 'static>() {}
    fn lent<X: Send + Sync>() {}
    free::<Tensor<f32, Grey>>();
    free::<InlineTensor<f64, Vector<3>, U3>>();
    free::<FromVecError<f32>>();
    lent::<TensorView<'_, f32, DynChw<3>>>();
    lent::<TensorViewMut<'_, f64, DynVector>>();
}

#[test]
fn functions_take_any_storage() {
    fn sum<S: Shape, B: Storage<f32>>(x: &Tensor<f32, S, B>) -> f32 {
        x.iter().sum()
    }
    fn corners<S: ImageShape>(x: TensorView<'_, u8, S>) -> HashSet<u8> {
        let [bottom, right] = [x.shape().height() - 1, x.shape().width() - 1];
        [x[[0, 0, 0]], x[[0, 0, right]], x[[0, bottom, 0]], x[[0, bottom, right]]].into()
    }
    // The storage need not be named where any would do.
    assert_eq!(sum::<Vector<2>, _>(&Tensor::zeros()), 0.0);
    assert_eq!(sum(&Tensor::with_shape(DynVector { len: 1 }, vec![2.0]).unwrap()), 2.0);
    let mut values = [1.0, 2.0];
    assert_eq!(sum(&TensorViewMut::<_, Vector<2>>::of(&mut values).unwrap()), 3.0);
    assert_eq!(sum(&InlineTensor::<_, Vector<3>, U3>::from_fn_in(|i| i as f32)), 3.0);
    assert_eq!(
        corners(Tensor::image([[[1, 0, 2], [3, 0, 4]]]).view()),
        HashSet::from([1, 2, 3, 4])
    );
    assert_eq!(U3::USIZE, 3);
}
