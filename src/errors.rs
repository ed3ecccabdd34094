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
//! # Running
//!
//! ## wrong-tensor
//!
//! ```text
//! expected `28`, found `32`
//! ```
//!
//! A mismatched type (E0308), with the two shapes below. (A sentence could be had,
//! but the shape of a tensor would no longer be inferred from the network.)
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
//! ## unknown-layer
//!
//! ```text
//! unknown layer `Conv2`; did you mean `Conv2d`?
//! ```
//!
//! ## unknown-parameter
//!
//! ```text
//! `Conv2d` has no parameter `STRIDE`; it has `K`, `S`, `P`, `D`, `G`, `BIAS`
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
