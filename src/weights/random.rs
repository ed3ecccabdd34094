//! The random start: He et al.'s uniform distribution from a tiny generator.
//!
//! Weights w of a layer whose outputs sum `n` terms are drawn from
//! U(−√(6/n), √(6/n)), whose variance is 2/n ("Delving deep into rectifiers",
//! 2015, eq. 10): the size of the activations is then the same before and
//! after a rectified convolution, however deep the network.
//!
//! The generator is `SplitMix64` (Steele, Lea, Flood, 2014): six lines, no state
//! to seed badly, the same everywhere. Nothing but integer arithmetic, one
//! division, one square root and one product makes a value, all of them exactly
//! rounded by IEEE 754, so every platform draws the same bits; `ln` and `cos`
//! of a normal distribution would differ from libm to libm.

use alloc::vec;
use alloc::vec::Vec;

use num_traits::Float;

use crate::element::Element;
use crate::graph::GraphParam;

/// What `param`, the `index`-th of the network, starts at.
///
/// The stream hangs on seed and index alone, so a parameter's values do not
/// depend on how large the ones before it are.
pub(super) fn start<T: Element>(param: &GraphParam, seed: u64, index: usize) -> Vec<T> {
    let spec = param.spec;
    if spec.fan_in == 0 {
        return vec![T::from_double(spec.start); param.len()];
    }
    let bound = Float::sqrt(6.0 / spec.fan_in as f64);
    let mut stream = SplitMix64::new(seed, index as u64);
    (0..param.len()).map(|_| T::from_double(bound * stream.symmetric())).collect()
}

struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// The `stream`-th sequence of `seed`. Both are mixed, since neighbouring
    /// states of the generator are neighbours in its one sequence too.
    fn new(seed: u64, stream: u64) -> Self {
        Self { state: mix(mix(seed).wrapping_add(stream)) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// One of 2⁵² numbers between −1 and 1, evenly spaced around 0 and exact.
    fn symmetric(&mut self) -> f64 {
        let odd = (self.next() >> 12) as f64 * 2.0 + 1.0;
        odd / (1_u64 << 52) as f64 - 1.0
    }
}

/// The generator's output function; a bijection.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generator_gives_the_published_numbers() {
        // The first outputs of the reference C code for the state 1234567.
        let mut stream = SplitMix64 { state: 1_234_567 };
        assert_eq!(stream.next(), 6_457_827_717_110_365_317);
        assert_eq!(stream.next(), 3_203_168_211_198_807_973);
        assert_eq!(stream.next(), 9_817_491_932_198_370_423);
    }
}
