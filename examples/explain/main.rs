//! What a network costs, sees and becomes, with figures: the questions of a course on
//! convolutional networks, answered for any network of the zoo.
//!
//! ```sh
//! cargo run --release --features zoo --example explain -- vgg16
//! cargo run --release --features zoo --example explain -- vgg16 --json
//! cargo run --release --features zoo --example explain -- vgg16 --measure
//! ```
//!
//! Nothing is downloaded: what is measured is measured with random weights.

mod answers;
#[path = "../support/convolutional.rs"]
mod convolutional;
#[path = "../support/ending.rs"]
mod ending;
mod network;
mod probe;

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};
use typenet::explain::Column;
use typenet::zoo::{self, Entry};

use network::Subject;

/// Explains a network of the zoo.
#[derive(Parser)]
struct Arguments {
    /// Its name: `lenet5`, `vgg16`, `resnet18`, `mobilenet_v2`, …
    #[arg(value_parser = zoo::find)]
    network: &'static Entry,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
    /// Measures too what the larger image saves: takes seconds, and memory for the
    /// weights twice.
    #[arg(long)]
    measure: bool,
}

/// One answer: figures under their names, and what a person reads.
struct Answer {
    question: &'static str,
    figures: Value,
    text: Vec<String>,
}

fn main() -> ExitCode {
    ending::print(story(&Arguments::parse()))
}

fn story(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let entry = arguments.network;
    let answers = answers::all(&Subject::new(entry, arguments.measure)?)?;
    let summary = entry.summary().with(&Column::ALL);
    if arguments.json {
        let list = answers.iter().map(|answer| {
            json!({ "question": answer.question, "figures": answer.figures, "text": answer.text })
        });
        let story = json!({
            "network": entry.name,
            "source": entry.source,
            "summary": serde_json::from_str::<Value>(&summary.to_json())?,
            "answers": list.collect::<Vec<_>>(),
        });
        return Ok(format!("{story}\n"));
    }
    let mut story = format!(
        "{}: {} -> {}\n{}\n\n{summary}\n",
        entry.name, entry.input, entry.output, entry.source
    );
    for (number, answer) in (1..).zip(&answers) {
        writeln!(story, "{number}. {}", answer.question)?;
        for line in &answer.text {
            writeln!(story, "   {line}")?;
        }
        story.push('\n');
    }
    Ok(story)
}
