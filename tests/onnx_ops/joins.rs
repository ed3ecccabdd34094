//! Operators with several inputs: branches that are joined.
//!
//! A network has one input, so the tensors are stacked, last one first, as the
//! channels of one image, and each arm picks its own out of it again with a 1×1
//! convolution of zeros and ones.

use typenet::spec::{Axis, Conv2d, Dims, Join, Node, Op, Spec, Window};

use crate::file::{Case, Tensor};
use crate::plan::{Plan, Stop, View, not_named};

/// The sum of all inputs.
pub fn add(case: &Case<'_>) -> Result<Plan, Stop> {
    let tensors = tensors(case)?;
    let shape = &tensors[0].shape;
    if tensors.iter().any(|tensor| tensor.shape != *shape) {
        return add_bias(&tensors);
    }
    // Nothing but the number of values counts: each tensor is one channel.
    let pixels = shape.iter().product();
    let views = tensors.iter().map(|_| View { outer: 1, len: 1, inner: pixels }).collect();
    join(Join::Add, &tensors, &views)
}

/// The product of two inputs.
pub fn mul(case: &Case<'_>) -> Result<Plan, Stop> {
    let tensors = tensors(case)?;
    let [a, b] = tensors.as_slice() else {
        return Err(not_named("a product of other than two inputs"));
    };
    if a.shape == b.shape {
        let view = || View { outer: 1, len: 1, inner: a.values.len() };
        return join(Join::Mul, &tensors, &vec![view(), view()]);
    }
    let (large, small) = if a.values.len() >= b.values.len() { (a, b) } else { (b, a) };
    let Some(view) = bias_view(&large.shape, &small.shape) else {
        return Err(not_named("a product that broadcasts both inputs"));
    };
    scaled(large, small, &view)
}

/// A factor for each channel: the factors lie behind the image, each as often as
/// a channel has pixels, and a pool makes one of them.
fn scaled(large: &Tensor, small: &Tensor, view: &View) -> Result<Plan, Stop> {
    let View { len, inner, .. } = *view;
    let mut input = vec![];
    for sample in large.values.chunks(len * inner) {
        input.extend(sample);
        input.extend(small.values.iter().flat_map(|&factor| vec![factor; inner]));
    }
    let (image, factors) = (pointwise(2 * len, len, 1), pointwise(2 * len, len, 1));
    let pool = Spec::Op(Op::GlobalMaxPool2d);
    let chain = [Node::new("pick", &factors), Node::new("pool", &pool)];
    let factors = Spec::Chain(&chain);
    let arms = [Node::new("image", &image), Node::new("factors", &factors)];
    let pick = |first: usize| -> Vec<f32> {
        (0..len * 2 * len).map(|at| f32::from(at % (2 * len) == first + at / (2 * len))).collect()
    };
    let spec = Spec::Branch { join: Join::Mul, arms: &arms };
    let params = vec![pick(0), pick(len)];
    Ok(Plan::new(&spec, Dims::image(2 * len, inner, 1), input, params)?.reshaped())
}

/// All inputs one behind the other along an axis, which is read as the channels.
pub fn concat(case: &Case<'_>) -> Result<Plan, Stop> {
    let axis = case.int("axis").unwrap_or(1);
    let tensors = tensors(case)?;
    let views: Result<_, String> =
        tensors.iter().map(|tensor| View::new(&tensor.shape, axis)).collect();
    join(Join::Concat, &tensors, &views?)
}

fn tensors(case: &Case<'_>) -> Result<Vec<Tensor>, Stop> {
    let tensors: Option<Vec<Tensor>> = case.inputs()?.into_iter().collect();
    match tensors {
        Some(tensors) if !tensors.is_empty() => Ok(tensors),
        _ => Err(Stop::Failed("an input is missing".into())),
    }
}

fn join(join: Join, tensors: &[Tensor], views: &Vec<View>) -> Result<Plan, Stop> {
    let (outer, inner) = (views[0].outer, views[0].inner);
    let channels: usize = views.iter().map(|view| view.len).sum();

    let mut input = vec![];
    for sample in 0..outer {
        for (tensor, view) in tensors.iter().zip(views).rev() {
            let len = view.len * inner;
            input.extend(&tensor.values[sample * len..][..len]);
        }
    }
    let picks: Vec<Spec<'_>> = views.iter().map(|view| pointwise(channels, view.len, 1)).collect();
    let arms: Vec<Node<'_>> = picks.iter().map(|pick| Node::new("", pick)).collect();
    let mut end = channels;
    let mut params = vec![];
    for view in views {
        end -= view.len;
        let one = |at: usize| f32::from(at % channels == end + at / channels);
        params.push((0..view.len * channels).map(one).collect());
    }
    let spec = Spec::Branch { join, arms: &arms };
    Ok(Plan::new(&spec, Dims::image(channels, inner, 1), input, params)?.reshaped())
}

/// A sum with a smaller tensor whose sizes are some of the larger one's, side by
/// side: a bias for each of as many channels.
fn add_bias(tensors: &[Tensor]) -> Result<Plan, Stop> {
    let [a, b] = tensors else {
        return Err(not_named("a sum of several inputs that broadcasts"));
    };
    let (large, small) = if a.values.len() >= b.values.len() { (a, b) } else { (b, a) };
    let Some(View { len, inner, .. }) = bias_view(&large.shape, &small.shape) else {
        return Err(not_named("a sum that broadcasts both inputs"));
    };
    let Spec::Op(Op::Conv2d(conv)) = pointwise(len, len, len) else {
        return Err(not_named("a bias"));
    };
    let spec = Spec::Op(Op::Conv2d(Conv2d { bias: true, ..conv }));
    let params = vec![vec![1.0; len], small.values.clone()];
    let dims = Dims::image(len, inner, 1);
    Ok(Plan::new(&spec, dims, large.values.clone(), params)?.reshaped())
}

/// Which axes of `large` those of `small` are, seen as one.
fn bias_view(large: &[usize], small: &[usize]) -> Option<View> {
    let behind = small.iter().rev().take_while(|&&size| size == 1).count();
    let front = small.iter().take_while(|&&size| size == 1).count();
    let own = small.get(front..small.len() - behind).unwrap_or(&[]);
    let end = large.len().checked_sub(behind)?;
    let begin = end.checked_sub(own.len())?;
    let product = |sizes: &[usize]| sizes.iter().product();
    let (outer, inner) = (product(&large[..begin]), product(&large[end..]));
    (large[begin..end] == *own).then(|| View { outer, len: product(own), inner })
}

/// A 1×1 convolution.
pub fn pointwise(inputs: usize, outputs: usize, groups: usize) -> Spec<'static> {
    let window = Window::square(Axis::new(1, 1, 0));
    Spec::Op(Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: false }))
}
