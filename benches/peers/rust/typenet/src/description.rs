//! Networks as the other workers get them: a list of operations, each with a
//! number and the values it reads, and their parameters one after the other.
//!
//! ```text
//! input 1 3 224 224
//! v1 conv v0 3 64 7 2 3 1 0        in out kernel stride padding groups bias
//! v2 bn v1 64 1e-05
//! …
//! v9 add v8 v4
//! output v9
//! ```
//!
//! typenet describes a network as a tree, chains and branches; so the list is
//! walked back from its end, and at an `add` both sides back to where they part.

use protocol::Error;
use typenet::graph::{Graph, GraphNode, NodeKind};
use typenet::spec::{
    Activation, Axis, BatchNorm2d, Conv2d, Dims, Join, Linear, Node, Op, Pool, Spec, Window,
};

/// The network as typenet knows it, and the values of its parameters in its order.
pub fn graph(lines: &[Vec<String>], values: &[f32]) -> Result<(Graph, Vec<Vec<f32>>), Error> {
    let list = List { lines };
    let end = lines.last().and_then(|line| line.get(1)).ok_or("no output")?;
    let graph = Graph::new(&list.path(end, "v0")?, list.input()?)?;
    let mut stored = list.parameters(values)?;
    let params = graph.params().iter().map(|param| {
        // a path of branches, the number of the operation, the kind
        let words: Vec<&str> = param.name.rsplit('.').take(2).collect();
        let [kind, number] = words[..] else { return Err(format!("{}?", param.name).into()) };
        let at = stored.iter().position(|(name, _)| *name == (number, kind));
        Ok(stored.swap_remove(at.ok_or_else(|| format!("{} is missing", param.name))?).1)
    });
    let params = params.collect::<Result<_, Error>>()?;
    Ok((graph, params))
}

/// A network of one layer, called `layer`, so that it reads and writes what its
/// kernel does within a network: a pool in front that changes nothing makes blocks
/// of channels of the input, and the output is turned into planes by a step of its
/// own. The first layer of a network reads planes, so this one does.
pub fn behind_blocks(graph: &Graph) -> Result<Graph, Error> {
    let [GraphNode { kind: NodeKind::Op(op), .. }] = graph.nodes() else {
        return Err("more than a layer".into());
    };
    let window = Window::square(Axis::new(1, 1, 0));
    let same = leak(Spec::Op(Op::MaxPool2d(Pool { window, include_pad: true })));
    let mut nodes = vec![Node::new("front", same), Node::new("layer", leak(Spec::Op(*op)))];
    if matches!(op, Op::Conv2d(conv) if conv.inputs <= 4) {
        nodes.remove(0);
    }
    Ok(Graph::new(&Spec::Chain(&nodes), graph.input())?)
}

struct List<'a> {
    lines: &'a [Vec<String>],
}

impl<'a> List<'a> {
    fn line(&self, value: &str) -> Result<&'a [String], Error> {
        let line = self.lines.iter().find(|line| line[0] == value);
        Ok(line.ok_or_else(|| format!("nothing makes {value}"))?)
    }

    /// The shape of one sample.
    fn input(&self) -> Result<Dims, Error> {
        let numbers = numbers(&self.lines[0][1..])?;
        match numbers[..] {
            [_, c, h, w] => Ok(Dims::image(c, h, w)),
            [_, n] => Ok(Dims::vector(n)),
            _ => Err("an input is an image or a vector".into()),
        }
    }

    /// The chain of operations that makes `value` from `start`.
    fn path(&self, value: &'a str, start: &str) -> Result<Spec<'static>, Error> {
        let (mut parts, mut at) = (vec![], value);
        while at != start {
            let line = self.line(at)?;
            let (spec, before) = if line[1] == "add" {
                let fork = self.fork(&line[2], &line[3])?;
                let arms = [self.path(&line[2], fork)?, self.path(&line[3], fork)?];
                let arms = ["a", "b"].into_iter().zip(arms).map(|(n, arm)| Node::new(n, leak(arm)));
                (Spec::Branch { join: Join::Add, arms: Vec::leak(arms.collect()) }, fork)
            } else {
                (Spec::Op(self.op(line)?), line[2].as_str())
            };
            parts.push(Node::new(String::leak(at.to_string()), leak(spec)));
            at = before;
        }
        parts.reverse();
        Ok(Spec::Chain(Vec::leak(parts)))
    }

    /// What `value` is made from in the end, step by step; an addition counts as one step.
    fn trunk(&self, value: &'a str) -> Result<Vec<&'a str>, Error> {
        let mut all = vec![value];
        while let Some(&at) = all.last().filter(|at| **at != "v0") {
            let line = self.line(at)?;
            let sum = line[1] == "add";
            all.push(if sum { self.fork(&line[2], &line[3])? } else { line[2].as_str() });
        }
        Ok(all)
    }

    /// Where the ways to two values part.
    fn fork(&self, a: &'a str, b: &'a str) -> Result<&'a str, Error> {
        let other = self.trunk(b)?;
        let shared = self.trunk(a)?.into_iter().find(|value| other.contains(value));
        Ok(shared.ok_or("two sides of a sum have nothing in common")?)
    }

    fn op(&self, line: &[String]) -> Result<Op, Error> {
        let window = |k, s, p| Window::square(Axis::new(k, s, p));
        Ok(match (line[1].as_str(), &line[3..]) {
            ("bn", [channels, eps]) => {
                Op::BatchNorm2d(BatchNorm2d { channels: channels.parse()?, eps: eps.parse()? })
            }
            ("relu", _) => Op::Activation(Activation::Relu),
            ("relu6", _) => Op::Activation(Activation::Relu6),
            ("gap", _) => Op::GlobalAvgPool2d,
            // What the mean gives is a vector already.
            ("flatten", _) if self.line(&line[2]).is_ok_and(|from| from[1] == "gap") => {
                Op::Identity
            }
            ("flatten", _) => Op::Flatten,
            (name, words) => match (name, &numbers(words)?[..]) {
                ("conv", &[inputs, outputs, k, s, p, groups, bias]) => {
                    let window = window(k, s, p);
                    Op::Conv2d(Conv2d { inputs, outputs, window, groups, bias: bias == 1 })
                }
                ("maxpool", &[k, s, p]) => {
                    Op::MaxPool2d(Pool { window: window(k, s, p), include_pad: true })
                }
                ("linear", &[inputs, outputs]) => {
                    Op::Linear(Linear { inputs, outputs, bias: true })
                }
                _ => return Err(format!("unknown: {}", line.join(" ")).into()),
            },
        })
    }

    /// Every parameter in the order of the list: the number of its operation,
    /// its kind, its values.
    fn parameters(
        &self,
        values: &[f32],
    ) -> Result<Vec<((&'a str, &'static str), Vec<f32>)>, Error> {
        let (mut all, mut rest) = (vec![], values);
        let mut take = |name: &'a str, kind, count| {
            let (own, behind) = rest.split_at_checked(count).ok_or("too few parameters")?;
            all.push(((name, kind), own.to_vec()));
            rest = behind;
            Ok::<(), Error>(())
        };
        for line in self.lines.iter().filter(|line| line.len() > 3) {
            let name = line[0].as_str();
            match line[1].as_str() {
                "conv" | "linear" => {
                    let sizes = numbers(&line[3..])?;
                    let (weights, bias) = match sizes[..] {
                        [i, o, k, _, _, g, bias] => (i / g * o * k * k, bias * o),
                        [i, o] => (i * o, o),
                        _ => return Err(line.join(" ").into()),
                    };
                    take(name, "weight", weights)?;
                    if bias > 0 {
                        take(name, "bias", bias)?;
                    }
                }
                "bn" => {
                    for kind in ["weight", "bias", "running_mean", "running_var"] {
                        take(name, kind, line[3].parse()?)?;
                    }
                }
                _ => {}
            }
        }
        if rest.is_empty() { Ok(all) } else { Err("too many parameters".into()) }
    }
}

fn numbers(words: &[String]) -> Result<Vec<usize>, Error> {
    Ok(words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?)
}

/// Descriptions are never freed: they live as long as the types they stand for would.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
