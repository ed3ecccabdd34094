//! Our layers as the macro knows them: the names and parameters of each.

/// A layer of ours: its name, the order of its positional parameters, and those
/// that go by keyword.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) positional: &'static [&'static str],
    pub(crate) keywords: &'static [&'static str],
}

/// Every layer that the macro reads itself; the rest are types like any other.
const KNOWN: &[Known] = &[
    Known {
        name: "Conv2d",
        positional: &["I", "O", "K", "S", "P", "D", "G"],
        keywords: &["K", "S", "P", "D", "G", "BIAS"],
    },
    Known {
        name: "MaxPool2d",
        positional: &["K", "S", "P", "D"],
        keywords: &["K", "S", "P", "D", "CEIL"],
    },
    Known {
        name: "AvgPool2d",
        positional: &["K", "S", "P"],
        keywords: &["K", "S", "P", "INCLUDE_PAD", "CEIL"],
    },
    Known { name: "BatchNorm2d", positional: &["C"], keywords: &["EPS"] },
    Known { name: "Linear", positional: &["I", "O"], keywords: &["BIAS"] },
    Known { name: "BatchNorm1d", positional: &["C"], keywords: &["EPS"] },
    Known { name: "LeakyRelu", positional: &[], keywords: &["SLOPE"] },
    Known { name: "Elu", positional: &[], keywords: &["ALPHA"] },
    Known { name: "Clip", positional: &[], keywords: &["MIN", "MAX"] },
    Known { name: "PRelu", positional: &["C"], keywords: &[] },
    Known { name: "Dropout", positional: &[], keywords: &["P"] },
    Known {
        name: "LpPool2d",
        positional: &["NORM", "K", "S", "P"],
        keywords: &["NORM", "K", "S", "P", "CEIL"],
    },
    Known {
        name: "ConvTranspose2d",
        positional: &["I", "O", "K", "S", "P", "OUTPUT_PADDING", "G", "D"],
        keywords: &["K", "S", "P", "OUTPUT_PADDING", "D", "G", "BIAS"],
    },
    Known { name: "Pad2d", positional: &["P"], keywords: &["P", "VALUE"] },
    Known {
        name: "Upsample",
        positional: &["SCALE"],
        keywords: &["SCALE", "MODE", "ALIGN_CORNERS"],
    },
    Known { name: "PixelShuffle", positional: &["R"], keywords: &["R"] },
    Known {
        name: "LocalResponseNorm",
        positional: &["SIZE"],
        keywords: &["SIZE", "ALPHA", "BETA", "K"],
    },
    plain("GlobalAvgPool2d"),
    plain("GlobalMaxPool2d"),
    plain("Relu"),
    plain("Relu6"),
    plain("Sigmoid"),
    plain("Tanh"),
    plain("Silu"),
    plain("HardSigmoid"),
    plain("HardSwish"),
    plain("Gelu"),
    plain("GeluTanh"),
    plain("Softmax"),
    plain("LogSoftmax"),
    plain("Flatten"),
    plain("Identity"),
];

/// A layer without parameters.
const fn plain(name: &'static str) -> Known {
    Known { name, positional: &[], keywords: &[] }
}

/// The names of all.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.name)
}

/// The layer of ours that is called `name`.
pub(crate) fn find(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

/// The branches, and how each is written.
pub(crate) const BRANCHES: [(&str, &str); 3] = [
    ("Residual", "Residual { … }"),
    ("Concat", "Concat { left: { … }, right: { … } }"),
    ("Heads", "Heads { left: { … }, right: { … } }"),
];

/// How the branch called `name` is written.
pub(crate) fn branch(name: &proc_macro2::Ident) -> Option<&'static str> {
    BRANCHES.iter().find(|(branch, _)| name == branch).map(|(_, form)| *form)
}

/// The keyword that PyTorch spells out as `name`.
pub(crate) fn in_pytorch(name: &str) -> Option<&'static str> {
    Some(match name {
        "kernel_size" | "kernel" => "K",
        "stride" => "S",
        "padding" => "P",
        "dilation" => "D",
        "groups" => "G",
        "bias" => "BIAS",
        "eps" => "EPS",
        "negative_slope" => "SLOPE",
        "alpha" => "ALPHA",
        "count_include_pad" => "INCLUDE_PAD",
        _ => return None,
    })
}

/// The place of the parameter that PyTorch calls `name`, where ours has no name.
pub(crate) fn position_in_pytorch(name: &str) -> Option<usize> {
    match name {
        "in_channels" | "in_features" | "num_features" | "num_parameters" => Some(0),
        "out_channels" | "out_features" => Some(1),
        _ => None,
    }
}
