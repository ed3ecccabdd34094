//! What the machine can do at this moment: multiply-adds with loads beside them.
//!
//! Registers alone read full speed at times at which everything that touches the
//! first-level cache runs at two thirds; so a load stands beside every two
//! multiply-adds.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Bursts of a probe. The first behind a run is slow by itself, whoever else is there: the clock
/// comes up from a run that waited for memory, threads wake up. (Behind VGG16 four bursts had
/// medians of 122, 162, 179 and 179 GFLOP/s; with two threads 132, 118, 248 and 263.)
const BURSTS: usize = 4;

/// GFLOP/s of `threads` threads at once, the best of some fifths of a millisecond.
#[unsafe(no_mangle)]
pub extern "C" fn gflops(threads: usize) -> f64 {
    (0..BURSTS).map(|_| burst(threads)).fold(0.0, f64::max)
}

fn burst(threads: usize) -> f64 {
    let ready = AtomicUsize::new(0);
    let own = || {
        ready.fetch_add(1, Ordering::AcqRel);
        while ready.load(Ordering::Acquire) < threads {
            std::hint::spin_loop();
        }
        let start = Instant::now();
        let flops = work();
        flops / start.elapsed().as_secs_f64() / 1e9
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(own)).collect();
        let first = own();
        // The slowest counts for all: they would have had to wait for it.
        let slowest = others.into_iter().flat_map(|other| other.join()).fold(first, f64::min);
        slowest * threads.max(1) as f64
    })
}

fn work() -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has it.
            return unsafe { x86::avx512(16_000) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the CPU has them.
            return unsafe { x86::avx2(32_000) };
        }
    }
    portable(20_000)
}

/// Four lanes, which compilers put into one register.
fn portable(turns: usize) -> f64 {
    let (a, b) = (black_box([0.999_f32; 4]), black_box([1e-7_f32; 4]));
    let mut sums = [[1.0_f32; 4]; 10];
    for _ in 0..turns {
        for lane in 0..40 {
            let sum = &mut sums[lane / 4][lane % 4];
            *sum = *sum * a[lane % 4] + b[lane % 4];
        }
    }
    black_box(sums);
    (turns * 40 * 2) as f64
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    #[repr(align(64))]
    struct Line([f32; 16]);

    #[target_feature(enable = "avx512f")]
    pub(super) fn avx512(turns: usize) -> f64 {
        let line = black_box(Line([1e-7; 16]));
        let a = _mm512_set1_ps(0.999);
        let mut sums = [_mm512_set1_ps(1.0); 24];
        for _ in 0..turns {
            for pair in sums.chunks_exact_mut(2) {
                // SAFETY: a line is 16 numbers, aligned. Volatile, so that it stays a load.
                let b = unsafe { line.0.as_ptr().cast::<__m512>().read_volatile() };
                pair[0] = _mm512_fmadd_ps(pair[0], a, b);
                pair[1] = _mm512_fmadd_ps(pair[1], a, b);
            }
        }
        black_box(sums);
        (turns * 24 * 16 * 2) as f64
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn avx2(turns: usize) -> f64 {
        let line = black_box(Line([1e-7; 16]));
        let a = _mm256_set1_ps(0.999);
        let mut sums = [_mm256_set1_ps(1.0); 12];
        for _ in 0..turns {
            for pair in sums.chunks_exact_mut(2) {
                // SAFETY: as above, the first half of the line.
                let b = unsafe { line.0.as_ptr().cast::<__m256>().read_volatile() };
                pair[0] = _mm256_fmadd_ps(pair[0], a, b);
                pair[1] = _mm256_fmadd_ps(pair[1], a, b);
            }
        }
        black_box(sums);
        (turns * 12 * 8 * 2) as f64
    }
}
