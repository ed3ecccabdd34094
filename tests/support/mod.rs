//! What the tests of all engines share: a table of cases, numbers to run them
//! on, an oracle, and [`check`], which takes an engine through all of it.

// Each test target compiles this module and uses a part of it.
#![allow(dead_code, unreachable_pub, unused_imports)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

pub mod cases;
pub mod data;
pub mod oracle;

use std::collections::BTreeMap;

use typenet::element::Element;
use typenet::graph::{Graph, GraphParam};

pub use cases::Case;
use data::{Data, Random};
use oracle::{Exactness, Tensor};

/// Rounding errors that a sum may be off by, as a multiple of half an ulp of
/// the magnitudes in it: four times the worst of 2,000 random sums (N2).
const SLACK: f64 = 16.0;

/// How many values were compared.
#[derive(Clone, Copy, Default, Debug)]
pub struct Tally {
    /// Cases that ran.
    pub ran: usize,
    /// Cases that this engine does not have.
    pub skipped: usize,
    outputs: usize,
    zeros: usize,
}

/// Runs an engine through the whole table, on whole numbers and on real ones.
///
/// `run` gets the case, its input and its parameters in the order of
/// [`Graph::params`]; `None` says that this engine (or this machine) does not
/// have it. On whole numbers every output has to be right to the bit, on real
/// ones within 16·u·(S + |b|), where u is half an ulp of 1.
///
/// # Panics
///
/// At the first wrong value; if no case ran; if more than 70 % of the outputs
/// of a kind of operator are zero, so that they would say nothing.
pub fn check<T: Element>(
    engine: &str,
    run: impl Fn(&Case, &[T], &[&[T]]) -> Option<Vec<T>>,
) -> Tally {
    let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
    for case in cases::table() {
        for data in [Data::Integer, Data::Real] {
            let sample = Sample::random(&case, data);
            let tally = kinds.entry(case.kind()).or_default();
            sample.compare(engine, &case, data == Data::Integer, tally, &run);
        }
    }
    sum_up(engine, &kinds)
}

/// Runs an engine on values that are not numbers, and on the largest and
/// smallest ones, at each position of small inputs and weights (N7).
///
/// # Panics
///
/// At the first output of another class than the oracle's; if no case ran.
pub fn check_special<T: Element>(
    engine: &str,
    run: impl Fn(&Case, &[T], &[&[T]]) -> Option<Vec<T>>,
) -> Tally {
    let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
    for case in cases::special_table() {
        let tally = kinds.entry(case.kind()).or_default();
        for sample in Sample::special::<T>(&case) {
            sample.compare(engine, &case, false, tally, &run);
        }
    }
    let ran = kinds.values().map(|tally| tally.ran).sum();
    let skipped = kinds.values().map(|tally| tally.skipped).sum();
    println!("{engine}: {ran} runs on special values, {skipped} skipped");
    assert!(ran > 0, "{engine}: no case ran");
    Tally { ran, skipped, ..Tally::default() }
}

fn sum_up(engine: &str, kinds: &BTreeMap<&str, Tally>) -> Tally {
    let mut all = Tally::default();
    for (kind, tally) in kinds {
        let Tally { ran, skipped, outputs, zeros } = tally;
        println!("{engine}: {kind}: {ran} ran, {skipped} skipped, {outputs} values");
        assert!(zeros * 10 <= outputs * 7, "{engine}: {kind}: {zeros} of {outputs} are zero");
        all.ran += ran;
        all.skipped += skipped;
    }
    assert!(all.ran > 0, "{engine}: no case ran");
    all
}

/// The numbers that a case is run on.
struct Sample {
    input: Vec<f64>,
    params: Vec<Vec<f64>>,
}

impl Sample {
    fn random(case: &Case, data: Data) -> Self {
        Self::of(&case.graph(), data, &mut Random::named(&case.name))
    }

    fn of(graph: &Graph, data: Data, random: &mut Random) -> Self {
        let input = random.values(data, graph.input().elements().unwrap());
        let values = |param: &GraphParam| {
            let mut values = random.values(data, param.len());
            // No training measures a negative variance.
            if param.name.ends_with("running_var") {
                for x in &mut values {
                    *x = x.abs() + 0.5;
                }
            }
            values
        };
        let params = graph.params().iter().map(values).collect();
        Self { input, params }
    }

    /// Whole numbers with one special value at each position, with two at
    /// random positions, and inputs that hold nothing else.
    fn special<T: Element>(case: &Case) -> Vec<Self> {
        let graph = case.graph();
        let mut random = Random::named(&case.name);
        let plain = |random: &mut Random| Self::of(&graph, Data::Integer, random);
        let len = graph.input().elements().unwrap();
        let mut samples = vec![];
        for value in special_values::<T>() {
            for at in 0..len {
                let mut sample = plain(&mut random);
                sample.input[at] = value;
                samples.push(sample);
            }
            for param in 0..graph.params().len() {
                let len = graph.params()[param].len();
                for at in random.positions(len) {
                    let mut sample = plain(&mut random);
                    sample.params[param][at] = value;
                    samples.push(sample);
                }
            }
        }
        // Several of the largest would overflow on the way or not, by the order
        // in which they are added up.
        for value in special_values::<T>().into_iter().filter(|x| x.abs() != largest::<T>()) {
            for pair in 0..len {
                let mut sample = plain(&mut random);
                sample.input[pair] = value;
                sample.input[random.below(len)] = special_values::<T>()[random.below(5)];
                samples.push(sample);
            }
            samples.push(Self { input: vec![value; len], ..plain(&mut random) });
        }
        samples
    }

    fn compare<T: Element>(
        &self,
        engine: &str,
        case: &Case,
        exact: bool,
        tally: &mut Tally,
        run: impl Fn(&Case, &[T], &[&[T]]) -> Option<Vec<T>>,
    ) {
        let narrow = |values: &[f64]| values.iter().map(|&x| T::from_double(x)).collect();
        let input: Vec<T> = narrow(&self.input);
        let params: Vec<Vec<T>> = self.params.iter().map(|values| narrow(values)).collect();
        let params: Vec<&[T]> = params.iter().map(Vec::as_slice).collect();
        let Some(output) = run(case, &input, &params) else {
            tally.skipped += 1;
            return;
        };
        let whole = Tensor::input(case.input, &self.input);
        let wanted = oracle::evaluate(&case.spec, &whole, &mut self.params.iter());
        assert_eq!(output.len(), wanted.values.len(), "{engine}: {}: length", case.name);
        for (at, &got) in output.iter().enumerate() {
            let (value, scale) = (wanted.values[at], wanted.scale[at]);
            assert!(
                fits(got, value, scale, wanted.exactness, exact),
                "{engine}: {}: output {at} is {got:?}, not {value:?} (scale {scale}), of {:?}",
                case.name,
                self.input
            );
        }
        tally.ran += 1;
        tally.outputs += output.len();
        tally.zeros += output.iter().filter(|value| value.is_zero()).count();
    }
}

/// NaN, ±∞, ±0, then the smallest and the largest numbers.
pub fn special_values<T: Element>() -> [f64; 9] {
    let (infinity, small, large) = (f64::INFINITY, smallest::<T>(), largest::<T>());
    [f64::NAN, infinity, -infinity, 0.0, -0.0, small, -small, large, -large]
}

fn largest<T: Element>() -> f64 {
    T::max_value().to_double()
}

fn smallest<T: Element>() -> f64 {
    (T::min_positive_value() * T::epsilon()).to_double()
}

/// Whether an output is as near to the oracle's as it has to be.
fn fits<T: Element>(got: T, value: f64, scale: f64, exactness: Exactness, exact: bool) -> bool {
    let nearest = T::from_double(value);
    if nearest.is_nan() {
        return got.is_nan();
    }
    if exactness == Exactness::Moved {
        return got.to_double().to_bits() == nearest.to_double().to_bits();
    }
    // Which zero a sum gives depends on where it starts: both are right.
    if nearest.is_infinite() || (exact && exactness < Exactness::Rounded) {
        return got == nearest;
    }
    // Below the smallest normal number an error is absolute.
    let unit = T::epsilon().to_double() / 2.0;
    (got.to_double() - value).abs() <= SLACK * (unit * scale + smallest::<T>())
}
