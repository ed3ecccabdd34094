//! Threads: many at once, none to be had, one inside another, and a layer of a
//! user's that panics.

use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use typenet::blocked::{Options, Plan, Workspace};
use typenet::prelude::*;
use typenet::spec::{Call, CustomKernel, CustomOp, Dims, Op, ShapeRule, Spec};
use typenet::weights::Weights;

use crate::net::{Net, long, small, threads};
use crate::support::cases::{chain, conv, square};

network! {
    /// Shared by threads below.
    struct Shared: [3, 20, 21] -> [11] {
        conv1: Conv2d<3, 24, K = 3, P = 1>,
        relu1: Relu,
        pool: MaxPool2d<K = 2>,
        conv2: Conv2d<24, 33, K = 3>,
        relu2: Relu,
        mean: GlobalAvgPool2d,
        fc: Linear<33, 11>,
    }
}

#[test]
fn everything_crosses_threads() {
    fn free<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}
    fn caught<T: UnwindSafe + RefUnwindSafe>() {}
    free::<Model<Shared>>();
    free::<Model<Shared, f64>>();
    free::<AnyModel>();
    free::<typenet::Runner<Shared>>();
    free::<Plan>();
    free::<Weights<f32>>();
    free::<typenet::graph::Graph>();
    sent::<Workspace>();
    caught::<Model<Shared>>();
    caught::<typenet::Runner<Shared>>();
    caught::<Plan<f64>>();
}

/// Eight threads, each its own inputs, answers as of one thread, for a while.
#[test]
fn a_shared_network_gives_the_serial_answers_under_load() {
    let net = Shared::random(4);
    let runner = net.prepare();
    let image = |seed: usize| {
        Tensor::<f32, Chw<3, 20, 21>>::from_fn(|[c, y, x]| {
            ((seed * 7919 + c * 421 + y * 21 + x) % 1009) as f32 / 504.5 - 1.0
        })
    };
    let images: Vec<_> = (0..16).map(image).collect();
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<u32>>();
    let serial: Vec<_> = images
        .iter()
        .map(|x| (bits(net.forward(x).as_slice()), bits(runner.run(x).as_slice())))
        .collect();
    assert_ne!(serial[0], serial[1]);
    let end = Instant::now() + Duration::from_secs(if long() { 60 } else { 2 });
    let runs = AtomicUsize::new(0);
    thread::scope(|scope| {
        for start in 0..8 {
            let (net, runner, images, serial, runs) = (&net, &runner, &images, &serial, &runs);
            scope.spawn(move || {
                let (mut workspace, mut output) = (runner.workspace(), [0.0; 11]);
                for turn in start.. {
                    let (x, (naive, blocked)) = (&images[turn % 16], &serial[turn % 16]);
                    assert_eq!(bits(net.forward(x).as_slice()), *naive);
                    runner.run_into(&mut workspace, x, &mut output);
                    assert_eq!(bits(&output), *blocked);
                    runs.fetch_add(1, Ordering::Relaxed);
                    if Instant::now() > end {
                        return;
                    }
                }
            });
        }
    });
    println!("{} runs", runs.into_inner());
}

#[test]
fn none_few_and_far_too_many_threads() {
    let net = small();
    let alone = net.plan(&threads(1)).run(&net.input);
    for many in [0, 2, 64, 1000] {
        let plan = net.plan(&threads(many));
        assert_eq!(plan.threads(), many.max(1));
        assert_eq!(plan.run(&net.input), alone, "{many} threads");
    }
    // More threads than there is work for: one row, one channel, one pixel.
    let tiny = Net::new(&chain(vec![conv(1, 1, square(1, 1, 0, 1), 1)]), Dims::image(1, 1, 1));
    let alone = tiny.plan(&threads(1)).run(&tiny.input);
    assert_eq!(tiny.plan(&threads(8)).run(&tiny.input), alone);
}

/// Runs in a process of its own, in which threads can't be had.
#[test]
fn child_without_threads() {
    if std::env::var_os("TYPENET_CHILD").is_none() {
        return;
    }
    let net = small();
    let alone = net.plan(&threads(1)).run(&net.input);
    let plan = net.plan(&threads(1000));
    assert_eq!(plan.run(&net.input), alone);
    println!("the child has run");
}

#[cfg(target_os = "linux")]
#[test]
fn where_threads_can_not_be_had_runs_are_serial() {
    // A stack of 1 GiB does not fit into 600 MB of addresses: no thread starts. (With
    // small stacks the addresses run out somewhere in std, which then aborts.)
    let child = Command::new("sh")
        .args(["-c", "ulimit -v 600000 && exec \"$0\" --exact threads::child_without_threads --nocapture --test-threads=1"])
        .arg(std::env::current_exe().unwrap())
        .env("TYPENET_CHILD", "1")
        .env("RUST_MIN_STACK", "1073741824")
        .output();
    let Ok(child) = child else {
        println!("SKIPPED: no shell to limit memory with");
        return;
    };
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let errors = String::from_utf8_lossy(&child.stderr).into_owned();
    if errors.contains("ulimit") {
        println!("SKIPPED: memory can't be limited here: {errors}");
        return;
    }
    assert!(child.status.success() && text.contains("the child has run"), "{text}{errors}");
}

/// A layer that runs something, then hands its input on.
struct Hook<F>(F);

impl<F: Fn() + Send + Sync> CustomKernel for Hook<F> {
    fn run_f32(&self, call: Call<'_, f32>) {
        (self.0)();
        call.output.copy_from_slice(call.input);
    }

    fn run_f64(&self, call: Call<'_, f64>) {
        (self.0)();
        call.output.copy_from_slice(call.input);
    }
}

/// Convolutions around a layer that runs `hook`.
pub fn hooked(hook: impl Fn() + Send + Sync + 'static) -> Net {
    let kernel = Box::leak(Box::new(Hook(hook)));
    let rule = ShapeRule::Same;
    let op = CustomOp { name: "Hook", rule, params: &[], macs_per_output: 0, kernel };
    let op = Box::leak(Box::new(op));
    let spec = chain(vec![
        conv(3, 18, square(3, 1, 1, 1), 1),
        Spec::Op(Op::Custom(op)),
        conv(18, 5, square(3, 1, 1, 1), 1),
    ]);
    Net::new(&spec, Dims::image(3, 14, 15))
}

#[test]
fn a_layer_that_panics_leaves_all_of_it_usable() {
    static PANIC: AtomicBool = AtomicBool::new(false);
    let net = hooked(|| assert!(!PANIC.load(Ordering::SeqCst), "on purpose"));
    let params: Vec<&[f32]> = net.params.iter().map(Vec::as_slice).collect();
    let naive = || typenet::naive::run(&net.graph, &params, &net.input, |_, _, _| {}).unwrap();
    let right = naive();
    for many in [1, 2, 5] {
        let plan = net.plan(&threads(many));
        let (mut workspace, mut output) = (plan.workspace(), vec![0.0; right.len()]);
        plan.run_into(&mut workspace, &net.input, &mut output);
        let first = output.clone();
        for _ in 0..20 {
            PANIC.store(true, Ordering::SeqCst);
            let run = catch_unwind(AssertUnwindSafe(|| {
                plan.run_into(&mut workspace, &net.input, &mut output);
            }));
            assert!(run.is_err(), "the panic was swallowed, {many} threads");
            PANIC.store(false, Ordering::SeqCst);
            output.fill(7.0);
            plan.run_into(&mut workspace, &net.input, &mut output);
            assert_eq!(output, first, "{many} threads");
        }
        PANIC.store(true, Ordering::SeqCst);
        assert!(catch_unwind(AssertUnwindSafe(naive)).is_err());
        PANIC.store(false, Ordering::SeqCst);
        assert_eq!(naive(), right);
    }
}

#[test]
fn a_run_inside_of_a_run_does_not_hang() {
    let inner = small();
    let plan = inner.plan(&threads(3));
    let want = plan.run(&inner.input);
    let outer = hooked(move || assert_eq!(plan.run(&inner.input), want));
    let alone = outer.plan(&threads(1)).run(&outer.input);
    for _ in 0..5 {
        assert_eq!(outer.plan(&threads(3)).run(&outer.input), alone);
    }
}

#[test]
fn a_workspace_of_another_plan_is_refused() {
    let net = small();
    let tiny = Net::new(&chain(vec![conv(1, 1, square(1, 1, 0, 1), 1)]), Dims::image(1, 1, 1));
    let (plan, mut other) = (net.plan(&Options::default()), tiny.plan(&threads(2)).workspace());
    let mut output = [0.0; 19];
    let run = catch_unwind(AssertUnwindSafe(|| {
        plan.run_into(&mut other, &net.input, &mut output);
    }));
    assert!(run.is_err());
}
