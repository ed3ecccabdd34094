//! How the bytes of a weight file become numbers, and back.

use alloc::vec::Vec;

use super::format::DType;
use crate::element::Element;

/// Which numbers a type has.
#[derive(Clone, Copy)]
struct Range {
    /// The space from 1 to the next.
    epsilon: f64,
    largest: f64,
    /// The smallest that is normal.
    smallest: f64,
}

const SINGLE: Range = Range {
    epsilon: f32::EPSILON as f64,
    largest: f32::MAX as f64,
    smallest: f32::MIN_POSITIVE as f64,
};

impl Range {
    fn of<T: Element>() -> Self {
        Self {
            epsilon: T::epsilon().to_double(),
            largest: T::max_value().to_double(),
            smallest: T::min_positive_value().to_double(),
        }
    }

    /// Whether all numbers of `other` are among these.
    fn holds(self, other: Self) -> bool {
        self.epsilon <= other.epsilon
            && self.largest >= other.largest
            && self.smallest <= other.smallest
    }
}

impl DType {
    /// The numbers of this type, if it is a float or `U8`.
    fn range(self) -> Option<Range> {
        let (epsilon, largest, smallest) = match self {
            Self::U8 => (1.0 / 128.0, 255.0, 1.0),
            Self::F16 => (1.0 / 1024.0, 65504.0, 1.0 / 16384.0),
            // Its numbers are the upper halves of `f32`'s.
            Self::BF16 => (1.0 / 128.0, f32::from_bits(0x7f7f_0000).into(), SINGLE.smallest),
            Self::F32 => return Some(SINGLE),
            Self::F64 => (f64::EPSILON, f64::MAX, f64::MIN_POSITIVE),
            _ => return None,
        };
        Some(Range { epsilon, largest, smallest })
    }

    /// Whether `T` holds each number of this float or `U8` exactly.
    pub(super) fn fits<T: Element>(self) -> bool {
        self.range().is_some_and(|range| Range::of::<T>().holds(range))
    }

    /// The type that `T` is written as: `F32` if that holds it, else `F64`.
    pub(super) fn of<T: Element>() -> Self {
        if SINGLE.holds(Range::of::<T>()) { Self::F32 } else { Self::F64 }
    }

    /// Appends the numbers in `bytes` to `to`, for a type that [`DType::fits`].
    ///
    /// Byte by byte, little-endian: neither the alignment of the file in memory
    /// nor the byte order of the machine matters.
    pub(super) fn decode<T: Element>(self, bytes: &[u8], to: &mut Vec<T>) {
        match self {
            Self::U8 => to.extend(bytes.iter().map(|&byte| T::from_double(byte.into()))),
            Self::F16 => extend(bytes, to, |b| single(half_to_single(u16::from_le_bytes(b)))),
            Self::BF16 => {
                extend(bytes, to, |[lo, hi]| single(f32::from_le_bytes([0, 0, lo, hi])));
            }
            Self::F32 => extend(bytes, to, |b| single(f32::from_le_bytes(b))),
            Self::F64 => extend(bytes, to, |b| T::from_double(f64::from_le_bytes(b))),
            _ => {}
        }
    }

    /// Appends the bytes of `values` to `to`, for [`DType::of`] their type.
    pub(super) fn encode<T: Element>(self, values: &[T], to: &mut Vec<u8>) {
        match self {
            Self::F32 => {
                to.extend(values.iter().flat_map(|x| (x.to_double() as f32).to_le_bytes()));
            }
            _ => to.extend(values.iter().flat_map(|x| x.to_double().to_le_bytes())),
        }
    }
}

fn extend<T, const N: usize>(bytes: &[u8], to: &mut Vec<T>, number: impl Fn([u8; N]) -> T) {
    to.extend(bytes.as_chunks().0.iter().map(|&chunk| number(chunk)));
}

fn single<T: Element>(x: f32) -> T {
    T::from_f32(x).unwrap_or_else(T::nan)
}

/// A half-precision number, exactly.
fn half_to_single(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let magnitude = u32::from(bits & 0x7fff);
    let single = match magnitude {
        // Subnormal: the number of steps of 2⁻²⁴, all of them normal in f32.
        0..0x0400 => (magnitude as f32 * (1.0 / 16_777_216.0)).to_bits(),
        // The exponent is biased by 15 in half and 127 in single precision.
        0x0400..0x7c00 => (magnitude << 13) + ((127 - 15) << 23),
        _ => 0x7f80_0000 + ((magnitude & 0x03ff) << 13),
    };
    f32::from_bits(sign + single)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A half by its definition: sign, 5 bits of exponent, 10 of fraction.
    fn half_by_definition(bits: u16) -> f64 {
        let fraction = f64::from(bits & 0x3ff) / 1024.0;
        let exponent = i32::from(bits >> 10 & 0x1f);
        let magnitude = match exponent {
            0 => fraction * 2_f64.powi(-14),
            31 if fraction == 0.0 => f64::INFINITY,
            31 => f64::NAN,
            e => (1.0 + fraction) * 2_f64.powi(e - 15),
        };
        if bits & 0x8000 == 0 { magnitude } else { -magnitude }
    }

    #[test]
    fn every_half_is_exact() {
        for bits in 0..=u16::MAX {
            let (got, want) = (f64::from(half_to_single(bits)), half_by_definition(bits));
            let same = got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan();
            assert!(same, "{bits:#06x}: {got} instead of {want}");
        }
    }

    #[test]
    fn every_bfloat_is_the_upper_half_of_a_float() {
        for bits in 0..=u16::MAX {
            let mut got: Vec<f32> = Vec::new();
            DType::BF16.decode(&bits.to_le_bytes(), &mut got);
            let want = f32::from_bits(u32::from(bits) << 16);
            let same = got[0].to_bits() == want.to_bits() || got[0].is_nan() && want.is_nan();
            assert!(got.len() == 1 && same, "{bits:#06x}");
        }
    }

    #[test]
    fn a_type_holds_what_is_coarser_and_within() {
        use DType::{BF16, F16, F32, F64, U8};
        let all = [U8, F16, BF16, F32, F64];
        let range = |epsilon, largest, smallest| Range { epsilon, largest, smallest };
        let power = |exponent| 2_f64.powi(exponent);
        let cases: [(Range, &[DType]); 8] = [
            (U8.range().unwrap(), &[U8]),
            (F16.range().unwrap(), &[U8, F16]),
            (BF16.range().unwrap(), &[U8, BF16]),
            (F32.range().unwrap(), &[U8, F16, BF16, F32]),
            (F64.range().unwrap(), &[U8, F16, BF16, F32, F64]),
            // Too coarse, too short, and without small numbers.
            (range(power(-6), f64::MAX, f64::MIN_POSITIVE), &[]),
            (range(f64::EPSILON, 254.0, f64::MIN_POSITIVE), &[]),
            (range(f64::EPSILON, f64::MAX, power(-13)), &[U8]),
        ];
        for (wide, held) in cases {
            let holds = |dtype: &DType| wide.holds(dtype.range().unwrap());
            let found: Vec<DType> = all.iter().copied().filter(holds).collect();
            assert_eq!(found, held);
        }
    }

    #[test]
    fn narrow_types_fit_into_wide_ones_only() {
        assert!(DType::FLOATS.iter().all(|dtype| dtype.fits::<f64>()));
        assert!(DType::BF16.fits::<f32>() && DType::F16.fits::<f32>() && DType::U8.fits::<f32>());
        assert!(!DType::F64.fits::<f32>() && !DType::I64.fits::<f64>());
        assert_eq!((DType::of::<f32>(), DType::of::<f64>()), (DType::F32, DType::F64));
    }
}
