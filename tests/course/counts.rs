//! Weights and multiply-adds: the figures of the course, budgets, and what fits.

use typenet::explain::count::{Budget, Twins};
use typenet::explain::fits::{Way, dropped, sizes, smallest, takes};
use typenet::graph::Graph;
use typenet::prelude::*;
use typenet::size::{Pad, Side};
use typenet::spec::{Axis, Dims};
use typenet::zoo::{self, LeNet5, UNet, Vgg16, Vgg16Features};

type Filter = Conv2d<3, 1, 3, 1, 1>;
type First = Conv2d<3, 64, 3, 1, 1>;
const IMAGE: Dims = Dims::image(3, 224, 224);

// One filter of VGG-16's first layer, and the whole layer.
const _: () = {
    let filter = Twins::of(Filter::SPEC, IMAGE);
    assert!(filter.convolution == 27 && filter.dense == 7_552_892_928);
    assert!(filter.local == 27 * 224 * 224);
    let layer = Twins::of(First::SPEC, IMAGE);
    assert!(layer.convolution == 1728 && layer.dense == 483_385_147_392); // 4.8·10¹¹
    assert!(Twins::of(Vgg16::SPEC, Vgg16::INPUT).convolution == 138_344_128);
    assert!(Vgg16::LOCAL_TWIN == Vgg16::MACS as u128);
};

/// A 10×10 convolution that keeps the size.
type Same10 = Conv2d<1, 1, 10, 1, 0, 1, 1, false, Side<10, 1, 1, Pad<4, 5>>>;
const _: () = assert!(matches!(Axis::new(10, 1, 0).keeping(1000), Some((4, 5))));

// 1000×1000 values in and out: 10¹² fully connected, 10⁸ with patches of 10×10,
// 10² shared.
const _: () = {
    let twins = Twins::of(Same10::SPEC, Dims::image(1, 1000, 1000));
    assert!(twins.convolution == 100);
    assert!(twins.local == 100_000_000);
    assert!(twins.dense == 1_000_000_000_000);
};

// 2·6·28·28 (convolution, rectifier), 6·14·14, 2·16·10·10, 16·5·5, 2·120, 2·84, 10.
const _: () = assert!(LeNet5::ACTIVATIONS == 9408 + 1176 + 3200 + 400 + 240 + 168 + 10);

const _: () = assert!(LeNet5::PARAMS <= 100_000);
const _: () = Budget::new().params(61_706).macs(416_520).field(28).check::<LeNet5>();

#[test]
fn budgets_say_what_is_wrong() {
    let text = |budget: Budget| budget.passed::<Vgg16>().unwrap().as_str().to_owned();
    assert_eq!(
        text(Budget::new().params(100_000)),
        "the network has 138357544 parameters, 138257544 more than its budget of 100000; \
         `classifier.0` has 102764544 of them"
    );
    assert_eq!(
        text(Budget::new().macs(1_000_000_000)),
        "the network takes 15470264320 multiply-adds, 14470264320 more than its budget of \
         1000000000; `features.2` takes 1849688064 of them"
    );
    assert_eq!(
        text(Budget::new().activations(1_000_000)),
        "the network makes 28642792 activations, 27642792 more than its budget of 1000000; \
         `features.0` makes 3211264 of them"
    );
    network! { struct Two: [1, 9, 9] -> [1, 5, 5] { a: Conv2d<1, 1, K = 3>, b: Conv2d<1, 1, K = 3> } }
    assert_eq!(
        Budget::new().field(7).passed::<Two>().unwrap().as_str(),
        "a cell of the output sees 5×5 pixels, but at least 7×7 are asked for; larger kernels, \
         strides or more layers see more"
    );
    assert!(Budget::new().field(5).params(20).passed::<Two>().is_none());
}

const _: () = {
    assert!(matches!(smallest(Vgg16::SPEC, 3), Some(224)));
    assert!(matches!(smallest(Vgg16Features::SPEC, 3), Some(32)));
    assert!(!takes(Vgg16::SPEC, Dims::image(3, 400, 400)));
    assert!(takes(Vgg16Features::SPEC, Dims::image(3, 400, 400)));
};

#[test]
fn sizes_that_fit() {
    let said = |spec, channels| sizes(spec, channels, Way::Square).to_string();
    assert_eq!(said(Vgg16::SPEC, 3), "224 to 255");
    assert_eq!(said(Vgg16Features::SPEC, 3), "32 and more");
    assert_eq!(said(UNet::SPEC, 3), "multiples of 16");
    assert_eq!(said(LeNet5::SPEC, 1), "28 to 31");
    let wide = sizes(Vgg16::SPEC, 3, Way::Width { height: 32 });
    assert_eq!(wide.smallest(), None); // 49 columns of 32 pixels are beyond 1024
    for entry in zoo::ENTRIES {
        let Dims::Image { c, h, w } = entry.input else { panic!() };
        let heights = sizes(entry.spec, c, Way::Height { width: w.or_zero() });
        assert!(heights.contains(h.or_zero()), "{}", entry.name);
        println!("{}: {} tall", entry.name, heights);
    }
}

#[test]
fn pixels_that_floor_drops() {
    let at = |side| Graph::new(Vgg16Features::SPEC, Dims::image(3, side, side)).unwrap();
    let pools = |side| -> Vec<usize> {
        let graph = at(side);
        let pairs = graph.nodes().iter().zip(dropped(&graph));
        pairs.filter(|(node, _)| node.name.starts_with("pool")).map(|(_, [rows, _])| rows).collect()
    };
    assert_eq!(pools(224), [0; 5]);
    assert_eq!(pools(255), [1; 5]);
    assert_eq!(pools(400), [0, 0, 0, 0, 1]);
}
