//! How the bytes of a weight file become numbers, and back.

use alloc::vec::Vec;

use super::format::DType;
use crate::element::Element;

impl DType {
    /// Whether `T` holds each number of this float or `U8` exactly.
    pub(super) fn fits<T: Element>(self) -> bool {
        // Spacing at 1, largest number, smallest normal number.
        let (epsilon, max, min): (f64, f64, f64) = match self {
            Self::U8 => (1.0 / 128.0, 255.0, 1.0),
            Self::F16 => (1.0 / 1024.0, 65504.0, 1.0 / 16384.0),
            Self::BF16 => (1.0 / 128.0, f32::MAX.into(), f32::MIN_POSITIVE.into()),
            Self::F32 => (f32::EPSILON.into(), f32::MAX.into(), f32::MIN_POSITIVE.into()),
            Self::F64 => (f64::EPSILON, f64::MAX, f64::MIN_POSITIVE),
            _ => return false,
        };
        // BF16's largest number is a little below F32's, which does no harm.
        T::epsilon().to_double() <= epsilon
            && T::max_value().to_double() >= max
            && T::min_positive_value().to_double() <= min
    }

    /// The type that `T` is written as: `F32` if that holds it, else `F64`.
    pub(super) fn of<T: Element>() -> Self {
        let single = T::epsilon().to_double() >= f32::EPSILON.into()
            && T::max_value().to_double() <= f32::MAX.into()
            && T::min_positive_value().to_double() >= f32::MIN_POSITIVE.into();
        if single { Self::F32 } else { Self::F64 }
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
        _ => 0x7f80_0000 | (magnitude & 0x03ff) << 13,
    };
    f32::from_bits(sign | single)
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
    fn narrow_types_fit_into_wide_ones_only() {
        assert!(DType::FLOATS.iter().all(|dtype| dtype.fits::<f64>()));
        assert!(DType::BF16.fits::<f32>() && DType::F16.fits::<f32>() && DType::U8.fits::<f32>());
        assert!(!DType::F64.fits::<f32>() && !DType::I64.fits::<f64>());
        assert_eq!((DType::of::<f32>(), DType::of::<f64>()), (DType::F32, DType::F64));
    }
}
