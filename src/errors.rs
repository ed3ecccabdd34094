//! The index of errors: what the compiler says, why, and what to do.
//!
//! Each section is named after the case in `ui-tests/fail/` that shows it, and a
//! test keeps its text equal to what the compiler really prints; the cases that
//! belong to it stand below it, so that each has its place here. What `network!`
//! can't read at all is in [`spelling`].
//!
//! A layer goes by its name; in a chain by hand by its place, `2 (Conv2d)`. With
//! literal numbers the macro speaks (`error: …`), with const items const evaluation
//! does (`error[E0080]: evaluation panicked: …`), both in the same words. In generic
//! code and at the first use of a chain by hand it is the trait solver
//! (`error[E0277]: …`), which knows types but no names.
//!
//! Paths like `typenet::Chw<1, 28, 28>` are rustc's: it writes them before names
//! that are used through a glob, `use typenet::prelude::*`, and leaves them out for
//! names that are imported one by one.
//!
//! # Sizes that do not fit
//!
//! ## flatten-size-differs
//!
//! ```text
//! `fc` expects 256 input features, but `pool2` produces 16×5×5 = 400
//! ```
//!
//! A fully-connected layer has one weight for each feature, so their number is
//! part of it. Write the number that arrives or `_`, change the input (the note
//! says which sizes fit), or use the convolution that does the same and takes any
//! size.
//!
//! ## vgg16-at-400
//!
//! ```text
//! `fc6` expects 25088 input features, but `pool5` produces 512×12×12 = 73728
//! ```
//!
//! The same, and the most frequent form of it: a network that was made for one
//! image size is given another. Its convolutions would not mind.
//!
//! ## features-differ
//!
//! ```text
//! `fc2` expects 120 input features, but `fc1` produces 100 features
//! ```
//!
//! The layer before gives another number. Write that number, or `_`.
//!
//! Likewise: `behind-nested-differs`.
//!
//! ## channels-differ
//!
//! ```text
//! `conv2` expects 7 input channels, but `conv1` produces 6
//! ```
//!
//! Every filter is as deep as the image that arrives. Write the number that
//! arrives, or `_`.
//!
//! Likewise: `batch-norm-channels-differ`, `input-channels-differ`,
//! `transposed-channels-differ`, `channels-differ-in-arm`, `concat-of-wrong-channels`,
//! `nested-tuple-differs`, `goes-on-behind-a-wrong-layer`, `several-mistakes`.
//!
//! ## slopes-differ
//!
//! ```text
//! `act` expects 4 input channels, but the input has 3
//! ```
//!
//! `PRelu<C>` has learnt one slope for each of `C` channels or features, `PRelu` one
//! for all. Write the number that arrives, `_`, or nothing.
//!
//! Likewise: `zero-slopes`.
//!
//! ## input-channels-last
//!
//! ```text
//! help: declare the input as [channels, height, width]
//! ```
//!
//! A shape is written as it lies in memory: channels, then rows, then columns. Where an
//! array of pixels has its channels last, say `[3, 28, 28]` and transpose it, as
//! [`preprocessing`](crate::preprocessing) does.
//!
//! ## kernel-too-large
//!
//! ```text
//! `conv` has a kernel that spans 9 rows, but `pool2` produces 7 rows
//! ```
//!
//! Not one window fits. A dilated kernel spans D·(K−1) + 1 pixels. Use a smaller
//! kernel, more padding, or fewer pools before it.
//!
//! Likewise: `kernel-too-large-with-padding`, `kernel-too-wide`,
//! `dilated-kernel-too-large`, `pool-too-large`, `copies-shrink-away`.
//!
//! ## output-differs
//!
//! ```text
//! the network is declared to return 10 features, but `fc` produces 12 features
//! ```
//!
//! What is declared behind `->` is compared with what the last layer gives. Declare
//! that, or change the last layer.
//!
//! Likewise: `output-image-differs`, `output-of-another-kind`,
//! `ceil-pool-output-differs`.
//!
//! ## nested-shape-differs
//!
//! ```text
//! `head` takes the image 6×14×14, but `conv` produces the image 6×24×24
//! ```
//!
//! A network with an input of its own takes that input only. Leave the input out
//! (`pub struct Head { … }`) and it becomes a block for any size.
//!
//! Likewise: `nested-input-differs`, `nested-wrong-inside`, `fields-resolve`.
//!
//! ## size-outside-the-table
//!
//! ```text
//! the size Size<1101> is not in the table of sizes that can be calculated with in types
//! ```
//!
//! Only chains by hand: to calculate with a size, the solver looks it up in a table.
//! The macros take any integer; or write the output out, `On<Net, Input, Output>`.
//!
//! # Wrong kinds
//!
//! ## linear-on-image
//!
//! ```text
//! `fc` takes a vector, but `conv` produces the image 6×24×24
//! ```
//!
//! Put `Flatten` before it, or `GlobalAvgPool2d`.
//!
//! Likewise: `inferred-linear-on-image`, `block-linear-on-image`.
//!
//! ## vector-into-convolution
//!
//! ```text
//! `conv` takes an image, but the input, 1×28×28, has been flattened before it
//! ```
//!
//! A `Flatten` stands too early: behind it there are no rows and columns.
//!
//! Likewise: `vector-into-pool`, `vector-into-global-pool`, `vector-into-batch-norm`.
//!
//! ## linear-behind-dyn
//!
//! ```text
//! `fc` expects 3456 input features, but `conv` produces 6×Dyn×Dyn, known only at run time
//! ```
//!
//! The number of features depends on the image, the number of weights can't. Use
//! `GlobalAvgPool2d` before it, or the convolution with a kernel of the size that
//! the layer was trained for: it does the same, and more of it on larger images.
//!
//! Likewise: `dyn-linear-in-arm`.
//!
//! ## array-for-a-shape
//!
//! ```text
//! `[usize; 3]` is not a shape
//! ```
//!
//! A tensor has a shape of the crate, and so has the input of a chain by hand: `Chw`, `Vector`, `DynChw` or
//! `DynVector`.
//!
//! # Numbers that can't be
//!
//! ## zero-stride
//!
//! ```text
//! `conv` has a stride of 0; at least 1 is needed
//! ```
//!
//! Nothing can be slid by 0 pixels. Likewise for kernel, dilation, factor, norm and
//! groups, and for what comes in and goes out: each is at least 1.
//!
//! Likewise: `zero-stride-of-equal-window`, `zero-kernel`, `zero-kernel-of-pool`,
//! `zero-kernel-behind-dyn`, `zero-dilation`, `zero-groups`, `zero-factor`,
//! `zero-norm`, `zero-neighbours`, `zero-features`, `zero-input-channels`,
//! `zero-output-channels`.
//!
//! ## zero-channels-declared
//!
//! ```text
//! the input 0×28×28 is empty; every size must be at least 1
//! ```
//!
//! An image of no channels, rows or columns has nothing to run on.
//!
//! ## groups-do-not-divide-inputs
//!
//! ```text
//! `conv` has 3 groups, which do not divide its 8 input channels
//! ```
//!
//! Each group sees its share of the input channels and makes its share of the
//! output channels, so both must be multiples of `G`.
//!
//! Likewise: `groups-do-not-divide-outputs`, `groups-divide-neither`.
//!
//! ## pool-padding
//!
//! ```text
//! `pool` pads 2 pixels, but a window of 3 allows at most 1
//! ```
//!
//! With more than half a window of padding, a window could lie wholly in it and
//! would have no value.
//!
//! Likewise: `asymmetric-pool-padding`.
//!
//! ## bounds-swapped
//!
//! ```text
//! `act` has a lower bound above its upper bound, or one that is NaN
//! ```
//!
//! No number lies between the two. Write the smaller one as `MIN`.
//!
//! ## epsilon-negative
//!
//! ```text
//! `bn` has an epsilon below 0, or one that is NaN
//! ```
//!
//! It is added to a variance, of which the root is taken: with less than 0, a small
//! variance has none. Frameworks write 1e-5 or 1e-3.
//!
//! Likewise: `epsilon-nan`.
//!
//! ## probability-past-one
//!
//! ```text
//! `drop` has a probability outside of 0 to 1
//! ```
//!
//! It is the share of the values that training drops; 0.5, not 50.
//!
//! ## convolution-with-ceil
//!
//! ```text
//! `Conv2d` has no parameter `CEIL`; it has `K`, `S`, `P`, `D`, `G`, `BIAS`
//! ```
//!
//! A last window that is only partly covered is a matter of pools: a convolution
//! would need weights for pixels that are not there. Pad as many with `P`. By hand,
//! `Ceil<…>` around its side says: `Conv2d` counts a partly covered last window,
//! which only pools do.
//!
//! ## output-past-memory
//!
//! ```text
//! `conv` makes 1099511627776×4096×4096 that do not fit into memory: more than isize::MAX bytes
//! ```
//!
//! No machine has so much. Mostly it is a number with a digit too many.
//!
//! Likewise: `input-past-memory`, `padding-past-memory`, `weights-past-memory`.
//!
//! # Branches, repetition, blocks
//!
//! ## add-arms-differ
//!
//! ```text
//! the residual body of `res` gives 16×28×28, but its shortcut carries 8×28×28; to be added they need the same shape
//! ```
//!
//! What a residual adds has one shape. Where the body changes it, the shortcut
//! needs a projection to that shape, `shortcut { … }`; the note writes it down.
//!
//! Likewise: `add-arms-differ-in-size`, `projection-differs`,
//! `projection-of-another-input`, `dyn-arms-differ`,
//! `block-arms-differ-for-all-numbers`.
//!
//! ## concat-heights-differ
//!
//! ```text
//! `mixed.right` gives 4×26×28, but `mixed.left` gives 4×28×28; to be concatenated they need the same height and width
//! ```
//!
//! Channels are put one behind the other, so the images must be of one size: pad
//! each arm to what its kernel takes away (`P = Same`).
//!
//! Likewise: `concat-widths-differ`.
//!
//! ## concat-image-and-vector
//!
//! ```text
//! `mixed.right` gives 8 features, but `mixed.left` gives the image 4×28×28; an image and a vector can't be concatenated
//! ```
//!
//! Channels go behind channels and features behind features. Flatten the image, or end
//! the other arm in an image.
//!
//! ## copies-do-not-fit
//!
//! ```text
//! `stage.1` (Conv2d) expects 8 input channels, but `stage.0` produces 16
//! ```
//!
//! Each copy takes what the one before gives. Write the first out, and repeat one
//! that keeps its channels.
//!
//! Likewise: `block-copies-do-not-fit`.
//!
//! ## too-many-copies
//!
//! ```text
//! `convs` is repeated 5000 times; at most 4096 are possible
//! ```
//!
//! Far more than any network has: mostly a number that has wrapped around.
//!
//! ## block-channels-differ
//!
//! ```text
//! `layer1.conv` expects 16 input channels, but `stem` produces 8
//! ```
//!
//! The block is right by itself, but not with these numbers in this place; the
//! name says which layer of it is wrong.
//!
//! Likewise: `block-arms-channels-differ`, `block-identity-channels-differ`,
//! `block-wrong-for-these-numbers`, `network-wrong-for-these-numbers`.
//!
//! ## block-wrong-for-all-numbers
//!
//! ```text
//! `conv2` expects 7 input channels, but `conv1` produces 6
//! ```
//!
//! Said where the block is written: no number would make it right.
//!
//! Likewise: `network-wrong-for-all-numbers`.
//!
//! ## relation-broken
//!
//! ```text
//! `wide` (Wide) needs O == 4 * C, but 24 is not 32
//! ```
//!
//! The block says with `where` how its parameters are related. Give it the number on
//! the other side.
//!
//! ## calculated-parameter
//!
//! ```text
//! types can't calculate with parameters: make `4 * C` a parameter `N` of its own, with `where N == 4 * C`
//! ```
//!
//! Stable Rust has no arithmetic on const parameters in types. The width becomes a
//! parameter of its own, and `where` says how it is related: `pub struct Block<const C:
//! usize, const N: usize> where N == 4 * C { … }`.
//!
//! ## infer-from-parameters
//!
//! ```text
//! what arrives here depends on parameters: write the number
//! ```
//!
//! `_` is what arrives, and that is not known where the block is written. Make it a
//! parameter.
//!
//! ## infer-behind-dyn
//!
//! ```text
//! `fc` can't infer its input features, but the input is 3×Dyn×Dyn, known only at run time
//! ```
//!
//! A fully-connected layer has one weight for each feature, so their number can't come
//! at run time. Pool the image first (`GlobalAvgPool2d`), or use a convolution.
//!
//! ## head-differs
//!
//! ```text
//! the head `class` is declared to return 12 features, but gives 10 features
//! ```
//!
//! What is declared for a head is compared with what it gives.
//!
//! ## head-unknown
//!
//! ```text
//! no head is called `boxs`; did you mean `boxes`?
//! ```
//!
//! The heads are called as in `Heads { … }`.
//!
//! Likewise: `head-declared-twice`.
//!
//! ## head-undeclared
//!
//! ```text
//! the head `boxes` is not declared
//! ```
//!
//! Where outputs are declared, all of them are; or leave the declaration out.
//!
//! ## one-output-declared-for-heads
//!
//! ```text
//! one output is declared, but the network ends in `Heads { … }`
//! ```
//!
//! The tensors are returned by name: `-> { class: [10], boxes: [4] }`.
//!
//! Likewise: `heads-declared-without-heads`.
//!
//! ## heads-not-last
//!
//! ```text
//! `Heads` are outputs: nothing can come behind them
//! ```
//!
//! Heads are what the network returns: they are its last layer, and no part of a
//! branch, a repetition or a block.
//!
//! Likewise: `heads-in-heads`, `heads-in-residual`, `heads-in-block`.
//!
//! ## duplicate-weight-name-across-arms
//!
//! ```text
//! two layers store their weights under the name `conv`
//! ```
//!
//! A residual has no name of its own unless you give it one, so its layers are
//! named side by side with their neighbours. Call one otherwise, or name the
//! branch.
//!
//! Likewise: `duplicate-weight-name`, `duplicate-weight-name-of-renamed`,
//! `two-nameless-weights`.
//!
//! ## scale-differs
//!
//! ```text
//! the scale of `gate` gives 4 features, but what it scales is 8×8×8; it needs one value for each channel, or the same shape
//! ```
//!
//! What scales an image has one value for each channel, row, column or pixel of it; its
//! last layer gives as many.
//!
//! ## shuffle-does-not-divide
//!
//! ```text
//! `up` takes a multiple of 2×2 = 4 channels, but `conv` produces 10
//! ```
//!
//! R² channels become the pixels of one, so they come in multiples of R².
//!
//! ## transposed-nothing-left
//!
//! ```text
//! `up` cuts off 10 rows of padding, but makes only 9
//! ```
//!
//! What a convolution pads on, a transposed convolution cuts off.
//!
//! ## output-padding-too-large
//!
//! ```text
//! `up` has an output padding of 2, but its stride and dilation allow at most 1
//! ```
//!
//! Output padding picks one of the sizes that a stride leaves open, so it is below the
//! stride (or the dilation).
//!
//! ## within-itself
//!
//! ```text
//! `again` is `Net` itself: a network within itself has no end
//! ```
//!
//! Its type would have no end. For copies, write `[Layer; count]`.
//!
//! Likewise: `copies-within-itself`.
//!
//! # Generic functions
//!
//! ## own-layer-cannot-take
//!
//! ```text
//! `Own` cannot take
//! ```
//!
//! The bound `L: Layer<In>` asks for it, and no `impl` of `L` gives it. A bound that
//! also names what comes out, `L: Layer<In, Out = Vector<10>>` or
//! `N: Network<Output = Vector<10>>`, is a comparison that rustc words itself (E0271):
//!
//! ```text
//! type mismatch resolving `<A as Network>::Output == Vector<10>`
//! ```
//!
//! with the two shapes below it, decimal as everywhere.
//!
//! Likewise: `bound-forgotten`, `own-layer-says-two-things`.
//!
//! # Running
//!
//! ## wrong-tensor
//!
//! ```text
//! the network takes `Tensor<f32, typenet::Chw<1, 28, 28>>`, but is given `typenet::Tensor<f32, typenet::Chw<1, 32, 32>>`
//! ```
//!
//! Make the tensor in the network's shape; an image of another size has to be
//! resized first.
//!
//! Likewise: `batch-of-another-shape`, `tensor-of-another-network`,
//! `vector-for-an-image`, `vec-for-a-tensor`, `wrong-precision`,
//! `wrong-tensor-for-a-runner`.
//!
//! ## weights-of-another-network
//!
//! ```text
//! expected `&Model<Second>`, found `&Model<First>`
//! ```
//!
//! A model belongs to its network; rustc says both (E0308). Weights go from one network
//! to another by name: [`AnyModel::typed`](crate::model::AnyModel::typed), or a partial
//! load.
//!
//! ## output-of-another-shape
//!
//! ```text
//! expected `10`, found `784`
//! ```
//!
//! The network returns another shape than the variable is declared to hold; both stand
//! below (E0308).
//!
//! ## result-of-dyn-taken-for-a-tensor
//!
//! ```text
//! expected `Tensor<f32, DynChw<8>>`, found `Result<Tensor<f32, DynChw<8>>, ...>`
//! ```
//!
//! Where a size comes at run time, a window may not fit the image: `forward` gives a
//! `Result`. Handle it, or use `?`.
//!
//! ## without-weights
//!
//! ```text
//! no function or associated item named `forward` found for struct `Net` in the current scope
//! ```
//!
//! The type has no weights. `Net::load(path)?` or `Net::random(seed)` gives the
//! model that runs.
//!
//! Likewise: `without-weights-by-hand`.
//!
//! # Weight files
//!
//! ## tensor-missing
//!
//! ```text
//! `prelu` needs `prelu.weight` (2), but the file has no tensor of that name
//! ```
//!
//! `check_weights!` compares the file with the network. Load it with other names or in
//! part ([`LoadOptions`](crate::weights::LoadOptions)), or take the right file.
//!
//! Likewise: `tensor-unexpected`, `counter-of-floats`.
//!
//! ## shape-differs
//!
//! ```text
//! `conv` needs `conv.weight` to be 4×2×3×3, but in the file it is 4×1×3×3
//! ```
//!
//! The file holds the weights of a layer of another shape.
//!
//! Likewise: `transposed`.
//!
//! ## integers
//!
//! ```text
//! `fc` needs `fc.weight` as F32, F16 or BF16, but in the file it is I32
//! ```
//!
//! Quantised weights need another engine.
//!
//! ## file-damaged
//!
//! ```text
//! can't read the weights in `../../weights/damaged.safetensors`
//! ```
//!
//! The header says something else than the file holds: download or save it again.
//!
//! Likewise: `file-missing`.

pub mod spelling;
