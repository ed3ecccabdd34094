//! Whatever is typed between the braces of `network!`, it is read or refused with
//! an error of ours: no panic, and no nonsense that is not even Rust.
//!
//! The seeds are every `network!` in `ui-tests/` and `tests/`; each is changed at
//! random by dropping, doubling, swapping and replacing tokens. The same runs
//! without end as a fuzz target (`fuzz/`).

#![allow(clippy::print_stdout, reason = "tests say how much they have seen")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// The tokens of each `network!` below a folder.
fn seeds(folder: &Path, found: &mut Vec<TokenStream>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            seeds(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            if let Ok(tokens) = text.parse() {
                networks(tokens, found);
            }
        }
    }
}

/// The groups behind `network !`, however deep.
fn networks(tokens: TokenStream, found: &mut Vec<TokenStream>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let called = at >= 2 && trees[at - 2].to_string() == "network";
        if called && trees[at - 1].to_string() == "!" {
            found.push(group.stream());
        } else {
            networks(group.stream(), found);
        }
    }
}

/// `SplitMix64` (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

/// Something to put in a token's place.
fn token(random: &mut Random) -> TokenTree {
    let punct = |c| TokenTree::Punct(Punct::new(c, Spacing::Alone));
    let ident = |name| TokenTree::Ident(Ident::new(name, Span::call_site()));
    let words = ["Dyn", "Conv2d", "K", "Relu", "Residual", "shortcut", "where", "const", "_", "x"];
    match random.below(6) {
        0 => punct([',', ':', ';', '=', '<', '>', '-', '#', '!', '?'][random.below(10)]),
        1 => TokenTree::Literal(Literal::usize_unsuffixed([0, 1, 7, usize::MAX][random.below(4)])),
        2 => TokenTree::Literal(Literal::f64_unsuffixed([0.0, 1e300, 0.5][random.below(3)])),
        3 => TokenTree::Literal(Literal::string("a.b")),
        4 => {
            let kinds = [Delimiter::Brace, Delimiter::Bracket, Delimiter::Parenthesis];
            TokenTree::Group(Group::new(kinds[random.below(3)], TokenStream::new()))
        }
        _ => ident(words[random.below(words.len())]),
    }
}

/// One change, here or in a group.
fn change(tokens: TokenStream, random: &mut Random) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    if trees.is_empty() {
        return TokenStream::from_iter([token(random)]);
    }
    let at = random.below(trees.len());
    if let TokenTree::Group(group) = &trees[at]
        && random.below(4) > 0
    {
        let inside = change(group.stream(), random);
        trees[at] = TokenTree::Group(Group::new(group.delimiter(), inside));
        return trees.into_iter().collect();
    }
    let other = random.below(trees.len());
    match random.below(5) {
        0 => drop(trees.remove(at)),
        1 => trees.insert(other, trees[at].clone()),
        2 => trees.swap(at, other),
        3 => trees.truncate(at),
        _ => trees[at] = token(random),
    }
    trees.into_iter().collect()
}

/// As `typenet::network!` hands it over.
fn expand(inside: &TokenStream) -> TokenStream {
    crate::network::network(quote::quote!(::typenet; #inside))
}

/// Expands, and says what is not even Rust in it: the compiler has to find that.
fn check(inside: &TokenStream) -> Option<String> {
    let before = Instant::now();
    let expanded = expand(inside);
    let took = before.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?} for {inside}");
    let error = syn::parse2::<syn::File>(expanded.clone()).err()?.to_string();
    // A keyword for a name: the compiler says so, at that very word.
    if error.contains("found keyword") {
        None
    } else {
        Some(format!("{error}: {inside}\nbecame {expanded}"))
    }
}

/// However many braces lie in each other, nothing overflows the stack.
#[test]
fn braces_in_braces_end() {
    let relu: TokenStream = "relu: Relu".parse().unwrap();
    let within = |depth| {
        (0..depth).fold(relu.clone(), |inside, _| {
            let braces = Group::new(Delimiter::Brace, inside);
            quote::quote!(Residual #braces)
        })
    };
    let expanded = |depth| {
        let body = within(depth);
        expand(&quote::quote!(struct Deep: [3, 8, 8] { #body })).to_string()
    };
    assert!(!expanded(24).contains("compile_error"), "{}", expanded(24));
    for depth in [25, 5000] {
        assert!(expanded(depth).contains("more than 24 braces lie in each other"));
    }
}

#[test]
fn any_tokens_are_read_or_refused() {
    // As much stack as rustc has where it runs a macro; a test has a quarter.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(many_tokens).unwrap();
    thread.join().unwrap();
}

fn many_tokens() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = vec![];
    for folder in ["ui-tests", "tests", "src/zoo"] {
        if root.join(folder).is_dir() {
            seeds(&root.join(folder), &mut found);
        }
    }
    assert!(found.len() > 300, "only {} networks found", found.len());
    let (mut random, mut faults) = (Random(1), vec![]);
    for seed in &found {
        faults.extend(check(seed));
        // (Long ones cost a second each in a debug build.)
        for _ in 0..if seed.to_string().len() < 2000 { 60 } else { 3 } {
            let mut tokens = change(seed.clone(), &mut random);
            for _ in 0..random.below(3) {
                tokens = change(tokens, &mut random);
            }
            faults.extend(check(&tokens));
        }
    }
    println!("{} networks", found.len());
    let few = faults.len().min(10);
    assert!(faults.is_empty(), "{} are no Rust, {}", faults.len(), faults[..few].join("\n\n"));
}
