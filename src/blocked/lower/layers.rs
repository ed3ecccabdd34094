//! The kernel of each kind of layer, with its weights.

use crate::spec::{Activation, Axis, Conv2d, ConvTranspose2d, Join, Linear, Pool, Window};

use super::super::activate::Fused;
use super::super::cascade::Cascade;
use super::super::choose::{Candidate, ConvKernel};
use super::super::conv::{Conv, ConvLayer, ConvSizes, Phase};
use super::super::dense::Dense;
use super::super::fold::Values;
use super::super::grouped::Grouped;
use super::super::memory::Buffer;
use super::super::plain::{Plain, PlainOp};
use super::super::planar::conv::PlanarConv;
use super::super::planar::pool::PlanarPool;
use super::super::pointwise::{PRelu, Pointwise, Product, Softmax};
use super::super::pool::{GlobalAverage, Pool as WindowPool, PoolSizes};
use super::super::resample::{Enlarge, Frame};
use super::super::transpose::Transpose;
use super::super::window::Depthwise;
use super::super::winograd::Winograd;
#[allow(clippy::wildcard_imports, reason = "the other half of one file")]
use super::*;

impl<T: Element> Lowering<'_, T> {
    /// The work of a group, or of one side of a join that takes several steps.
    pub(super) fn work<S: Simd<E = T>>(
        &self,
        group: &Group,
        side: usize,
        line: &Line,
    ) -> Box<dyn Work<S>> {
        let (input, output) = (self.form(line.input), self.form(line.output));
        let node = self.node(group.node);
        let other = line.other.map(|value| self.form(value));
        let last = side == 0 || side + 1 == node.inputs.len();
        let fused = Fused { addend: other, activation: self.activation(group).filter(|_| last) };
        let kernel = self.schedule.slot(group.node).kernel;
        match node.kind {
            NodeKind::Op(Op::Conv2d(conv)) => self.conv(group, conv, (input, output), fused),
            NodeKind::Op(op) if kernel == Some(ConvKernel::Plain) => {
                self.plain(group, op, (input, output), fused)
            }
            NodeKind::Op(Op::ConvTranspose2d(conv)) => {
                self.transpose(group, &conv, (input, output), fused)
            }
            NodeKind::Op(Op::Linear(linear)) => self.linear(group, linear, (input, output), fused),
            NodeKind::Op(Op::MaxPool2d(pool)) => pooled(&pool, (input, output), true, fused),
            NodeKind::Op(Op::AvgPool2d(pool)) => pooled(&pool, (input, output), false, fused),
            NodeKind::Op(Op::GlobalAvgPool2d) => Box::new(GlobalAverage { input, output, fused }),
            NodeKind::Op(Op::GlobalMaxPool2d) => {
                Box::new(WindowPool { sizes: one_window(input, output), fused })
            }
            NodeKind::Op(Op::Activation(function)) => {
                let fused = Fused { activation: Some(function), ..fused };
                Box::new(Pointwise { input, output, fused })
            }
            NodeKind::Op(Op::PRelu { .. }) => {
                Box::new(PRelu { input, output, weights: self.slopes(node, output) })
            }
            NodeKind::Op(Op::Upsample(upsample)) => {
                Box::new(Enlarge::new(&upsample, input, output))
            }
            NodeKind::Op(Op::Pad2d(pad)) => Box::new(Frame { pad, input, output }),
            NodeKind::Op(Op::Softmax) => Box::new(Softmax { input, output }),
            // The vector as the planes of the image, one after the other.
            NodeKind::Op(Op::Flatten) => copy(input, input.plane()),
            NodeKind::Op(Op::BatchNorm2d(_) | Op::BatchNorm1d(_)) => {
                self.norm(group, (input, output), fused)
            }
            NodeKind::Op(_) => copy(input, output),
            NodeKind::Join(Join::Add) => Box::new(Pointwise { input, output, fused }),
            NodeKind::Join(Join::Mul) => {
                let (factor, fused) = (other.unwrap_or(input), Fused { addend: None, ..fused });
                Box::new(Product { input, factor, output, fused })
            }
            NodeKind::Join(Join::Concat) => {
                let first = self.before(node, side).map(|form| form.c).sum();
                Box::new(Copy { input, output, first, shift: 0 })
            }
            NodeKind::Join(Join::Heads) => {
                let shift = self.before(node, side).map(|form| form.len()).sum();
                Box::new(Copy { input, output: input.plane(), first: 0, shift })
            }
        }
    }

    fn activation(&self, group: &Group) -> Option<Activation> {
        match self.node(group.activation?).kind {
            NodeKind::Op(Op::Activation(function)) => Some(function),
            _ => None,
        }
    }

    /// The sides of a join before this one, as planes.
    fn before(&self, node: &GraphNode, side: usize) -> impl Iterator<Item = Form> {
        node.inputs[..side].iter().map(|&source| Form::new(self.graph.dims_of(source), 1))
    }

    fn conv<S: Simd<E = T>>(
        &self,
        group: &Group,
        conv: Conv2d,
        (input, output): (Form, Form),
        fused: Fused,
    ) -> Box<dyn Work<S>> {
        let threads = self.schedule.target().threads;
        let layer = self.conv_layer(group, conv, (input, output), fused);
        let (sizes, fused, (weights, bias)) = (layer.sizes, layer.fused, layer.params());
        match self.schedule.slot(group.node).kernel {
            Some(ConvKernel::Direct) => {
                Box::new(Conv::<S>::new(sizes, weights, bias, fused, threads))
            }
            Some(ConvKernel::Depthwise) => {
                Box::new(Depthwise::<S>::new(sizes, weights, bias, fused))
            }
            Some(ConvKernel::Grouped) => Box::new(Grouped::<S>::new(sizes, weights, bias, fused)),
            Some(ConvKernel::Winograd2) => {
                Box::new(Winograd::<S>::new(sizes, weights, bias, fused, (false, threads)))
            }
            Some(ConvKernel::Winograd4) => {
                Box::new(Winograd::<S>::new(sizes, weights, bias, fused, (true, threads)))
            }
            Some(ConvKernel::Planar) => {
                Box::new(PlanarConv::new(sizes, weights, bias, fused, None))
            }
            Some(ConvKernel::Plain) | None => {
                let params = [weights].into_iter().chain(bias).map(keep).collect();
                Box::new(Plain { op: PlainOp::Conv(sizes), params, input, output, fused })
            }
        }
    }

    /// Layers that run as one; the last of them takes in what is added.
    pub(super) fn cascade<S: Simd<E = T>>(
        &self,
        groups: &[&Group],
        line: &Line,
    ) -> Box<dyn Work<S>> {
        let (mut input, mut layers) = (self.form(line.input), vec![]);
        for (i, group) in groups.iter().enumerate() {
            let last = i + 1 == groups.len();
            let output =
                if last { self.form(line.output) } else { self.schedule.whole(group.last) };
            let addend = line.other.filter(|_| last).map(|value| self.form(value));
            let fused = Fused { addend, activation: self.activation(group) };
            if let NodeKind::Op(Op::Conv2d(conv)) = self.node(group.node).kind {
                layers.push(self.conv_layer(group, conv, (input, output), fused));
            }
            input = output;
        }
        if let [layer] = layers.as_slice() {
            let (weights, bias) = layer.params();
            let pool = Some(self.form(line.output));
            return Box::new(PlanarConv::new(layer.sizes, weights, bias, layer.fused, pool));
        }
        match Cascade::<S>::new(&layers, self.schedule.target().threads) {
            Some(cascade) => Box::new(cascade),
            None => copy(input, input),
        }
    }

    /// A convolution, its batch normalisation folded in.
    #[inline(never)]
    fn conv_layer(
        &self,
        group: &Group,
        conv: Conv2d,
        (input, output): (Form, Form),
        fused: Fused,
    ) -> ConvLayer<'_, T> {
        let (weights, bias) = self.weights(group, conv.bias);
        let sizes = Candidate { conv, input, output, finite: true }.sizes();
        ConvLayer { sizes, weights, bias, fused }
    }

    /// The weights and the bias of a layer, its batch normalisation folded in.
    #[inline(never)]
    fn weights(&self, group: &Group, bias: bool) -> (Values<'_, T>, Option<Values<'_, T>>) {
        let first = self.node(group.node).params.start;
        let (weights, bias) = (self.params[first], bias.then(|| self.params[first + 1]));
        match group.norm.and_then(|norm| self.affine(norm)) {
            Some(affine) => (affine.weights(weights).into(), Some(affine.bias(bias).into())),
            None => (weights.into(), bias.map(Values::from)),
        }
    }

    /// A fully-connected layer; its input may be an image as it lies.
    fn linear<S: Simd<E = T>>(
        &self,
        group: &Group,
        linear: Linear,
        (input, output): (Form, Form),
        fused: Fused,
    ) -> Box<dyn Work<S>> {
        let (weights, bias) = self.weights(group, linear.bias);
        // Number n of the storage order is channel, row, column of the flat order.
        let pixels = input.h * input.w;
        let order = |n: usize| {
            if pixels == 1 {
                return n;
            }
            let (rest, lane) = (n / input.lanes, n % input.lanes);
            (rest / pixels * input.lanes + lane) * pixels + rest % pixels
        };
        let sizes = (linear.inputs, output);
        Box::new(Dense::<S>::new(sizes, &weights, bias.as_deref(), order, fused))
    }

    /// The slopes of a `PReLU` for each channel of whole blocks.
    #[inline(never)]
    fn slopes(&self, node: &GraphNode, output: Form) -> Buffer<T> {
        let slopes = self.params[node.params.start];
        let mut each = Buffer::zeroed(output.blocks() * output.lanes);
        for (c, to) in each.as_mut_slice()[..output.c].iter_mut().enumerate() {
            *to = slopes[c % slopes.len()];
        }
        each
    }

    fn transpose<S: Simd<E = T>>(
        &self,
        group: &Group,
        conv: &ConvTranspose2d,
        forms: (Form, Form),
        fused: Fused,
    ) -> Box<dyn Work<S>> {
        let first = self.node(group.node).params.start;
        let params = (self.params[first], conv.bias.then(|| self.params[first + 1]));
        let threads = self.schedule.target().threads;
        Box::new(Transpose::<S>::new(conv, forms, params, fused, threads))
    }

    /// Whatever has no kernel here, as in the naive engine.
    fn plain<S: Simd<E = T>>(
        &self,
        group: &Group,
        op: Op,
        (input, output): (Form, Form),
        fused: Fused,
    ) -> Box<dyn Work<S>> {
        let node = self.node(group.node);
        let op = PlainOp::Layer(op, self.graph.dims_of(node.inputs[0]), node.dims);
        let params = self.params[node.params.clone()].iter().map(|&p| keep(p)).collect();
        Box::new(Plain { op, params, input, output, fused })
    }

    /// A batch normalisation by itself: a depthwise 1×1 convolution.
    fn norm<S: Simd<E = T>>(
        &self,
        group: &Group,
        (input, output): (Form, Form),
        fused: Fused,
    ) -> Box<dyn Work<S>> {
        let Some(affine) = self.affine(group.node) else { return copy(input, output) };
        let (one, groups) = ((1, 1), input.c);
        let (kernel, stride, dilation, padding) = (one, one, one, (0, 0));
        let phase = Phase::ALL;
        let sizes = ConvSizes { input, output, groups, kernel, stride, dilation, padding, phase };
        let scale = affine.weights(&vec![T::from_double(1.0); input.c]);
        Box::new(Depthwise::<S>::new(sizes, &scale, Some(&affine.bias(None)), fused))
    }

    /// A batch normalisation, as a product and a sum.
    #[inline(never)]
    fn affine(&self, part: usize) -> Option<Affine> {
        let node = self.node(part);
        let eps = match node.kind {
            NodeKind::Op(Op::BatchNorm2d(norm)) => norm.eps,
            NodeKind::Op(Op::BatchNorm1d(norm)) => norm.eps,
            _ => return None,
        };
        Some(Affine::new(eps, &self.params[node.params.clone()]))
    }
}

/// A pool over blocks or planes.
fn pooled<S: Simd>(pool: &Pool, forms: (Form, Form), max: bool, fused: Fused) -> Box<dyn Work<S>> {
    let sizes = windows(pool, forms, max);
    if sizes.output.lanes == 1 {
        return Box::new(PlanarPool { sizes, fused });
    }
    Box::new(WindowPool { sizes, fused })
}

/// The numbers of a pool.
fn windows(pool: &Pool, (input, output): (Form, Form), max: bool) -> PoolSizes {
    let pads = |axis: Axis, n| axis.pads(n).unwrap_or((0, 0));
    let (h, w) = (pool.window.h, pool.window.w);
    let (down, along) = (pads(h, input.h), pads(w, input.w));
    PoolSizes {
        input,
        output,
        kernel: (h.kernel, w.kernel),
        stride: (h.stride, w.stride),
        dilation: (h.dilation, w.dilation),
        padding: (down.0, along.0),
        behind: (down.1, along.1),
        include_pad: pool.include_pad,
        max,
    }
}

/// The largest value of each channel: a pool of one window.
fn one_window(input: Form, output: Form) -> PoolSizes {
    let window = Window { h: Axis::new(input.h, 1, 0), w: Axis::new(input.w, 1, 0) };
    windows(&Pool { window, include_pad: false }, (input, output), true)
}

/// A parameter as it is.
fn keep<T: Element>(values: &[T]) -> Buffer<T> {
    let mut buffer = Buffer::zeroed(values.len());
    buffer.as_mut_slice().copy_from_slice(values);
    buffer
}
