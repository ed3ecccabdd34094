//! Receptive fields, drawn on an image.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::graph::{rectangle, table};
use crate::explain::page::{Escaped, colour, page};
use crate::graph::Graph;
use crate::spec::Dims;

/// The longer side of the image as it is drawn, and how many blocks it is drawn of at
/// most.
const SIDE: usize = 360;
const BLOCKS: usize = 60;

/// Draws an image, and on it what the cell in the middle of each map sees, wherever
/// that is more than before, down to the first that sees all.
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
    // Without seams between the blocks.
    let mut body = String::from("<g shape-rendering=\"crispEdges\">");
    for y in (0..h).step_by(step) {
        for x in (0..w).step_by(step) {
            let level = grey(y, x);
            let (rows, columns) = (step.min(h - y), step.min(w - x));
            let fill = format!("#{level:02x}{level:02x}{level:02x}");
            body.push_str(&place(scale, [y, x], [rows, columns], &format!("fill=\"{fill}\"")));
        }
    }
    body.push_str("</g>");
    let outlines = outlines(graph);
    let (x, mut widest) = (40 + w * SIDE / longer, 0);
    for (line, Outline { at, size, colour, name }) in outlines.iter().enumerate() {
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"");
        body.push_str(&place(scale, *at, *size, &style));
        let y = 24 + line * 18;
        let _ = write!(
            body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"10\" height=\"10\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            x + 16,
            y + 9,
            Escaped(name)
        );
        widest = widest.max(name.chars().count() * 7);
    }
    let width = x + 36 + widest;
    let height = 40 + (h * SIDE / longer).max(outlines.len() * 18);
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

/// What the middle of a map sees of the image, and what stands beside it.
struct Outline {
    at: [usize; 2],
    size: [usize; 2],
    colour: String,
    name: String,
}

/// The outlines that grow, from the first layer on.
fn outlines(graph: &Graph) -> Vec<Outline> {
    let (mut outlines, mut largest) = (Vec::new(), [1, 1]);
    for (index, (node, field)) in graph.nodes().iter().zip(&table(graph)).enumerate() {
        let Dims::Image { h: rows, w: columns, .. } = node.dims else { break };
        if field.h.stride.pixels == 0 {
            break;
        }
        let middle = [rows.or_zero() / 2, columns.or_zero() / 2];
        let Some(seen) = rectangle(graph, index, middle) else { continue };
        let size = [seen.bottom + 1 - seen.top, seen.right + 1 - seen.left];
        if size[0] <= largest[0] && size[1] <= largest[1] {
            continue;
        }
        largest = [size[0].max(largest[0]), size[1].max(largest[1])];
        outlines.push(Outline {
            at: [seen.top, seen.left],
            size,
            colour: colour(outlines.len() * 47 % 360),
            name: format!("{} {}×{}", node.name, field.h.size, field.w.size),
        });
    }
    outlines
}
