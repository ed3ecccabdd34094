//! What the outputs of a network stand for.

/// The names of the classes, in the order of the outputs.
///
/// ```
/// use typenet::zoo::Classes;
///
/// assert_eq!(Classes::IMAGENET.name(282), Some("tiger cat"));
/// assert_eq!(Classes::DIGITS.iter().count(), 10);
/// assert_eq!(Classes::DIGITS.name(10), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Classes(&'static str);

impl Classes {
    /// The 1,000 classes of ImageNet's challenge (ILSVRC 2012), the synonyms of
    /// each separated by commas.
    ///
    /// Each class is a synset of WordNet 3.0 (Copyright 2006 by Princeton
    /// University; the terms of use stand in `src/zoo/imagenet.LICENSE`), and the
    /// classes are in the order of WordNet's offsets.
    pub const IMAGENET: Self = Self::new(include_str!("imagenet.txt"));
    /// The digits of MNIST.
    pub const DIGITS: Self = Self::new("0\n1\n2\n3\n4\n5\n6\n7\n8\n9");
    /// The clothes of Fashion-MNIST.
    pub const FASHION: Self = Self::new(
        "T-shirt/top\ntrouser\npullover\ndress\ncoat\nsandal\nshirt\nsneaker\nbag\nankle boot",
    );
    /// The classes of CIFAR-10.
    pub const CIFAR10: Self =
        Self::new("airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck");

    /// Classes of your own: a name a line.
    pub const fn new(lines: &'static str) -> Self {
        Self(lines)
    }

    /// The name of one class.
    pub fn name(&self, class: usize) -> Option<&'static str> {
        self.iter().nth(class)
    }

    /// All names.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.lines()
    }
}
