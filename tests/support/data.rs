//! Numbers to compute with: the same ones in every run, on every machine.

/// What the numbers of a case look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Data {
    /// Whole numbers from −8 to 8. Every sum of their products is exact in any
    /// order, so one wrong tap, tail or edge is a wrong bit.
    Integer,
    /// Multiples of 2⁻²³ from −1 up to 1: no sum is exact. Each is an `f32`.
    Real,
}

/// `SplitMix64` (Steele, Lea and Flood, 2014).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for each name (FNV-1a hash), so that a case added to
    /// the table changes no other.
    pub fn named(name: &str) -> Self {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `bound` − 1 (`bound` is small: no bias to speak of).
    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    /// Every position of a few, or 40 of many.
    pub fn positions(&mut self, len: usize) -> Vec<usize> {
        if len <= 40 { (0..len).collect() } else { (0..40).map(|_| self.below(len)).collect() }
    }

    /// So many numbers of a kind.
    pub fn values(&mut self, data: Data, len: usize) -> Vec<f64> {
        let number = |random: &mut Self| match data {
            Data::Integer => random.below(17) as f64 - 8.0,
            Data::Real => (random.bits() >> 40) as f64 / f64::from(1 << 23) - 1.0,
        };
        (0..len).map(|_| number(self)).collect()
    }
}
