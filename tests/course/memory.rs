//! The memory of a run: the compiler's figure is what the runner allocates.

use typenet::blocked::{Options, Plan};
use typenet::explain::count::Budget;
use typenet::explain::memory::Memory;
use typenet::isa::Isa;
use typenet::prelude::*;
use typenet::zoo::{self, ENTRIES, Entry, LeNet5, Published};

/// What the compiler says, of each network of the zoo.
macro_rules! memories {
    ($($network:ident),+ $(,)?) => {
        const MEMORIES: &[(&Entry, Memory)] =
            &[$((&zoo::$network::ENTRY, zoo::$network::MEMORY)),+];
    };
}
memories![
    LeNet5,
    LeNetCaffe,
    AlexNet,
    Vgg11,
    Vgg16,
    Vgg19,
    SqueezeNet1_1,
    ResNet18,
    ResNet34,
    ResNet50,
    ResNet152,
    ResNet20Cifar,
    ResNet32Cifar,
    ResNet44Cifar,
    ResNet56Cifar,
    ResNet110Cifar,
    ResNet8Tiny,
    DenseNet121,
    MobileNetV1,
    MobileNetV1x075,
    MobileNetV1x050,
    MobileNetV1x025,
    MobileNetV2,
    EfficientNetLite0,
    UNet,
];

const _: () = assert!(LeNet5::PEAK <= 300_000);
const _: () = Budget::new().memory(300_000).check::<LeNet5>();

/// Planning packs all weights, which takes a while for the large networks: those are
/// planned once.
fn options(entry: &Entry) -> Vec<Options> {
    let of = |isa, threads, winograd| Options {
        isa,
        threads: Some(threads),
        winograd,
        ..Options::DEFAULT
    };
    let best = Isa::available().last();
    let mut all = vec![of(best, 1, true)];
    if entry.params < 10_000_000 {
        all.extend([of(best, 2, true), of(best, 1, false)]);
        all.extend(Isa::available().flat_map(|isa| [1, 3].map(|n| of(Some(isa), n, true))));
    }
    all
}

#[test]
fn every_network_of_the_zoo_allocates_what_is_said() {
    assert_eq!(MEMORIES.len(), ENTRIES.len());
    for (entry, memory) in MEMORIES {
        let graph = entry.graph();
        println!("{}: {memory:?}", entry.name);
        assert_eq!(Memory::of_graph(&graph, &Options::DEFAULT), Some(*memory), "{}", entry.name);
        assert_eq!(entry.summary().peak_workspace(), Some(memory.workspace));
        let params: Vec<Vec<f32>> = graph.params().iter().map(|p| vec![0.5; p.len()]).collect();
        let params: Vec<&[f32]> = params.iter().map(Vec::as_slice).collect();
        for options in options(entry) {
            let plan = Plan::new(&graph, &params, &options).unwrap();
            let said = Memory::of(entry.spec, entry.input, &options).unwrap();
            assert_eq!(plan.memory(), said, "{} with {options:?}", entry.name);
            assert_eq!(plan.workspace_bytes() as u64, said.workspace, "{}", entry.name);
            assert!(said.values + said.scratch <= said.workspace, "{}: {said:?}", entry.name);
            let printed = plan.to_string();
            let last = printed.lines().last().unwrap();
            assert!(last.contains(&format!(" {} bytes of workspace", said.workspace)), "{last}");
        }
    }
}

#[test]
fn peak_is_what_prepare_allocates() {
    let options = Options { isa: Some(Isa::Avx512), threads: Some(1), ..Options::DEFAULT };
    match LeNet5::random(1).prepare_with(&options) {
        Ok(runner) => assert_eq!(runner.plan().workspace_bytes() as u64, LeNet5::PEAK),
        Err(error) => println!("SKIPPED: {error}"),
    }
}

network! {
    /// Two maps of whole blocks, no padding, nothing to fuse.
    struct Chain: [16, 10, 10] -> [48, 4, 4] {
        a: Conv2d<16, 32, K = 3>,
        b: Conv2d<32, 16, K = 3>,
        c: Conv2d<16, 48, K = 3>,
    }
}

network! {
    /// Padding of one, the sum fused into `a`, the rectifier behind it too.
    struct Added: [16, 6, 6] -> [16, 6, 6] {
        first: Conv2d<16, 16, K = 3, P = 1>,
        sum: Residual { a: Conv2d<16, 16, K = 3, P = 1> },
        relu: Relu,
    }
}

network! {
    /// No kernel but plain loops, which copy.
    struct Plain: [5, 8, 8] -> [5, 8, 8] { norm: LocalResponseNorm<5> }
}

// By hand: what is alive when each layer runs, most of it while `b` or `c` does.
const _: () = {
    let (input, a, b, c) = (16 * 10 * 10, 32 * 8 * 8, 16 * 6 * 6, 48 * 4 * 4);
    assert!(input + a > a + b && input + a > b + c);
    assert!(Chain::PEAK == 4 * (input + a));
    // The input and the result of `first`, with the zeros that a 3×3 window wants around
    // them; the sum is made while the input is no longer needed.
    assert!(Added::PEAK == 4 * (2 * 16 * 8 * 8));
    // Input and output in blocks of 16 channels, and both in planes.
    assert!(Plain::MEMORY.values == 4 * (2 * 16 * 8 * 8));
    assert!(Plain::MEMORY.scratch == 4 * (2 * 5 * 8 * 8));
    assert!(Plain::PEAK == Plain::MEMORY.values + Plain::MEMORY.scratch);
};

network! {
    /// For images of any size.
    struct Open: [3, Dyn, Dyn] -> [4, Dyn, Dyn] { conv: Conv2d<3, 4, K = 3> }
}

#[test]
fn budgets_say_where_the_memory_is() {
    let text = |text: Option<typenet::spec::Text<256>>| text.unwrap().as_str().to_owned();
    assert_eq!(
        text(Budget::new().memory(10_000).passed::<Chain>()),
        "a run takes 14592 bytes of memory, 4592 more than its budget of 10000; `a` has 14592 \
         bytes of activations alive"
    );
    assert_eq!(
        text(Budget::new().memory(10_000).passed::<Plain>()),
        "a run takes 10752 bytes of memory, 752 more than its budget of 10000; `norm` has 8192 \
         bytes of activations alive and 2560 bytes of scratch"
    );
    assert!(Budget::new().memory(14_592).passed::<Chain>().is_none());
    // A budget of something else asks for no memory.
    assert!(Budget::new().params(112).passed::<Open>().is_none());
    assert!(text(Budget::new().memory(1).passed::<Open>()).contains("only where all sizes are"));
}

#[test]
fn what_is_not_known_is_none() {
    assert_eq!(Memory::of(Open::SPEC, Open::INPUT, &Options::DEFAULT), None);
    // A layer that does not fit.
    let small = typenet::spec::Dims::image(3, 2, 2);
    assert_eq!(Memory::of(Open::SPEC, small, &Options::DEFAULT), None);
    let sized = Open::random(1).prepare_for(DynChw { height: 9, width: 7 }, &Options::DEFAULT);
    let options = Options { isa: Some(sized.as_ref().unwrap().plan().isa()), ..Options::DEFAULT };
    let image = typenet::spec::Dims::image(3, 9, 7);
    let said = Memory::of(Open::SPEC, image, &options);
    assert_eq!(Some(sized.unwrap().plan().memory()), said);
}
