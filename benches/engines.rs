//! Every layer and network on each engine and instruction set, side by side, beside
//! what the core can do. How to read it: `benches/README.md`.
//!
//! ```text
//! cargo bench --bench engines                      all of it
//! cargo bench --bench engines -- "res 1x1|probe"   some groups
//! ```
//!
//! The naive engine is left out where a run would take a second and more.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(unreachable_pub, reason = "a program of its own")]
#![allow(dead_code, reason = "modules that other benches use more of")]

#[path = "kernels/networks.rs"]
mod networks;
#[path = "kernels/probe.rs"]
mod probe;
#[path = "../tests/blocked/reference.rs"]
mod reference;
#[path = "kernels/subjects.rs"]
mod subjects;

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use subjects::Drawn;
use typenet::blocked::{Options, Plan};
use typenet::isa::Isa;
use typenet::naive;
use typenet::spec::macs;

/// Multiply-adds from which on the naive engine is left out.
const NAIVE: u64 = 200_000_000;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .configure_from_args();
    let mut group = criterion.benchmark_group("probe");
    for isa in sets() {
        probes(&mut group, isa);
    }
    group.finish();
    for (name, spec, dims) in subjects::subjects() {
        let drawn = Drawn::new(&spec, dims);
        let (graph, params, input) = (&drawn.graph, drawn.params(), &drawn.input);
        let macs = macs(&spec, dims);
        let mut group = criterion.benchmark_group(name);
        group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(macs));
        if macs < NAIVE {
            group.bench_function("naive", |bencher| {
                bencher.iter(|| naive::run(graph, &params, black_box(input), |_, _, _| {}));
            });
        }
        for isa in sets() {
            let options = Options { isa: Some(isa), threads: Some(1), ..Options::default() };
            let plan = Plan::new(graph, &params, &options).unwrap();
            let mut workspace = plan.workspace();
            let mut output = vec![0.0; graph.output_dims().elements().unwrap()];
            group.bench_function(isa.name(), |bencher| {
                bencher.iter(|| plan.run_into(&mut workspace, black_box(input), &mut output));
            });
        }
        probes(&mut group, Isa::best());
        group.finish();
    }
    criterion.final_summary();
}

/// The sets to compare: `sse` is another name for `scalar`.
fn sets() -> impl Iterator<Item = Isa> {
    Isa::available().filter(|&isa| isa != Isa::Sse)
}

/// What the core can do, from registers and with loads.
fn probes(group: &mut BenchmarkGroup<'_, WallTime>, isa: Isa) {
    for (name, loads) in [("fma", false), ("load+fma", true)] {
        group.throughput(Throughput::Elements(probe::burst(isa, loads) as u64));
        group.bench_function(format!("{name} {isa}"), |bencher| {
            bencher.iter(|| probe::burst(isa, loads));
        });
    }
}
