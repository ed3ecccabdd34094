//! The token of `aarch64`.

use core::arch::aarch64::*;

use super::exp::exp;
use super::{Isa, Kernel, Simd};

/// Proof of NEON, which every `aarch64` target of Rust with floats has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neon(());

impl Neon {
    pub(crate) fn new() -> Option<Self> {
        cfg!(target_feature = "neon").then_some(Self(()))
    }
}

impl Simd for Neon {
    type E = f32;
    type V = float32x4_t;
    const LANES: usize = Isa::Neon.vectors().lanes;
    const TILE: usize = Isa::Neon.vectors().tile;

    #[inline(always)]
    fn splat(self, x: f32) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vdupq_n_f32(x) }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> float32x4_t {
        // SAFETY: the token proves the feature, the caller the memory.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, x: float32x4_t) {
        // SAFETY: the token proves the feature, the caller the memory.
        unsafe { vst1q_f32(to, x) }
    }

    #[inline(always)]
    unsafe fn splat_pair(self, from: *const f32) -> float32x4_t {
        // SAFETY: the token proves the feature, the caller the memory.
        let pair = unsafe { vld1_f32(from) };
        // SAFETY: the token proves the feature.
        unsafe { vcombine_f32(pair, pair) }
    }

    #[inline(always)]
    fn fma(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vfmaq_f32(c, a, b) }
    }

    #[inline(always)]
    fn add(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vaddq_f32(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vsubq_f32(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vmulq_f32(a, b) }
    }

    #[inline(always)]
    fn div(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vdivq_f32(a, b) }
    }

    #[inline(always)]
    fn pick_max(self, new: float32x4_t, best: float32x4_t) -> float32x4_t {
        // `best` only where it is a number no smaller than `new`, and `new` is a
        // number; where `best` is NaN and `new` is not, `best` has to stay: so
        // test "new is not above best" and "new is a number".
        // SAFETY: the token proves the feature.
        let above = unsafe { vcgtq_f32(new, best) };
        // SAFETY: the token proves the feature.
        let number = unsafe { vceqq_f32(new, new) };
        // All bits of `above`, or of NaN.
        // SAFETY: the token proves the feature.
        let take = unsafe { vornq_u32(above, number) };
        // SAFETY: the token proves the feature.
        unsafe { vbslq_f32(take, new, best) }
    }

    #[inline(always)]
    fn at_least(self, x: float32x4_t, least: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        let below = unsafe { vcltq_f32(x, least) };
        // SAFETY: the token proves the feature.
        unsafe { vbslq_f32(below, least, x) }
    }

    #[inline(always)]
    fn at_most(self, x: float32x4_t, most: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        let above = unsafe { vcgtq_f32(x, most) };
        // SAFETY: the token proves the feature.
        unsafe { vbslq_f32(above, most, x) }
    }

    #[inline(always)]
    fn if_negative(self, x: float32x4_t, then: float32x4_t, otherwise: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        let below = unsafe { vcltq_f32(x, self.splat(0.0)) };
        // SAFETY: the token proves the feature.
        unsafe { vbslq_f32(below, then, otherwise) }
    }

    #[inline(always)]
    fn evens(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vuzp1q_f32(a, b) }
    }

    #[inline(always)]
    fn odds(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the token proves the feature.
        unsafe { vuzp2q_f32(a, b) }
    }

    #[inline(always)]
    fn exp(self, x: float32x4_t) -> float32x4_t {
        #[inline]
        #[target_feature(enable = "neon")]
        fn scale(x: float32x4_t, n: float32x4_t) -> float32x4_t {
            let n = vcvtq_s32_f32(n);
            let half = vshrq_n_s32::<1>(n);
            let two = |n| vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(n, vdupq_n_s32(127))));
            vmulq_f32(vmulq_f32(x, two(half)), two(vsubq_s32(n, half)))
        }
        // SAFETY: the token proves the feature.
        exp(self, x, |x, n| unsafe { scale(x, n) })
    }

    #[inline(always)]
    fn prefetch(self, _at: *const f32) {}

    #[inline(always)]
    unsafe fn enter<K: Kernel<Self>>(self, kernel: &K) {
        #[target_feature(enable = "neon")]
        unsafe fn inner<K: Kernel<Neon>>(token: Neon, kernel: &K) {
            // SAFETY: handed on to the caller of `enter`.
            unsafe { kernel.run(token) }
        }
        // SAFETY: the token proves the feature; the rest is the caller's.
        unsafe { inner(self, kernel) }
    }
}
