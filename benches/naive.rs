//! The naive engine: convolutions of the shared table, and LeNet-5 whole, in
//! multiply-adds a second. How to read it: `benches/README.md`.
#![allow(clippy::panic, reason = "a benchmark has nobody to hand an error to")]

use std::any::type_name;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use typenet::prelude::*;

mod shapes;

use shapes::{CONVS, LeNet5};

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    bench::<f32>(&mut criterion);
    bench::<f64>(&mut criterion);
    criterion.final_summary();
}

fn bench<T: Element>(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("naive");
    group.sampling_mode(SamplingMode::Flat);

    for shape in &CONVS {
        let (model, (dims, x)) = (shape.model::<T>(), shape.input::<T>());
        group.throughput(Throughput::Elements(shape.macs()));
        group.bench_function(BenchmarkId::new(shape.name, type_name::<T>()), |bencher| {
            bencher.iter(|| model.run(dims, black_box(&x)));
        });
    }

    let net = LeNet5::random_as::<T>(1);
    let x = Tensor::from_fn(|[_, y, x]: [usize; 3]| shapes::value(28 * y + x));
    group.throughput(Throughput::Elements(LeNet5::MACS));
    group.bench_function(BenchmarkId::new("lenet5", type_name::<T>()), |bencher| {
        bencher.iter(|| net.forward(black_box(&x)));
    });
    group.finish();
}
