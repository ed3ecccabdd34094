//! What `check_weights!` says when the compiler asks, asked at run time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use typenet::__private::{FileTensor, compare};
use typenet::spec::{Dims, Join, Linear, Node, Op, Spec};

const FC: Spec<'static> = Spec::Op(Op::Linear(Linear { inputs: 3, outputs: 2, bias: true }));
const BLOCK: Spec<'static> = Spec::Chain(&[Node::new("fc", &FC)]);
const ARMS: Spec<'static> =
    Spec::Branch { join: Join::Add, arms: &[Node::new("", &FC), Node::new("right", &BLOCK)] };

/// A network with a part of every kind.
const NET: Spec<'static> = Spec::Net {
    input: Dims::vector(3),
    output: Dims::vector(2),
    nodes: &[
        Node::new("b", &FC),
        Node::new("a", &Spec::Repeat { first: 9, count: 2, body: &BLOCK }),
        Node::new("a1", &ARMS),
        Node::new("c", &FC),
    ],
};

/// Its parameters, and a tensor that is one of them in a file without fault.
const WHOLE: [(&str, &[usize]); 12] = [
    ("a.10.fc.bias", &[2]),
    ("a.10.fc.weight", &[2, 3]),
    ("a.9.fc.bias", &[2]),
    ("a.9.fc.weight", &[2, 3]),
    ("a1.bias", &[2]),
    ("a1.right.fc.bias", &[2]),
    ("a1.right.fc.weight", &[2, 3]),
    ("a1.weight", &[2, 3]),
    ("b.bias", &[2]),
    ("b.weight", &[2, 3]),
    ("c.bias", &[2]),
    ("c.weight", &[2, 3]),
];

/// What is said of a file, and of the first `listed` parameters that it lacks.
fn said<const N: usize>(
    spec: &Spec<'_>,
    mut file: [(&'static str, &'static [usize]); N],
    listed: usize,
) -> Vec<String> {
    file.sort_unstable();
    let file = file.map(|(name, shape)| FileTensor { name, dtype: "F32", fits: true, shape });
    let all = compare(spec, &file, 0);
    let tensors = (0..N).map(|index| message(|| all.tensor(index)));
    let missing = (0..listed).map(|ask| message(|| all.missing(spec, ask, ask + 1 == listed)));
    tensors.chain(missing).flatten().collect()
}

/// The message of an error of const evaluation.
fn message(check: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(check)).err()?;
    Some(panic.downcast_ref::<String>().unwrap().clone())
}

#[test]
fn a_whole_file_has_every_parameter_at_its_path() {
    assert_eq!(said(&NET, WHOLE, 16), [""; 0]);
    assert_eq!(said(&FC, [("bias", &[2]), ("weight", &[2, 3])], 16), [""; 0]);
}

#[test]
fn each_tensor_is_looked_for_by_its_whole_name() {
    for (index, (name, shape)) in WHOLE.into_iter().enumerate() {
        for other in ["", "a", "a.9.fc.weigh", "a.9.fc.weights", "a1.bia", "b.x", "c.weightier"] {
            let mut file = WHOLE;
            file[index].0 = other;
            let shape = if shape.len() == 2 { "2×3" } else { "2" };
            let (layer, _) = name.rsplit_once('.').unwrap();
            let text = [
                format!(
                    "the file has a tensor `{other}` ({shape}), \
                     but the network has no such parameter"
                ),
                format!(
                    "`{layer}` needs `{name}` ({shape}), but the file has no tensor of that name"
                ),
            ];
            assert_eq!(said(&NET, file, 16), text);
        }
    }
}

#[test]
fn a_shape_says_what_is_wrong_with_it() {
    let needs = |found: &str| {
        format!("`the network` needs `weight` to be 2×3, but in the file it is {found}")
    };
    let permuted = |found: &str| needs(found) + ": the same sizes in another order; transpose it";
    let cases: [(&[usize], String); 8] = [
        (&[3, 2], permuted("3×2")),
        (&[2, 2], needs("2×2")),
        (&[3, 3], needs("3×3")),
        (&[2, 4], needs("2×4")),
        (&[2], needs("2")),
        (&[2, 3, 1], needs("2×3×1")),
        (&[3, 2, 1], needs("3×2×1")),
        (&[], needs("scalar")),
    ];
    for (shape, text) in cases {
        assert_eq!(said(&FC, [("bias", &[2]), ("weight", shape)], 16), [text]);
    }
}

#[test]
fn numbers_must_fit() {
    let shape = &[2, 3];
    let file = [FileTensor { name: "weight", dtype: "F64", fits: false, shape }];
    let all = compare(&FC, &file, 0);
    let text = "`the network` needs `weight` as F32, F16 or BF16, but in the file it is F64";
    assert_eq!(message(|| all.tensor(0)).as_deref(), Some(text));
}

#[test]
fn what_is_missing_is_listed_and_then_counted() {
    let lacks = |layer: &str, name: &str, shape: &str| {
        format!("`{layer}` needs `{name}` ({shape}), but the file has no tensor of that name")
    };
    let weight = lacks("the network", "weight", "2×3");
    let bias = lacks("the network", "bias", "2");
    assert_eq!(said(&FC, [], 3), [weight.clone(), bias.clone()]);
    assert_eq!(said(&FC, [], 2), [weight.clone(), bias]);
    assert_eq!(said(&FC, [], 1), [weight + "; 1 more is missing"]);
    let first = [lacks("b", "b.weight", "2×3"), lacks("b", "b.bias", "2")];
    let third = lacks("a.9.fc", "a.9.fc.weight", "2×3") + "; 9 more are missing";
    let [one, two] = first;
    assert_eq!(said(&NET, [], 3), [one, two, third]);
}
