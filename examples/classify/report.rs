//! What is printed: bars for people, JSON for programs.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use typenet::spec::{Dims, Extent};
use typenet::zoo::Entry;

/// Columns of a bar that stands for 100 %.
const BAR: f64 = 24.0;
/// The end of a bar, in eighths of a character.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// What a network says about one photo.
pub(crate) struct Report<'a> {
    photo: &'a Path,
    entry: &'static Entry,
    ms: f64,
    /// Classes and their probabilities, the likeliest first.
    top: Vec<(usize, f64)>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        photo: &'a Path,
        entry: &'static Entry,
        time: Duration,
        scores: &[f32],
        top: usize,
    ) -> Self {
        let mut classes: Vec<(usize, f64)> = softmax(scores).into_iter().enumerate().collect();
        classes.sort_by(|a, b| b.1.total_cmp(&a.1));
        classes.truncate(top);
        Self { photo, entry, ms: time.as_secs_f64() * 1000.0, top: classes }
    }

    /// The first of a class's names: the others are synonyms.
    fn name(&self, class: usize) -> &'static str {
        let names = self.entry.classes.name(class).unwrap_or("");
        names.split(',').next().unwrap_or_default()
    }

    pub(crate) fn text(&self, out: &mut impl Write) -> io::Result<()> {
        // Somebody else may have named the file: no control sequences to the terminal.
        let photo = self.photo.to_string_lossy().replace(char::is_control, "\u{fffd}");
        let model = self.entry.name;
        writeln!(out, "{photo}: {model}, {:.1} ms", self.ms)?;
        for &(class, probability) in &self.top {
            let (percent, bar) = (100.0 * probability, bar(probability));
            writeln!(out, "{percent:6.1} % {bar:24} {}", self.name(class))?;
        }
        Ok(())
    }

    /// One object on one line; `json!` would sort its fields.
    pub(crate) fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let (photo, model) = (json!(self.photo.to_string_lossy()), json!(self.entry.name));
        write!(out, r#"{{"photo": {photo}, "model": {model}, "ms": {:.3}, "top": ["#, self.ms)?;
        for (place, &(class, probability)) in self.top.iter().enumerate() {
            let (comma, name) = (if place == 0 { "" } else { ", " }, json!(self.name(class)));
            write!(
                out,
                r#"{comma}{{"class": {class}, "name": {name}, "probability": {probability:.6}}}"#
            )?;
        }
        writeln!(out, "]}}")
    }
}

#[expect(clippy::cast_sign_loss, reason = "a probability is not negative")]
fn bar(part: f64) -> String {
    let eighths = (part * BAR * 8.0).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// exp(x) / Σ exp(x): scores as probabilities.
fn softmax(scores: &[f32]) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f64> = scores.iter().map(|&x| f64::from(x - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Whether a network gives one score for each class.
pub(crate) fn is_classifier(entry: &Entry) -> bool {
    matches!(entry.output, Dims::Vector(Extent::Fixed(_)))
}

/// A line for each network that tells classes apart.
pub(crate) fn list(entries: &[Entry], json: bool, out: &mut impl Write) -> io::Result<()> {
    for entry in entries.iter().filter(|entry| is_classifier(entry)) {
        let (input, output) = (entry.input.text(), entry.output.text());
        let (name, input, classes) = (entry.name, input.as_str(), output.as_str());
        let (params, macs, source) = (entry.params, entry.macs, entry.source);
        if json {
            let line = json!({
                "model": name, "input": input, "parameters": params, "multiply_adds": macs,
                "source": source,
            });
            writeln!(out, "{line}")?;
        } else {
            let (params, macs) = (params as f64 / 1e6, macs as f64 / 1e6);
            writeln!(
                out,
                "{name:20} {input:>10} → {classes:13} {params:7.2} M weights {macs:9.1} M multiply-adds  {source}"
            )?;
        }
    }
    Ok(())
}
