//! The part of the index about what `network!` can't read: names, numbers,
//! brackets, and lines that are being typed.
//!
//! # layer-without-name
//!
//! ```text
//! `Conv2d` needs a name before it, as in `conv2d: Conv2d`
//! ```
//!
//! The name stands in messages, in the summary and in the file of weights. Only a
//! branch can do without.
//!
//! Likewise: `missing-name`, `underscore-as-name`, `gap-between-layers`,
//! `attribute-without-layer`, `underscore-before-others`.
//!
//! # unknown-layer
//!
//! ```text
//! unknown layer `Conv2`; did you mean `Conv2d`?
//! ```
//!
//! A name with `NAME = value` behind it is one of the layers of this crate; their list
//! is [`layer`](crate::layer).
//!
//! Likewise: `unknown-layer-like-none`, `unknown-layer-without-parameters`,
//! `unknown-type`, `path-with-keywords`, `goes-on-behind-an-unreadable-layer`,
//! `misspelt-residual`, `misspelt-shortcut`.
//!
//! # unknown-parameter
//!
//! ```text
//! `Conv2d` has no parameter `STRIDE`; did you mean `S`?
//! ```
//!
//! Parameters are called as in the layer's type.
//!
//! Likewise: `misspelt-parameter`, `keyword-in-lower-case`,
//! `parameter-of-another-layer`, `parameter-of-a-plain-layer`,
//! `number-for-a-plain-layer`.
//!
//! # pytorch-spelling
//!
//! ```text
//! `Conv2d` has no parameter `kernel_size`; did you mean `K`?
//! ```
//!
//! Keyword parameters are one letter where the type has one: `K`, `S`, `P`, `D`, `G`.
//! Channels and features go first, without a name.
//!
//! Likewise: `features-by-name`, `channels-by-name`, `padding-in-lower-case`,
//! `padding-as-string`, `padding-valid`.
//!
//! # call-in-place-of-a-type
//!
//! ```text
//! the arguments of `Conv2d` stand in `<…>`, not in parentheses
//! ```
//!
//! A network is a type, and so are its layers: `Conv2d<1, 6, K = 5>`.
//!
//! Likewise: `call-of-new`, `empty-parentheses`, `turbofish`,
//! `residual-in-parentheses`, `residual-in-angle-brackets`, `arm-without-braces`.
//!
//! # missing-kernel
//!
//! ```text
//! `Conv2d` needs a kernel: `K = …`
//! ```
//!
//! It has no default.
//!
//! Likewise: `missing-kernel-of-pool`, `missing-features`, `missing-outputs`,
//! `batch-norm-without-channels`, `parameter-without-value`, `gap-between-numbers`,
//! `infer-outputs`, `infer-kernel`.
//!
//! # duplicate-name
//!
//! ```text
//! the name `relu1` is taken by an earlier layer
//! ```
//!
//! Layers are fields: each has a name of its own in its network, branch or arm.
//!
//! Likewise: `duplicate-name-in-arm`, `duplicate-arm`, `duplicate-head`,
//! `duplicate-parameter`, `duplicate-positional-parameter`, `two-weight-names`,
//! `raw-name-twice`, `duplicate-name-before-others`.
//!
//! # negative-literal
//!
//! ```text
//! a size can't be negative
//! ```
//!
//! Sizes, channels, kernels, strides and paddings count something.
//!
//! Likewise: `negative-size`, `eps-negative`.
//!
//! # overflowing-literal
//!
//! ```text
//! 99999999999999999999 is too large for a size
//! ```
//!
//! A size is a `usize`.
//!
//! Likewise: `float-literal`, `string-literal`, `literal-with-suffix`,
//! `flag-as-number`, `number-as-flag`, `eps-not-a-number`, `unknown-const`.
//!
//! # expression-without-braces
//!
//! ```text
//! an expression stands in braces: `{ 2 * 3 }`
//! ```
//!
//! As in Rust's own const arguments, whatever is more than a literal or a name stands
//! in braces.
//!
//! Likewise: `expression-in-shape`.
//!
//! # three-numbers-for-a-pair
//!
//! ```text
//! `K` is one number or `(height, width)`
//! ```
//!
//! One number is for both axes; `(height, width)` is for each.
//!
//! Likewise: `pair-in-brackets`, `too-many-numbers`, `number-behind-keyword`,
//! `keyword-within-a-tuple`.
//!
//! # shape-with-four-sizes
//!
//! ```text
//! a shape has no batch size: it is `[channels, height, width]` or `[features]`
//! ```
//!
//! A network runs sample by sample, so the batch is no part of its shape.
//!
//! Likewise: `shape-with-two-sizes`, `shape-without-sizes`, `shape-in-parentheses`,
//! `shape-with-semicolon`, `shape-of-dyn-channels`, `dyn-in-lower-case`,
//! `dyn-as-channels`, `missing-input`, `missing-arrow-target`, `fat-arrow`.
//!
//! # zero-copies
//!
//! ```text
//! a layer is repeated at least once
//! ```
//!
//! `[layer; count]` stands for `count` layers. (A const parameter may leave none of
//! them.)
//!
//! Likewise: `repetition-with-comma`, `repetition-without-count`, `inclusive-range`.
//!
//! # empty-network
//!
//! ```text
//! a network needs at least one layer
//! ```
//!
//! A network without a layer would return its input.
//!
//! Likewise: `empty-macro`, `empty-residual`, `empty-concat`, `missing-body`,
//! `missing-layers`.
//!
//! # twenty-five-braces-in-each-other
//!
//! ```text
//! more than 24 braces lie in each other: make the inner layers a block of their own
//! ```
//!
//! A block is a layer that stands for all of its own; blocks lie in each other fifty deep
//! and more.
//!
//! # missing-comma
//!
//! ```text
//! expected `,` and the next layer
//! ```
//!
//! Layers are separated by commas, and a name from its layer by a colon.
//!
//! Likewise: `missing-colon`, `arrow-for-colon`, `semicolon-for-comma`,
//! `shortcut-behind-comma`, `tokens-after-the-network`.
//!
//! # half-typed-layer
//!
//! ```text
//! `conv1` needs a layer, such as `Relu` or `Conv2d<1, 6, K = 5>`
//! ```
//!
//! While you type. The network keeps its fields and methods, so that editors go on
//! completing.
//!
//! Likewise: `half-typed-field`, `half-typed-fields-resolve`, `half-typed-keyword`,
//! `half-typed-number`, `half-typed-parameters`, `half-typed-repetition`,
//! `half-typed-residual`, `half-typed-arm`.
//!
//! # weight-name-not-a-string
//!
//! ```text
//! a weight name is a string: `#[name = "features.0"]`
//! ```
//!
//! It is the name in the file, and may be a path: `#[name = "features.0"]`.
//!
//! Likewise: `weight-name-in-parentheses`, `empty-part-of-weight-name`.
//!
//! # pub-field
//!
//! ```text
//! a layer is as visible as its network: leave `pub` out
//! ```
//!
//! Only the network has a visibility; its layers share it.
//!
//! Likewise: `keyword-as-name`, `enum-for-struct`, `type-parameter`,
//! `parameter-of-another-type`, `output-of-parameters`, `relation-without-equals`,
//! `check-without-output`.
//!
//! # not-a-layer
//!
//! ```text
//! `String` is not a layer
//! ```
//!
//! A type is a layer if it implements [`Describe`](crate::Describe): a network or
//! block of `network!`, a tuple of layers, or your own
//! [`CustomLayer`](crate::CustomLayer).
