//! What a network costs, sees and becomes, with figures: the questions of a course on
//! convolutional networks, answered for any network of the zoo.
//!
//! ```sh
//! cargo run --release --features zoo --example explain -- vgg16
//! cargo run --release --features zoo --example explain -- vgg16 --json
//! ```
//!
//! Nothing is downloaded: what is measured is measured with random weights.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod answers;
#[path = "../support/convolutional.rs"]
mod convolutional;
mod network;
mod probe;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};
use typenet::explain::Column;
use typenet::zoo;

use network::Subject;

/// Explains a network of the zoo.
#[derive(Parser)]
struct Arguments {
    /// Its name: `lenet5`, `vgg16`, `resnet18`, `mobilenet_v2`, …
    network: String,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
}

/// One answer: figures under their names, and what a person reads.
struct Answer {
    question: &'static str,
    figures: Value,
    text: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let entry = zoo::find(&arguments.network)?;
    let subject = Subject::new(entry)?;
    let answers = answers::all(&subject)?;
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
        println!("{story}");
        return Ok(());
    }
    println!("{}: {} -> {}\n{}\n\n{summary}", entry.name, entry.input, entry.output, entry.source);
    for (number, answer) in (1..).zip(&answers) {
        println!("{number}. {}", answer.question);
        for line in &answer.text {
            println!("   {line}");
        }
        println!();
    }
    Ok(())
}
