//! Layers and networks on the blocked engine, against what the core can do in
//! the same run.
//!
//! ```text
//! cargo bench --bench kernels                     every layer and network
//! cargo bench --bench kernels -- vgg avx2         only what contains "vgg", on AVX2
//! cargo bench --bench kernels -- strict           without Winograd
//! cargo bench --bench kernels -- wino2            Winograd 2×2 wherever it can; wino4, plain
//! cargo bench --bench kernels -- two              with two threads
//! cargo bench --bench kernels -- profile resnet18 each step of a network
//! cargo bench --bench kernels -- memory strict    bytes held, and what planning costs
//! cargo bench --bench kernels -- odd              networks of odd sizes
//! ```
//!
//! The machines these run on are shared, so every figure is the least of many
//! runs, and a probe of the multiply-add rate stands between them: `peak` is
//! multiply-adds of the direct convolution over the probe's rate. Winograd can be
//! above 100 %. Weights are cold when a layer is measured as in a network: a
//! buffer larger than the last-level cache is read between runs ("cold").

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::float_cmp, clippy::too_many_lines, reason = "exact by design; tables")]
#![allow(unreachable_pub, clippy::print_stdout, reason = "a program of its own")]

#[path = "../tests/blocked/reference.rs"]
mod reference;

#[path = "kernels/networks.rs"]
mod networks;
#[path = "kernels/probe.rs"]
mod probe;
#[path = "kernels/subjects.rs"]
mod subjects;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use subjects::{Drawn, subjects};
use typenet::blocked::{ConvKernel, Options, Plan};
use typenet::isa::Isa;
use typenet::spec::{Dims, Spec};

struct Subject {
    /// Seconds that planning took, and a copy of the weights into memory as fresh; and
    /// bytes of the weights that went in.
    prepare: f64,
    copy: f64,
    weights: usize,
    plan: Plan,
    macs: u64,
    bytes: usize,
    input: Vec<f32>,
    output: Vec<f32>,
}

fn prepare(spec: &Spec<'static>, dims: Dims, options: &Options, measured: bool) -> Subject {
    let drawn = Drawn::new(spec, dims);
    let (graph, params) = (&drawn.graph, drawn.params());
    let timed = |f: &dyn Fn()| {
        let start = probe::seconds();
        f();
        probe::seconds() - start
    };
    let (mut prepare, mut copy) = (f64::MAX, f64::MAX);
    let copied = || params.iter().map(|values| values.to_vec()).collect::<Vec<_>>();
    for _ in 0..if measured { 3 } else { 0 } {
        copy = copy.min(timed(&|| drop(std::hint::black_box(copied()))));
        prepare = prepare.min(timed(&|| drop(Plan::new(graph, &params, options).unwrap())));
    }
    let plan = Plan::new(graph, &params, options).unwrap();
    Subject {
        prepare,
        copy,
        weights: params.iter().map(|values| size_of_val(*values)).sum(),
        macs: typenet::spec::macs(spec, dims),
        bytes: plan.weight_bytes(),
        plan,
        input: drawn.input.clone(),
        output: vec![0.0; graph.output_dims().elements().unwrap()],
    }
}

/// The least time of each step and of the whole, and the best probe.
fn measure(subject: &mut Subject, cold: bool, time: Duration) -> (Vec<f64>, f64, f64) {
    let mut workspace = subject.plan.workspace();
    let mut least: Vec<f64> = vec![];
    let (mut whole, mut peak) = (f64::MAX, 0.0_f64);
    let isa = subject.plan.isa();
    let evict = vec![1_u8; if cold { 96 << 20 } else { 0 }];
    // Several threads can only be timed by the clock on the wall, and a network of
    // microseconds should not be asked for the thread's time nine times.
    let wall = subject.plan.threads() > 1 || subject.macs < 10_000_000;
    let (start, mut runs) = (Instant::now(), 0);
    while runs < 4 || start.elapsed() < time {
        std::hint::black_box(evict.iter().step_by(64).map(|&x| u64::from(x)).sum::<u64>());
        peak = peak.max(probe::gflops(isa));
        let at = Mutex::new(vec![]);
        let (own, clock) = (probe::seconds(), Instant::now());
        let elapsed = || if wall { clock.elapsed().as_secs_f64() } else { probe::seconds() - own };
        let (input, output) = (&subject.input, &mut subject.output);
        subject.plan.run_steps(0..usize::MAX, &mut workspace, input, output, &|_| {
            at.lock().unwrap().push(elapsed());
        });
        whole = whole.min(elapsed());
        let mut before = 0.0;
        for (step, time) in at.into_inner().unwrap().into_iter().enumerate() {
            let own = time - before;
            before = time;
            if least.len() <= step {
                least.push(own);
            }
            least[step] = least[step].min(own);
        }
        runs += 1;
    }
    (least, whole, peak)
}

fn main() {
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let isa = Isa::ALL.into_iter().find(|isa| has(isa.name()));
    let threads = if has("two") { 2 } else { 1 };
    let force = match () {
        () if has("wino2") => Some(ConvKernel::Winograd2),
        () if has("wino4") => Some(ConvKernel::Winograd4),
        () if has("plain") => Some(ConvKernel::Plain),
        () => None,
    };
    let winograd = !has("strict");
    let options = Options { isa, winograd, threads: Some(threads), force, ..Options::default() };
    let switches = ["strict", "profile", "warm", "two", "wino2", "wino4", "plain", "memory"];
    let names: Vec<&String> = words
        .iter()
        .filter(|word| !switches.contains(&word.as_str()) && Isa::from_name(word).is_none())
        .collect();
    for (name, spec, dims) in subjects() {
        if !names.is_empty() && !names.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let mut subject = prepare(&spec, dims, &options, has("memory"));
        let layer = name.contains(' ');
        let (steps, whole, peak) =
            measure(&mut subject, layer && !has("warm"), Duration::from_millis(900));
        // A layer is its own step: between the one in front and the output.
        // A network is the sum of its steps, each at its best: on a shared machine
        // no run of fifty milliseconds is left alone.
        let time = match subject.plan.threads() {
            1 if layer => steps[steps.len() - 2],
            1 => steps.iter().sum(),
            _ => whole,
        };
        let rate = 2.0 * subject.macs as f64 / time / 1e9;
        println!(
            "{name:20} {:9.4} ms {rate:7.1} GFLOP/s {:6.1} % of {peak:.0}  {:5.1} GB/s of weights  whole {:9.4}",
            time * 1e3,
            100.0 * rate / peak,
            subject.bytes as f64 / time / 1e9,
            whole * 1e3,
        );
        if has("memory") {
            println!(
                "    weights {:9} bytes, packed {:5.1} %, workspace {:9} bytes, planned in {:7.2} ms: {:4.1} times a copy",
                subject.weights,
                100.0 * subject.bytes as f64 / subject.weights as f64,
                subject.plan.workspace_bytes(),
                subject.prepare * 1e3,
                subject.prepare / subject.copy,
            );
        }
        if has("profile") {
            println!("{}", subject.plan);
            for (step, time) in steps.iter().enumerate() {
                println!("{step:4} {:9.4} ms", time * 1e3);
            }
        }
    }
}
