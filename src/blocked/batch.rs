//! Several images at once.
//!
//! Images share no activations, so threads take whole images: no barriers, and every
//! thread runs the plan as if alone. What images do share is weights. A convolution
//! uses each weight many times an image and gains nothing, but a fully-connected
//! layer is the time of reading its weights: all images of a thread go through it
//! together, and each weight that is read serves them all. The layers before and behind
//! run image by image, so that the values of one stay in the cache. Each image has the
//! bits that it has alone.

use alloc::vec;
use alloc::vec::Vec;
#[cfg(feature = "threads")]
use std::sync::{Mutex, PoisonError};
#[cfg(feature = "threads")]
use std::thread;

use crate::element::Element;

use super::memory::Buffer;
use super::{Plan, Runner};

/// Images that a thread runs side by side: as many workspaces.
pub(super) const TOGETHER: usize = 8;

impl<T: Element> Plan<T> {
    /// Runs the network on several inputs and returns an output for each, with the
    /// threads that the plan was asked for, each on inputs of its own. Uses a
    /// workspace for every thread and each of up to eight inputs.
    ///
    /// # Panics
    ///
    /// If an input has another length than the network's.
    pub fn run_batch(&self, inputs: &[&[T]]) -> Vec<Vec<T>> {
        for input in inputs {
            assert_eq!(input.len(), self.input, "an input has another length");
        }
        let mut outputs = vec![vec![T::zero(); self.output]; inputs.len()];
        let threads = self.batch_threads(inputs.len());
        let each = inputs.len().div_ceil(threads).max(1);
        let runner = &*self.runner;
        let parts = inputs.chunks(each).zip(outputs.chunks_mut(each));
        #[cfg(feature = "threads")]
        {
            let parts = Mutex::new(parts);
            let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
            let work = || {
                while let Some((inputs, outputs)) = next() {
                    run_part(runner, inputs, outputs);
                }
            };
            thread::scope(|scope| {
                // Where no more threads can be had, those that there are do their parts too.
                let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
                let _others: Vec<_> = (1..threads).map_while(spawn).collect();
                work();
            });
        }
        #[cfg(not(feature = "threads"))]
        for (inputs, outputs) in parts {
            run_part(runner, inputs, outputs);
        }
        outputs
    }

    /// Threads that a batch of so many inputs uses: no more than there are inputs,
    /// and one where all of them are little work, whatever
    /// [`Options::parallel_macs`](super::Options::parallel_macs) says of a single run.
    pub fn batch_threads(&self, inputs: usize) -> usize {
        // Multiply-adds alone: to start threads, as a batch does, costs more than to wake a team.
        let macs: u64 = self.runner.rows().iter().map(|row| row.macs).sum();
        let large = macs.saturating_mul(inputs as u64) >= super::run::PARALLEL_MACS;
        if large && cfg!(feature = "threads") { self.wanted.min(inputs.max(1)) } else { 1 }
    }
}

/// Runs the inputs of one thread.
fn run_part<T: Element>(runner: &dyn Runner<T>, inputs: &[&[T]], outputs: &mut [Vec<T>]) {
    let count = inputs.len().min(TOGETHER);
    let mut buffers: Vec<Buffer<T>> =
        (0..count).map(|_| Buffer::zeroed(runner.workspace())).collect();
    for (inputs, outputs) in inputs.chunks(TOGETHER).zip(outputs.chunks_mut(TOGETHER)) {
        let mut images: Vec<Image<'_, T>> = buffers
            .iter_mut()
            .zip(inputs.iter().zip(outputs))
            .map(|(buffer, (input, output))| Image {
                workspace: buffer.as_mut_slice(),
                input,
                output,
            })
            .collect();
        runner.run_together(&mut images);
    }
}

/// One input of a batch with its memory.
pub(crate) struct Image<'a, T> {
    pub(crate) workspace: &'a mut [T],
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T],
}
