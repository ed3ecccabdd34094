//! A table in Markdown, HTML and JSON.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

use super::receptive_field::{Field, Stride};
use super::summary::{Column, Row, Summary};
use super::text::Table;
use crate::spec::{Dims, Extent};

/// As GitHub reads it: the first column flush left, the others flush right.
pub(super) fn markdown(table: &Table) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| plain_markdown(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(&table.head);
    text += "|---|";
    text += &"---:|".repeat(table.head.len().saturating_sub(1));
    text.push('\n');
    for row in table.rows.iter().chain([&table.foot]) {
        text += &line(row);
    }
    text
}

/// Text in which nothing is a mark of Markdown.
fn plain_markdown(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' => {
                plain.push('\\');
                plain.push(c);
            }
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// One `<table>` with head, body and foot.
pub(super) fn html(table: &Table) -> String {
    let line = |tag: &str, cells: &[String]| {
        let mut text = "<tr>".to_string();
        for (i, cell) in cells.iter().enumerate() {
            let class = if i == 0 { "" } else { " class=\"n\"" };
            let _ = write!(text, "<{tag}{class}>{}</{tag}>", plain_html(cell));
        }
        text + "</tr>\n"
    };
    let rows: String = table.rows.iter().map(|row| line("td", row)).collect();
    let (head, foot) = (line("th", &table.head), line("td", &table.foot));
    format!(
        "<table>\n<thead>\n{head}</thead>\n<tbody>\n{rows}</tbody>\n<tfoot>\n{foot}</tfoot>\n</table>\n"
    )
}

/// Text in which nothing is a mark of HTML.
fn plain_html(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '"' => plain.push_str("&quot;"),
            c if c.is_control() => plain.push('\u{fffd}'),
            c => plain.push(c),
        }
    }
    plain
}

/// The columns that are asked for, and their totals.
pub(super) fn json(summary: &Summary) -> String {
    let mut text = format!("{{\"input\":{},\"layers\":[", shape(summary.input()));
    for (i, row) in summary.rows().iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let (name, kind) = (quoted(&row.name), quoted(&row.kind));
        let _ = write!(text, "{comma}{{\"name\":{name},\"kind\":{kind}");
        for &column in summary.columns() {
            let _ = write!(text, ",{}", member(row, column));
        }
        text.push('}');
    }
    text.push(']');
    for column in summary.columns() {
        let _ = match column {
            Column::Params => write!(text, ",\"params\":{}", summary.params()),
            Column::Macs => write!(text, ",\"macs\":{}", number(summary.macs())),
            Column::Memory => write!(text, ",\"peak_memory\":{}", number(summary.peak_memory())),
            Column::Workspace => {
                write!(text, ",\"peak_workspace\":{}", number(summary.peak_workspace()))
            }
            Column::Output | Column::Field | Column::Stride => Ok(()),
        };
    }
    text.push('}');
    text
}

fn member(row: &Row, column: Column) -> String {
    let (h, w) = (&row.field.h, &row.field.w);
    match column {
        Column::Output => format!("\"output\":{}", shape(row.output)),
        Column::Params => format!("\"params\":{}", row.params),
        Column::Macs => format!("\"macs\":{}", number(row.macs)),
        Column::Memory => format!("\"memory\":{}", number(row.memory)),
        Column::Workspace => format!("\"workspace\":{}", number(row.workspace)),
        Column::Field => format!("\"field\":[{},{}]", size(h), size(w)),
        Column::Stride => format!("\"stride\":[{},{}]", stride(h.stride), stride(w.stride)),
    }
}

fn shape(dims: Dims) -> String {
    let extent = |extent: Extent| match extent {
        Extent::Fixed(n) => n.to_string(),
        Extent::Dyn | Extent::Unknown => "null".to_string(),
    };
    match dims {
        Dims::Image { c, h, w } => format!("[{c},{},{}]", extent(h), extent(w)),
        Dims::Vector(n) => format!("[{}]", extent(n)),
        Dims::Unknown => "null".to_string(),
    }
}

fn number(n: Option<u64>) -> String {
    n.map_or("null".to_string(), |n| n.to_string())
}

fn size(field: &Field) -> String {
    number((field.size != u64::MAX).then_some(field.size))
}

fn stride(stride: Stride) -> String {
    match stride.cells {
        1 => stride.pixels.to_string(),
        cells => (stride.pixels as f64 / cells as f64).to_string(),
    }
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_string();
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if u32::from(c) < 0x20 => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
