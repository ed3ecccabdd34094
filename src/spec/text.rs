//! A line of text that can be written in const evaluation.

use super::{Dims, Extent};

/// Text of at most `N` bytes; what does not fit is cut and marked with `…`.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// Empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// Whether nothing has been written.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text written so far.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// Appends `text`, whole or, where the room ends, not at all.
    #[must_use]
    pub const fn str(mut self, text: &str) -> Self {
        const ELLIPSIS: &[u8] = "…".as_bytes();
        let fits = self.len + text.len() + ELLIPSIS.len() <= N;
        let bytes = if fits { text.as_bytes() } else { ELLIPSIS };
        if self.len + bytes.len() > N {
            return self;
        }
        let mut i = 0;
        while i < bytes.len() {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// Appends a number in decimal.
    #[must_use]
    pub const fn num(self, mut n: usize) -> Self {
        let mut digits = [b'0'; 20];
        let mut start = 19;
        while n > 9 {
            digits[start] = b'0' + (n % 10) as u8;
            n /= 10;
            start -= 1;
        }
        digits[start] = b'0' + n as u8;
        match core::str::from_utf8(digits.split_at(start).1) {
            Ok(text) => self.str(text),
            Err(_) => self,
        }
    }

    /// Appends a size: a number or `Dyn`.
    #[must_use]
    pub const fn extent(self, size: Extent) -> Self {
        match size {
            Extent::Fixed(n) => self.num(n),
            Extent::Dyn => self.str("Dyn"),
            Extent::Unknown => self.str("?"),
        }
    }

    /// Appends a shape: `16×5×5` or `400`.
    #[must_use]
    pub const fn dims(self, dims: Dims) -> Self {
        match dims {
            Dims::Unknown => self.str("?"),
            Dims::Vector(n) => self.extent(n),
            Dims::Image { c, h, w } => self.num(c).str("×").extent(h).str("×").extent(w),
        }
    }

    /// Appends a word in the singular or, unless `n` is 1, with an `s`.
    #[must_use]
    pub const fn counted(self, n: usize, word: &str) -> Self {
        let text = self.num(n).str(" ").str(word);
        if n == 1 { text } else { text.str("s") }
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> core::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}
