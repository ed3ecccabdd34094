//! The number types of safetensors files.

use core::fmt::{self, Display, Formatter};

macro_rules! dtypes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $bits:literal bits;)*) => {
        /// The type of a tensor's numbers in a safetensors file.
        ///
        /// Every type of the format is listed, so that any file can be read as
        /// bytes; the floats and `U8` can be read as numbers too.
        ///
        /// ```
        /// use typenet::weights::DType;
        ///
        /// assert_eq!(DType::BF16.to_string(), "BF16");
        /// assert_eq!(DType::BF16.bits(), 16);
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum DType {
            $($(#[$doc])* $name,)*
        }

        impl DType {
            /// The type that files call `name`.
            ///
            /// ```
            /// use typenet::weights::DType;
            ///
            /// assert_eq!(DType::from_name("F32"), Some(DType::F32));
            /// assert_eq!(DType::from_name("float32"), None);
            /// ```
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The name in files.
            ///
            /// ```
            /// assert_eq!(typenet::weights::DType::Bool.name(), "BOOL");
            /// ```
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The bits that one number takes.
            ///
            /// ```
            /// assert_eq!(typenet::weights::DType::F64.bits(), 64);
            /// ```
            pub const fn bits(self) -> u32 {
                match self {
                    $(Self::$name => $bits,)*
                }
            }
        }
    };
}

dtypes! {
    /// A truth value in a byte.
    Bool = "BOOL", 8 bits;
    /// A 4-bit float (MXFP4), two in a byte.
    F4 = "F4", 4 bits;
    /// A 6-bit float with 2 bits of exponent, four in three bytes.
    F6E2M3 = "F6_E2M3", 6 bits;
    /// A 6-bit float with 3 bits of exponent, four in three bytes.
    F6E3M2 = "F6_E3M2", 6 bits;
    /// An unsigned byte: pixels, labels.
    U8 = "U8", 8 bits;
    /// A signed byte.
    I8 = "I8", 8 bits;
    /// An 8-bit float with 5 bits of exponent.
    F8E5M2 = "F8_E5M2", 8 bits;
    /// An 8-bit float with 4 bits of exponent.
    F8E4M3 = "F8_E4M3", 8 bits;
    /// An 8-bit power of two: the scale of a block.
    F8E8M0 = "F8_E8M0", 8 bits;
    /// An 8-bit float with 4 bits of exponent and no negative zero.
    F8E4M3Fnuz = "F8_E4M3FNUZ", 8 bits;
    /// An 8-bit float with 5 bits of exponent and no negative zero.
    F8E5M2Fnuz = "F8_E5M2FNUZ", 8 bits;
    /// A signed 16-bit integer.
    I16 = "I16", 16 bits;
    /// An unsigned 16-bit integer.
    U16 = "U16", 16 bits;
    /// Half precision.
    F16 = "F16", 16 bits;
    /// The upper half of an `F32`.
    BF16 = "BF16", 16 bits;
    /// A signed 32-bit integer.
    I32 = "I32", 32 bits;
    /// An unsigned 32-bit integer.
    U32 = "U32", 32 bits;
    /// Single precision.
    F32 = "F32", 32 bits;
    /// A complex number of two `F32`.
    C64 = "C64", 64 bits;
    /// Double precision.
    F64 = "F64", 64 bits;
    /// A signed 64-bit integer.
    I64 = "I64", 64 bits;
    /// An unsigned 64-bit integer.
    U64 = "U64", 64 bits;
}

impl DType {
    /// The types of weights.
    pub(crate) const FLOATS: [Self; 4] = [Self::F32, Self::F64, Self::F16, Self::BF16];

    /// Whether this is one of the integers.
    pub(crate) fn is_integer(self) -> bool {
        use DType::{I8, I16, I32, I64, U8, U16, U32, U64};
        matches!(self, I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64)
    }
}

impl Display for DType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_types() {
        for dtype in [DType::Bool, DType::F6E3M2, DType::F8E4M3Fnuz, DType::BF16, DType::C64] {
            assert_eq!(DType::from_name(dtype.name()), Some(dtype));
        }
    }
}
