//! Layers of few outputs, whose tiles are half blocks of outputs under two channels each.

use super::*;

/// The case on every set; with 32 registers in half blocks.
fn check(name: &str, spec: Spec<'static>, input: Dims) {
    let case = Case::integers(name, &behind(spec), input, 8);
    for isa in Isa::available().filter(|isa| [Isa::Avx512, Isa::Neon].contains(isa)) {
        let options = Options { isa: Some(isa), winograd: false, ..Options::default() };
        let plan = case.plan(&options).to_string();
        assert_eq!(plan.contains("halves"), few(isa, spec), "{name} on {isa}\n{plan}");
    }
    case.check_exact(None);
}

/// Whether a convolution has at most three half blocks of outputs.
fn few(isa: Isa, spec: Spec<'static>) -> bool {
    let Spec::Op(Op::Conv2d(conv)) = spec else { return false };
    let lanes = if isa == Isa::Avx512 { 16 } else { 4 };
    conv.outputs <= lanes * 3 / 2 && conv.inputs.is_multiple_of(2) && conv.window.w.stride == 1
}

#[test]
fn outputs_around_half_blocks() {
    for inputs in [2, 5, 6, 16, 18, 34, 48] {
        for outputs in [1, 2, 3, 6, 7, 8, 9, 15, 16, 17, 20, 24, 25] {
            let name = format!("{inputs} to {outputs}");
            for (k, p) in [(1, 0), (3, 1)] {
                check(&name, conv(inputs, outputs, k, 1, p), Dims::image(inputs, 3, 15));
            }
        }
    }
}

#[test]
fn half_blocks_of_every_width() {
    for w in 1..=44 {
        for outputs in [3, 13, 24] {
            let name = format!("width {w}, {outputs} outputs");
            check(&name, conv(20, outputs, 3, 1, 1), Dims::image(20, 2, w));
        }
    }
}

#[test]
fn half_blocks_of_every_window() {
    let across = [axis(3, 1, (2, 2), 2), axis(2, 1, (0, 1), 1), axis(3, 2, (1, 1), 1)];
    let down = [axis(3, 2, (1, 1), 1), axis(2, 1, (0, 2), 3), axis(1, 3, (0, 0), 1)];
    for w in across {
        for h in down {
            for outputs in [2, 16, 21] {
                check("window", odd(18, outputs, 1, h, w), Dims::image(18, 9, 17));
            }
        }
    }
}

#[test]
fn minus_zero_comes_out_of_half_blocks() {
    for (outputs, bias) in [(16, -0.0_f32), (24, -0.0), (24, 0.0)] {
        let mut case =
            Case::integers("−0", &behind(conv(4, outputs, 1, 1, 0)), Dims::image(4, 2, 16), 8);
        case.input.fill(1.0);
        case.params = vec![vec![-0.0; 4 * outputs], vec![bias; outputs]];
        for isa in Isa::available() {
            let got = case.plan(&Options { isa: Some(isa), ..Options::default() }).run(&case.input);
            assert!(got.iter().all(|y| y.to_bits() == bias.to_bits()), "{bias} on {isa}: {got:?}");
        }
    }
}

/// An addend and a bound behind them, in chunks if they could be.
#[test]
fn residuals_of_few_channels() {
    for (channels, h, w) in [(16, 3, 15), (24, 30, 30), (24, 7, 7), (512, 5, 6)] {
        let few = channels.min(24);
        let inner = chain(vec![
            ("a", conv(few, channels, 3, 1, 1)),
            ("relu", relu()),
            ("b", conv(channels, few, 3, 1, 1)),
        ]);
        let sum = branch(Join::Add, vec![inner, chain(vec![])]);
        let spec = chain(vec![("pool", max_pool(1, 1, 0)), ("sum", sum), ("relu", relu())]);
        Case::integers("residual", &spec, Dims::image(few, h, w), 3).check_exact(None);
    }
}
