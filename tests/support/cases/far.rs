//! Windows far larger than the image under them: the oracle walks every tap, so what
//! they give is counted by hand.

use typenet::spec::{ConvTranspose2d, Dims, LpPool, Op, Pool, Spec, Spread, Window};

use super::{Case, conv, square, uneven};

/// A number whose square no `usize` holds, and one that it holds a few times.
const HALF: usize = usize::MAX >> 16;
const FAR: usize = usize::MAX >> 4;

/// Cases, and what they give for the pixels 1 to 9 in each channel where every weight
/// is 2 and every bias 1.
pub fn far_table() -> Vec<(Case, Vec<f32>)> {
    let mut table = vec![];
    let mut add = |name: &str, channels: usize, spec: Spec<'static>, want: &[f32]| {
        let input = Dims::image(channels, 3, 3);
        table.push((Case { name: name.into(), spec, input }, want.repeat(channels)));
    };
    let pool = |window, include_pad| Pool { window, include_pad };
    for channels in [1, 17] {
        // Each holds all pixels, and padding.
        let all = square(2 * HALF + 1, 1, HALF, 1);
        let taps = (2 * HALF + 1) as f64;
        add("the largest of all", channels, Spec::Op(Op::MaxPool2d(pool(all, false))), &[9.0; 9]);
        add("the mean of all", channels, Spec::Op(Op::AvgPool2d(pool(all, false))), &[5.0; 9]);
        let mean = [45.0 / (taps * taps) as f32; 9];
        add("with the padding", channels, Spec::Op(Op::AvgPool2d(pool(all, true))), &mean);
        let sum = LpPool { window: all, norm: 1 };
        add("the sum of all", channels, Spec::Op(Op::LpPool2d(sum)), &[45.0; 9]);

        // Two taps each way, one on either side of the image.
        let none = square(2, 1, 2 * FAR, 4 * FAR);
        let nothing = [f32::NEG_INFINITY; 9];
        add("the largest of none", channels, Spec::Op(Op::MaxPool2d(pool(none, false))), &nothing);
        for include_pad in [false, true] {
            let mean = Op::AvgPool2d(pool(none, include_pad));
            add("the mean of none", channels, Spec::Op(mean), &[0.0; 9]);
        }

        // Only the middle tap, or the middle window, meets the image.
        let twice = [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0];
        let wide = conv(channels, channels, square(3, 1, FAR, FAR), channels);
        add("taps far apart", channels, wide, &twice);
        let once = [1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 1.0];
        let long = conv(channels, channels, square(1, FAR, FAR, 1), channels);
        add("windows far apart", channels, long, &once);
        let (h, w) = (uneven(3, 1, (1, 1)), uneven(1, FAR, (FAR, FAR)));
        let column = [1.0, 2.0 * 5.0 + 1.0, 1.0, 1.0, 2.0 * 12.0 + 1.0, 1.0, 1.0, 23.0, 1.0];
        add("far one way", channels, conv(channels, channels, Window { h, w }, channels), &column);
        let single = conv(channels, channels, square(3, FAR, 1, 1), channels);
        add("no second window", channels, single, &[2.0 * 12.0 + 1.0]);

        // Row 2 through tap 0 and row 0 through tap 1, and columns likewise.
        let (before, after) = (2 * FAR, 2 * FAR - 2);
        let axis = Spread { kernel: 2, stride: FAR, dilation: 2 * FAR, before, after, extra: 0 };
        let (inputs, outputs) = (channels, channels);
        let groups = channels;
        let back = ConvTranspose2d { inputs, outputs, h: axis, w: axis, groups, bias: true };
        let corners = [2.0 * 20.0 + 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let middle = Spread { kernel: 1, before: FAR - 1, after: FAR - 1, ..axis };
        let pixel = ConvTranspose2d { h: middle, w: middle, ..back };
        let centre = [1.0, 1.0, 1.0, 1.0, 2.0 * 5.0 + 1.0, 1.0, 1.0, 1.0, 1.0];
        add("one pixel of a few", channels, Spec::Op(Op::ConvTranspose2d(pixel)), &centre);
        add("spread far", channels, Spec::Op(Op::ConvTranspose2d(back)), &corners);
    }
    table
}

/// The pixels and the parameters.
pub fn far_numbers(case: &Case) -> (Vec<f32>, Vec<Vec<f32>>) {
    let graph = case.graph();
    let pixels: Vec<f32> = (1..=9).map(|pixel| pixel as f32).collect();
    let value = |name: &str| if name.ends_with("bias") { 1.0 } else { 2.0 };
    let params = graph.params().iter().map(|p| vec![value(&p.name); p.len()]).collect();
    (pixels.repeat(graph.input().elements().unwrap_or(0) / 9), params)
}
