//! What each layer and each join makes of a shape, and which rule it breaks: one row a
//! rule, at its last number that holds and its first that doesn't.
//!
//! (That a window's size is right is for `tests/naive.rs` to show, and what is said of
//! a broken rule for `ui-tests/`.)

use typenet::spec::{
    Activation, Axis, BatchNorm1d, BatchNorm2d, Call, Conv2d, ConvTranspose2d, CustomKernel,
    CustomOp, Dims, Extent, Fault, Join, Linear, LocalResponseNorm, LpPool, Misfit, Op, Pad2d,
    Padding, ParamDims, Pool, Range, Resize, ShapeRule, Spread, Upsample, Window, Zero, join_dims,
    joined_length,
};

/// A layer, what arrives, what goes out, and the rule that is broken.
type Row = (Op, Dims, Dims, Option<Fault>);

const MAX: usize = usize::MAX;
/// The most `f64` values that memory may hold.
const MOST: usize = isize::MAX as usize / 8;

const UNKNOWN: Extent = Extent::Unknown;
const DYN: Extent = Extent::Dyn;
const VECTOR: Dims = Dims::vector(7);
const NEEDS_IMAGE: Option<Fault> = Some(Fault::NeedsImage { got: VECTOR });
const TOO_LONG: Option<Fault> = Some(Fault::TooLong { dims: Dims::Unknown });

/// Rows that hold for types (`strict`) and at run time alike.
fn check(rows: &[Row]) {
    check_when(true, rows);
    check_when(false, rows);
}

fn check_when(strict: bool, rows: &[Row]) {
    for (row, (op, input, output, fault)) in rows.iter().enumerate() {
        let got = op.apply(*input, strict);
        assert_eq!(got, (*output, *fault), "row {row}, strict {strict}: {op:?} on {input}");
    }
}

fn image(c: usize, h: usize, w: usize) -> Dims {
    Dims::image(c, h, w)
}

/// An image of which the size isn't known.
fn open(c: usize, h: Extent, w: Extent) -> Dims {
    Dims::Image { c, h, w }
}

fn fixed(n: usize) -> Extent {
    Extent::Fixed(n)
}

#[allow(clippy::unnecessary_wraps, reason = "a row takes what may be none")]
fn zero(zero: Zero) -> Option<Fault> {
    Some(Fault::Zero(zero))
}

fn square(kernel: usize, stride: usize, padding: usize) -> Window {
    Window::square(Axis::new(kernel, stride, padding))
}

#[test]
fn convolutions() {
    let conv = Conv2d { inputs: 3, outputs: 8, window: square(3, 1, 0), groups: 1, bias: true };
    let of = |inputs, outputs, groups| Op::Conv2d(Conv2d { inputs, outputs, groups, ..conv });
    let (op, behind) = (Op::Conv2d(conv), image(8, 8, 10));
    let input = image(3, 10, 12);
    let ceil = |h, w| {
        let axis = |ceil| Axis { ceil, ..Axis::new(3, 1, 0) };
        Op::Conv2d(Conv2d { window: Window { h: axis(h), w: axis(w) }, ..conv })
    };
    let groups = |groups, channels, inputs| Some(Fault::Groups { groups, channels, inputs });
    let large =
        |vertical, size| Some(Fault::KernelTooLarge { vertical, size, span: 3, padded: size });
    let channels = Some(Fault::Channels { expected: 3, got: 4 });
    check(&[
        (op, input, behind, None),
        (op, open(3, DYN, fixed(12)), open(8, DYN, fixed(10)), None),
        (op, open(3, fixed(10), DYN), open(8, fixed(8), DYN), None),
        (op, Dims::Unknown, open(8, UNKNOWN, UNKNOWN), None),
        (op, VECTOR, open(8, UNKNOWN, UNKNOWN), NEEDS_IMAGE),
        (op, image(3, 3, 3), image(8, 1, 1), None),
        (op, image(3, 2, 12), open(8, UNKNOWN, fixed(10)), large(true, 2)),
        (op, image(3, 10, 1), open(8, fixed(8), UNKNOWN), large(false, 1)),
        // Of several rules the first, the rows' before the columns'.
        (op, image(3, 2, 1), open(8, UNKNOWN, UNKNOWN), large(true, 2)),
        (op, image(4, 2, 1), open(8, UNKNOWN, UNKNOWN), channels),
        (op, image(4, 10, 12), behind, channels),
        (of(0, 8, 1), input, behind, zero(Zero::Inputs)),
        (of(3, 0, 1), input, image(0, 8, 10), zero(Zero::Outputs)),
        (ceil(true, false), input, behind, Some(Fault::Ceil)),
        (ceil(false, true), input, behind, Some(Fault::Ceil)),
        (of(3, 8, 0), input, behind, zero(Zero::Groups)),
        (of(3, 8, 2), input, behind, groups(2, 3, true)),
        (of(3, 8, 3), input, behind, groups(3, 8, false)),
        (of(3, 9, 3), input, image(9, 8, 10), None),
    ]);
}

#[test]
fn pools() {
    let axis = |kernel, before, after, dilation| Axis {
        padding: Padding::Explicit { before, after },
        dilation,
        ..Axis::new(kernel, 1, 0)
    };
    let max = |h, w| Op::MaxPool2d(Pool { window: Window { h, w }, include_pad: false });
    let tall = |h| max(h, axis(1, 0, 0, 1));
    let wide =
        |w| Op::AvgPool2d(Pool { window: Window { h: axis(1, 0, 0, 1), w }, include_pad: true });
    let padding = |padding, span, limit| Some(Fault::PoolPadding { padding, span, limit });
    let input = image(3, 10, 12);
    let same = Axis { padding: Padding::Same, ..Axis::new(3, 1, 0) };
    let large = Some(Fault::KernelTooLarge { vertical: true, size: 10, span: 11, padded: 10 });
    let both = [
        (tall(axis(3, 0, 0, 1)), input, image(3, 8, 12), None),
        (tall(axis(3, 0, 0, 1)), Dims::Unknown, Dims::Unknown, None),
        (tall(axis(3, 0, 0, 1)), VECTOR, Dims::Unknown, NEEDS_IMAGE),
        (tall(axis(3, 1, 1, 1)), input, image(3, 10, 12), None),
        (tall(same), input, input, None),
        (tall(axis(11, 0, 0, 1)), input, open(3, UNKNOWN, fixed(12)), large),
        (tall(axis(0, 0, 0, 1)), input, open(3, UNKNOWN, fixed(12)), zero(Zero::Kernel)),
        (wide(axis(4, 2, 0, 1)), input, image(3, 10, 11), None),
        (wide(axis(3, 0, 2, 2)), input, image(3, 10, 10), None),
    ];
    check(&both);
    // The types ask for half a window at most …
    check_when(
        true,
        &[
            (tall(axis(3, 2, 0, 1)), input, image(3, 10, 12), padding(2, 3, 1)),
            (tall(axis(3, 0, 2, 1)), input, image(3, 10, 12), padding(2, 3, 1)),
            (wide(axis(3, 2, 1, 1)), input, image(3, 10, 13), padding(2, 3, 1)),
            (wide(axis(4, 0, 3, 1)), input, image(3, 10, 12), padding(3, 4, 2)),
            (tall(axis(3, 2, 0, 1)), Dims::Unknown, Dims::Unknown, padding(2, 3, 1)),
        ],
    );
    // … and anyone for less than all of it.
    check_when(
        false,
        &[
            (tall(axis(3, 2, 2, 1)), input, image(3, 12, 12), None),
            (tall(axis(3, 3, 0, 1)), input, image(3, 11, 12), padding(3, 3, 2)),
            (wide(axis(3, 0, 4, 2)), input, image(3, 10, 12), None),
            (wide(axis(3, 0, 5, 2)), input, image(3, 10, 13), padding(5, 5, 4)),
        ],
    );
    let lp = |padding, norm| Op::LpPool2d(LpPool { window: square(3, 1, padding), norm });
    check(&[
        (lp(0, 2), input, image(3, 8, 10), None),
        (lp(0, 0), input, image(3, 8, 10), zero(Zero::Exponent)),
        (lp(3, 0), VECTOR, Dims::Unknown, NEEDS_IMAGE),
    ]);
    check_when(true, &[(lp(2, 2), input, image(3, 12, 14), padding(2, 3, 1))]);
    check_when(false, &[(lp(2, 2), input, image(3, 12, 14), None)]);
    for op in [Op::GlobalAvgPool2d, Op::GlobalMaxPool2d] {
        check(&[
            (op, input, Dims::vector(3), None),
            (op, open(3, DYN, DYN), Dims::vector(3), None),
            (op, Dims::Unknown, Dims::Vector(UNKNOWN), None),
            (op, VECTOR, VECTOR, NEEDS_IMAGE),
        ]);
    }
}

#[test]
fn transposed_convolutions() {
    let plain = Spread { kernel: 3, stride: 2, dilation: 1, before: 1, after: 0, extra: 0 };
    let tall = Spread { stride: 3, ..plain };
    let conv = ConvTranspose2d { inputs: 4, outputs: 6, h: tall, w: plain, groups: 1, bias: true };
    let of = |inputs, outputs, groups| {
        Op::ConvTranspose2d(ConvTranspose2d { inputs, outputs, groups, ..conv })
    };
    let rows = |h| Op::ConvTranspose2d(ConvTranspose2d { h, ..conv });
    let columns = |w| Op::ConvTranspose2d(ConvTranspose2d { w, ..conv });
    let (op, input, behind) = (Op::ConvTranspose2d(conv), image(4, 5, 6), image(6, 14, 12));
    let unknown = open(6, UNKNOWN, UNKNOWN);
    let cut = |before, after| Spread { before, after, ..plain };
    let extra = |extra, limit| Some(Fault::Extra { extra, limit });
    let nothing = |vertical, grown, cut| Some(Fault::NothingLeft { vertical, grown, cut });
    check(&[
        (op, input, behind, None),
        (op, open(4, DYN, fixed(6)), open(6, DYN, fixed(12)), None),
        (op, Dims::Unknown, unknown, None),
        (op, VECTOR, unknown, NEEDS_IMAGE),
        (op, image(3, 5, 6), behind, Some(Fault::Channels { expected: 4, got: 3 })),
        (of(0, 6, 1), input, behind, zero(Zero::Inputs)),
        (of(4, 0, 1), input, image(0, 14, 12), zero(Zero::Outputs)),
        (of(4, 6, 0), VECTOR, unknown, zero(Zero::Groups)),
        (of(4, 6, 2), input, behind, None),
        (of(4, 6, 4), input, behind, Some(Fault::Groups { groups: 4, channels: 6, inputs: false })),
        (of(4, 6, 3), input, behind, Some(Fault::Groups { groups: 3, channels: 4, inputs: true })),
        (rows(cut(9, 4)), input, open(6, UNKNOWN, fixed(12)), nothing(true, 11, 13)),
        (columns(cut(9, 4)), input, open(6, fixed(14), UNKNOWN), nothing(false, 13, 13)),
        (columns(cut(9, 3)), input, image(6, 14, 1), None),
        // What is cut off is known to be too much when the size is.
        (rows(cut(9, 0)), Dims::Unknown, unknown, None),
        (rows(cut(0, 9)), open(4, DYN, DYN), open(6, DYN, DYN), None),
        (rows(Spread { kernel: 0, ..plain }), Dims::Unknown, unknown, zero(Zero::Kernel)),
        (columns(Spread { kernel: MAX, dilation: 2, ..plain }), Dims::Unknown, unknown, TOO_LONG),
        (rows(Spread { extra: 1, ..plain }), input, image(6, 11, 12), None),
        (rows(Spread { extra: 2, ..plain }), input, image(6, 12, 12), extra(2, 1)),
        (columns(Spread { extra: 2, ..plain }), input, image(6, 14, 14), extra(2, 1)),
        (rows(Spread { extra: 2, ..plain }), Dims::Unknown, unknown, extra(2, 1)),
    ]);
}

#[test]
fn spreading_at_its_edges() {
    let one = Spread { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, extra: 0 };
    let of = |kernel, stride, dilation| Spread { kernel, stride, dilation, ..one };
    for (spread, misfit) in [
        (of(0, 0, 0), Misfit::ZeroKernel),
        (of(3, 0, 0), Misfit::ZeroStride),
        (of(3, 1, 0), Misfit::ZeroDilation),
    ] {
        assert_eq!(spread.out(9), Err(misfit), "{spread:?}");
    }
    let past = Err(Misfit::Overflow);
    assert_eq!(one.out(0), Err(Misfit::NothingLeft { grown: 0, cut: 0 }));
    assert_eq!(of(3, 1, 1).out(0), Err(Misfit::NothingLeft { grown: 0, cut: 0 }));
    assert_eq!((one.out(MAX), of(2, 1, 1).out(MAX)), (Ok(MAX), past));
    assert_eq!((of(MAX, 1, 1).out(1), of(MAX, 1, 1).out(3)), (Ok(MAX), past));
    assert_eq!((of(1, MAX, 1).out(2), of(1, 2, 1).out(MAX)), (past, past));
    assert_eq!((of(3, 1, MAX).out(1), of(2, 1, MAX - 1).out(1)), (past, Ok(MAX)));
    let extra = |extra| Spread { extra, ..of(1, MAX - 2, 1) };
    assert_eq!((extra(1).out(2), extra(2).out(2)), (Ok(MAX), past));
    assert_eq!(Spread { before: MAX, after: 1, ..one }.out(MAX).ok(), None);

    // As much as lies between two pixels, or between two taps.
    let most = [(3, 1), (2, 4), (5, 5), (0, 0)].map(|(s, d)| of(3, s, d).most_extra());
    assert_eq!(most, [2, 3, 4, 0]);
}

#[test]
fn products_of_a_transposed_convolution() {
    let spread =
        |kernel, stride| Spread { kernel, stride, dilation: 1, before: 0, after: 0, extra: 0 };
    let conv = |groups, h, w| ConvTranspose2d { inputs: 4, outputs: 6, h, w, groups, bias: true };
    let two = conv(2, spread(3, 2), spread(5, 1));
    assert_eq!((two.outputs_per_group(), two.products(), two.terms()), (3, 45, 20));
    assert_eq!(conv(0, spread(3, 2), spread(5, 1)).outputs_per_group(), 0);
    for none in [
        conv(0, spread(3, 2), spread(5, 1)),
        conv(1, spread(3, 0), spread(5, 1)),
        conv(1, spread(3, 2), spread(5, 0)),
    ] {
        assert_eq!(none.terms(), 0, "{none:?}");
    }
}

#[test]
fn layers_that_move_pixels() {
    let pad = |top, bottom, left, right| Op::Pad2d(Pad2d { top, bottom, left, right, value: 0.0 });
    let up = |rows, columns| Op::Upsample(Upsample { rows, columns, resize: Resize::Nearest });
    let shuffle = |factor| Op::PixelShuffle { factor };
    let input = image(8, 5, 6);
    for op in [pad(1, 2, 3, 4), up(2, 3), shuffle(2)] {
        check(&[
            (op, Dims::Unknown, Dims::Unknown, None),
            (op, VECTOR, Dims::Unknown, NEEDS_IMAGE),
        ]);
    }
    let wrong = |factor| Some(Fault::Shuffle { factor, channels: 8 });
    check(&[
        (pad(1, 2, 3, 4), input, image(8, 8, 13), None),
        (pad(1, 2, 3, 4), open(8, DYN, fixed(6)), open(8, DYN, fixed(13)), None),
        (pad(MAX, 0, 0, 0), input, Dims::Unknown, TOO_LONG),
        (pad(0, 0, 1, MAX), open(8, DYN, DYN), Dims::Unknown, TOO_LONG),
        (up(2, 3), input, image(8, 10, 18), None),
        (up(2, 3), open(8, fixed(5), DYN), open(8, fixed(10), DYN), None),
        (up(0, 3), input, Dims::Unknown, zero(Zero::Scale)),
        (up(2, 0), input, Dims::Unknown, zero(Zero::Scale)),
        (up(MAX, 1), input, Dims::Unknown, TOO_LONG),
        (up(1, MAX), input, Dims::Unknown, TOO_LONG),
        (shuffle(2), input, image(2, 10, 12), None),
        (shuffle(1), input, input, None),
        (shuffle(3), input, image(0, 15, 18), wrong(3)),
        (shuffle(0), input, Dims::Unknown, zero(Zero::Scale)),
        (shuffle(MAX), open(8, DYN, DYN), Dims::Unknown, TOO_LONG),
    ]);
}

#[test]
fn vectors() {
    let linear = |inputs, outputs| Op::Linear(Linear { inputs, outputs, bias: false });
    let features = Some(Fault::Features { expected: 7, got: 8 });
    let run_time = Some(Fault::DynLength { expected: 7 });
    let (three, input) = (Dims::vector(3), image(7, 1, 1));
    let not_flat = Some(Fault::NotFlattened { got: input });
    check(&[
        (linear(7, 3), VECTOR, three, None),
        (linear(7, 3), Dims::Vector(UNKNOWN), three, None),
        (linear(7, 3), Dims::Unknown, three, None),
        (linear(7, 3), Dims::vector(8), three, features),
        (linear(7, 3), Dims::Vector(DYN), three, run_time),
        (linear(7, 3), input, three, not_flat),
        (linear(0, 3), VECTOR, three, zero(Zero::Inputs)),
        (linear(7, 0), VECTOR, Dims::vector(0), zero(Zero::Outputs)),
        (Op::Flatten, image(2, 3, 5), Dims::vector(30), None),
        (Op::Flatten, VECTOR, VECTOR, None),
        (Op::Flatten, Dims::Vector(DYN), Dims::Vector(DYN), None),
        (Op::Flatten, Dims::Unknown, Dims::Vector(UNKNOWN), None),
        (Op::Flatten, open(2, DYN, fixed(3)), Dims::Vector(DYN), None),
        (Op::Flatten, open(2, fixed(3), DYN), Dims::Vector(DYN), None),
        (Op::Flatten, open(2, UNKNOWN, DYN), Dims::Vector(UNKNOWN), None),
        (Op::Flatten, open(2, DYN, UNKNOWN), Dims::Vector(UNKNOWN), None),
    ]);
}

/// Layers that give what they take.
#[test]
fn layers_that_keep_the_shape() {
    let maps = |channels, eps| Op::BatchNorm2d(BatchNorm2d { channels, eps });
    let rows = |features, eps| Op::BatchNorm1d(BatchNorm1d { features, eps });
    let epsilon = Some(Fault::Range(Range::Epsilon));
    let neighbours =
        |size| Op::LocalResponseNorm(LocalResponseNorm { size, alpha: 1.0, beta: 0.75, k: 1.0 });
    let prelu = |weights| Op::PRelu { weights };
    let clip = |min, max| Op::Activation(Activation::Clip { min, max });
    let bounds = Some(Fault::Range(Range::Bounds));
    let (input, run_time) = (image(7, 2, 2), Dims::Vector(DYN));
    let channels = |expected| Some(Fault::Channels { expected, got: 7 });
    let features = |expected| Some(Fault::Features { expected, got: 7 });
    let kept = [
        (maps(7, 1e-5), input, None),
        (maps(7, 0.0), Dims::Unknown, None),
        (maps(6, 1e-5), input, channels(6)),
        (maps(7, 1e-5), VECTOR, NEEDS_IMAGE),
        (maps(0, 1e-5), input, zero(Zero::Inputs)),
        (maps(7, -1e-5), input, epsilon),
        (maps(7, f64::NAN), input, epsilon),
        (rows(7, 1e-5), VECTOR, None),
        (rows(7, 0.0), Dims::Unknown, None),
        (rows(6, 1e-5), VECTOR, features(6)),
        (rows(7, 1e-5), run_time, Some(Fault::DynLength { expected: 7 })),
        (rows(7, 1e-5), input, Some(Fault::NotFlattened { got: input })),
        (rows(0, 1e-5), VECTOR, zero(Zero::Inputs)),
        (rows(7, -1e-5), VECTOR, epsilon),
        (neighbours(5), input, None),
        (neighbours(5), VECTOR, NEEDS_IMAGE),
        (neighbours(0), input, zero(Zero::Neighbours)),
        (prelu(7), input, None),
        (prelu(7), VECTOR, None),
        (prelu(7), Dims::Unknown, None),
        (prelu(1), input, None),
        (prelu(1), run_time, None),
        (prelu(6), input, channels(6)),
        (prelu(6), VECTOR, features(6)),
        (prelu(6), run_time, Some(Fault::DynLength { expected: 6 })),
        (prelu(0), input, zero(Zero::Inputs)),
        (clip(-1.0, 1.0), input, None),
        (clip(1.0, 1.0), input, None),
        (clip(1.0, f64::NAN), input, bounds),
        (clip(f64::NAN, 1.0), input, bounds),
        (Op::Activation(Activation::Relu), VECTOR, None),
        (Op::Softmax, input, None),
        (Op::Identity, run_time, None),
    ];
    check(&kept.map(|(op, dims, fault)| (op, dims, dims, fault)));
    check_when(true, &[(clip(2.0, 1.0), input, input, bounds)]);
    check_when(false, &[(clip(2.0, 1.0), input, input, None)]);
    let probability = Some(Fault::Range(Range::Probability));
    for (p, fault) in [
        (0.0, None),
        (0.5, None),
        (1.0, None),
        (-0.1, probability),
        (1.1, probability),
        (f64::NAN, probability),
    ] {
        check(&[(Op::Dropout { p }, VECTOR, VECTOR, fault)]);
    }
}

/// A layer of a user's, which never runs here.
#[derive(Debug)]
struct Idle;

impl CustomKernel for Idle {
    fn run_f32(&self, _: Call<'_, f32>) {}
    fn run_f64(&self, _: Call<'_, f64>) {}
}

static POOL: Op = Op::MaxPool2d(Pool {
    window: Window { h: Axis::new(3, 1, 2), w: Axis::new(1, 1, 0) },
    include_pad: false,
});
static RELU: Op = Op::Activation(Activation::Relu);
static FIXED: ShapeRule = ShapeRule::Fixed { input: Dims::image(3, 4, 5), output: Dims::vector(9) };
static KEEPS: CustomOp = custom(ShapeRule::Same);
static POOLS: CustomOp = custom(ShapeRule::Like(&POOL));
static KEEPS_LIKE: CustomOp = custom(ShapeRule::Like(&RELU));
static ENCODES: CustomOp = custom(FIXED);
static GROWS: CustomOp = custom(ShapeRule::Fixed { input: VECTOR, output: Dims::vector(MOST + 1) });

const fn custom(rule: ShapeRule) -> CustomOp {
    CustomOp { name: "Own", rule, params: &[], macs_per_output: 0, kernel: &Idle }
}

#[test]
fn layers_of_a_user() {
    let [keeps, pools, encodes] = [&KEEPS, &POOLS, &ENCODES].map(Op::Custom);
    let (expected, code) = (image(3, 4, 5), Dims::vector(9));
    let wrong = |got| Some(Fault::Shape { expected, got });
    check(&[
        (keeps, VECTOR, VECTOR, None),
        (encodes, expected, code, None),
        (encodes, open(3, DYN, UNKNOWN), code, None),
        (encodes, Dims::Unknown, code, None),
        (encodes, VECTOR, code, wrong(VECTOR)),
        (encodes, image(3, 4, 6), code, wrong(image(3, 4, 6))),
    ]);
    let padding = Some(Fault::PoolPadding { padding: 2, span: 3, limit: 1 });
    check_when(true, &[(pools, expected, image(3, 6, 5), padding)]);
    check_when(false, &[(pools, expected, image(3, 6, 5), None)]);
}

/// What two arms give, and whether they fit together.
#[test]
fn arms_that_are_joined() {
    use Join::{Add, Concat, Heads, Mul};
    let (input, eight) = (image(7, 2, 3), Dims::vector(8));
    let any_height = open(7, DYN, fixed(3));
    let (unknown, run_time) = (Dims::Unknown, Dims::Vector(DYN));
    let rows = [
        (Add, input, input, input, true),
        (Add, any_height, input, any_height, true),
        (Add, VECTOR, VECTOR, VECTOR, true),
        (Add, unknown, input, input, true),
        (Add, input, unknown, input, true),
        (Add, input, image(6, 2, 3), input, false),
        (Add, input, image(7, 1, 3), input, false),
        (Add, input, image(7, 2, 1), input, false),
        (Add, input, VECTOR, input, false),
        (Add, VECTOR, eight, VECTOR, false),
        // A factor for each value, row, column or channel.
        (Mul, input, input, input, true),
        (Mul, input, image(7, 1, 3), input, true),
        (Mul, input, image(7, 2, 1), input, true),
        (Mul, input, VECTOR, input, true),
        (Mul, input, run_time, input, true),
        (Mul, VECTOR, VECTOR, VECTOR, true),
        (Mul, unknown, input, unknown, true),
        (Mul, input, unknown, input, true),
        (Mul, input, image(1, 2, 3), input, false),
        (Mul, input, image(7, 3, 3), input, false),
        (Mul, input, image(7, 2, 2), input, false),
        (Mul, image(7, 1, 1), input, image(7, 1, 1), false),
        (Mul, input, eight, input, false),
        (Mul, VECTOR, eight, VECTOR, false),
        (Mul, VECTOR, input, VECTOR, false),
        (Concat, input, image(2, 2, 3), image(9, 2, 3), true),
        (Concat, image(MAX, 2, 3), input, image(MAX, 2, 3), true),
        (Concat, any_height, input, open(14, DYN, fixed(3)), true),
        (Concat, VECTOR, eight, Dims::vector(15), true),
        (Concat, VECTOR, run_time, run_time, true),
        (Concat, run_time, Dims::Vector(UNKNOWN), Dims::Vector(UNKNOWN), true),
        (Concat, unknown, input, unknown, true),
        (Concat, input, unknown, unknown, true),
        (Concat, input, image(2, 1, 3), image(9, 2, 3), false),
        (Concat, input, image(2, 2, 1), image(9, 2, 3), false),
        (Concat, input, VECTOR, input, false),
        (Heads, input, VECTOR, Dims::vector(49), true),
        (Heads, VECTOR, any_height, run_time, true),
        (Heads, unknown, run_time, Dims::Vector(UNKNOWN), true),
        (Heads, image(MAX, 2, 3), VECTOR, Dims::Vector(UNKNOWN), true),
    ];
    for (join, first, other, output, fit) in rows {
        let fault = if fit { None } else { Some(Fault::Arms { join, first, other }) };
        assert_eq!(join_dims(join, first, other), (output, fault), "{join:?}: {first}, {other}");
    }
    // Heads alone are put in a row, one head too.
    for join in [Add, Mul, Concat] {
        assert_eq!(joined_length(join, input), input);
    }
    assert_eq!(joined_length(Heads, input), Dims::vector(42));
    assert_eq!(joined_length(Heads, any_height), run_time);
    assert_eq!(joined_length(Heads, run_time), run_time);
}

#[test]
fn what_fits_no_memory() {
    let linear = |inputs, outputs| Op::Linear(Linear { inputs, outputs, bias: false });
    let (most, more) = (Dims::vector(MOST), Dims::vector(MOST + 1));
    let long = |dims| Some(Fault::TooLong { dims });
    let twice = Op::Upsample(Upsample { rows: 2, columns: 1, resize: Resize::Nearest });
    check(&[
        (Op::Flatten, image(MOST, 1, 1), most, None),
        (Op::Flatten, image(1, MOST + 1, 1), more, long(more)),
        (Op::Flatten, image(MAX, 2, 1), Dims::Vector(UNKNOWN), long(image(MAX, 2, 1))),
        (twice, image(MOST, 1, 1), image(MOST, 2, 1), long(image(MOST, 2, 1))),
        // What has arrived was checked where it came from.
        (Op::Identity, more, more, None),
        (Op::Softmax, more, more, None),
        (Op::Custom(&KEEPS), more, more, None),
        (Op::Custom(&KEEPS_LIKE), more, more, None),
        (Op::Custom(&GROWS), VECTOR, more, long(more)),
        // A weight counts as well.
        (linear(1, MOST), Dims::Unknown, most, None),
        (linear(MOST, 1), Dims::Unknown, Dims::vector(1), None),
        (linear(MOST + 1, 1), Dims::Unknown, Dims::vector(1), TOO_LONG),
        (Op::PRelu { weights: MOST + 1 }, Dims::Unknown, Dims::Unknown, TOO_LONG),
    ]);
}

#[test]
fn shapes_are_counted() {
    assert_eq!(image(3, 5, 7).elements(), Some(105));
    assert_eq!(VECTOR.elements(), Some(7));
    for dims in [Dims::Unknown, open(3, DYN, fixed(5)), open(3, fixed(5), UNKNOWN)] {
        assert_eq!(dims.elements(), None, "{dims}");
    }
    assert_eq!(ParamDims::d4(2, 3, 5, 7).elements(), Some(210));
    // Half the bits, and the two highest: products that fit no integer.
    let (half, high, top) = (1 << (usize::BITS / 2 - 1), 1 << (usize::BITS - 2), MAX / 2 + 1);
    for sizes in [
        [MAX, 1, 1, 1],
        [half, half, half, 1],
        [high, top, half, 1],
        [top, top, half, 1],
        [half, high, top, 1],
        [half, top, top, 1],
        [half, half, high, top],
        [half, half, top, top],
    ] {
        let [a, b, c, d] = sizes;
        assert_eq!(ParamDims::d4(a, b, c, d).elements(), None, "{sizes:?}");
    }
    assert_eq!(ParamDims::d4(1, top, 1, 1).elements(), Some(top));
}

#[test]
fn shapes_are_compared() {
    let [three, four] = [3, 4].map(fixed);
    let sizes = [
        (three, three, true, true),
        (three, four, false, false),
        (DYN, DYN, true, true),
        (three, DYN, false, true),
        (DYN, three, false, true),
        (UNKNOWN, DYN, false, true),
        (three, UNKNOWN, false, true),
    ];
    for (a, b, same, agrees) in sizes {
        assert_eq!((a.same(b), a.agrees(b)), (same, agrees), "{a:?} {b:?}");
        for (one, other) in [
            (Dims::Vector(a), Dims::Vector(b)),
            (open(2, a, three), open(2, b, three)),
            (open(2, three, a), open(2, three, b)),
        ] {
            assert_eq!((one.same(other), one.admits(other)), (same, agrees), "{one} {other}");
        }
    }
    assert!(!image(2, 3, 3).same(image(1, 3, 3)) && !image(2, 3, 3).admits(image(1, 3, 3)));
    assert!(!image(7, 1, 1).same(VECTOR) && !image(7, 1, 1).admits(VECTOR));
    assert!(Dims::Unknown.same(Dims::Unknown) && !Dims::Unknown.same(VECTOR));
    assert!(Dims::Unknown.admits(VECTOR) && VECTOR.admits(Dims::Unknown));

    assert_eq!([three, DYN, UNKNOWN].map(Extent::or_zero), [3, 0, 0]);
    assert_eq!([three, DYN, UNKNOWN].map(Extent::is_dyn), [false, true, false]);
    let open = [open(1, DYN, three), open(1, three, DYN), Dims::Vector(DYN)];
    assert!(open.iter().all(|dims| dims.is_dyn()));
    assert!([image(1, 3, 3), VECTOR, Dims::Unknown].iter().all(|dims| !dims.is_dyn()));
    assert_eq!(open.map(|dims| dims.to_string()), ["1×Dyn×3", "1×3×Dyn", "Dyn"]);
}
