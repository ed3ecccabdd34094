//! The tokens of `x86_64`.
//!
//! AVX-512 wants F, VL, BW and DQ together with AVX2 and FMA: with F alone LLVM
//! uses 18 of the 32 registers and spills (a prototype ran at half speed).

use core::arch::x86_64::*;

use super::exp::exp;
use super::{Isa, Kernel, MAX_LANES, Simd};

/// Proof of AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

/// Proof of AVX-512 F, VL, BW, DQ, and of AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

/// Whether the processor has a feature: detected with `std`, else what the crate
/// is compiled for.
macro_rules! has {
    ($($feature:tt),+) => {{
        #[cfg(feature = "std")]
        let has = $(std::is_x86_feature_detected!($feature))&&+;
        #[cfg(not(feature = "std"))]
        let has = $(cfg!(target_feature = $feature))&&+;
        has
    }};
}

impl Avx2 {
    pub(crate) fn new() -> Option<Self> {
        has!("avx", "avx2", "fma").then_some(Self(()))
    }
}

impl Avx512 {
    pub(crate) fn new() -> Option<Self> {
        let narrow = has!("avx", "avx2", "fma");
        let wide = has!("avx512f", "avx512vl", "avx512bw", "avx512dq");
        (narrow && wide).then_some(Self(()))
    }
}

/// The operations that are the same intrinsic under another name.
macro_rules! simd {
    (
        $token:ident, $vector:ty, $features:literal;
        $set1:ident, $load:ident, $store:ident, $add:ident, $sub:ident, $mul:ident,
        $div:ident;
        $($special:item)+
    ) => {
        impl Simd for $token {
            type E = f32;
            type V = $vector;
            const LANES: usize = Isa::$token.vectors().lanes;
            const TILE: usize = Isa::$token.vectors().tile;

            #[inline(always)]
            fn splat(self, x: f32) -> $vector {
                // SAFETY: the token proves the feature.
                unsafe { $set1(x) }
            }

            #[inline(always)]
            unsafe fn load(self, from: *const f32) -> $vector {
                // SAFETY: the token proves the feature, the caller the memory.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32, x: $vector) {
                // SAFETY: the token proves the feature, the caller the memory.
                unsafe { $store(to, x) }
            }

            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves the feature.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            fn sub(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves the feature.
                unsafe { $sub(a, b) }
            }

            #[inline(always)]
            fn mul(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves the feature.
                unsafe { $mul(a, b) }
            }

            #[inline(always)]
            fn div(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves the feature.
                unsafe { $div(a, b) }
            }

            #[inline(always)]
            fn prefetch(self, at: *const f32) {
                // SAFETY: every x86_64 has it, and it never faults.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
            }

            #[inline(always)]
            unsafe fn enter<K: Kernel<Self>>(self, kernel: &K) {
                #[target_feature(enable = $features)]
                unsafe fn inner<K: Kernel<$token>>(token: $token, kernel: &K) {
                    // SAFETY: handed on to the caller of `enter`.
                    unsafe { kernel.run(token) }
                }
                // SAFETY: the token proves the features; the rest is the caller's.
                unsafe { inner(self, kernel) }
            }

            $($special)+
        }
    };
}

/// A mask of the first `count` of eight lanes.
#[inline]
#[target_feature(enable = "avx,avx2,fma")]
fn first_of_8(count: usize) -> __m256i {
    let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes)
}

/// A mask of the lanes behind the first `skip` of eight.
#[inline]
#[target_feature(enable = "avx,avx2,fma")]
fn behind_of_8(skip: usize) -> __m256i {
    _mm256_xor_si256(first_of_8(skip), _mm256_set1_epi32(-1))
}

/// A shuffle works within halves; this puts the quarters of its result in order.
#[inline]
#[target_feature(enable = "avx,avx2,fma")]
fn quarters_in_order(x: __m256) -> __m256 {
    _mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(_mm256_castps_pd(x)))
}

simd! {
    Avx2, __m256, "avx,avx2,fma";
    _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_sub_ps,
    _mm256_mul_ps, _mm256_div_ps;

    #[inline(always)]
    fn fma(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: the token proves the feature.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn pick_max(self, new: __m256, best: __m256) -> __m256 {
        // `maxps` gives its second operand unless the first is above it.
        // SAFETY: the token proves the feature.
        let max = unsafe { _mm256_max_ps(new, best) };
        // SAFETY: the token proves the feature.
        let nan = unsafe { _mm256_cmp_ps::<_CMP_UNORD_Q>(new, new) };
        // SAFETY: the token proves the feature.
        unsafe { _mm256_blendv_ps(max, new, nan) }
    }

    #[inline(always)]
    fn at_least(self, x: __m256, least: __m256) -> __m256 {
        // `maxps` gives its second operand if either is NaN or both are zero.
        // SAFETY: the token proves the feature.
        unsafe { _mm256_max_ps(least, x) }
    }

    #[inline(always)]
    fn at_most(self, x: __m256, most: __m256) -> __m256 {
        // SAFETY: the token proves the feature.
        unsafe { _mm256_min_ps(most, x) }
    }

    #[inline(always)]
    fn if_negative(self, x: __m256, then: __m256, otherwise: __m256) -> __m256 {
        // SAFETY: the token proves the feature.
        let below = unsafe { _mm256_cmp_ps::<_CMP_LT_OQ>(x, self.splat(0.0)) };
        // SAFETY: the token proves the feature.
        unsafe { _mm256_blendv_ps(otherwise, then, below) }
    }

    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, count: usize) -> __m256 {
        // SAFETY: the token proves the features.
        let mask = unsafe { first_of_8(count) };
        // SAFETY: lanes that are masked out are not touched.
        unsafe { _mm256_maskload_ps(from, mask) }
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, count: usize, x: __m256) {
        // SAFETY: the token proves the features.
        let mask = unsafe { first_of_8(count) };
        // SAFETY: lanes that are masked out are not touched.
        unsafe { _mm256_maskstore_ps(to, mask, x) }
    }

    #[inline(always)]
    unsafe fn store_rest(self, to: *mut f32, skip: usize, x: __m256) {
        // SAFETY: the token proves the features.
        let mask = unsafe { behind_of_8(skip) };
        // SAFETY: lanes that are masked out are not touched, so it may point before them.
        unsafe { _mm256_maskstore_ps(to.wrapping_sub(skip), mask, x) }
    }

    #[inline(always)]
    fn evens(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: the token proves the features.
        let mixed = unsafe { _mm256_shuffle_ps::<0b10_00_10_00>(a, b) };
        // SAFETY: as above.
        unsafe { quarters_in_order(mixed) }
    }

    #[inline(always)]
    fn odds(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: the token proves the features.
        let mixed = unsafe { _mm256_shuffle_ps::<0b11_01_11_01>(a, b) };
        // SAFETY: as above.
        unsafe { quarters_in_order(mixed) }
    }

    #[inline(always)]
    fn exp(self, x: __m256) -> __m256 {
        #[inline]
        #[target_feature(enable = "avx,avx2,fma")]
        fn scale(x: __m256, n: __m256) -> __m256 {
            let n = _mm256_cvtps_epi32(n);
            let half = _mm256_srai_epi32::<1>(n);
            let two = |n| {
                let exponent = _mm256_add_epi32(n, _mm256_set1_epi32(127));
                _mm256_castsi256_ps(_mm256_slli_epi32::<23>(exponent))
            };
            _mm256_mul_ps(_mm256_mul_ps(x, two(half)), two(_mm256_sub_epi32(n, half)))
        }
        // SAFETY: the token proves the feature.
        exp(self, x, |x, n| unsafe { scale(x, n) })
    }

    #[inline(always)]
    unsafe fn shuffle(self, from: *const f32, lanes: &[u32; MAX_LANES]) -> __m256 {
        // SAFETY: an array of sixteen.
        let lanes = unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) };
        // SAFETY: handed on to the caller.
        let vector = unsafe { self.load(from) };
        // SAFETY: the token proves the feature.
        unsafe { _mm256_permutevar8x32_ps(vector, lanes) }
    }
}

/// A mask of the first `count` of sixteen lanes.
#[inline(always)]
fn first_of_16(count: usize) -> __mmask16 {
    ((1_u32 << count.min(16)) - 1) as __mmask16
}

/// Every second lane of both, from `first` on.
#[inline]
#[target_feature(enable = "avx,avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")]
fn every_second(a: __m512, b: __m512, first: i32) -> __m512 {
    let lanes = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    _mm512_permutex2var_ps(a, _mm512_add_epi32(lanes, _mm512_set1_epi32(first)), b)
}

simd! {
    Avx512, __m512, "avx,avx2,fma,avx512f,avx512vl,avx512bw,avx512dq";
    _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_sub_ps,
    _mm512_mul_ps, _mm512_div_ps;

    #[inline(always)]
    fn fma(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: the token proves the feature.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn splat_pair(self, from: *const f32) -> __m512 {
        // SAFETY: handed on to the caller; a pair is as long as an `f64`.
        let pair = unsafe { from.cast::<f64>().read_unaligned() };
        // SAFETY: the token proves the feature.
        let pairs = unsafe { _mm512_set1_pd(pair) };
        // SAFETY: as above.
        unsafe { _mm512_castpd_ps(pairs) }
    }

    #[inline(always)]
    fn pick_max(self, new: __m512, best: __m512) -> __m512 {
        // `maxps` gives its second operand unless the first is above it.
        // SAFETY: the token proves the feature.
        let max = unsafe { _mm512_max_ps(new, best) };
        // SAFETY: the token proves the feature.
        let nan = unsafe { _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(new, new) };
        // SAFETY: the token proves the feature.
        unsafe { _mm512_mask_mov_ps(max, nan, new) }
    }

    #[inline(always)]
    fn at_least(self, x: __m512, least: __m512) -> __m512 {
        // `maxps` gives its second operand if either is NaN or both are zero.
        // SAFETY: the token proves the feature.
        unsafe { _mm512_max_ps(least, x) }
    }

    #[inline(always)]
    fn at_most(self, x: __m512, most: __m512) -> __m512 {
        // SAFETY: the token proves the feature.
        unsafe { _mm512_min_ps(most, x) }
    }

    #[inline(always)]
    fn if_negative(self, x: __m512, then: __m512, otherwise: __m512) -> __m512 {
        // SAFETY: the token proves the feature.
        let below = unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(x, self.splat(0.0)) };
        // SAFETY: the token proves the feature.
        unsafe { _mm512_mask_mov_ps(otherwise, below, then) }
    }

    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, count: usize) -> __m512 {
        // SAFETY: the token proves the features; lanes that are masked out are not
        // touched.
        unsafe { _mm512_maskz_loadu_ps(first_of_16(count), from) }
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, count: usize, x: __m512) {
        // SAFETY: the token proves the features; lanes that are masked out are not
        // touched.
        unsafe { _mm512_mask_storeu_ps(to, first_of_16(count), x) }
    }

    #[inline(always)]
    unsafe fn store_rest(self, to: *mut f32, skip: usize, x: __m512) {
        // SAFETY: the token proves the features; lanes that are masked out are not
        // touched, so it may point before them.
        unsafe { _mm512_mask_storeu_ps(to.wrapping_sub(skip), !first_of_16(skip), x) }
    }

    #[inline(always)]
    fn evens(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the token proves the features.
        unsafe { every_second(a, b, 0) }
    }

    #[inline(always)]
    fn odds(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: the token proves the features.
        unsafe { every_second(a, b, 1) }
    }

    #[inline(always)]
    fn exp(self, x: __m512) -> __m512 {
        // SAFETY: the token proves the feature.
        exp(self, x, |x, n| unsafe { _mm512_scalef_ps(x, n) })
    }

    #[inline(always)]
    unsafe fn shuffle(self, from: *const f32, lanes: &[u32; MAX_LANES]) -> __m512 {
        // SAFETY: an array of sixteen.
        let lanes = unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) };
        // SAFETY: handed on to the caller.
        let vector = unsafe { self.load(from) };
        // SAFETY: the token proves the feature.
        unsafe { _mm512_permutexvar_ps(lanes, vector) }
    }
}
