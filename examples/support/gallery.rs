//! Small grey images in the terminal, side by side, with bars below them.

use std::env;
use std::io::{self, IsTerminal};
use std::iter;
use std::process::{Command, Stdio};

/// Columns that a picture takes: 28 pixels less one on each side, so that three
/// fit next to each other into 80.
const WIDTH: usize = 26;
/// Columns of a bar that stands for 100 %.
const BAR: usize = 6;

/// From black to white, without colours.
const INK: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];
/// The end of a bar, in eighths of a character.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// An image, what it shows, and what a network takes it for.
pub(crate) struct Picture<'a> {
    /// Rows of pixels from 0 (black) to 1 (white).
    pub(crate) rows: Vec<&'a [f32]>,
    pub(crate) label: &'a str,
    /// Names and probabilities, the likeliest first.
    pub(crate) guesses: Vec<(&'a str, f32)>,
}

/// What can be drawn on.
#[derive(Clone, Copy)]
pub(crate) struct Canvas {
    color: bool,
    columns: usize,
}

impl Canvas {
    /// What stdout is: in colour if it is a terminal and `NO_COLOR` is not set.
    pub(crate) fn of_stdout() -> Self {
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        let color = io::stdout().is_terminal() && !no_color && !dumb;
        Self { color, columns: columns().unwrap_or(80) }
    }

    /// The pictures, as many side by side as fit, the same number in each row.
    pub(crate) fn draw(self, pictures: &[Picture<'_>]) -> String {
        let fit = ((self.columns + 1) / (WIDTH + 1)).max(1);
        let rows = pictures.len().div_ceil(fit).max(1);
        let across = pictures.len().div_ceil(rows).max(1);
        let spare = self.columns.saturating_sub(across * WIDTH);
        let gap = " ".repeat((spare / across).clamp(1, 3));

        let mut text = String::new();
        for row in pictures.chunks(across) {
            let tiles: Vec<Vec<String>> = row.iter().map(|picture| self.tile(picture)).collect();
            for line in 0..tiles[0].len() {
                let line: Vec<&str> = tiles.iter().map(|tile| tile[line].as_str()).collect();
                text += line.join(&gap).trim_end();
                text.push('\n');
            }
            text.push('\n');
        }
        text
    }

    /// The lines of one picture, each `WIDTH` columns wide.
    fn tile(self, picture: &Picture<'_>) -> Vec<String> {
        let label = self.paint("1", &format!("{:WIDTH$}", picture.label));
        let image = picture.rows.chunks(2).map(|pair| self.two_rows(pair[0], pair[pair.len() - 1]));
        let best = picture.guesses.first().map(|(name, _)| *name);
        let (mark, color) = if best == Some(picture.label) { ("✓", "32") } else { ("✗", "31") };
        let guesses = picture.guesses.iter().enumerate().map(|(rank, (name, probability))| {
            let (mark, color) = if rank == 0 { (mark, color) } else { (" ", "2") };
            let bar = self.bar(*probability);
            let percent = 100.0 * probability;
            self.paint(color, &format!("{mark} {name:11} {bar} {percent:3.0} %"))
        });
        iter::once(label).chain(image).chain(guesses).collect()
    }

    /// Two rows of pixels as one line: a character is twice as high as wide.
    fn two_rows(self, upper: &[f32], lower: &[f32]) -> String {
        let margin = upper.len().saturating_sub(WIDTH) / 2;
        let pixels = upper.iter().zip(lower).skip(margin).take(WIDTH);
        if !self.color {
            return pixels.map(|(a, b)| INK[level((a + b) / 2.0, 9)]).collect();
        }
        // The upper half of a character has the colour of text, the lower half
        // that of the background; 232 to 255 are greys.
        let cells = pixels.map(|(a, b)| {
            format!("\x1b[38;5;{};48;5;{}m▀", 232 + level(*a, 23), 232 + level(*b, 23))
        });
        cells.chain(["\x1b[0m".to_string()]).collect()
    }

    fn bar(self, share: f32) -> String {
        if !self.color {
            return format!("{:BAR$}", "#".repeat(level(share, BAR)));
        }
        let eighths = level(share, 8 * BAR);
        format!("{:BAR$}", "█".repeat(eighths / 8) + EIGHTHS[eighths % 8])
    }

    fn paint(self, style: &str, text: &str) -> String {
        if self.color { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_string() }
    }
}

/// Which of the steps 0 to `most` is nearest to a value from 0 to 1.
#[expect(clippy::cast_sign_loss, reason = "clamped")]
fn level(value: f32, most: usize) -> usize {
    (value.clamp(0.0, 1.0) * most as f32).round() as usize
}

/// The width of the terminal, where there is one and `stty` to ask it.
fn columns() -> Option<usize> {
    let stty = Command::new("stty").arg("size").stdin(Stdio::inherit()).output().ok()?;
    let size = String::from_utf8(stty.stdout).ok()?;
    size.split_whitespace().nth(1)?.parse().ok().filter(|&columns| columns > 0)
}
