//! A plan as a table: what runs each layer, and what it costs.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use crate::isa::Isa;

use super::layout::Form;
use super::peak::Memory;
use super::run::Row;

/// A form in words: `64c16 56×56 +1`, 64 channels in blocks of 16, one pixel of
/// halo.
pub(crate) fn layout(form: &Form) -> String {
    let Form { c, h, w, lanes, halo } = form;
    let channels = if *lanes == 1 { c.to_string() } else { format!("{c}c{lanes}") };
    let size = if (*h, *w) == (1, 1) { String::new() } else { format!(" {h}×{w}") };
    let around = [halo.top, halo.left, halo.bottom, halo.right];
    let halo = match around {
        [0, 0, 0, 0] => String::new(),
        [a, b, c, d] if a == b && b == c && c == d => format!(" +{a}"),
        [a, b, c, d] => format!(" +{a},{b},{c},{d}"),
    };
    format!("{channels}{size}{halo}")
}

/// Writes the table of a plan's steps.
pub(crate) fn write(
    f: &mut fmt::Formatter<'_>,
    isa: Isa,
    rows: &[Row],
    memory: Memory,
) -> fmt::Result {
    let cells = rows.iter().map(|row| {
        [
            row.name.clone(),
            row.facts.kernel.to_string(),
            row.facts.tile.clone(),
            row.layout.clone(),
            row.fused.clone(),
            row.facts.weight_bytes.to_string(),
            row.output_bytes.to_string(),
            row.macs.to_string(),
            row.threads.to_string(),
        ]
    });
    let head = [
        "layer",
        "kernel",
        "tile",
        "output",
        "fused",
        "weight bytes",
        "output bytes",
        "multiply-adds",
        "threads",
    ];
    let mut lines = alloc::vec![head.map(String::from)];
    lines.extend(cells);
    let mut widths = [0; 9];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for line in &lines {
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            if column < 5 {
                write!(f, "{gap}{cell:<width$}")?;
            } else {
                write!(f, "{gap}{cell:>width$}")?;
            }
        }
        writeln!(f)?;
    }
    let sum = |value: fn(&Row) -> u64| rows.iter().map(value).sum::<u64>();
    let weights = sum(|row| row.facts.weight_bytes as u64);
    let macs = sum(|row| row.macs);
    let Memory { workspace, values, scratch, .. } = memory;
    writeln!(
        f,
        "{isa}: {macs} multiply-adds, {weights} bytes of weights, {workspace} bytes of workspace; \
         at most {values} bytes of values and {scratch} of scratch at a time"
    )
}
