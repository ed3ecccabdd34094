//! What drawings are made of: the sheet of the small ones, colours, text.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write};

/// The colours, for light and dark; without variables, which not every viewer knows.
const STYLE: &str = "\
svg{color:#1f2328}.page{fill:#fff}\
@media(prefers-color-scheme:dark){svg{color:#e6edf3}.page{fill:#0d1117}}\
.frame{fill:none;stroke:currentColor;opacity:.6}\
.ink{fill:currentColor}.flip{fill:#d8504d}\
text{fill:currentColor;font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans \
Mono','Liberation Mono',monospace}";

/// The beginning of an SVG file of this size.
pub(super) fn page(width: usize, height: usize) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\"><style>{STYLE}</style>\
         <rect class=\"page\" width=\"100%\" height=\"100%\"/>"
    )
}

/// A colour of the wheel, 0 to 359, that can be told on light and on dark.
pub(super) fn colour(hue: usize) -> String {
    const LOW: usize = 62;
    const HIGH: usize = 214;
    let slope = (HIGH - LOW) * (hue % 60) / 60;
    let (up, down) = (LOW + slope, HIGH - slope);
    let [r, g, b] = match hue / 60 {
        0 => [HIGH, up, LOW],
        1 => [down, HIGH, LOW],
        2 => [LOW, HIGH, up],
        3 => [LOW, down, HIGH],
        4 => [up, LOW, HIGH],
        _ => [HIGH, LOW, down],
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML has it.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // Not allowed in XML, not even escaped.
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_char('�')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
