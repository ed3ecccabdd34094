//! The worker's side of a measurement. An engine is a process of its own; it gets
//! a line for each request and answers each with a line of JSON:
//!
//! ```text
//! → resnet18 0.4 3 3000        name, seconds, fewest and most runs
//! ← {"engine":"tract","model":"resnet18","min_ms":26.1,"clean_n":12,"err":2.1e-6,…}
//! ```
//!
//! `$BENCH_DATA` is the folder of the networks, `$BENCH_THREADS` the number of
//! threads. A probe of the multiply-add rate stands between the runs; one between
//! two probes of at least `$BENCH_PEAK` GFLOP/s had the machine to itself and is
//! "clean". An engine that has had no clean run goes on, for `$BENCH_PATIENCE` times the
//! seconds at most. A network that is asked for twice in a row is loaded once.

mod probe;

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use probe::gflops;

/// The error of a worker: any. It goes into the answer as text.
pub type Error = Box<dyn std::error::Error>;

/// A network, loaded.
pub trait Model {
    /// One inference. It keeps its output, so that no copy of it is timed.
    fn run(&mut self) -> Result<(), Error>;

    /// The output of the last run.
    fn output(&self) -> Result<Vec<f32>, Error>;

    /// The milliseconds of a run, by the clock; a model may leave out what is not its task.
    fn timed(&mut self) -> Result<f64, Error> {
        let start = Instant::now();
        self.run()?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    }
}

/// The files of a network: `NAME.onnx`, `NAME.ir`, ….
#[derive(Clone, Debug)]
pub struct Subject {
    folder: PathBuf,
    /// Its name; `NAME@8` is a batch of eight.
    pub name: String,
}

impl Subject {
    /// Path of the file with this ending.
    pub fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    /// The numbers in a file.
    pub fn numbers(&self, ending: &str) -> Result<Vec<f32>, Error> {
        let path = self.path(ending);
        let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let (values, _) = bytes.as_chunks::<4>();
        Ok(values.iter().map(|&value| f32::from_le_bytes(value)).collect())
    }

    /// The lines of the description, as words.
    pub fn description(&self) -> Result<Vec<Vec<String>>, Error> {
        let text = fs::read_to_string(self.path("ir"))?;
        Ok(text.lines().map(|line| line.split(' ').map(String::from).collect()).collect())
    }

    /// The shape of the input, batch first.
    pub fn shape(&self) -> Result<Vec<usize>, Error> {
        let lines = self.description()?;
        let sizes = lines.first().ok_or("the description is empty")?.iter().skip(1);
        Ok(sizes.map(|size| size.parse()).collect::<Result<_, _>>()?)
    }
}

/// How many threads the engine may use.
pub fn threads() -> usize {
    setting("BENCH_THREADS", 1)
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// A loaded network and what loading it showed.
struct Loaded<M> {
    name: String,
    model: M,
    load_ms: f64,
    first_ms: f64,
    err: f32,
}

/// Answers requests until standard input ends.
pub fn serve<M: Model>(
    engine: &str,
    load: impl Fn(&Subject, Vec<f32>) -> Result<M, Error>,
) -> Result<(), Error> {
    let folder = PathBuf::from(setting("BENCH_DATA", String::from("data")));
    let mut loaded: Option<Loaded<M>> = None;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, seconds, fewest, most] = words[..] else {
            return Err("a request is NAME SECONDS FEWEST_RUNS MOST_RUNS".into());
        };
        let (seconds, runs) = (seconds.parse()?, (fewest.parse()?, most.parse()?));
        let known = loaded.take().filter(|loaded| loaded.name == name);
        let subject = Subject { folder: folder.clone(), name: name.into() };
        let ready = known.map_or_else(|| prepare(&subject, &load), Ok);
        let answer = ready.and_then(|mut ready| {
            let fields = measure(&mut ready, Duration::try_from_secs_f64(seconds)?, runs)?;
            loaded = Some(ready);
            Ok(fields)
        });
        let fields = answer.unwrap_or_else(|error| format!("\"error\":{:?}", error.to_string()));
        let threads = threads();
        println!("{{\"engine\":\"{engine}\",\"model\":\"{name}\",\"threads\":{threads},{fields}}}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// Loads a network, runs it once and compares with PyTorch's output.
fn prepare<M: Model>(
    subject: &Subject,
    load: impl Fn(&Subject, Vec<f32>) -> Result<M, Error>,
) -> Result<Loaded<M>, Error> {
    let input = subject.numbers("in")?;
    let start = Instant::now();
    let mut model = load(subject, input)?;
    let load_ms = start.elapsed().as_secs_f64() * 1e3;
    let start = Instant::now();
    model.run()?;
    let first_ms = start.elapsed().as_secs_f64() * 1e3;
    let (output, expected) = (model.output()?, subject.numbers("ref")?);
    if output.len() != expected.len() {
        return Err(format!("{} outputs instead of {}", output.len(), expected.len()).into());
    }
    let largest = expected.iter().fold(f32::MIN_POSITIVE, |a, b| a.max(b.abs()));
    let differ = output.iter().zip(&expected).map(|(a, b)| (a - b).abs());
    // A NaN must not pass as the smallest of differences.
    let err = differ.fold(0.0, |a: f32, b| if b <= a { a } else { b }) / largest;
    Ok(Loaded { name: subject.name.clone(), model, load_ms, first_ms, err })
}

/// Warms up, runs and probes in turn; the fields of the answer.
fn measure<M: Model>(
    ready: &mut Loaded<M>,
    time: Duration,
    (fewest, most): (usize, usize),
) -> Result<String, Error> {
    let (threads, least_probe) = (threads(), setting("BENCH_PEAK", 0.0));
    let start = Instant::now();
    while start.elapsed() < time / 4 {
        ready.model.run()?;
    }
    let (mut all, mut clean, mut best) = (vec![], vec![], 0.0_f64);
    let mut before = gflops(threads);
    let start = Instant::now();
    let waits = time.mul_f64(setting("BENCH_PATIENCE", 1.0));
    let goes_on = |runs: usize, clean: bool| {
        let time = if clean { time } else { time.max(waits) };
        (runs < fewest || start.elapsed() < time) && runs < most
    };
    while goes_on(all.len(), !clean.is_empty()) {
        let (first, group) = (all.len(), Instant::now());
        // Several short runs between two probes; two at least, the first wakes the threads.
        while all.len() < first + 2 || group.elapsed() < Duration::from_millis(2) {
            all.push(ready.model.timed()?);
        }
        let after = gflops(threads);
        if before.min(after) >= least_probe {
            clean.extend_from_slice(&all[first..]);
        }
        best = best.max(after);
        before = after;
    }
    let (runs, clean_runs) = (all.len(), clean.len());
    let (least, median) = order(&mut all);
    let (clean_least, clean_median) = order(&mut clean);
    let Loaded { load_ms, first_ms, err, .. } = ready;
    Ok(format!(
        "\"load_ms\":{load_ms:.2},\"first_ms\":{first_ms:.4},\"n\":{runs},\
         \"median_ms\":{median:.5},\"min_ms\":{least:.5},\"clean_n\":{clean_runs},\
         \"clean_ms\":{clean_median:.5},\"clean_min_ms\":{clean_least:.5},\
         \"probe\":{best:.1},\"err\":{err:.1e},\"rss_mb\":{:.1}",
        peak_memory_mb()
    ))
}

/// The least and the median; −1 where there is none.
fn order(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |n: usize| values.get(n).copied().unwrap_or(-1.0);
    (at(0), at(values.len() / 2))
}

/// The most memory that the process has had, where the system says.
fn peak_memory_mb() -> f64 {
    let status = fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(-1024.0) / 1024.0
}
