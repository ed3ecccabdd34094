//! Small stacks: nothing large lies on them, in a debug build neither.

use std::thread;

use typenet::blocked::Options;
use typenet::prelude::*;

use crate::net::{Net, small, threads};
use crate::support::cases;

fn on(bytes: usize, run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(bytes).spawn(run).unwrap().join().unwrap();
}

network! {
    /// 51 MB of weights, 100 KB of input.
    struct Large: [512, 7, 7] -> [10] {
        conv: Conv2d<512, 512, K = 3, P = 1>,
        flatten: Flatten,
        fc1: Linear<25088, 512>,
        relu: Relu,
        fc2: Linear<512, 10>,
    }
}

#[test]
fn large_networks_are_prepared_and_run_on_2_mib() {
    on(2 << 20, || {
        let net = Large::random(1);
        let runner = net.prepare();
        let x = Tensor::<f32, Chw<512, 7, 7>>::from_fn(|[c, y, x]| (c + y + x) as f32 / 500.0);
        let (y, z) = (runner.run(&x), net.forward(&x));
        for (y, z) in y.iter().zip(z.iter()) {
            assert!((y - z).abs() < 1e-3, "{y} {z}");
        }
    });
}

#[test]
fn both_engines_run_on_64_kib() {
    on(64 << 10, || {
        let net = small();
        let params: Vec<&[f32]> = net.params.iter().map(Vec::as_slice).collect();
        let naive = typenet::naive::run(&net.graph, &params, &net.input, |_, _, _| {}).unwrap();
        for many in [1, 2] {
            let plan = net.plan(&threads(many));
            let mut workspace = plan.workspace();
            let mut output = vec![0.0; 19];
            plan.run_into(&mut workspace, &net.input, &mut output);
            for (y, z) in output.iter().zip(&naive) {
                assert!((y - z).abs() < 1e-4, "{y} {z}");
            }
        }
    });
}

/// Every kernel and every instruction set: their tiles are registers, not stack.
#[test]
fn every_kernel_runs_on_64_kib() {
    use typenet::blocked::ConvKernel::{Plain, Winograd4};
    use typenet::isa::Isa;
    on(64 << 10, || {
        for case in cases::table() {
            let net = Net::new(&case.spec, case.input);
            for isa in Isa::available() {
                for force in [None, Some(Winograd4), Some(Plain)] {
                    let plan = net.plan(&Options { isa: Some(isa), force, ..Options::default() });
                    plan.run(&net.input);
                }
            }
        }
    });
}
