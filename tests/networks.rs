//! Whole networks, as a user writes and runs them.
//!
//! | module | what it shows |
//! |---|---|
//! | `digits` | LeNet gets 9,894 of the 10,000 MNIST digits (with `../shared/data`) |
//! | `fashion` | the weights and images that the project ships: 464 of 500 |
//! | `vgg16` | a network of 138 million parameters, as a type |
//! | `twice` | by hand and by macro: the same description, the same bits |
//! | `running` | precisions, batches, taps, run-time sizes, erased networks |
//! | `stack` | large things on a thread of 2 MiB |
//! | `outside` | the layers of a crate outside the workspace |

#![cfg(all(feature = "std", feature = "safetensors"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::float_cmp,
    unreachable_pub,
    missing_docs,
    reason = "these are tests"
)]

#[path = "networks/digits.rs"]
mod digits;
#[path = "networks/fashion.rs"]
mod fashion;
#[path = "networks/outside.rs"]
mod outside;
#[path = "networks/running.rs"]
mod running;
#[path = "networks/stack.rs"]
mod stack;
#[path = "networks/twice.rs"]
mod twice;
#[path = "networks/vgg16.rs"]
mod vgg16;

/// What the modules share: images in files, and many of them at once.
mod support {
    use std::num::NonZero;
    use std::thread;

    use typenet::prelude::*;
    use typenet::weights::SafeTensors;

    /// Grey images and what they show.
    pub struct Images {
        pixels: Vec<u8>,
        pub labels: Vec<u8>,
    }

    impl Images {
        /// Reads `images` and `labels` of a safetensors file.
        pub fn parse(file: &[u8]) -> Self {
            let tensors = SafeTensors::parse(file).unwrap();
            let bytes = |name| tensors.get(name).unwrap().bytes().to_vec();
            let images = Self { pixels: bytes("images"), labels: bytes("labels") };
            assert_eq!(images.pixels.len(), 784 * images.labels.len());
            images
        }

        pub fn len(&self) -> usize {
            self.labels.len()
        }

        /// The `index`-th image, its pixels divided by `scale`.
        pub fn image(&self, index: usize, scale: f32) -> Tensor<f32, Chw<1, 28, 28>> {
            let pixels = &self.pixels[784 * index..][..784];
            Tensor::try_from_iter(pixels.iter().map(|&pixel| f32::from(pixel) / scale)).unwrap()
        }
    }

    /// `each(0)`, `each(1)`, … up to `count`, on all cores.
    pub fn parallel<T: Send>(count: usize, each: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let part = count.div_ceil(threads).max(1);
        let each = &each;
        thread::scope(|scope| {
            let parts: Vec<_> = (0..count)
                .step_by(part)
                .map(|from| {
                    let to = count.min(from + part);
                    scope.spawn(move || (from..to).map(each).collect::<Vec<T>>())
                })
                .collect();
            parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
        })
    }
}
