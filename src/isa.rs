//! Instruction sets: which ones this processor has, and one small vector trait
//! over them.
//!
//! A kernel is written once, generic over `Simd`, with `#[inline(always)]`
//! bodies; `Simd::enter` is the only function with `#[target_feature]`, and
//! the body is compiled into it. A type that implements `Simd` is a token: a
//! zero-sized value with a private field that only `new` makes, and `new` tests
//! every feature that the operations use, so that holding one is the proof that
//! they may run. [`Isa`] names the tokens for people: in plans, in tests that
//! force one, and in the environment variable `TYPENET_ISA`.
//!
//! The trait is deliberately small: what convolutions need and no more. It is
//! generic over the number, so that `f64` and other floats run on the portable
//! token with the very same kernels.

#![expect(clippy::inline_always, reason = "a kernel is compiled for its set only if inlined")]

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod exp;
#[cfg(target_arch = "aarch64")]
#[allow(clippy::wildcard_imports, reason = "intrinsics say where they come from")]
mod neon;
mod portable;
#[cfg(target_arch = "x86_64")]
#[allow(clippy::wildcard_imports, reason = "intrinsics say where they come from")]
mod x86;

use core::fmt;

#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

use crate::element::Element;

/// Lanes of the widest vector.
pub(crate) const MAX_LANES: usize = 16;

/// What sizes depend on of the vectors that a plan is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vectors {
    /// Numbers in a vector.
    pub(crate) lanes: usize,
    /// Pixels of the widest register tile of two vectors each: as many as
    /// registers hold beside two weights and one input.
    pub(crate) tile: usize,
    /// Bytes of a number.
    pub(crate) bytes: usize,
}

/// Those of a token.
pub(crate) const fn vectors<S: Simd>() -> Vectors {
    Vectors { lanes: S::LANES, tile: S::TILE, bytes: size_of::<S::E>() }
}

/// Operations on a vector of [`Simd::LANES`] numbers.
///
/// Loads and stores need no alignment.
pub(crate) trait Simd: Copy + Send + Sync + 'static {
    /// The number.
    type E: Element;
    /// A vector of them.
    type V: Copy;
    /// Numbers in a vector.
    const LANES: usize;
    /// Pixels of the widest register tile of two vectors each.
    const TILE: usize;

    /// The same number in every lane.
    fn splat(self, x: Self::E) -> Self::V;

    /// Zeros.
    #[inline(always)]
    fn zero(self) -> Self::V {
        self.splat(Self::E::default())
    }

    /// Two numbers from `from` on, in every two lanes.
    ///
    /// # Safety
    ///
    /// Two numbers can be read from `from` on.
    #[inline(always)]
    unsafe fn splat_pair(self, from: *const Self::E) -> Self::V {
        let mut lanes = [Self::E::default(); MAX_LANES];
        for (i, lane) in lanes.iter_mut().enumerate() {
            // SAFETY: one of the two.
            *lane = unsafe { from.wrapping_add(i % 2).read() };
        }
        // SAFETY: no vector has more lanes.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// The vector that starts at `from`.
    ///
    /// # Safety
    ///
    /// [`Simd::LANES`] numbers can be read from `from` on.
    unsafe fn load(self, from: *const Self::E) -> Self::V;

    /// Writes the vector to `to` and behind.
    ///
    /// # Safety
    ///
    /// [`Simd::LANES`] numbers can be written from `to` on.
    unsafe fn store(self, to: *mut Self::E, x: Self::V);

    /// a·b + c: rounded once where the set has it, else twice.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// a + b.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// a − b.
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// a·b.
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// a / b.
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// `new` where it is above `best` or not a number, else `best`.
    fn pick_max(self, new: Self::V, best: Self::V) -> Self::V;
    /// `least` where x is below it, else x: NaN stays, and −0 is not below 0.
    fn at_least(self, x: Self::V, least: Self::V) -> Self::V;
    /// `most` where x is above it, else x, likewise.
    fn at_most(self, x: Self::V, most: Self::V) -> Self::V;
    /// `then` where x is below 0, else `otherwise`.
    fn if_negative(self, x: Self::V, then: Self::V, otherwise: Self::V) -> Self::V;
    /// eˣ, to two units in the last place.
    fn exp(self, x: Self::V) -> Self::V;

    /// `f` of all lanes: for functions that have no vector form.
    #[inline(always)]
    fn each(self, x: Self::V, f: impl FnOnce(&mut [Self::E])) -> Self::V {
        let mut lanes = [Self::E::default(); MAX_LANES];
        // SAFETY: no vector has more lanes.
        unsafe { self.store(lanes.as_mut_ptr(), x) };
        f(&mut lanes[..Self::LANES]);
        // SAFETY: as above.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// The vector at `from`, its lanes in another order: lane i is lane
    /// `lanes[i]` of it.
    ///
    /// # Safety
    ///
    /// [`Simd::LANES`] numbers can be read from `from` on, and the first so many
    /// of `lanes` are below that.
    #[inline(always)]
    unsafe fn shuffle(self, from: *const Self::E, lanes: &[u32; MAX_LANES]) -> Self::V {
        let mut taken = [Self::E::default(); MAX_LANES];
        for (to, &lane) in taken.iter_mut().zip(lanes).take(Self::LANES) {
            // SAFETY: the lane is one of the vector, as the caller promises.
            *to = unsafe { from.wrapping_add(lane as usize).read() };
        }
        // SAFETY: no vector has more lanes.
        unsafe { self.load(taken.as_ptr()) }
    }

    /// The first `count` lanes from `from` on, zeros behind.
    ///
    /// # Safety
    ///
    /// `count` numbers can be read from `from` on; it is [`Simd::LANES`] at most.
    #[inline(always)]
    unsafe fn load_part(self, from: *const Self::E, count: usize) -> Self::V {
        let mut lanes = [Self::E::default(); MAX_LANES];
        for (i, lane) in lanes.iter_mut().enumerate().take(count) {
            // SAFETY: one of the numbers that can be read.
            *lane = unsafe { from.wrapping_add(i).read() };
        }
        // SAFETY: no vector has more lanes.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// Writes the first `count` lanes to `to` and behind.
    ///
    /// # Safety
    ///
    /// `count` numbers can be written from `to` on; it is [`Simd::LANES`] at most.
    #[inline(always)]
    unsafe fn store_part(self, to: *mut Self::E, count: usize, x: Self::V) {
        let mut lanes = [Self::E::default(); MAX_LANES];
        // SAFETY: no vector has more lanes.
        unsafe { self.store(lanes.as_mut_ptr(), x) };
        for (i, lane) in lanes.into_iter().enumerate().take(count) {
            // SAFETY: one of the numbers that can be written.
            unsafe { to.wrapping_add(i).write(lane) };
        }
    }

    /// Writes the lanes behind the first `skip` to `to` and behind.
    ///
    /// # Safety
    ///
    /// [`Simd::LANES`]` - skip` numbers can be written from `to` on; `skip` is no more than
    /// a vector.
    #[inline(always)]
    unsafe fn store_rest(self, to: *mut Self::E, skip: usize, x: Self::V) {
        let mut lanes = [Self::E::default(); MAX_LANES];
        // SAFETY: no vector has more lanes.
        unsafe { self.store(lanes.as_mut_ptr(), x) };
        for (i, lane) in lanes.into_iter().take(Self::LANES).skip(skip).enumerate() {
            // SAFETY: one of the numbers that can be written.
            unsafe { to.wrapping_add(i).write(lane) };
        }
    }

    /// Every second lane of a and then of b, from the first on.
    #[inline(always)]
    fn evens(self, a: Self::V, b: Self::V) -> Self::V {
        let mut lanes = [Self::E::default(); 2 * MAX_LANES];
        // SAFETY: the array holds two of the longest vectors.
        unsafe { self.store(lanes.as_mut_ptr(), a) };
        // SAFETY: as above.
        unsafe { self.store(lanes.as_mut_ptr().wrapping_add(Self::LANES), b) };
        for i in 0..Self::LANES {
            lanes[i] = lanes[2 * i];
        }
        // SAFETY: as above.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// Every second lane of a and then of b, from the second on.
    #[inline(always)]
    fn odds(self, a: Self::V, b: Self::V) -> Self::V {
        let mut lanes = [Self::E::default(); 2 * MAX_LANES];
        // SAFETY: the array holds two of the longest vectors.
        unsafe { self.store(lanes.as_mut_ptr(), a) };
        // SAFETY: as above.
        unsafe { self.store(lanes.as_mut_ptr().wrapping_add(Self::LANES), b) };
        for i in 0..Self::LANES {
            lanes[i] = lanes[2 * i + 1];
        }
        // SAFETY: as above.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// Asks for the cache line at `at`; any address will do.
    fn prefetch(self, at: *const Self::E);

    /// Runs `kernel`, compiled for this set.
    ///
    /// # Safety
    ///
    /// As [`Kernel::run`] of this kernel.
    unsafe fn enter<K: Kernel<Self>>(self, kernel: &K);
}

/// Something to run on vectors. `run` is `#[inline(always)]`, and so is all it
/// calls: only then is it compiled for the set it runs on.
pub(crate) trait Kernel<S: Simd> {
    /// Runs it.
    ///
    /// # Safety
    ///
    /// What the kernel's fields say of buffers and sizes is true.
    unsafe fn run(&self, simd: S);
}

/// An instruction set by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    /// Arrays of four numbers, no intrinsics; on every processor, and for every
    /// float type.
    Scalar,
    /// SSE2: four `f32`, multiply and add apart; on every `x86_64`. The compiler keeps
    /// the arrays of `Scalar` in its registers there, and kernels of intrinsics were no
    /// faster: so this is another name for those.
    Sse,
    /// AVX2 with FMA: eight `f32`.
    Avx2,
    /// AVX-512 F, VL, BW, DQ: sixteen `f32`.
    Avx512,
    /// NEON: four `f32`, with FMA; on every `aarch64`.
    Neon,
}

impl Isa {
    /// All of them, the more capable later.
    pub const ALL: [Self; 5] = [Self::Scalar, Self::Sse, Self::Neon, Self::Avx2, Self::Avx512];

    /// The name, as `TYPENET_ISA` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Sse => "sse",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// Its vectors of `f32`, known on every processor.
    pub(crate) const fn vectors(self) -> Vectors {
        let (lanes, tile) = match self {
            // 12 sums, two weights and one input are 15 of 16 registers.
            Self::Scalar | Self::Sse => (4, 6),
            Self::Avx2 => (8, 6),
            // 28 sums, two weights and one input are 31 of 32 registers.
            Self::Neon => (4, 14),
            Self::Avx512 => (16, 14),
        };
        Vectors { lanes, tile, bytes: size_of::<f32>() }
    }

    /// The set of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|isa| isa.name() == name)
    }

    /// Whether this processor (and its system) has all of it.
    ///
    /// Without the feature `std` nothing can be detected: only what the crate
    /// was compiled for counts.
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Sse => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => Avx2::new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => Avx512::new().is_some(),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => Neon::new().is_some(),
            #[allow(unreachable_patterns, reason = "which sets are left depends on the target")]
            _ => false,
        }
    }

    /// Those that this processor has.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|isa| isa.is_available())
    }

    /// The most capable one that this processor has.
    pub fn best() -> Self {
        Self::available().last().unwrap_or(Self::Scalar)
    }

    /// What `TYPENET_ISA` asks for; the best there is where it is not set.
    ///
    /// # Errors
    ///
    /// If it names no set, or one that this processor does not have: the
    /// variable can only take away.
    pub fn from_env() -> Result<Self, IsaError> {
        #[cfg(feature = "std")]
        if let Some(name) = std::env::var_os("TYPENET_ISA") {
            let known = name.to_str().and_then(Self::from_name).ok_or(IsaError::Unknown)?;
            return if known.is_available() { Ok(known) } else { Err(IsaError::Missing(known)) };
        }
        Ok(Self::best())
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An instruction set that can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IsaError {
    /// `TYPENET_ISA` is none of the names.
    Unknown,
    /// This processor does not have it, or this float type can't use it.
    Missing(Isa),
}

impl fmt::Display for IsaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => {
                f.write_str("TYPENET_ISA is none of scalar, sse, avx2, avx512 and neon")
            }
            Self::Missing(isa) => {
                write!(
                    f,
                    "the instruction set {isa} can't be used: not on this processor, or not for this float type"
                )
            }
        }
    }
}

impl core::error::Error for IsaError {}

#[cfg(test)]
mod tests;
