//! A fully-connected layer for several images: each weight is read once.
//!
//! With one image the layer is the time of reading its weights. Two images that take
//! turns, block by block, read them twice: 8 blocks of 9216 inputs are 4.7 MB, more
//! than a second-level cache. So the images are the pixels of a register tile:
//!
//! ```text
//! for each share of the inputs                 whose weights fit the second level
//!   for each 4 images, 4 (2) blocks of outputs
//!     for each input:  sum[block][image] += weights[block][input] · image[input]
//! ```
//!
//! Between shares the sums rest on the stack. A sum takes its inputs in the order in
//! which one image's does, and has the same bits.

use core::ops::Range;

use crate::isa::{Kernel, Simd};

use super::super::activate::End;
use super::super::batch::TOGETHER;
use super::super::memory::In;
use super::super::work::Io;
use super::{Dense, STREAMS, apart};

/// Images of a tile.
const IMAGES: usize = 4;
/// Inputs of a share: 8 blocks of them are 512 KiB, half of the smallest second-level
/// cache of a server core.
const SHARE: usize = 1024;

/// Some images for all blocks of a unit, from `first` on.
struct Tile<'a, S: Simd, const BLOCKS: usize> {
    of: &'a Dense<S>,
    images: &'a [Io<S::E>],
    first: usize,
}

/// The sums of a unit for some images.
type Sums<V> = [[V; IMAGES]; STREAMS];

impl<S: Simd, const BLOCKS: usize> Kernel<S> for Tile<'_, S, BLOCKS> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        if BLOCKS * IMAGES > 2 * S::TILE {
            return; // Never chosen; this saves its code.
        }
        let mut sums = [[[s.zero(); IMAGES]; STREAMS]; TOGETHER.div_ceil(IMAGES)];
        let inputs = self.of.inputs;
        for share in (0..inputs).step_by(SHARE) {
            let share = share..(share + SHARE).min(inputs);
            for (images, sums) in self.images.chunks(IMAGES).zip(&mut sums) {
                for block in (0..STREAMS).step_by(BLOCKS) {
                    // SAFETY: handed on to the caller.
                    unsafe { self.add(s, images, block, share.clone(), sums) }
                }
            }
        }
        for (images, sums) in self.images.chunks(IMAGES).zip(&sums) {
            for (image, io) in images.iter().enumerate() {
                // SAFETY: handed on to the caller.
                unsafe { self.finish(s, io, |block| sums[block][image]) }
            }
        }
    }
}

impl<S: Simd, const BLOCKS: usize> Tile<'_, S, BLOCKS> {
    /// Adds a share of the inputs for `BLOCKS` blocks from the `block`-th on. Where
    /// there are fewer images, the last one is computed again and forgotten.
    ///
    /// # Safety
    ///
    /// Each image has the layer's inputs, and there is at least one.
    #[inline(always)]
    unsafe fn add(
        &self,
        s: S,
        images: &[Io<S::E>],
        block: usize,
        share: Range<usize>,
        sums: &mut Sums<S::V>,
    ) {
        let inputs = self.of.inputs;
        let weights = In::new(self.of.weights.as_slice());
        let weights = weights.from((self.first + block) * apart(inputs) * S::LANES);
        let values: [In<S::E>; IMAGES] =
            core::array::from_fn(|image| images[image.min(images.len() - 1)].input);
        let mut own = [[s.zero(); IMAGES]; BLOCKS];
        own.copy_from_slice(&sums[block..block + BLOCKS]);
        for n in share {
            let mut w = [s.zero(); BLOCKS];
            for (b, w) in w.iter_mut().enumerate() {
                // SAFETY: there is a weight vector for each block and input.
                *w = unsafe { weights.load(s, (b * apart(inputs) + n) * S::LANES) };
            }
            for (image, values) in values.iter().enumerate() {
                // SAFETY: the input has `inputs` numbers.
                let x = s.splat(unsafe { values.get(n) });
                for (w, own) in w.iter().zip(&mut own) {
                    own[image] = s.fma(*w, x, own[image]);
                }
            }
        }
        sums[block..block + BLOCKS].copy_from_slice(&own);
    }

    /// Bias, addend and bounds of one image's sums.
    ///
    /// # Safety
    ///
    /// The image's output has the blocks of the unit.
    #[inline(always)]
    unsafe fn finish(&self, s: S, io: &Io<S::E>, sum: impl Fn(usize) -> S::V) {
        let bias = In::new(self.of.bias.as_slice()).from(self.first * S::LANES);
        let end = End::new(s, io, self.of.output, &self.of.fused);
        for block in 0..STREAMS {
            // SAFETY: the bias has a vector for each block.
            let bias = unsafe { bias.load(s, block * S::LANES) };
            // SAFETY: the output has a vector for each block.
            unsafe { end.store(s, (self.first + block, 0, 0), s.add(bias, sum(block))) }
        }
    }
}

/// Runs a whole unit for several images.
///
/// # Safety
///
/// As [`super::Together::run_images`]; the blocks are a whole unit of the layer.
pub(super) unsafe fn run<S: Simd>(s: S, of: &Dense<S>, images: &[Io<S::E>], blocks: Range<usize>) {
    let first = blocks.start;
    for images in images.chunks(TOGETHER) {
        if S::TILE >= 14 {
            // SAFETY: handed on to the caller.
            unsafe { s.enter(&Tile::<S, 4> { of, images, first }) }
        } else {
            // SAFETY: as above.
            unsafe { s.enter(&Tile::<S, 2> { of, images, first }) }
        }
    }
}
