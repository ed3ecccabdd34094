//! The multiply-add rate of the core, with a load for two: what a perfect
//! kernel would reach. Registers alone read full speed where anything that
//! touches the first-level cache runs at two thirds, so the probe loads too. (What
//! registers alone do can be asked for as well.)

use std::hint::black_box;
#[cfg(not(target_os = "linux"))]
use std::time::Instant;

use typenet::isa::Isa;

/// Seconds that this thread has been running: time that others take the processor
/// for is not counted. Wall-clock time where the system does not tell.
pub fn seconds() -> f64 {
    #[cfg(target_os = "linux")]
    {
        #[repr(C)]
        struct Time {
            seconds: i64,
            nanoseconds: i64,
        }
        unsafe extern "C" {
            fn clock_gettime(clock: i32, time: *mut Time) -> i32;
        }
        const THREAD: i32 = 3;
        let mut time = Time { seconds: 0, nanoseconds: 0 };
        // SAFETY: the system's own function, and room for what it writes.
        unsafe { clock_gettime(THREAD, &raw mut time) };
        time.seconds as f64 + time.nanoseconds as f64 * 1e-9
    }
    #[cfg(not(target_os = "linux"))]
    {
        static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_secs_f64()
    }
}

/// GFLOP/s of a burst with loads.
pub fn gflops(isa: Isa) -> f64 {
    let start = seconds();
    let macs = burst(isa, true);
    2.0 * macs as f64 / (seconds() - start) / 1e9
}

/// A burst of a fifth of a millisecond, with loads or from registers alone; returns its
/// multiply-adds.
pub fn burst(isa: Isa, loads: bool) -> usize {
    match (isa, loads) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is available, or no plan would run on it.
        (Isa::Avx512, true) => unsafe { x86::fma512::<true>(10_000) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (Isa::Avx512, false) => unsafe { x86::fma512::<false>(10_000) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (Isa::Avx2, true) => unsafe { x86::fma256::<true>(20_000) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (Isa::Avx2, false) => unsafe { x86::fma256::<false>(20_000) },
        _ => scalar(10_000),
    }
}

fn scalar(n: usize) -> usize {
    let (a, b) = (black_box([0.999_f32; 4]), black_box([1e-7_f32; 4]));
    let mut sums = [[1.0_f32; 4]; 10];
    for _ in 0..n {
        for sum in &mut sums {
            for lane in 0..4 {
                sum[lane] = sum[lane] * a[lane] + b[lane];
            }
        }
    }
    black_box(sums);
    n * 10 * 4
}

#[cfg(target_arch = "x86_64")]
#[expect(clippy::wildcard_imports, reason = "intrinsics say where they come from")]
#[expect(clippy::cast_ptr_alignment, reason = "a line is aligned")]
mod x86 {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    /// A cache line of small numbers; read as volatile, so that the loop loads.
    #[repr(align(64))]
    struct Line([f32; 16]);

    #[target_feature(enable = "avx512f")]
    pub(super) fn fma512<const LOADS: bool>(n: usize) -> usize {
        let data = black_box(Line([1e-7; 16]));
        let at = data.0.as_ptr().cast::<__m512>();
        let (a, c) = (_mm512_set1_ps(0.999), _mm512_set1_ps(black_box(1e-7)));
        let mut sums = [_mm512_set1_ps(1.0); 24];
        for _ in 0..n {
            for pair in sums.chunks_exact_mut(2) {
                // SAFETY: an aligned line of sixteen numbers.
                let b = if LOADS { unsafe { at.read_volatile() } } else { c };
                pair[0] = _mm512_fmadd_ps(pair[0], a, b);
                pair[1] = _mm512_fmadd_ps(pair[1], a, b);
            }
        }
        let sum = sums.into_iter().fold(a, |sum, x| _mm512_add_ps(sum, x));
        black_box(_mm512_reduce_add_ps(sum));
        n * 24 * 16
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn fma256<const LOADS: bool>(n: usize) -> usize {
        let data = black_box(Line([1e-7; 16]));
        let at = data.0.as_ptr().cast::<__m256>();
        let (a, c) = (_mm256_set1_ps(0.999), _mm256_set1_ps(black_box(1e-7)));
        let mut sums = [_mm256_set1_ps(1.0); 12];
        for _ in 0..n {
            for pair in sums.chunks_exact_mut(2) {
                // SAFETY: an aligned line of numbers.
                let b = if LOADS { unsafe { at.read_volatile() } } else { c };
                pair[0] = _mm256_fmadd_ps(pair[0], a, b);
                pair[1] = _mm256_fmadd_ps(pair[1], a, b);
            }
        }
        let mut out = Line([0.0; 16]);
        let sum = sums.into_iter().fold(a, |sum, x| _mm256_add_ps(sum, x));
        // SAFETY: room for sixteen numbers.
        unsafe { _mm256_storeu_ps(out.0.as_mut_ptr(), sum) };
        black_box(out.0);
        n * 12 * 8
    }
}
