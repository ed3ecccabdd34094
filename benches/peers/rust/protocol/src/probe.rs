//! What the machine can do at this moment: multiply-adds with loads beside them.
//!
//! Registers alone read full speed at times at which everything that touches the
//! first-level cache runs at two thirds; so a load stands beside every two
//! multiply-adds.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bursts of a probe. The first behind a run is slow by itself, whoever else is there: the clock
/// comes up from a run that waited for memory, threads wake up. (Behind VGG16 four bursts had
/// medians of 122, 162, 179 and 179 GFLOP/s; with two threads 132, 118, 248 and 263.)
const BURSTS: usize = 4;

/// GFLOP/s of `threads` threads at once, the best of some fifths of a millisecond.
#[unsafe(no_mangle)]
pub extern "C" fn gflops(threads: usize) -> f64 {
    let (threads, started) = (threads.max(1), AtomicUsize::new(0));
    if threads == 1 {
        return bursts(1, &started).into_iter().fold(0.0, f64::max);
    }
    settle();
    let own = |at: usize| {
        pin(at);
        bursts(threads, &started)
    };
    let mut slowest = [f64::INFINITY; BURSTS];
    std::thread::scope(|scope| {
        let own = &own;
        let all: Vec<_> = (0..threads).map(|at| scope.spawn(move || own(at))).collect();
        // The slowest counts for all: they would have had to wait for it.
        for rates in all.into_iter().flat_map(|one| one.join()) {
            slowest.iter_mut().zip(rates).for_each(|(least, rate)| *least = least.min(rate));
        }
    });
    slowest.into_iter().fold(0.0, f64::max) * threads as f64
}

/// GFLOP/s of this thread, burst by burst; all threads start each of them together.
fn bursts(threads: usize, started: &AtomicUsize) -> [f64; BURSTS] {
    std::array::from_fn(|burst| {
        started.fetch_add(1, Ordering::AcqRel);
        while started.load(Ordering::Acquire) < threads * (burst + 1) {
            std::hint::spin_loop();
        }
        let start = Instant::now();
        let flops = work();
        flops / start.elapsed().as_secs_f64() / 1e9
    })
}

/// Puts this thread on the processor of that place among those allowed: a new thread may start
/// where another one of the probe is, and stay there for longer than a burst.
#[cfg(target_os = "linux")]
fn pin(at: usize) {
    let size = size_of::<libc::cpu_set_t>();
    // SAFETY: a set is bits, of which none is an empty set; the pointers are those of sets of our
    // own, of the size that is given.
    unsafe {
        let (mut allowed, mut one): (libc::cpu_set_t, libc::cpu_set_t) = std::mem::zeroed();
        libc::sched_getaffinity(0, size, &mut allowed);
        let mut places = (0..8 * size).filter(|&cpu| libc::CPU_ISSET(cpu, &allowed));
        if let Some(cpu) = places.nth(at) {
            libc::CPU_SET(cpu, &mut one);
            libc::sched_setaffinity(0, size, &one);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn pin(_: usize) {}

/// Waits, a tenth of a second at most, until the threads of the engine are asleep. Those of ONNX
/// Runtime turn in circles for 45 ms behind a run, OpenMP's for four: a probe beside them measures
/// them instead of the neighbours.
fn settle() {
    let start = Instant::now();
    while running() > 1 && start.elapsed() < Duration::from_millis(100) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The threads of this process that run or would like to, this one among them; none where the
/// system does not say. (Not by the time that they have had: that is counted every 4 ms only.)
fn running() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let states = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    // "12 (a name, of any characters) R …"
    states.filter(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" R"))).count()
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
