//! The paper: a picture grows as things are put on it, and knows its extents.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write};

use crate::explain::page::Escaped;

/// Something drawn around the line of data, which runs down at x = 0 from y = 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    /// How far it reaches to the left, a positive number.
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) height: f64,
    svg: String,
}

/// The styles. The page has a colour of its own: a reader may show the picture on
/// any other. Colours are not variables, which viewers other than browsers do not know.
const STYLE: &str = "\
svg{color:#1f2328}.page,.join{fill:#fff}.conv{fill:#5b9bd8}.pool{fill:#e8a33d}\
.linear{fill:#5fb36f}.input{fill:#b9a3d8}.other{fill:#b4bcc6}\
@media(prefers-color-scheme:dark){svg{color:#e6edf3}.page,.join{fill:#0d1117}\
.conv{fill:#3d7fc0}.pool{fill:#b97a1f}.linear{fill:#3f8f52}.input{fill:#7d62ab}\
.other{fill:#5c6672}}\
.edge,.flow{stroke:currentColor;stroke-width:1;stroke-linejoin:round}\
.edge{stroke-width:.7}.flow,.frame{fill:none}.head{fill:currentColor}\
.frame{stroke:currentColor;stroke-width:.8;stroke-dasharray:4 3;opacity:.6}\
.join{stroke:currentColor}\
text{fill:currentColor;font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans \
Mono','Liberation Mono',monospace}\
.title{font-size:16px;font-weight:600}.name{font-weight:600}.dim{opacity:.75}\
.mid{text-anchor:middle}";

/// The width of a text; a character of the widest usual monospaced font is 0.605
/// of its size.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.61
}

impl Picture {
    fn reach(&mut self, left: f64, right: f64, bottom: f64) {
        self.left = self.left.max(-left);
        self.right = self.right.max(right);
        self.height = self.height.max(bottom);
    }

    /// Another picture, with its line of data at `x` and its top at `y`.
    pub(super) fn put(&mut self, other: &Self, x: f64, y: f64) {
        self.reach(x - other.left, x + other.right, y + other.height);
        let _ = write!(self.svg, "<g transform=\"translate({x:.1} {y:.1})\">{}</g>", other.svg);
    }

    /// A line of text that begins at `x`, `y` its baseline; `class` is a style.
    pub(super) fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let size = if class == "title" { 16.0 } else { 11.0 };
        let width = text_width(text, size);
        let (from, to) =
            if class.contains("mid") { (x - width / 2.0, x + width / 2.0) } else { (x, x + width) };
        self.reach(from, to, y + 4.0);
        let text = Escaped(text);
        let _ = write!(self.svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>");
    }

    /// The way of data: from `from` through the corners `through`, with an arrow at
    /// its end if `arrow`.
    pub(super) fn flow(&mut self, points: &[(f64, f64)], arrow: bool) {
        let mut path = String::new();
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(path, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
            self.reach(*x, *x, *y);
        }
        let _ = write!(self.svg, "<path class=\"flow\" d=\"{path}\"/>");
        if let (true, [.., (x0, y0), (x, y)]) = (arrow, points) {
            // A triangle along the last stretch, which is upright or level.
            let (dx, dy) = (sign(x - x0), sign(y - y0));
            let wing = |side: f64| {
                let (back_x, back_y) = (x - 6.0 * dx, y - 6.0 * dy);
                format!("{:.1} {:.1}", back_x + side * 3.5 * dy, back_y + side * 3.5 * dx)
            };
            let (a, b) = (wing(1.0), wing(-1.0));
            let _ = write!(self.svg, "<path class=\"head\" d=\"M{x:.1} {y:.1}L{a}L{b}z\"/>");
        }
    }

    /// A slab: its front `width` × `height`, its top seen at an angle, `dx` to the
    /// right and `dy` up; in the middle of the line of data, from `y` down.
    pub(super) fn slab(&mut self, class: &str, y: f64, (width, height): (f64, f64), depth: f64) {
        let (dx, dy) = (depth * SLANT.0, depth * SLANT.1);
        let x = -(width + dx) / 2.0;
        self.reach(x, -x, y + dy + height);
        let faces = [
            (0.8, format!("M{x:.1} {:.1}h{width:.1}v{height:.1}h-{width:.1}z", y + dy)),
            (0.5, format!("M{x:.1} {:.1}l{dx:.1} -{dy:.1}h{width:.1}l-{dx:.1} {dy:.1}z", y + dy)),
            (
                1.0,
                format!(
                    "M{:.1} {:.1}l{dx:.1} -{dy:.1}v{height:.1}l-{dx:.1} {dy:.1}z",
                    x + width,
                    y + dy
                ),
            ),
        ];
        for (opacity, path) in faces {
            if !path.contains("l0.0 -0.0") {
                let fill = format!("class=\"{class} edge\" fill-opacity=\"{opacity}\"");
                let _ = write!(self.svg, "<path {fill} d=\"{path}\"/>");
            }
        }
    }

    /// A round sign for a join, at the line of data: its radius is [`SIGN`].
    pub(super) fn sign(&mut self, y: f64, sign: &str) {
        let half = sign_half(sign);
        self.reach(-half, half, y + SIGN);
        let (width, height) = (2.0 * half, 2.0 * SIGN);
        let _ = write!(
            self.svg,
            "<rect class=\"join\" x=\"-{half:.1}\" y=\"{:.1}\" width=\"{width:.1}\" \
             height=\"{height}\" rx=\"{SIGN}\"/>",
            y - SIGN
        );
        self.text(0.0, y + 4.0, "mid", sign);
    }

    /// This picture in a frame with a title beside the line of data.
    pub(super) fn framed(self, title: &str) -> Self {
        let mut framed = Self::default();
        framed.put(&self, 0.0, FRAME);
        framed.text(8.0, 15.0, "dim", title);
        let (left, right) = (framed.left + 10.0, framed.right + 10.0);
        let height = framed.height + 10.0;
        framed.reach(-left, right, height);
        let (width, svg) = (left + right, &framed.svg);
        framed.svg = format!(
            "<rect class=\"frame\" x=\"-{left:.1}\" y=\"0\" width=\"{width:.1}\" \
             height=\"{height:.1}\" rx=\"6\"/>{svg}"
        );
        framed
    }

    /// The picture as a file.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, title: &str) -> fmt::Result {
        let (width, height) = (self.left + self.right + 48.0, self.height + 40.0);
        let (x, title) = (self.left + 24.0, Escaped(title));
        writeln!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n\
             <rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"8\"/>\n\
             <g transform=\"translate({x:.1} 20)\">{}</g>\n</svg>",
            self.svg
        )
    }
}

/// How far depth goes to the right and up.
pub(super) const SLANT: (f64, f64) = (0.34, 0.19);
/// Half the height of a join's sign.
pub(super) const SIGN: f64 = 9.0;
/// From the top of a frame to what is in it.
pub(super) const FRAME: f64 = 30.0;

/// Half the width of a join's sign.
pub(super) fn sign_half(sign: &str) -> f64 {
    if sign.chars().count() == 1 { SIGN } else { text_width(sign, 11.0) / 2.0 + 7.0 }
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}
