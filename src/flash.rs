//! Networks without a heap: weights in flash, activations in a static.
//!
//! ```text
//! network + weights ──to_blob──► file ──include_blob!──► Flash ──run_into(workspace)
//! ```
//!
//! A microcontroller has no allocator and no file system. Its weights lie in flash,
//! as a [`blob`] of plain numbers that is used where it lies: nothing is parsed,
//! copied or allocated. A run walks the description itself (a [`Graph`] needs a
//! heap) and computes with the naive engine's own loops, so the result has the very
//! bits of [`Model::forward`](crate::Model::forward). All of its memory is one slice
//! that the caller brings; how long it has to be is a const.
//!
//! ```
//! use typenet::flash::Flash;
//! use typenet::prelude::*;
//!
//! network! {
//!     struct Net: [1, 8, 8] -> [10] {
//!         conv: Conv2d<1, 4, K = 3>,
//!         relu: Relu,
//!         flatten: Flatten,
//!         fc: Linear<144, 10>,
//!     }
//! }
//!
//! // On the desktop, once: `std::fs::write("net.blob", net.to_blob())`.
//! let net = Net::random(1);
//! let blob = net.to_blob();
//!
//! // On the device: the blob is `include_blob!("net.blob")`, the workspace a static.
//! let flash = Flash::<Net>::new(&blob)?;
//! let mut workspace = [0.0; Flash::<Net>::WORKSPACE];
//! let image = Tensor::zeros();
//! let mut scores = Tensor::zeros();
//! flash.run_into(&mut workspace, &image, &mut scores)?;
//! assert_eq!(scores, net.forward(&image));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Graph`]: crate::graph::Graph

pub mod blob;
mod cast;
mod walk;

use core::fmt;
use core::marker::PhantomData;

pub use blob::{Aligned, BlobError};

use crate::network::Network;
use crate::shape::FixedShape;
use crate::spec::Spec;
use crate::tensor::{Storage, StorageMut, Tensor};

/// A network with weights in flash; see the [module](self).
///
/// It is a slice of numbers and nothing else: copies are free.
pub struct Flash<'a, N: Network> {
    values: &'a [f32],
    network: PhantomData<fn() -> N>,
}

impl<'a, N: Network<Input: FixedShape, Output: FixedShape>> Flash<'a, N> {
    /// Numbers of the workspace of a run: the activations that live at the same time.
    pub const WORKSPACE: usize = {
        let () = N::PROOF;
        walk::workspace(N::SPEC, N::INPUT)
    };

    /// Bytes of the blob.
    pub const BLOB: usize = blob::HEADER + 4 * walk::values(N::SPEC);

    const SPEC: &'static Spec<'static> = N::SPEC;

    /// The network with the weights of `blob`, which stay where they are.
    ///
    /// Reads all of it once, to see whether it is whole.
    ///
    /// # Errors
    ///
    /// If it is no blob, another network's, cut or changed, or does not start at a
    /// multiple of 4 ([`include_blob!`](crate::include_blob) sees to that).
    pub fn new(blob: &'a [u8]) -> Result<Self, BlobError> {
        let values = blob::open(blob, walk::values(Self::SPEC), walk::fingerprint(Self::SPEC))?;
        Ok(Self { values, network: PhantomData })
    }

    /// Runs one sample; allocates nothing. What the workspace holds before does not
    /// matter.
    ///
    /// # Errors
    ///
    /// If the workspace is shorter than [`WORKSPACE`](Self::WORKSPACE).
    pub fn run_into<A: Storage<f32>, B: StorageMut<f32>>(
        &self,
        workspace: &mut [f32],
        input: &Tensor<f32, N::Input, A>,
        output: &mut Tensor<f32, N::Output, B>,
    ) -> Result<(), BlobError> {
        let (needs, has) = (Self::WORKSPACE, workspace.len());
        if has < needs {
            return Err(BlobError::Workspace { needs, has });
        }
        let mut weights = walk::Weights::new(self.values);
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        walk::run(Self::SPEC, N::INPUT, input, output, workspace, &mut weights);
        Ok(())
    }
}

impl<N: Network> Clone for Flash<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N: Network> Copy for Flash<'_, N> {}

impl<N: Network> fmt::Debug for Flash<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flash({} values)", self.values.len())
    }
}
