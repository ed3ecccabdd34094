//! What the machine can do: `limits THREADS` prints the multiply-add rate
//! (GFLOP/s) and the rate at which a gigabyte a thread is read from memory (GB/s,
//! eight streams side by side), each the best of several bursts.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

/// Bytes that a thread reads.
const BYTES: usize = 1 << 30;

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

/// The sum of eight stretches, read side by side.
fn sum(data: &[u64]) -> u64 {
    let stretch = data.len() / 8;
    let (mut sums, lines) = ([0_u64; 8], stretch / 8);
    for line in 0..lines {
        for (n, sum) in sums.iter_mut().enumerate() {
            let at = n * stretch + line * 8;
            *sum = data[at..at + 8].iter().fold(*sum, |a, b| a ^ b);
        }
    }
    sums.iter().fold(0, |a, b| a ^ b)
}
