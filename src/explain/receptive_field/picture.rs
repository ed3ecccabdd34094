//! Receptive fields, drawn on an image.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use super::graph::{rectangle, table};
use crate::explain::page::{colour, page};
use crate::graph::Graph;
use crate::spec::Dims;

/// The longer side of the image as it is drawn, and how many blocks it is drawn of at
/// most.
const SIDE: usize = 360;
const BLOCKS: usize = 60;

/// Draws an image, and on it what the cell in the middle of each map sees, wherever
/// that is more than before; layers that see all are left out.
///
/// `grey` gives the brightness of a pixel, by row and column. Empty if
/// the network takes no image, or one whose size is not known yet.
///
/// ```
/// use typenet::explain::receptive_field::svg;
/// use typenet::prelude::*;
///
/// network! {
///     struct Net: [1, 28, 28] -> [4, 12, 12] {
///         conv1: Conv2d<1, 4, K = 3>,
///         conv2: Conv2d<4, 4, K = 3>,
///         pool: MaxPool2d<K = 2>,
///     }
/// }
/// let svg = svg(Net::random(1).as_any().graph(), |y, x| (4 * (x + y)) as u8);
/// assert!(svg.contains("conv2 5×5") && svg.contains("pool 6×6"));
/// ```
pub fn svg(graph: &Graph, mut grey: impl FnMut(usize, usize) -> u8) -> String {
    let Dims::Image { h, w, .. } = graph.input() else {
        return String::new();
    };
    let (h, w) = (h.or_zero(), w.or_zero());
    let longer = h.max(w);
    if h.min(w) == 0 {
        return String::new();
    }
    let scale = SIDE as f64 / longer as f64;
    let step = longer.div_ceil(BLOCKS);
    let mut body = String::new();
    for y in (0..h).step_by(step) {
        for x in (0..w).step_by(step) {
            let level = grey(y, x);
            let (rows, columns) = (step.min(h - y), step.min(w - x));
            let fill = format!("#{level:02x}{level:02x}{level:02x}");
            body.push_str(&place(scale, [y, x], [rows, columns], &format!("fill=\"{fill}\"")));
        }
    }
    let lines = outlines(graph, scale, 40 + w * SIDE / longer, &mut body);
    let width = 20 + w * SIDE / longer + 260;
    let height = 40 + (h * SIDE / longer).max(lines * 18);
    format!("{}{body}</svg>", page(width, height))
}

/// A rectangle of pixels.
fn place(scale: f64, [y, x]: [usize; 2], [rows, columns]: [usize; 2], style: &str) -> String {
    let at = |pixels: usize| pixels as f64 * scale;
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" {style}/>",
        20.0 + at(x),
        20.0 + at(y),
        at(columns),
        at(rows)
    )
}

/// What each layer sees, and its name beside the image; how many there are.
fn outlines(graph: &Graph, scale: f64, x: usize, body: &mut String) -> usize {
    let fields = table(graph);
    let (mut largest, mut lines) = (1, 0);
    for (index, (node, field)) in graph.nodes().iter().zip(&fields).enumerate() {
        let Dims::Image { h: rows, w: columns, .. } = node.dims else { break };
        if field.h.size <= largest || field.h.stride.pixels == 0 {
            continue;
        }
        let middle = [rows.or_zero() / 2, columns.or_zero() / 2];
        let Some(seen) = rectangle(graph, index, middle) else { continue };
        largest = field.h.size;
        let colour = colour(lines * 47 % 360);
        let size = [seen.bottom + 1 - seen.top, seen.right + 1 - seen.left];
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"");
        body.push_str(&place(scale, [seen.top, seen.left], size, &style));
        let y = 24 + lines * 18;
        let name = format!("{} {}×{}", node.name, field.h.size, field.w.size);
        let _ = write!(
            body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"10\" height=\"10\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{}\">{name}</text>",
            x + 16,
            y + 9
        );
        lines += 1;
    }
    lines
}
