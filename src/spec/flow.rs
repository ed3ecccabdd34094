//! The walk that the compiler makes of every network: what comes out, what it costs,
//! and whether every rule holds.
//!
//! Nearly every network is right, so the compiler walks it with this and only
//! with [`resolve`](super::resolve), which carries along who is to blame, where
//! something is wrong. In const evaluation that is ten times as fast. What is walked
//! here is walked once for every layer of every network, and the interpreter pays for
//! each call: so arithmetic stands where a method would read better.

use super::apply::{MOST, fits_memory};
use super::{Dims, Join, Node, Op, Spec, copies_fault, join_dims, joined_length};

/// What comes out, what it costs, and whether every rule was kept on the way.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// The shape, as [`resolve`](super::resolve) gives it.
    pub dims: Dims,
    /// Whether every rule holds.
    pub holds: bool,
    /// Parameters to learn ([`params`](super::params)), saturating.
    pub params: u128,
    /// Multiply-adds ([`macs`](super::macs)), saturating.
    pub macs: u128,
}

impl Flow {
    /// In front of the first layer.
    pub(super) const fn start(dims: Dims) -> Self {
        Self { dims, holds: true, params: 0, macs: 0 }
    }

    /// Behind something wrong that gives `dims`.
    const fn broken(self, dims: Dims) -> Self {
        Self { dims, holds: false, ..self }
    }

    /// The number of parameters; `u64::MAX` past it.
    pub const fn params(&self) -> u64 {
        if self.params > u64::MAX as u128 { u64::MAX } else { self.params as u64 }
    }

    /// The number of multiply-adds.
    ///
    /// # Panics
    ///
    /// In const evaluation, with a message, where it passes `u64::MAX`.
    #[expect(clippy::panic, clippy::manual_assert, reason = "an error of const evaluation")]
    pub const fn macs(&self) -> u64 {
        if self.macs > u64::MAX as u128 {
            panic!("the network takes more than u64::MAX multiply-adds");
        }
        self.macs as u64
    }
}

/// What `spec` makes of the shape `input`.
pub const fn flow(spec: &Spec<'_>, input: Dims, strict: bool) -> Flow {
    Flow::start(input).behind(spec, strict)
}

/// What a chain of parts makes of the shape `input`.
pub const fn flow_chain(nodes: &[Node<'_>], input: Dims, strict: bool) -> Flow {
    Flow::start(input).behind_chain(nodes, strict)
}

impl Flow {
    /// The same walk behind `spec`.
    pub(super) const fn behind(self, spec: &Spec<'_>, strict: bool) -> Self {
        match spec {
            Spec::Op(op) => self.behind_op(op, strict),
            Spec::Chain(nodes) => self.behind_chain(nodes, strict),
            Spec::Net { input, output, nodes } => {
                let behind = self.behind_chain(nodes, strict);
                if input.admits(self.dims) { behind } else { behind.broken(*output) }
            }
            Spec::Branch { join, arms } => self.behind_branch(*join, arms, strict),
            Spec::Repeat { count, body, .. } => self.behind_copies(*count, body, strict),
            Spec::Broken(_) => self.broken(Dims::Unknown),
            Spec::Opaque(dims) => Self { dims: *dims, ..self },
        }
    }

    const fn behind_op(mut self, op: &Op, strict: bool) -> Self {
        let (input, cost) = (self.dims, op.cost());
        let (output, fault) = op.shape(input, strict);
        self.dims = output;
        if fault.is_some() || cost.largest > MOST {
            self.holds = false;
        }
        if cost.params != 0 {
            self.params = self.params.saturating_add(cost.params);
        }
        if !op.keeps_shape() || cost.each != 0 {
            let values = output.volume();
            if values > MOST {
                self.holds = false;
            }
            if cost.each != 0 {
                let spread = matches!(op, Op::ConvTranspose2d(_));
                let times = if spread { input.volume() } else { values };
                self.macs = self.macs.saturating_add(cost.each as u128 * times as u128);
            }
        }
        self
    }

    const fn behind_chain(mut self, nodes: &[Node<'_>], strict: bool) -> Self {
        let mut i = 0;
        while i < nodes.len() {
            self = self.behind(nodes[i].spec, strict);
            i += 1;
        }
        self
    }

    const fn behind_copies(mut self, count: usize, body: &Spec<'_>, strict: bool) -> Self {
        let too_many = copies_fault(count).is_some();
        let mut left = count;
        while left > 0 {
            let next = self.behind(body, strict);
            // Where one copy changes nothing, all that follow are like it.
            let alike = if too_many || next.dims.same(self.dims) { left } else { 1 };
            self = next.again(self, alike - 1);
            left -= alike;
        }
        if too_many { self.broken(Dims::Unknown) } else { self }
    }

    /// With so many `times` more of what has been added since `before`.
    const fn again(mut self, before: Self, times: usize) -> Self {
        if times != 0 {
            let (params, macs) = (self.params - before.params, self.macs - before.macs);
            self.params = self.params.saturating_add(params.saturating_mul(times as u128));
            self.macs = self.macs.saturating_add(macs.saturating_mul(times as u128));
        }
        self
    }

    const fn behind_branch(self, join: Join, arms: &[Node<'_>], strict: bool) -> Self {
        if arms.is_empty() {
            return self;
        }
        let mut all = self.behind(arms[0].spec, strict);
        let mut i = 1;
        while i < arms.len() {
            let arm = Self { dims: self.dims, ..all }.behind(arms[i].spec, strict);
            let (dims, fault) = join_dims(join, all.dims, arm.dims);
            all = Self { dims, holds: arm.holds && fault.is_none(), ..arm };
            i += 1;
        }
        all.holds = all.holds && fits_memory(all.dims);
        all.dims = joined_length(join, all.dims);
        all
    }
}
