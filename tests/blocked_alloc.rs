//! A run of the blocked engine allocates nothing, and a workspace as much as it
//! says: counted, on every instruction set, with one thread and with two.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::float_cmp, clippy::too_many_lines, reason = "exact by design; tables")]
#![allow(unreachable_pub, clippy::print_stdout, reason = "a program of its own")]

#[path = "blocked/reference.rs"]
mod reference;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use reference::{Random, branch, chain, conv, grouped, linear, max_pool, op, relu};
use typenet::blocked::{Options, Plan};
use typenet::graph::Graph;
use typenet::isa::Isa;
use typenet::spec::{Dims, Join, Op};

/// The system's allocator, counting.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: handed on to the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: handed on to the caller.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_run_allocates_nothing() {
    let sum = branch(Join::Add, vec![conv(40, 40, 3, 1, 1), chain(vec![])]);
    let join =
        branch(Join::Concat, vec![grouped(40, 40, 40, 3, 1, 1), grouped(40, 20, 20, 1, 1, 0)]);
    let spec = chain(vec![
        ("stem", conv(3, 40, 3, 2, 1)),
        ("sum", sum),
        ("relu", relu()),
        ("join", join),
        ("pool", max_pool(2, 2, 0)),
        ("expand", conv(60, 120, 1, 1, 0)),
        ("relu6", relu()),
        ("deep", grouped(120, 120, 120, 3, 1, 1)),
        ("project", conv(120, 60, 1, 1, 0)),
        ("mean", op(Op::GlobalAvgPool2d)),
        ("fc", linear(60, 10)),
        ("softmax", op(Op::Softmax)),
    ]);
    let graph = Graph::new(&spec, Dims::image(3, 57, 60)).unwrap();
    let mut random = Random(1);
    let mut fill = |n: usize| (0..n).map(|_| random.real(0.1)).collect::<Vec<f32>>();
    let params: Vec<Vec<f32>> = graph.params().iter().map(|p| fill(p.len())).collect();
    let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
    let input = fill(3 * 57 * 60);
    for isa in Isa::available() {
        for threads in [1, 2] {
            let options = Options { isa: Some(isa), threads: Some(threads), ..Options::default() };
            let plan = Plan::new(&graph, &params, &options).unwrap();
            let mut output = vec![0.0; 10];
            let bytes = BYTES.load(Ordering::Relaxed);
            let mut workspace = plan.workspace();
            let bytes = BYTES.load(Ordering::Relaxed) - bytes;
            // (What the system keeps about a thread is its own.)
            let most = plan.workspace_bytes() + if threads > 1 { 10_000 } else { 0 };
            assert!(bytes <= most, "{bytes} bytes, not {most}, {isa}, {threads} threads");
            // The first run may let the system set a thread up.
            plan.run_into(&mut workspace, &input, &mut output);
            let before = COUNT.load(Ordering::Relaxed);
            for _ in 0..3 {
                plan.run_into(&mut workspace, &input, &mut output);
            }
            assert_eq!(COUNT.load(Ordering::Relaxed), before, "{isa}, {threads} threads");
        }
    }
}
