//! What runs of the blocked engine share and hold: batches, memory, and buffers
//! that end where the next page can't be touched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::float_cmp, reason = "exact by design")]
#![allow(unreachable_pub, dead_code, clippy::print_stdout, reason = "shared; a program of its own")]

#[path = "blocked/reference.rs"]
mod reference;

use std::sync::Mutex;

use reference::{Random, branch, chain, conv, grouped, linear, max_pool, op, relu};
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::spec::{ConvTranspose2d, Dims, Join, Op, Resize, Spec, Spread, Upsample};

/// Every kind of step, and a fully-connected layer of several units.
fn network() -> Spec<'static> {
    let two = Spread { kernel: 2, stride: 2, dilation: 1, before: 0, after: 0, extra: 0 };
    let transposed =
        ConvTranspose2d { inputs: 40, outputs: 33, h: two, w: two, groups: 1, bias: true };
    let up = Upsample { rows: 2, columns: 2, resize: Resize::Bilinear { align_corners: false } };
    let sides = vec![op(Op::ConvTranspose2d(transposed)), op(Op::Upsample(up))];
    chain(vec![
        ("stem", conv(3, 40, 3, 2, 1)),
        ("relu", relu()),
        ("dw", grouped(40, 40, 40, 3, 1, 1)),
        ("groups", grouped(40, 40, 10, 3, 1, 1)),
        ("sum", branch(Join::Add, vec![conv(40, 40, 3, 1, 1), chain(vec![])])),
        ("join", branch(Join::Concat, sides)),
        ("pool", max_pool(3, 2, 1)),
        ("last", conv(73, 20, 1, 1, 0)),
        ("flatten", op(Op::Flatten)),
        ("fc", linear(20 * 15 * 16, 300)),
        ("softmax", op(Op::Softmax)),
    ])
}

const IMAGE: Dims = Dims::image(3, 30, 31);

fn values(graph: &Graph) -> Vec<Vec<f32>> {
    let mut random = Random(7);
    graph.params().iter().map(|p| (0..p.len()).map(|_| random.real(0.1)).collect()).collect()
}

fn images(count: usize) -> Vec<Vec<f32>> {
    let mut random = Random(11);
    let len = IMAGE.elements().unwrap();
    (0..count).map(|_| (0..len).map(|_| random.real(1.0)).collect()).collect()
}

#[test]
fn a_batch_gives_what_each_image_gives() {
    let graph = Graph::new(&network(), IMAGE).unwrap();
    let params = values(&graph);
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    for isa in Isa::available() {
        for threads in [1, 2, 3] {
            let options = Options { isa: Some(isa), threads: Some(threads), ..Options::default() };
            let plan = Plan::new(&graph, &params, &options).unwrap();
            for count in [0, 1, 2, 7, 19] {
                let images = images(count);
                let inputs: Vec<&[f32]> = images.iter().map(Vec::as_slice).collect();
                let got = plan.run_batch(&inputs);
                assert_eq!(got.len(), count);
                for (input, got) in inputs.iter().zip(got) {
                    assert_eq!(plan.run(input), got, "{isa}, {threads} threads, {count}\n{plan}");
                }
            }
        }
    }
}

/// A network of few multiply-adds may still move a lot: by what it moves two threads pay.
#[cfg(feature = "threads")]
#[test]
fn threads_are_for_work_that_pays() {
    let depthwise = |channels| grouped(channels, channels, channels, 3, 2, 1);
    for (spec, input, threads) in [
        (conv(1, 6, 5, 1, 2), Dims::image(1, 28, 28), 1),
        (conv(64, 64, 3, 1, 1), Dims::image(64, 14, 14), 2),
        (depthwise(16), Dims::image(16, 56, 56), 1),
        (depthwise(144), Dims::image(144, 56, 56), 2),
        (max_pool(2, 2, 0), Dims::image(64, 112, 112), 2),
        (linear(128, 128), Dims::vector(128), 1),
        (linear(1024, 512), Dims::vector(1024), 2),
    ] {
        let graph = Graph::new(&spec, input).unwrap();
        let params = values(&graph);
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        let options = Options { threads: Some(2), ..Options::default() };
        let plan = Plan::new(&graph, &params, &options).unwrap();
        assert_eq!(plan.threads(), threads, "{spec:?}");
    }
}

/// Every step is seen once, in order, by whoever ends it; and the last one can run again.
#[test]
fn steps_are_seen_in_order() {
    let graph = Graph::new(&network(), IMAGE).unwrap();
    let params = values(&graph);
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let image = images(1).remove(0);
    for threads in [1, 3] {
        let options = Options { threads: Some(threads), parallel_macs: 0, ..Options::default() };
        let plan = Plan::new(&graph, &params, &options).unwrap();
        let (want, mut workspace) = (plan.run(&image), plan.workspace());
        let (mut got, seen) = (vec![0.0; want.len()], Mutex::new(vec![]));
        let see = |step| seen.lock().unwrap().push(step);
        plan.run_steps(0..usize::MAX, &mut workspace, &image, &mut got, &see);
        assert_eq!(got, want);
        let steps = seen.lock().unwrap().len();
        // A row for each, between the head and the sums.
        assert_eq!(steps, plan.to_string().lines().count() - 2, "{plan}");
        got.fill(0.0);
        plan.run_steps(steps - 1..steps, &mut workspace, &image, &mut got, &see);
        assert_eq!(got, want);
        let order = (0..steps).chain([steps - 1]);
        assert_eq!(seen.into_inner().unwrap(), order.collect::<Vec<_>>());
    }
}

#[cfg(target_os = "linux")]
mod fence {
    use std::ptr::NonNull;

    unsafe extern "C" {
        fn mmap(at: *mut u8, len: usize, prot: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
        fn mprotect(at: *mut u8, len: usize, prot: i32) -> i32;
        fn munmap(at: *mut u8, len: usize) -> i32;
    }

    const PAGE: usize = 4096;

    /// Numbers between two pages that can't be touched.
    pub struct Fenced {
        start: NonNull<u8>,
        bytes: usize,
    }

    impl Fenced {
        pub fn new(numbers: usize) -> Self {
            let bytes = (numbers * 4).next_multiple_of(PAGE) + 2 * PAGE;
            // SAFETY: private anonymous memory, readable and writable.
            let start = unsafe { mmap(std::ptr::null_mut(), bytes, 3, 0x22, -1, 0) };
            assert_ne!(start as isize, -1, "no memory");
            for at in [0, bytes - PAGE] {
                // SAFETY: a page of the mapping.
                assert_eq!(unsafe { mprotect(start.wrapping_add(at), PAGE, 0) }, 0);
            }
            Self { start: NonNull::new(start).unwrap(), bytes }
        }

        /// `len` numbers that end `back` numbers before the page behind, or begin
        /// so many behind the page in front.
        pub fn slice(&mut self, len: usize, back: usize, at_end: bool) -> &mut [f32] {
            let room = self.bytes - 2 * PAGE;
            let at = PAGE + if at_end { room - 4 * (len + back) } else { 4 * back };
            assert!(4 * (len + back) <= room);
            // SAFETY: within the mapping.
            let first = unsafe { self.start.add(at) }.cast::<f32>();
            assert!(first.is_aligned());
            // SAFETY: zeros between the two pages, aligned to a number.
            unsafe { std::slice::from_raw_parts_mut(first.as_ptr(), len) }
        }
    }

    impl Drop for Fenced {
        fn drop(&mut self) {
            // SAFETY: the mapping made by `new`.
            unsafe { munmap(self.start.as_ptr(), self.bytes) };
        }
    }
}

/// Inputs and outputs at every offset from a page that can't be touched: a kernel
/// that reads or writes a number too many ends the process.
#[test]
fn no_number_outside_of_the_buffers_is_touched() {
    #[cfg(not(target_os = "linux"))]
    println!("SKIPPED: pages are fenced on Linux only");
    #[cfg(target_os = "linux")]
    {
        let whole = (network(), IMAGE);
        let first = (conv(16, 21, 3, 1, 1), Dims::image(16, 5, 7));
        let planes = (conv(3, 16, 3, 1, 0), Dims::image(3, 9, 31));
        let dense = (linear(37, 53), Dims::vector(37));
        for (spec, dims) in [whole, first, planes, dense] {
            let graph = Graph::new(&spec, dims).unwrap();
            let params = values(&graph);
            let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
            let (from, to) = (dims.elements().unwrap(), graph.output_dims().elements().unwrap());
            let (mut input, mut output) =
                (fence::Fenced::new(from + 16), fence::Fenced::new(to + 16));
            for isa in Isa::available() {
                let options = Options { isa: Some(isa), ..Options::default() };
                let plan = Plan::new(&graph, &params, &options).unwrap();
                let mut workspace = plan.workspace();
                let image: Vec<f32> = (0..from).map(|i| (i % 13) as f32 * 0.1).collect();
                let want = plan.run(&image);
                for back in 0..16 {
                    for at_end in [true, false] {
                        let input = input.slice(from, back, at_end);
                        input.copy_from_slice(&image);
                        let output = output.slice(to, back, at_end);
                        plan.run_into(&mut workspace, input, output);
                        assert_eq!(output, &want[..], "{isa}");
                    }
                }
            }
        }
    }
}

/// Without Winograd the packed weights are the weights and at most 15 % more, for
/// channels that don't fill a block.
#[cfg(feature = "zoo")]
#[test]
fn packed_weights_are_little_more_than_the_weights() {
    use typenet::AnyModel;
    use typenet::prelude::*;
    use typenet::zoo;

    fn check(name: &str, model: &AnyModel) {
        let params: Vec<&[f32]> = model.weights().iter().collect();
        let held: usize = params.iter().map(|values| size_of_val(*values)).sum();
        for isa in Isa::available() {
            let options = Options { isa: Some(isa), winograd: false, ..Options::default() };
            let plan = Plan::new(model.graph(), &params, &options).unwrap();
            let (packed, most) = (plan.weight_bytes(), held + held * 15 / 100);
            assert!(packed <= most, "{name} on {isa}: {packed} bytes of weights, were {held}");
        }
    }
    check("mobilenet_v2", zoo::MobileNetV2::random(1).as_any());
    check("resnet18", zoo::ResNet18::random(1).as_any());
    check("efficientnet_lite0", zoo::EfficientNetLite0::random(1).as_any());
    check("lenet5", zoo::LeNet5::random(1).as_any());
    check("densenet121", zoo::DenseNet121::random(1).as_any());
}
