//! The index of errors: what the compiler says, why, and what to do.
//!
//! Each section is named after the case in `ui-tests/fail/` that shows it, and a
//! test keeps its text equal to what the compiler really prints. A layer goes by
//! its name; in a chain by hand by its place, `2 (Conv2d)`. With literal numbers
//! the macro speaks (`error: …`), with const items const evaluation does
//! (`error[E0080]: evaluation panicked: …`), both in the same words. In generic
//! code and at the first use of a chain by hand it is the trait solver
//! (`error[E0277]: …`), which knows types but no names.
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
//! ## channels-differ
//!
//! ```text
//! `conv2` expects 7 input channels, but `conv1` produces 6
//! ```
//!
//! Every filter is as deep as the image that arrives. Write the number that
//! arrives, or `_`.
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
//! ## output-differs
//!
//! ```text
//! the network is declared to return 10 features, but `fc` produces 12 features
//! ```
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
//! ## vector-into-convolution
//!
//! ```text
//! `conv` takes an image, but the input, 1×28×28, has been flattened before it
//! ```
//!
//! A `Flatten` stands too early: behind it there are no rows and columns.
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
//! # Numbers that can't be
//!
//! ## zero-stride
//!
//! ```text
//! `conv` has a stride of 0; at least 1 is needed
//! ```
//!
//! Likewise for kernel, dilation, groups, inputs and outputs.
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
//! ## pool-padding
//!
//! ```text
//! `pool` pads 2 pixels, but a window of 3 allows at most 1
//! ```
//!
//! With more than half a window of padding, a window could lie wholly in it and
//! would have no value.
//!
//! ## output-past-memory
//!
//! ```text
//! `conv` makes 1099511627776×4096×4096 that do not fit into memory: more than isize::MAX bytes
//! ```
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
//! ## concat-heights-differ
//!
//! ```text
//! `mixed.right` gives 4×26×28, but `mixed.left` gives 4×28×28; to be concatenated they need the same height and width
//! ```
//!
//! Channels are put one behind the other, so the images must be of one size: pad
//! each arm to what its kernel takes away (`P = Same`).
//!
//! ## concat-image-and-vector
//!
//! ```text
//! `mixed.right` gives 8 features, but `mixed.left` gives the image 4×28×28; an image and a vector can't be concatenated
//! ```
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
//! ## block-channels-differ
//!
//! ```text
//! `layer1.conv` expects 16 input channels, but `stem` produces 8
//! ```
//!
//! The block is right by itself, but not with these numbers in this place; the
//! name says which layer of it is wrong.
//!
//! ## block-wrong-for-all-numbers
//!
//! ```text
//! `conv2` expects 7 input channels, but `conv1` produces 6
//! ```
//!
//! Said where the block is written: no number would make it right.
//!
//! ## relation-broken
//!
//! ```text
//! `wide` (Wide) needs O == 4 * C, but 24 is not 32
//! ```
//!
//! The block says with `where` how its parameters are related.
//!
//! ## infer-from-parameters
//!
//! ```text
//! what arrives here depends on parameters: write the number
//! ```
//!
//! ## infer-behind-dyn
//!
//! ```text
//! `fc` can't infer its input features, but the input is 3×Dyn×Dyn, known only at run time
//! ```
//!
//! ## head-differs
//!
//! ```text
//! the head `class` is declared to return 12 features, but gives 10 features
//! ```
//!
//! ## head-unknown
//!
//! ```text
//! no head is called `boxs`; did you mean `boxes`?
//! ```
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
//! ## scale-differs
//!
//! ```text
//! the scale of `gate` gives 4 features, but what it scales is 8×8×8; it needs one value for each channel, or the same shape
//! ```
//!
//! ## shuffle-does-not-divide
//!
//! ```text
//! `up` takes a multiple of 2×2 = 4 channels, but `conv` produces 10
//! ```
//!
//! ## transposed-nothing-left
//!
//! ```text
//! `up` cuts off 10 rows of padding, but makes only 9
//! ```
//!
//! What a convolution pads on, a transposed convolution cuts off.
//!
//! ## within-itself
//!
//! ```text
//! `again` is `Net` itself: a network within itself has no end
//! ```
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
//! ## without-weights
//!
//! ```text
//! no function or associated item named `forward` found for struct `Net` in the current scope
//! ```
//!
//! The type has no weights. `Net::load(path)?` or `Net::random(seed)` gives the
//! model that runs.
//!
//! # Spelling
//!
//! ## layer-without-name
//!
//! ```text
//! `Conv2d` needs a name before it, as in `conv2d: Conv2d`
//! ```
//!
//! The name stands in messages, in the summary and in the file of weights. Only a
//! branch can do without.
//!
//! ## unknown-layer
//!
//! ```text
//! unknown layer `Conv2`; did you mean `Conv2d`?
//! ```
//!
//! ## unknown-parameter
//!
//! ```text
//! `Conv2d` has no parameter `STRIDE`; did you mean `S`?
//! ```
//!
//! ## pytorch-spelling
//!
//! ```text
//! `Conv2d` has no parameter `kernel_size`; did you mean `K`?
//! ```
//!
//! ## call-in-place-of-a-type
//!
//! ```text
//! the arguments of `Conv2d` stand in `<…>`, not in parentheses
//! ```
//!
//! ## missing-kernel
//!
//! ```text
//! `Conv2d` needs a kernel: `K = …`
//! ```
//!
//! ## duplicate-name
//!
//! ```text
//! the name `relu1` is taken by an earlier layer
//! ```
//!
//! ## negative-literal
//!
//! ```text
//! a size can't be negative
//! ```
//!
//! ## not-a-layer
//!
//! ```text
//! `String` is not a layer
//! ```
//!
//! A type is a layer if it implements [`Describe`](crate::Describe): a network or
//! block of `network!`, a tuple of layers, or your own
//! [`CustomLayer`](crate::CustomLayer).
