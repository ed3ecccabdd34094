//! Where in a photo a network sees a class: a heat map over the photo, as PNG.
//!
//! ```sh
//! cargo run --release --features zoo,image --example class_map -- cat.png \
//!     --model efficientnet_lite0 --weights efficientnet-lite0.safetensors \
//!     --class "tiger cat" --class tabby --class "Egyptian cat"
//! ```
//!
//! A network that was made for one size of image is turned into one of convolutions
//! alone, with the same weights; on a larger image it gives a map of scores, a cell
//! for each position at which it could have been put.

#[path = "../support/convolutional.rs"]
mod convolutional;
#[path = "../support/ending.rs"]
mod ending;
mod picture;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, value_parser};
use typenet::blocked::Options;
use typenet::explain::receptive_field::{self, Field};
use typenet::image::Photo;
use typenet::preprocessing::Filter;
use typenet::spec::{Dims, Extent};
use typenet::zoo::{self, Entry};

use picture::{Heat, Legend};

/// Draws where in a photo a network sees a class.
#[derive(Parser)]
struct Arguments {
    /// A PNG or JPEG file.
    photo: PathBuf,
    /// The network: `efficientnet_lite0`, `vgg16`, …
    #[arg(long, value_parser = zoo::find)]
    model: &'static Entry,
    /// Its weights.
    #[arg(long)]
    weights: PathBuf,
    /// What to look for: a number or a name; of several the sum is drawn.
    #[arg(long = "class", required = true)]
    classes: Vec<String>,
    /// Pixels of the photo's shorter side when the network sees it.
    #[arg(long, default_value_t = 448, value_parser = value_parser!(u16).range(1..=4096))]
    side: u16,
    /// Where to write the picture.
    #[arg(long, default_value = "class_map.png")]
    output: PathBuf,
}

type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    ending::print(run(&Arguments::parse()))
}

/// Writes the picture; what it shows in words.
fn run(arguments: &Arguments) -> Result<String, Failure> {
    let entry = arguments.model;
    let classes = classes(entry, &arguments.classes)?;
    let photo = Photo::open(&arguments.photo)?;
    let shorter = photo.width().min(photo.height());
    let scaled = |n: usize| (n * usize::from(arguments.side)).div_ceil(shorter);
    let (width, height) = (scaled(photo.width()), scaled(photo.height()));
    let photo = photo.resize(width, height, Filter::Bicubic)?;

    let model = entry.load(&arguments.weights)?;
    let dims = Dims::image(3, height, width);
    let network = convolutional::model(entry, &model, dims)?;
    let scores =
        network.plan(&Options::default())?.run(&entry.preprocessing.interleaved(photo.pixels()));

    let Dims::Image { c, h: Extent::Fixed(rows), w: Extent::Fixed(columns) } =
        network.graph().output_dims()
    else {
        return Err(format!("`{}` gives no map of classes", entry.name).into());
    };
    let sure = softmax(&scores, c);
    let cells = rows * columns;
    let sum = |cell: usize| classes.iter().map(|&class| sure[class * cells + cell]).sum();
    let fields = receptive_field::table(network.graph());
    let field = fields.last().ok_or("the network has no layers")?;
    let heat = Heat {
        rows,
        columns,
        values: (0..cells).map(sum).collect(),
        first: (middle(&field.h), middle(&field.w)),
        step: (step(&field.h), step(&field.w)),
    };

    let name = |class: usize| entry.classes.name(class).unwrap_or("?").to_string();
    let mut lines: Vec<String> = classes.iter().map(|&class| short(&name(class))).collect();
    lines.push(format!("map {rows} x {columns} on {height} x {width}"));
    let picture = picture::draw(&photo, &heat, &Legend { title: entry.name, lines: &lines });
    picture.save(&arguments.output)?;
    let output = arguments.output.display();
    Ok(format!("{}wrote {output}\n", report(entry, &heat, &sure)))
}

/// The first of the names that a class has.
fn short(name: &str) -> String {
    name.split(',').next().unwrap_or(name).to_string()
}

/// The middle of what the first cell sees, of which some may be padding.
fn middle(field: &Field) -> f64 {
    field.start as f64 + (field.size as f64 - 1.0) / 2.0
}

fn step(field: &Field) -> f64 {
    (field.stride.pixels as f64 / field.stride.cells as f64).max(1.0)
}

/// The numbers of the classes that are asked for.
fn classes(entry: &Entry, asked: &[String]) -> Result<Vec<usize>, Failure> {
    let count = entry.classes.iter().count();
    let find = |asked: &String| -> Result<usize, Failure> {
        if let Ok(number) = asked.parse::<usize>() {
            return if number < count {
                Ok(number)
            } else {
                Err(format!("class {number}: `{}` has {count} classes", entry.name).into())
            };
        }
        let names = |all: &str| all.split(',').any(|name| name.trim().eq_ignore_ascii_case(asked));
        let found = entry.classes.iter().position(names);
        found.ok_or_else(|| format!("`{}` has no class `{asked}`", entry.name).into())
    };
    asked.iter().map(find).collect()
}

/// exp(x) / Σ exp(x) over the channels of each cell.
fn softmax(scores: &[f32], channels: usize) -> Vec<f32> {
    let cells = scores.len() / channels;
    let mut sure = scores.to_vec();
    for cell in 0..cells {
        let own = || (0..channels).map(|c| scores[c * cells + cell]);
        let most = own().fold(f32::MIN, f32::max);
        let sum: f32 = own().map(|x| (x - most).exp()).sum();
        for (c, score) in own().enumerate() {
            sure[c * cells + cell] = (score - most).exp() / sum;
        }
    }
    sure
}

/// The surest cell, and what it takes its part of the photo for.
fn report(entry: &Entry, heat: &Heat, sure: &[f32]) -> String {
    let cells = heat.values.len();
    let surest = (0..cells).max_by(|&a, &b| heat.values[a].total_cmp(&heat.values[b]));
    let Some(cell) = surest else { return String::new() };
    let (row, column) = (cell / heat.columns, cell % heat.columns);
    let mut best: Vec<(usize, f32)> =
        sure.iter().skip(cell).step_by(cells).copied().enumerate().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    let names = best.into_iter().take(5).map(|(class, sure)| {
        format!("{:5.1} %  {}\n", 100.0 * sure, entry.classes.name(class).unwrap_or("?"))
    });
    let (rows, columns) = (heat.rows, heat.columns);
    format!("{rows} x {columns} cells; the surest is row {row}, column {column}:\n")
        + &names.collect::<String>()
}
