//! The sheet that small drawings are made on.

use alloc::format;
use alloc::string::String;

/// The colours, for light and dark.
const STYLE: &str = "\
svg{color:#1f2328;--page:#fff}\
@media(prefers-color-scheme:dark){svg{color:#e6edf3;--page:#0d1117}}\
.page{fill:var(--page)}.frame{fill:none;stroke:currentColor;opacity:.6}\
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
