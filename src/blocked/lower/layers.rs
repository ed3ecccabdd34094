//! The step of each kind of layer.

use alloc::borrow::Cow;

#[allow(clippy::wildcard_imports, reason = "the other half of one file")]
use super::*;

/// Parameters as they are, or with something folded in.
type Values<'a, T> = Cow<'a, [T]>;

impl<S: Simd> Lowering<'_, S> {
    pub(super) fn conv(
        &mut self,
        group: &Group,
        conv: Conv2d,
        from: Source,
    ) -> Result<(), PlanError> {
        let kernel = self.kernels[group.node].unwrap_or(ConvKernel::Plain);
        let tiled = matches!(kernel, ConvKernel::Direct | ConvKernel::Planar);
        let planar = from == Source::Input && self.reads_planes(&conv, from) && tiled;
        let input = if planar { self.planes_of_input() } else { self.value(from)? };
        let (output, fused) = self.result(group)?;
        let (weights, bias) = self.weights(group, conv.bias);
        let (weights, bias) = (&weights[..], bias.as_deref());
        let (input_form, output_form) = (self.values[input].form, self.values[output].form);
        let candidate = Candidate { conv, input: input_form, output: output_form, weights };
        let sizes = candidate.sizes();
        let work: Box<dyn Work<S>> = match kernel {
            ConvKernel::Direct => {
                Box::new(Conv::<S>::new(sizes, weights, bias, fused, self.threads))
            }
            ConvKernel::Depthwise => Box::new(Depthwise::<S>::new(sizes, weights, bias, fused)),
            ConvKernel::Grouped => Box::new(Grouped::<S>::new(sizes, weights, bias, fused)),
            ConvKernel::Winograd2 | ConvKernel::Winograd4 => {
                let four = kernel == ConvKernel::Winograd4;
                let how = (four, self.threads);
                Box::new(Winograd::<S>::new(sizes, weights, bias, fused, how))
            }
            ConvKernel::Planar => Box::new(PlanarConv::new(sizes, weights, bias, fused)),
            ConvKernel::Plain => Box::new(Plain {
                op: PlainOp::Conv(sizes),
                params: [weights].into_iter().chain(bias).map(keep).collect(),
                input: input_form,
                output: output_form,
                fused,
            }),
        };
        self.push_group(group, work, input, output)
    }

    /// The weights and the bias of a layer, its batch normalisation folded in.
    fn weights(&self, group: &Group, bias: bool) -> (Values<'_, S::E>, Option<Values<'_, S::E>>) {
        let first = self.graph.nodes()[group.node].params.start;
        let (weights, bias) = (self.params[first], bias.then(|| self.params[first + 1]));
        match group.norm.and_then(|norm| self.affine(norm)) {
            Some(affine) => (affine.weights(weights).into(), Some(affine.bias(bias).into())),
            None => (weights.into(), bias.map(Cow::from)),
        }
    }

    pub(super) fn linear(
        &mut self,
        group: &Group,
        linear: Linear,
        from: Source,
    ) -> Result<(), PlanError> {
        let (input, form) = self.features(from)?;
        let (output, fused) = self.result(group)?;
        let (weights, bias) = self.weights(group, linear.bias);
        let (weights, bias) = (&weights[..], bias.as_deref());
        let sizes = (linear.inputs, self.values[output].form);
        // Image n of the storage order is channel, row, column of the flat order.
        let pixels = form.h * form.w;
        let order = |n: usize| {
            if pixels == 1 {
                return n;
            }
            let (rest, lane) = (n / form.lanes, n % form.lanes);
            (rest / pixels * form.lanes + lane) * pixels + rest % pixels
        };
        let work = Box::new(Dense::<S>::new(sizes, weights, bias, order, fused));
        self.push_group(group, work, input, output)
    }

    /// What a fully-connected layer reads: a vector as it is, an image that is
    /// flattened for it alone where it lies without gaps.
    pub(super) fn features(&mut self, from: Source) -> Result<(usize, Form), PlanError> {
        let value = match from {
            Source::Input => INPUT,
            Source::Node(index) => match self.made[index] {
                Some(value) => value,
                None => match self.groups.see(self.graph.nodes()[index].inputs[0]) {
                    Source::Input => INPUT,
                    image @ Source::Node(_) => self.value(image)?,
                },
            },
        };
        Ok((value, self.values[value].form))
    }

    pub(super) fn flatten(&mut self, group: &Group, from: Source) -> Result<(), PlanError> {
        let image = if from == Source::Input { INPUT } else { self.value(from)? };
        let form = self.values[image].form;
        let node = Source::Node(group.node);
        let only_linear = self.graph.nodes().iter().all(|reader| {
            let reads = reader.inputs.iter().any(|&input| self.groups.see(input) == node);
            !reads
                || matches!(reader.kind, NodeKind::Op(Op::Linear(_) | Op::Identity | Op::Flatten))
        });
        let is_output = self.groups.see(self.graph.output()) == node;
        let gapless = form.is_bare() && form.c.is_multiple_of(form.lanes);
        if only_linear && gapless && !is_output {
            // Left unmade: the layers behind read the image itself.
            return Ok(());
        }
        let output = self.push_value(self.form(node)?);
        self.made[group.node] = Some(output);
        // The vector as the planes of the image, one after the other.
        let planes = Form { lanes: 1, halo: Halo::default(), ..form };
        let copy = Copy::whole(form, planes);
        self.push_step(&self.graph.nodes()[group.node].name, Box::new(copy), image, output);
        Ok(())
    }

    pub(super) fn pool(
        &mut self,
        group: &Group,
        pool: Pool,
        from: Source,
        max: bool,
    ) -> Result<(), PlanError> {
        let pads = |axis: Axis, n| axis.pads(n).map_err(|_| PlanError::OpenSize);
        let arrives = self.form(from)?;
        let (h, w) = (pool.window.h, pool.window.w);
        let (down, along) = (pads(h, arrives.h)?, pads(w, arrives.w)?);
        self.simple(group, from, move |input, output, fused| {
            let sizes = PoolSizes {
                input,
                output,
                kernel: (h.kernel, w.kernel),
                stride: (h.stride, w.stride),
                dilation: (h.dilation, w.dilation),
                padding: (down.0, along.0),
                behind: (down.1, along.1),
                include_pad: pool.include_pad,
                max,
            };
            if output.lanes == 1 {
                return Box::new(PlanarPool { sizes, fused });
            }
            Box::new(WindowPool { sizes, fused })
        })
    }

    /// A sum that no layer takes in: the first two sides, then one at a time.
    pub(super) fn add(&mut self, group: &Group) -> Result<(), PlanError> {
        let sides = &self.graph.nodes()[group.node].inputs;
        let sides = sides.iter().map(|&side| self.value(side)).collect::<Result<Vec<_>, _>>()?;
        let (output, fused) = self.result(group)?;
        let form = self.values[output].form;
        let mut input = sides[0];
        for (n, &side) in sides[1..].iter().enumerate() {
            let last = n + 2 == sides.len();
            let addend = Some(self.values[side].form);
            let activation = fused.activation.filter(|_| last);
            let fused = Fused { addend, activation };
            let work = Pointwise { input: self.values[input].form, output: form, fused };
            self.push_group(group, Box::new(work), input, output)?;
            if let Some(step) = self.steps.last_mut() {
                (step.other, step.first) = (Some(side), n == 0);
            }
            input = output;
        }
        Ok(())
    }

    /// A product: the first two sides, then one factor at a time.
    pub(super) fn mul(&mut self, group: &Group) -> Result<(), PlanError> {
        let sides = &self.graph.nodes()[group.node].inputs;
        let sides = sides.iter().map(|&side| self.value(side)).collect::<Result<Vec<_>, _>>()?;
        let (output, fused) = self.result(group)?;
        let form = self.values[output].form;
        let mut input = sides[0];
        for (n, &side) in sides[1..].iter().enumerate() {
            let last = n + 2 == sides.len();
            let fused = Fused { activation: fused.activation.filter(|_| last), ..fused };
            let (from, factor) = (self.values[input].form, self.values[side].form);
            let work = Product { input: from, factor, output: form, fused };
            self.push_group(group, Box::new(work), input, output)?;
            if let Some(step) = self.steps.last_mut() {
                (step.other, step.first) = (Some(side), n == 0);
            }
            input = output;
        }
        Ok(())
    }

    pub(super) fn prelu(&mut self, group: &Group, from: Source) -> Result<(), PlanError> {
        let weights = self.params[self.graph.nodes()[group.node].params.start];
        self.simple(group, from, |input, output, _| {
            let mut each = Buffer::zeroed(output.blocks() * S::LANES);
            for (c, to) in each.as_mut_slice()[..output.c].iter_mut().enumerate() {
                *to = weights[c % weights.len()];
            }
            Box::new(PRelu { input, output, weights: each })
        })
    }

    /// The largest value of each channel: a pool of one window.
    pub(super) fn global_max(&mut self, group: &Group, from: Source) -> Result<(), PlanError> {
        self.simple(group, from, |input, output, fused| {
            let kernel = (input.h, input.w);
            let (one, none) = ((1, 1), (0, 0));
            let sizes = PoolSizes {
                input,
                output,
                kernel,
                stride: one,
                dilation: one,
                padding: none,
                behind: none,
                include_pad: false,
                max: true,
            };
            Box::new(WindowPool { sizes, fused })
        })
    }

    pub(super) fn transpose(
        &mut self,
        group: &Group,
        conv: ConvTranspose2d,
        from: Source,
    ) -> Result<(), PlanError> {
        if self.kernels[group.node] != Some(ConvKernel::Direct) {
            return self.plain(group, Op::ConvTranspose2d(conv), from);
        }
        let first = self.graph.nodes()[group.node].params.start;
        let (weights, threads) = (self.params[first], self.threads);
        let bias = conv.bias.then(|| self.params[first + 1]);
        self.simple(group, from, |input, output, fused| {
            Box::new(Transpose::<S>::new(&conv, (input, output), (weights, bias), fused, threads))
        })
    }

    /// Whatever has no kernel here, as in the naive engine.
    pub(super) fn plain(&mut self, group: &Group, op: Op, from: Source) -> Result<(), PlanError> {
        let node = &self.graph.nodes()[group.node];
        let dims = (self.graph.dims_of(from), node.dims);
        let params = self.params[node.params.clone()].iter().map(|&p| keep(p)).collect();
        self.simple(group, from, move |input, output, fused| {
            let op = PlainOp::Layer(op, dims.0, dims.1);
            Box::new(Plain { op, params, input, output, fused })
        })
    }

    /// The sides that have not been made in their places already are copied there.
    pub(super) fn concat(&mut self, group: &Group) -> Result<(), PlanError> {
        let node = group.node;
        let sides = &self.graph.nodes()[node].inputs;
        let (output, _) = self.result(group)?;
        let form = self.values[output].form;
        let (mut first, mut copied) = (0, false);
        for &side in sides {
            let from = self.value(side)?;
            let input = self.values[from].form;
            if self.places.of(self.groups.see(side)) != Some((node, first)) {
                let copy = Copy { input, output: form, first, shift: 0 };
                self.push_group(group, Box::new(copy), from, output)?;
                if let Some(step) = self.steps.last_mut() {
                    step.first = !copied;
                }
                copied = true;
            }
            first += input.c;
        }
        Ok(())
    }

    /// The values of all sides as one vector.
    pub(super) fn heads(&mut self, group: &Group) -> Result<(), PlanError> {
        let sides = &self.graph.nodes()[group.node].inputs;
        let sides = sides.iter().map(|&side| self.value(side)).collect::<Result<Vec<_>, _>>()?;
        let (output, _) = self.result(group)?;
        let mut shift = 0;
        for side in sides {
            let input = self.values[side].form;
            let planes = Form { lanes: 1, halo: Halo::default(), ..input };
            let copy = Copy { input, output: planes, first: 0, shift };
            shift += planes.len();
            self.push_group(group, Box::new(copy), side, output)?;
        }
        Ok(())
    }

    /// A batch normalisation by itself: a depthwise 1×1 convolution.
    pub(super) fn norm(&mut self, group: &Group, from: Source) -> Result<(), PlanError> {
        let Some(affine) = self.affine(group.node) else { return Ok(()) };
        self.simple(group, from, move |input, output, fused| {
            let one = (1, 1);
            let (kernel, stride, dilation) = (one, one, one);
            let (groups, padding) = (input.c, (0, 0));
            let phase = Phase::ALL;
            let sizes =
                ConvSizes { input, output, groups, kernel, stride, dilation, padding, phase };
            let scale = affine.weights(&vec![S::E::from_double(1.0); input.c]);
            Box::new(Depthwise::<S>::new(sizes, &scale, Some(&affine.bias(None)), fused))
        })
    }

    /// The batch normalisation at `node`, as a product and a sum.
    pub(super) fn affine(&self, node: usize) -> Option<Affine> {
        let node = &self.graph.nodes()[node];
        let eps = match node.kind {
            NodeKind::Op(Op::BatchNorm2d(norm)) => norm.eps,
            NodeKind::Op(Op::BatchNorm1d(norm)) => norm.eps,
            _ => return None,
        };
        Some(Affine::new(eps, &self.params[node.params.clone()]))
    }
}
