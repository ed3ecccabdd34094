//! As much JSON as a safetensors header needs, read strictly: objects, arrays,
//! strings and whole numbers.
//!
//! The caller says what it expects next, so there is no tree of values, no
//! recursion however deep a hostile header nests, and no allocation but one
//! buffer for the strings that contain escapes.

use alloc::string::String;

use super::error::FormatError;

/// Where the header starts in a file, for the positions in errors.
const HEADER_START: u64 = 8;

/// A string of the header: a range of its text or, past the end of that, of the
/// decoded strings. Headers are below 100 MB, so `u32` does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    start: u32,
    len: u32,
}

impl Text {
    fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, len: (end - start) as u32 }
    }

    /// The string itself.
    pub(crate) fn of<'a>(self, text: &'a str, decoded: &'a str) -> &'a str {
        let (start, len) = (self.start as usize, self.len as usize);
        let (from, start) = match start.checked_sub(text.len()) {
            Some(start) => (decoded, start),
            None => (text, start),
        };
        from.get(start..start + len).unwrap_or_default()
    }
}

/// A position in a header.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    decoded: String,
}

impl<'a> Lexer<'a> {
    /// Starts at byte `at` of `text`.
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, decoded: String::new() }
    }

    /// The byte of the header that comes next, white space aside.
    pub(crate) fn position(&mut self) -> usize {
        self.skip_space();
        self.at
    }

    /// The string itself.
    pub(crate) fn resolve(&self, text: Text) -> &str {
        text.of(self.text, &self.decoded)
    }

    /// The strings that contained escapes, for [`Text::of`].
    pub(crate) fn into_decoded(self) -> String {
        self.decoded
    }

    /// More strings than these can't follow, but for a handful of the shortest:
    /// each takes two quotes, and four bytes where there are many of them.
    pub(crate) fn most_strings(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let pairs = rest.iter().filter(|&&byte| byte == b'"').step_by(2).count();
        pairs.min(rest.len() / 4)
    }

    /// An error here.
    pub(crate) fn fault(&self, problem: &'static str) -> FormatError {
        FormatError::Json { at: HEADER_START + self.at as u64, problem, tensor: None }
    }

    /// An object; `member` reads the value of each name.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Text) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        self.expect(b'{', "expected `{`")?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            self.expect(b':', "expected `:` after a name")?;
            member(self, name)?;
            if !self.take(b',') {
                return self.expect(b'}', "expected `,` or `}`");
            }
        }
    }

    /// An array; `element` reads each of its values.
    pub(crate) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        self.expect(b'[', "expected `[`")?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.take(b',') {
                return self.expect(b']', "expected `,` or `]`");
            }
        }
    }

    /// A whole number from 0 to 2⁶⁴ − 1.
    pub(crate) fn number(&mut self) -> Result<u64, FormatError> {
        self.skip_space();
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            number = number
                .checked_mul(10)
                .and_then(|number| number.checked_add(u64::from(digit - b'0')))
                .ok_or_else(|| self.fault("a number past 2^64 - 1"))?;
            self.at += 1;
        }
        match self.byte() {
            Some(b'-') if self.at == start => Err(self.fault("a number must not be negative")),
            Some(b'"') if self.at == start => Err(self.fault("expected a number, not a string")),
            _ if self.at == start => Err(self.fault("expected a number")),
            Some(b'.' | b'e' | b'E') => {
                Err(self.fault("a number must be written without point or exponent"))
            }
            _ if self.at > start + 1 && self.text.as_bytes().get(start) == Some(&b'0') => {
                Err(self.fault("a number must not start with 0"))
            }
            _ => Ok(number),
        }
    }

    /// A string.
    pub(crate) fn string(&mut self) -> Result<Text, FormatError> {
        self.expect(b'"', "expected a string in double quotes")?;
        let mut run = self.at;
        self.skip_plain()?;
        if self.next_is(b'"') {
            return Ok(Text::new(run, self.at - 1));
        }
        self.make_room()?;
        let start = self.text.len() + self.decoded.len();
        loop {
            self.decoded.push_str(self.text.get(run..self.at).unwrap_or_default());
            if self.next_is(b'"') {
                return Ok(Text::new(start, self.text.len() + self.decoded.len()));
            }
            self.at += 1;
            let c = self.escape()?;
            self.decoded.push(c);
            run = self.at;
            self.skip_plain()?;
        }
    }

    /// The end: nothing but the spaces that align what follows.
    pub(crate) fn end(&mut self) -> Result<(), FormatError> {
        while self.next_is(b' ') {}
        match self.byte() {
            None => Ok(()),
            Some(_) => Err(self.fault("only spaces may follow the last `}`")),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next_is(&mut self, byte: u8) -> bool {
        let is = self.byte() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.next_is(byte)
    }

    fn expect(&mut self, byte: u8, problem: &'static str) -> Result<(), FormatError> {
        if self.take(byte) { Ok(()) } else { Err(self.fault(problem)) }
    }

    /// Goes to the next quote or backslash.
    fn skip_plain(&mut self) -> Result<(), FormatError> {
        loop {
            match self.byte() {
                Some(b'"' | b'\\') => return Ok(()),
                Some(0..0x20) => {
                    return Err(self.fault("a control character in a string must be escaped"));
                }
                Some(_) => self.at += 1,
                None => return Err(self.fault("a string does not end")),
            }
        }
    }

    /// All that can still be decoded is shorter than what is still to be read:
    /// reserved once, so that no header makes the buffer larger than itself.
    fn make_room(&mut self) -> Result<(), FormatError> {
        if self.decoded.capacity() > 0 {
            return Ok(());
        }
        let bytes = self.text.len();
        self.decoded
            .try_reserve_exact(bytes)
            .map_err(|_| FormatError::OutOfMemory { bytes: bytes as u64 })
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<char, FormatError> {
        let c = match self.byte() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(self.fault("an unknown escape in a string")),
        };
        self.at += 1;
        Ok(c)
    }

    /// Four hexadecimal digits, or twice four where they make a surrogate pair.
    fn code_point(&mut self) -> Result<char, FormatError> {
        let first = self.hex()?;
        let code = match first {
            0xd800..0xdc00 if self.next_is(b'\\') && self.next_is(b'u') => {
                let second = self.hex()?;
                match second {
                    0xdc00..0xe000 => 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                    _ => first,
                }
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| self.fault("half of a surrogate pair in a string"))
    }

    fn hex(&mut self) -> Result<u32, FormatError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.fault("expected four hexadecimal digits"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
