//! Tables as plain text.

use alloc::string::String;
use core::fmt;

/// Writes rows of cells, the first `left` columns flush left, the others flush
/// right.
pub(super) fn table<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    rows: &[[String; N]],
    left: usize,
) -> fmt::Result {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            if column < left {
                write!(f, "{gap}{cell:<width$}")?;
            } else {
                write!(f, "{gap}{cell:>width$}")?;
            }
        }
        writeln!(f)?;
    }
    Ok(())
}
