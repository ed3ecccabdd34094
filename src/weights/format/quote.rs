//! Names from files as text for people: escaped, and of bounded length.

use core::fmt::{self, Display, Formatter, Write};

/// Characters that are shown of a name before it is cut.
const SHOWN: usize = 120;

/// A name in backticks. What a terminal would not show as a character (control
/// characters, marks that turn the writing direction) is escaped, and a long
/// name is cut, so that a hostile file can't forge or flood a log.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if escaped(f, self.0, SHOWN)? {
            return Ok(());
        }
        write!(f, " ({} bytes long)", self.0.len())
    }
}

/// Writes the first `shown` characters of `text`, and whether that is all.
pub(crate) fn escaped(f: &mut Formatter<'_>, text: &str, shown: usize) -> Result<bool, fmt::Error> {
    f.write_char('`')?;
    let mut chars = text.chars();
    for c in chars.by_ref().take(shown) {
        match c {
            '\'' | '"' => f.write_char(c)?,
            '`' => f.write_str("\\u{60}")?,
            c => write!(f, "{}", c.escape_debug())?,
        }
    }
    let whole = chars.next().is_none();
    f.write_str(if whole { "`" } else { "…`" })?;
    Ok(whole)
}
