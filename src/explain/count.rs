//! What a convolution costs, beside the layers that it saves.
//!
//! # The formulas
//!
//! A filter of k×k taps on z channels has k·k·z weights and a bias; a layer of f
//! filters has f times as many. With stride s, dilation d and padding p before and
//! after, n pixels become ⌊(n + 2p − d·(k − 1) − 1) / s⌋ + 1
//! ([`Axis::out`](crate::spec::Axis::out)); the padding that keeps them n is
//! [`Axis::keeping`](crate::spec::Axis::keeping).
//!
//! A *fully-connected* layer between the same two shapes has a weight for each pair
//! of an input and an output value. A *locally-connected* one (Le Cun, "Generalization
//! and network design strategies", 1989) has one for each tap of each output value:
//! as many as the convolution has multiply-adds. The *convolution* shares those of a
//! filter among all positions. So, for the layer from x·y·z values to x'·y'·f,
//!
//! ```text
//! convolution           k·k·z·f
//! locally connected     k·k·z·f · x'·y'
//! fully connected       x·y·z·f · x'·y'
//! ```
//!
//! (Goodfellow, Bengio, Courville, "Deep Learning", 2016, section 9.2, counts them
//! the same way.) [`Twins`] holds the three, for one layer and for a whole network.
//!
//! # The code
//!
//! The counts are one fold over the description, in `src/spec/count.rs`; a network
//! has them as [`PARAMS`], [`MACS`], [`ACTIVATIONS`], [`LOCAL_TWIN`] and [`FC_TWIN`].
//! What it may cost at most is a [`Budget`], which the compiler checks; the memory of a
//! run, which a budget limits too, is the subject of [`memory`](super::memory).
//!
//! # Examples
//!
//! ```
//! use typenet::explain::count::Twins;
//! use typenet::prelude::*;
//! use typenet::spec::Dims;
//!
//! // 1000×1000 values in and out, patches of 10×10.
//! type Patches = Conv2d<1, 1, 10>;
//! const TWINS: Twins = Twins::of(Patches::SPEC, Dims::image(1, 1009, 1009));
//! assert_eq!(TWINS.convolution, 100);
//! assert_eq!(TWINS.local, 100_000_000);
//! assert_eq!(TWINS.dense, 1009 * 1009 * 1_000_000); // 10¹², but for the rim
//! ```
//!
//! [`PARAMS`]: crate::Network::PARAMS
//! [`MACS`]: crate::Network::MACS
//! [`ACTIVATIONS`]: crate::Network::ACTIVATIONS
//! [`LOCAL_TWIN`]: crate::Network::LOCAL_TWIN
//! [`FC_TWIN`]: crate::Network::FC_TWIN

mod budget;

use core::fmt;

pub use budget::Budget;

use crate::spec::{self, Conv2d, Dims, Spec};

/// Weights of the same connections, shared, local and full; biases left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Twins {
    /// As it is: the weights of a filter serve every position.
    pub convolution: u128,
    /// Each position has weights of its own.
    pub local: u128,
    /// Each output value has a weight for each input value.
    pub dense: u128,
}

impl Twins {
    /// Those of all convolutions and fully-connected layers of `spec` (which are
    /// their own twins); `Dyn` sizes count as 0.
    pub const fn of(spec: &Spec<'_>, input: Dims) -> Self {
        Self {
            convolution: spec::weights(spec, input),
            local: spec::local_twin(spec, input),
            dense: spec::fc_twin(spec, input),
        }
    }
}

impl fmt::Display for Twins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { convolution, local, dense } = self;
        write!(f, "{convolution} shared, {local} local, {dense} fully connected")
    }
}

impl Conv2d {
    /// Weights and biases of one filter: k·k·z (z / groups), and 1 or 0.
    ///
    /// ```
    /// use typenet::spec::{Axis, Conv2d, Window};
    ///
    /// let window = Window::square(Axis::new(3, 1, 1));
    /// let conv = Conv2d { inputs: 3, outputs: 64, window, groups: 1, bias: true };
    /// assert_eq!(conv.filter(), (27, 1));
    /// assert_eq!(conv.layer(), (1728, 64));
    /// ```
    pub const fn filter(&self) -> (u128, u128) {
        let taps = self.window.h.kernel as u128 * self.window.w.kernel as u128;
        (taps.saturating_mul(self.inputs_per_group() as u128), self.bias as u128)
    }

    /// Weights and biases of the layer: those of all its filters.
    pub const fn layer(&self) -> (u128, u128) {
        let ((weights, biases), filters) = (self.filter(), self.outputs as u128);
        (weights.saturating_mul(filters), biases * filters)
    }
}
