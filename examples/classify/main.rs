//! A photo in, names out: any network of the zoo, with weights from a file.
//!
//! ```sh
//! cargo run --release --features zoo,image,pth --example classify -- \
//!     cat.jpg --model efficientnet_lite0 --weights efficientnet-lite0.pth
//! ```
//!
//! Names and probabilities go to stdout, everything else to stderr. It ends with 0,
//! with 1 if a photo or the weights could not be read, with 2 if it was called wrong.

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum, value_parser};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use typenet::AnyModel;
use typenet::blocked::{Options, Plan};
use typenet::image::Photo;
use typenet::zoo::{self, ENTRIES, Entry, UnknownName};

mod report;

use report::{Report, is_classifier, list};

/// Says what photos show.
#[derive(Parser)]
#[command(name = "classify", version, arg_required_else_help = true)]
struct Args {
    /// Photos: PNG or JPEG files
    #[arg(value_name = "PHOTO", required_unless_present = "list")]
    photos: Vec<PathBuf>,

    /// The network; --list shows them all
    #[arg(short, long, value_name = "NAME", required_unless_present = "list", value_parser = classifier)]
    model: Option<&'static Entry>,

    /// Its weights: a safetensors file, or a .pth or .pt file of PyTorch
    #[arg(short, long, value_name = "FILE", required_unless_present = "list")]
    weights: Option<PathBuf>,

    /// How many names for each photo
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u16).range(1..))]
    top: u16,

    /// What runs the network
    #[arg(short, long, value_enum, default_value_t = Engine::Blocked)]
    engine: Engine,

    /// Print a line of JSON for each photo
    #[arg(long)]
    json: bool,

    /// List the networks and end
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Engine {
    /// Plain loops, to compare with
    Naive,
    /// The fast one
    Blocked,
}

/// The network that is called `name`, if it tells classes apart.
fn classifier(name: &str) -> Result<&'static Entry, String> {
    let entry = zoo::find(name).map_err(|error: UnknownName| error.to_string())?;
    if is_classifier(entry) {
        return Ok(entry);
    }
    Err(format!("`{name}` gives {}, not classes", entry.output.text().as_str()))
}

fn main() -> ExitCode {
    let args = Args::parse();
    let out = &mut io::stdout().lock();
    let ended = match (&args.model, &args.weights) {
        (Some(entry), Some(weights)) if !args.list => classify(&args, entry, weights, out),
        _ => list(ENTRIES, args.json, out).map(|()| true).map_err(Into::into),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if is_closed_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the reader of our output has gone, as `head` does.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints what every photo shows; false if one could not be read.
fn classify(
    args: &Args,
    entry: &'static Entry,
    weights: &Path,
    out: &mut impl Write,
) -> Result<bool, Box<dyn Error>> {
    let progress = progress(args.photos.len());
    progress.set_message("weights");
    let model = entry.load(weights)?;
    let network = Network::new(&model, args.engine)?;
    let mut whole = true;
    for path in &args.photos {
        progress.set_message(path.display().to_string());
        match Photo::open(path).and_then(|photo| photo.values(&entry.preprocessing, entry.input)) {
            Ok(input) => {
                let start = Instant::now();
                let scores = network.run(&input)?;
                let report = Report::new(path, entry, start.elapsed(), &scores, args.top.into());
                progress.suspend(|| if args.json { report.json(out) } else { report.text(out) })?;
            }
            Err(error) => {
                whole = false;
                progress.suspend(|| eprintln!("error: {error}"));
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(whole)
}

/// A bar on the terminal, for what takes longer than a second.
fn progress(photos: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(photos as u64), ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    let late = bar.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        if !late.is_finished() {
            late.set_draw_target(ProgressDrawTarget::stderr());
            late.enable_steady_tick(Duration::from_millis(100));
        }
    });
    bar
}

/// A model on one of the engines.
enum Network<'a> {
    Naive(&'a AnyModel),
    Blocked(Box<Plan>),
}

impl<'a> Network<'a> {
    fn new(model: &'a AnyModel, engine: Engine) -> Result<Self, Box<dyn Error>> {
        Ok(match engine {
            Engine::Naive => Self::Naive(model),
            Engine::Blocked => Self::Blocked(Box::new(model.plan(&Options::default())?)),
        })
    }

    fn run(&self, input: &[f32]) -> Result<Vec<f32>, Box<dyn Error>> {
        Ok(match self {
            Self::Naive(model) => model.run(model.graph().input(), input)?,
            Self::Blocked(plan) => plan.run(input),
        })
    }
}
