//! From the names in a file to those of a network.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::format::Quoted;

/// How the tensors of a file are called in the network: rules, each of which
/// changes what the one before has made of a name.
///
/// ```
/// use typenet::weights::Names;
///
/// let names = Names::new()
///     .strip_prefix("module.")
///     .rename("classifier.6", "fc8")
///     .pattern("features.*.conv.*", "conv*.*")?;
/// assert_eq!(names.apply("module.classifier.6.weight"), "fc8.weight");
/// assert_eq!(names.apply("module.features.3.conv.bias"), "conv3.bias");
/// assert_eq!(names.apply("fc.weight"), "fc.weight");
/// # Ok::<(), typenet::weights::BadPattern>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    rules: Vec<Rule>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Rule {
    Strip(String),
    Add(String),
    Rename(String, String),
    Pattern(String, String),
}

/// A pattern that does not say where its stars go.
///
/// ```
/// use typenet::weights::Names;
///
/// let error = Names::new().pattern("a.*", "*.*").unwrap_err();
/// assert_eq!(error.to_string(), "`a.*` has 1 star, but `*.*` has 2: each needs one to stand for");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadPattern {
    from: String,
    to: String,
}

impl Names {
    /// No rule: names stay what they are.
    ///
    /// ```
    /// assert_eq!(typenet::weights::Names::new().apply("conv1.weight"), "conv1.weight");
    /// ```
    pub const fn new() -> Self {
        Self { rules: Vec::new() }
    }

    /// Takes `prefix` off the names that begin with it.
    ///
    /// ```
    /// let names = typenet::weights::Names::new().strip_prefix("model.");
    /// assert_eq!(names.apply("model.conv1.weight"), "conv1.weight");
    /// assert_eq!(names.apply("head.weight"), "head.weight");
    /// ```
    pub fn strip_prefix(self, prefix: impl Into<String>) -> Self {
        self.with(Rule::Strip(prefix.into()))
    }

    /// Puts `prefix` before every name.
    ///
    /// ```
    /// let names = typenet::weights::Names::new().add_prefix("body.");
    /// assert_eq!(names.apply("conv1.weight"), "body.conv1.weight");
    /// ```
    pub fn add_prefix(self, prefix: impl Into<String>) -> Self {
        self.with(Rule::Add(prefix.into()))
    }

    /// Calls a tensor, or a layer and all within it, otherwise.
    ///
    /// ```
    /// let names = typenet::weights::Names::new().rename("fc", "classifier");
    /// assert_eq!(names.apply("fc.weight"), "classifier.weight");
    /// assert_eq!(names.apply("fc2.weight"), "fc2.weight");
    /// ```
    pub fn rename(self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.with(Rule::Rename(from.into(), to.into()))
    }

    /// Renames what has the form `from`, in which a star stands for any letters of
    /// one part of a name (parts end at points); the first star of `to` becomes
    /// what the first of `from` stood for, and so on.
    ///
    /// # Errors
    ///
    /// If `to` has more stars than `from`, or a part of `from` has two.
    ///
    /// ```
    /// let names = typenet::weights::Names::new().pattern("layer*.*.conv1.*", "stage*.*.a.*")?;
    /// assert_eq!(names.apply("layer2.0.conv1.weight"), "stage2.0.a.weight");
    /// assert_eq!(names.apply("layer2.conv1.weight"), "layer2.conv1.weight");
    /// # Ok::<(), typenet::weights::BadPattern>(())
    /// ```
    pub fn pattern(
        self,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Result<Self, BadPattern> {
        let (from, to) = (from.into(), to.into());
        if stars(&to) > stars(&from) || from.split('.').any(|part| stars(part) > 1) {
            return Err(BadPattern { from, to });
        }
        Ok(self.with(Rule::Pattern(from, to)))
    }

    /// The name of the network's parameter that the tensor `name` is for.
    ///
    /// ```
    /// let names = typenet::weights::Names::new().strip_prefix("a.").strip_prefix("b.");
    /// assert_eq!(names.apply("a.b.weight"), "weight");
    /// ```
    pub fn apply(&self, name: &str) -> String {
        self.rules.iter().fold(String::from(name), |name, rule| match rule.apply(&name) {
            Cow::Borrowed(same) if same.len() == name.len() => name,
            changed => changed.into_owned(),
        })
    }

    /// Whether no rule was given.
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

impl Rule {
    fn apply<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self {
            Self::Strip(prefix) => name.strip_prefix(prefix.as_str()).unwrap_or(name).into(),
            Self::Add(prefix) => Cow::Owned([prefix, name].concat()),
            Self::Rename(from, to) => match name.strip_prefix(from.as_str()) {
                Some(rest) if rest.is_empty() || rest.starts_with('.') => {
                    Cow::Owned([to, rest].concat())
                }
                _ => name.into(),
            },
            Self::Pattern(from, to) => match captures(from, name) {
                Some(found) => Cow::Owned(fill(to, &found)),
                None => name.into(),
            },
        }
    }
}

fn stars(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'*').count()
}

/// What each star of `pattern` stands for in `name`, if it has that form.
fn captures<'a>(pattern: &str, name: &'a str) -> Option<Vec<&'a str>> {
    let mut found = Vec::new();
    let (mut patterns, mut parts) = (pattern.split('.'), name.split('.'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return Some(found),
            (Some(pattern), Some(part)) => match pattern.split_once('*') {
                None if pattern == part => {}
                Some((before, after)) => {
                    found.push(part.strip_prefix(before)?.strip_suffix(after)?);
                }
                None => return None,
            },
            _ => return None,
        }
    }
}

fn fill(to: &str, found: &[&str]) -> String {
    let mut text = String::new();
    let mut found = found.iter();
    for (index, piece) in to.split('*').enumerate() {
        if index > 0 {
            text.push_str(found.next().copied().unwrap_or_default());
        }
        text.push_str(piece);
    }
    text
}

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (Quoted(&self.from), Quoted(&self.to));
        let (has, wants) = (stars(&self.from), stars(&self.to));
        if wants > has {
            let s = if has == 1 { "" } else { "s" };
            return write!(
                f,
                "{from} has {has} star{s}, but {to} has {wants}: each needs one to stand for"
            );
        }
        write!(f, "{from} has two stars between points; one can stand for all of it")
    }
}

impl core::error::Error for BadPattern {}
