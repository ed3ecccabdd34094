//! What the machine can do: `limits THREADS` prints the multiply-add rate
//! (GFLOP/s) and the rate at which a gigabyte a thread is read from memory (GB/s,
//! eight streams side by side), each the best of several bursts.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

/// Bytes that a thread reads. No power of two: the streams would meet in the same
/// sets of every cache and the same banks of memory.
const BYTES: usize = 1_000_000_000;

fn main() {
    let threads = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1);
    let best = (0..200).map(|_| protocol::gflops(threads)).fold(0.0, f64::max);
    println!("{{\"gflops\":{best:.1},\"read\":{:.2}}}", read(threads));
}

fn read(threads: usize) -> f64 {
    let gate = Barrier::new(threads);
    let one = || {
        let data = vec![1_u64; BYTES / 8];
        let mut best = f64::MAX;
        for _ in 0..4 {
            gate.wait();
            let start = Instant::now();
            black_box(sum(&data));
            gate.wait();
            best = best.min(start.elapsed().as_secs_f64());
        }
        best
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let own = one();
        let slowest = others.into_iter().flat_map(|other| other.join()).fold(own, f64::max);
        (threads * BYTES) as f64 / slowest / 1e9
    })
}

/// Everything in eight stretches, read side by side.
fn sum(data: &[u64]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the CPU has it.
        return unsafe { sum_avx2(data) };
    }
    streams(data)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_avx2(data: &[u64]) -> u64 {
    streams(data)
}

#[inline(always)]
fn streams(data: &[u64]) -> u64 {
    let mut parts = data.chunks_exact(data.len() / 8);
    let streams: [&[u64]; 8] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let streams = streams.map(|stream| stream.as_chunks::<4>().0);
    let mut sums = [[0_u64; 4]; 8];
    for at in 0..streams.map(<[_]>::len).into_iter().min().unwrap_or(0) {
        for (sum, stream) in sums.iter_mut().zip(streams) {
            for (sum, value) in sum.iter_mut().zip(&stream[at]) {
                *sum ^= value;
            }
        }
    }
    sums.as_flattened().iter().fold(0, |a, b| a ^ b)
}
