//! Every operation on every set of this processor, lane by lane, against plain
//! arithmetic: signs of zero, NaN and infinities included.

#![expect(clippy::float_cmp, reason = "bits are what is tested")]

use alloc::vec::Vec;

use super::{Isa, Kernel, Portable, Simd};

struct Ops<'a> {
    a: &'a [f32],
    b: &'a [f32],
    out: *mut [[f32; 16]; 7],
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
            s.relu(a),
            s.div(a, b),
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
            let mut out = [[0.0; 16]; 7];
            // SAFETY: the fields are what `run` asks for.
            unsafe { s.enter(&Ops { a: &a, b: &b, out: &raw mut out }) };
            for i in 0..S::LANES {
                let (a, b) = (a[i], b[i]);
                let pick = if a > b || a.is_nan() { a } else { b };
                let relu = if a < 0.0 { 0.0 } else { a };
                let want = [a.mul_add(b, a), a + b, a - b, a * b, pick, relu, a / b];
                for (op, want) in want.into_iter().enumerate() {
                    let got = out[op][i];
                    let fused = op > 0 || got == a * b + a;
                    let same = got.to_bits() == want.to_bits() || fused && op == 0;
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
        if let Some(isa) = super::Sse::new() {
            check(isa);
        }
        if let Some(isa) = super::Avx2::new() {
            check(isa);
        }
        if let Some(isa) = super::Avx512::new() {
            check(isa);
        }
    }
    #[cfg(target_arch = "aarch64")]
    super::Neon::new().map(check);
}

#[test]
fn names_come_back() {
    for isa in Isa::ALL {
        assert_eq!(Isa::from_name(isa.name()), Some(isa));
    }
    assert!(Isa::Scalar.is_available());
    assert!(Isa::best().is_available());
}
