//! Every operation on every set of this processor, lane by lane, against plain
//! arithmetic: signs of zero, NaN and infinities included.

#![expect(clippy::float_cmp, reason = "bits are what is tested")]

use alloc::vec::Vec;

use super::{Isa, Kernel, Portable, Simd};

struct Ops<'a> {
    a: &'a [f32],
    b: &'a [f32],
    out: *mut [[f32; 16]; 10],
}

impl<S: Simd<E = f32>> Kernel<S> for Ops<'_> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        assert!(self.a.len() >= S::LANES && self.b.len() >= S::LANES);
        // SAFETY: just asserted.
        let a = unsafe { s.load(self.a.as_ptr()) };
        // SAFETY: just asserted.
        let b = unsafe { s.load(self.b.as_ptr()) };
        let made = [
            s.fma(a, b, a),
            s.add(a, b),
            s.sub(a, b),
            s.mul(a, b),
            s.pick_max(a, b),
            s.at_least(a, b),
            s.at_most(a, b),
            s.if_negative(a, b, s.zero()),
            s.div(a, b),
            s.exp(a),
        ];
        // SAFETY: the test hands a pointer to its own array, used by nobody else now.
        let out = unsafe { &mut *self.out };
        for (x, row) in made.into_iter().zip(out) {
            // SAFETY: a row is as long as the longest vector.
            unsafe { s.store(row.as_mut_ptr(), x) };
        }
    }
}

fn check<S: Simd<E = f32>>(s: S) {
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        1e-40,
        -1e-40,
        3e38,
        0.1,
    ];
    for &x in &special {
        for &y in &special {
            let a: Vec<f32> = (0..16).map(|i| if i % 2 == 0 { x } else { y }).collect();
            let b: Vec<f32> = (0..16).map(|i| if i % 2 == 0 { y } else { x }).collect();
            let mut out = [[0.0; 16]; 10];
            // SAFETY: the fields are what `run` asks for.
            unsafe { s.enter(&Ops { a: &a, b: &b, out: &raw mut out }) };
            for i in 0..S::LANES {
                let (a, b) = (a[i], b[i]);
                let pick = if a > b || a.is_nan() { a } else { b };
                let least = if a < b { b } else { a };
                let most = if a > b { b } else { a };
                let negative = if a < 0.0 { b } else { 0.0 };
                let products = [a.mul_add(b, a), a + b, a - b, a * b];
                let rest = [pick, least, most, negative, a / b, a.exp()];
                let want = products.into_iter().chain(rest);
                for (op, want) in want.enumerate() {
                    let got = out[op][i];
                    let fused = op > 0 || got == a * b + a;
                    let near = op == 9 && (got - want).abs() <= 3e-7 * want;
                    let same = got.to_bits() == want.to_bits() || fused && op == 0 || near;
                    assert!(same || got.is_nan() && want.is_nan(), "op {op} of {a} and {b}: {got}");
                }
            }
        }
    }
}

#[test]
fn every_operation_is_ieee() {
    check(Portable::<f32>::new());
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(isa) = super::Avx2::new() {
            check(isa);
        }
        if let Some(isa) = super::Avx512::new() {
            check(isa);
        }
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(isa) = super::Neon::new() {
        check(isa);
    }
}

struct Exp(f32, *mut f32);

impl<S: Simd<E = f32>> Kernel<S> for Exp {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // SAFETY: the test hands a pointer to as many numbers as a vector has.
        unsafe { s.store(self.1, s.exp(s.splat(self.0))) };
    }
}

fn check_exp<S: Simd<E = f32>>(s: S) {
    for i in -110_000..95_000 {
        let x = i as f32 * 1e-3;
        let mut got = [0.0; 16];
        // SAFETY: sixteen numbers are enough for any vector.
        unsafe { s.enter(&Exp(x, got.as_mut_ptr())) };
        let want = f64::from(x).exp();
        // Two units in the last place, or of the least subnormal.
        let most = (2.4e-7 * want).max(1.5e-45);
        let same = (f64::from(got[0]) - want).abs() <= most || want as f32 == got[0];
        assert!(same, "exp({x}) = {}, not {want}", got[0]);
    }
}

#[test]
fn powers_are_right_everywhere() {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(isa) = super::Avx2::new() {
            check_exp(isa);
        }
        if let Some(isa) = super::Avx512::new() {
            check_exp(isa);
        }
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(isa) = super::Neon::new() {
        check_exp(isa);
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    check_exp(Portable::<f32>::new());
}

#[test]
fn names_come_back() {
    for isa in Isa::ALL {
        assert_eq!(Isa::from_name(isa.name()), Some(isa));
    }
    assert!(Isa::Scalar.is_available());
    assert!(Isa::best().is_available());
}

/// Moves of lanes: `out` is `evens`, `odds`, a part that is loaded, two numbers again and
/// again, a part that is stored, and the rest of it.
struct Moves<'a> {
    from: &'a [f32; 32],
    count: usize,
    out: *mut [[f32; 16]; 6],
}

impl<S: Simd<E = f32>> Kernel<S> for Moves<'_> {
    #[inline(always)]
    unsafe fn run(&self, s: S) {
        // SAFETY: an array of two of the longest vectors.
        let a = unsafe { s.load(self.from.as_ptr()) };
        // SAFETY: as above.
        let b = unsafe { s.load(self.from[S::LANES..].as_ptr()) };
        // SAFETY: `count` is a vector's length at most.
        let part = unsafe { s.load_part(self.from.as_ptr(), self.count) };
        // SAFETY: the test hands a pointer to its own array, used by nobody else now.
        let out = unsafe { &mut *self.out };
        // SAFETY: more than two numbers.
        let pair = unsafe { s.splat_pair(self.from[1..].as_ptr()) };
        for (x, row) in [s.evens(a, b), s.odds(a, b), part, pair].into_iter().zip(&mut *out) {
            // SAFETY: a row is as long as the longest vector.
            unsafe { s.store(row.as_mut_ptr(), x) };
        }
        // SAFETY: as above.
        unsafe { s.store_part(out[4].as_mut_ptr(), self.count, b) };
        // SAFETY: as above.
        unsafe { s.store_rest(out[5].as_mut_ptr(), self.count, b) };
    }
}

fn check_moves<S: Simd<E = f32>>(s: S) {
    let from: [f32; 32] = core::array::from_fn(|i| i as f32 + 1.0);
    for count in 0..=S::LANES {
        let mut out = [[-1.0; 16]; 6];
        // SAFETY: the fields are what `run` asks for.
        unsafe { s.enter(&Moves { from: &from, count, out: &raw mut out }) };
        for i in 0..S::LANES {
            assert_eq!(out[0][i], from[2 * i]);
            assert_eq!(out[1][i], from[2 * i + 1]);
            assert_eq!(out[2][i], if i < count { from[i] } else { 0.0 });
            assert_eq!(out[3][i], from[1 + i % 2]);
            assert_eq!(out[4][i], if i < count { from[S::LANES + i] } else { -1.0 });
            let rest = count + i;
            assert_eq!(out[5][i], if rest < S::LANES { from[S::LANES + rest] } else { -1.0 });
        }
    }
}

#[test]
fn lanes_move_alike() {
    check_moves(Portable::<f32>::new());
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(isa) = super::Avx2::new() {
            check_moves(isa);
        }
        if let Some(isa) = super::Avx512::new() {
            check_moves(isa);
        }
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(isa) = super::Neon::new() {
        check_moves(isa);
    }
}
