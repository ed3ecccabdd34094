//! `check_weights!`: the header of a weight file as a table of tensors.
//!
//! The macro reads the header alone, with the library's own reader, and knows
//! nothing of the network, which may be any type; the comparison is const
//! evaluation's. `include_bytes!` of the file, in a const that nothing reads, makes
//! cargo rebuild when it changes: the weights go into neither tokens nor program.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{LitStr, Token, Type};

use crate::format::{DType, Header, PREFIX, header_len, is_counter};

/// Missing parameters that are listed one by one.
const LISTED: usize = 16;

/// `Network, "path"`.
pub(crate) struct Check {
    network: Type,
    path: LitStr,
}

impl Parse for Check {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let network = input.parse()?;
        input.parse::<Token![,]>()?;
        let path = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { network, path })
    }
}

impl Check {
    /// The check as items.
    pub(crate) fn expand(&self, krate: &TokenStream) -> syn::Result<TokenStream> {
        let (network, span) = (&self.network, self.path.span());
        let failed = |problem: String| syn::Error::new(span, problem);
        let path = self.find().map_err(failed)?;
        let tensors = read(&path).map_err(|problem| {
            failed(format!("can't read the weights in `{}`\n{problem}", self.path.value()))
        })?;
        let whole = path.to_str().ok_or_else(|| failed("the path is not UTF-8".into()))?;
        let whole = LitStr::new(whole, span);
        let table = tensors.iter().map(|Tensor { name, dtype, fits, shape }| {
            quote_spanned! { span =>
                #krate::__private::FileTensor {
                    name: #name, dtype: #dtype, fits: #fits, shape: &[#(#shape),*],
                }
            }
        });
        let (count, indices) = (tensors.len(), 0..tensors.len());
        let (asks, last) = (0..LISTED, (0..LISTED).map(|ask| ask + 1 == LISTED));
        // At the type, where it is the type that is wrong.
        let spec = quote_spanned! { network.span() =>
            #krate::__private::spec_of::<#network>()
        };
        Ok(quote_spanned! { span =>
            #[allow(long_running_const_eval)]
            const _: () = {
                const _: &[#krate::__private::Byte] = ::core::include_bytes!(#whole);
                const FILE: &[#krate::__private::FileTensor; #count] = &[#(#table),*];
                const SPEC: &#krate::__private::Spec<'static> = #spec;
                const ALL: &#krate::__private::Compared<'static, #count> =
                    &#krate::__private::compare(SPEC, FILE, 0);
                #(const _: () = ALL.tensor(#indices);)*
                #(const _: () = ALL.missing(SPEC, #asks, #last);)*
            };
        })
    }

    /// The file: from the folder of `Cargo.toml` or, as `include_bytes!` takes it,
    /// from that of the source file.
    fn find(&self) -> Result<PathBuf, String> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let source = self.path.span().unwrap().local_file();
        let source = source.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let written = self.path.value();
        let places = [manifest, source].into_iter().flatten().map(|folder| folder.join(&written));
        let found = places.clone().find(|path| path.is_file());
        let found = found.ok_or_else(|| {
            format!("no file `{written}` beside `Cargo.toml`, nor beside this source file")
        })?;
        found.canonicalize().map_err(|error| format!("can't find `{written}`: {error}"))
    }
}

struct Tensor {
    name: String,
    dtype: &'static str,
    fits: bool,
    shape: Vec<usize>,
}

/// The tensors in the header of a safetensors file, sorted by name.
fn read(path: &Path) -> Result<Vec<Tensor>, String> {
    let text = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(text)?;
    let len = file.metadata().map_err(text)?.len();
    let mut prefix = [0; PREFIX];
    file.read_exact(&mut prefix).map_err(|_| format!("the file is {len} bytes long"))?;
    let header = header_len(prefix, len).map_err(|error| error.to_string())?;
    let mut bytes = vec![0; header];
    file.read_exact(&mut bytes).map_err(text)?;
    let data = len - (PREFIX + header) as u64;
    let header = Header::parse(&bytes, data).map_err(|error| error.to_string())?;
    let entries = header.entries().iter();
    // The loader passes over counters too.
    let weights =
        entries.filter(|entry| !is_counter(header.name(entry), entry.dtype, &header.shape(entry)));
    let tensors = weights.map(|entry| Tensor {
        name: header.name(entry).into(),
        dtype: entry.dtype.name(),
        fits: matches!(entry.dtype, DType::F32 | DType::F16 | DType::BF16),
        shape: header.shape(entry).as_slice().into(),
    });
    let mut tensors: Vec<Tensor> = tensors.collect();
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tensors)
}
