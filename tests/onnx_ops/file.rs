//! The cases as they lie in the folder: attributes in `onnx_ops.json`, tensors
//! in `onnx_ops.safetensors`.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// A tensor of a case.
#[derive(Clone, Debug)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// All tensors of the folder.
pub struct Store {
    header: Map<String, Value>,
    data: Vec<u8>,
}

impl Store {
    /// Reads a safetensors file: the length of a JSON header, the header, bytes.
    pub fn read(path: &Path) -> Result<Self, String> {
        let file = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (length, rest) = file.split_first_chunk().ok_or("no header")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| "header")?;
        let (header, data) = rest.split_at_checked(length).ok_or("the header is cut off")?;
        let header = serde_json::from_slice(header).map_err(|error| error.to_string())?;
        Ok(Self { header, data: data.to_vec() })
    }

    fn tensor(&self, name: &str) -> Result<Tensor, String> {
        let entry = self.header.get(name).ok_or(format!("`{name}` is not in the file"))?;
        let sizes = |key: &str| -> Option<Vec<usize>> {
            let sizes = entry.get(key)?.as_array()?;
            sizes.iter().map(|size| usize::try_from(size.as_u64()?).ok()).collect()
        };
        let shape = sizes("shape").ok_or(format!("`{name}` has no shape"))?;
        let offsets = sizes("data_offsets");
        let Some(&[begin, end]) = offsets.as_deref() else {
            return Err(format!("`{name}` has no bytes"));
        };
        let bytes: &[u8] = self.data.get(begin..end).ok_or(format!("`{name}` is cut off"))?;
        let values: Vec<f32> = match entry.get("dtype").and_then(Value::as_str) {
            Some("F32") => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Some("I64") => {
                bytes.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect()
            }
            Some("BOOL" | "U8") => bytes.iter().map(|b| f32::from(*b)).collect(),
            dtype => return Err(format!("`{name}` is of type {dtype:?}")),
        };
        if values.len() != shape.iter().product::<usize>() {
            return Err(format!("`{name}` has not as many values as its shape"));
        }
        Ok(Tensor { shape, values })
    }
}

/// A single operator with its attributes, inputs and outputs.
pub struct Case<'a> {
    store: &'a Store,
    entry: &'a Value,
}

impl<'a> Case<'a> {
    pub fn new(store: &'a Store, entry: &'a Value) -> Self {
        Self { store, entry }
    }

    pub fn name(&self) -> &'a str {
        self.entry["case"].as_str().unwrap_or("?")
    }

    pub fn op(&self) -> &'a str {
        self.entry["op"].as_str().unwrap_or("?")
    }

    /// The version of the operator set.
    pub fn opset(&self) -> i64 {
        self.entry["opset"].as_i64().unwrap_or(i64::MAX)
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.entry["attrs"][name].as_i64()
    }

    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.entry["attrs"][name].as_f64().map_or(default, |value| value as f32)
    }

    pub fn text(&self, name: &str, default: &'static str) -> &'a str {
        self.entry["attrs"][name].as_str().unwrap_or(default)
    }

    /// Whole numbers; none if the attribute is missing.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        let list = self.entry["attrs"][name].as_array();
        list.into_iter().flatten().filter_map(Value::as_i64).collect()
    }

    /// Sizes, so many of them; `None` if the attribute is missing.
    pub fn sizes(&self, name: &str, len: usize) -> Result<Option<Vec<usize>>, String> {
        let Some(list) = self.entry["attrs"][name].as_array() else {
            return Ok(None);
        };
        let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
        match list.iter().map(size).collect::<Option<Vec<usize>>>() {
            Some(sizes) if sizes.len() == len => Ok(Some(sizes)),
            _ => Err(format!("`{name}` is {list:?}, not {len} sizes")),
        }
    }

    /// The inputs, left-out optional ones as `None`.
    pub fn inputs(&self) -> Result<Vec<Option<Tensor>>, String> {
        let names = self.entry["inputs"].as_array().into_iter().flatten();
        names.map(|name| name.as_str().map(|name| self.store.tensor(name)).transpose()).collect()
    }

    /// An input; `None` if it is optional and left out.
    pub fn optional(&self, index: usize) -> Result<Option<Tensor>, String> {
        let name = self.entry["inputs"][index].as_str();
        name.filter(|name| !name.is_empty()).map(|name| self.store.tensor(name)).transpose()
    }

    pub fn input(&self, index: usize) -> Result<Tensor, String> {
        self.optional(index)?.ok_or(format!("input {index} is missing"))
    }

    /// What has to come out first.
    pub fn output(&self) -> Result<Tensor, String> {
        self.store.tensor(self.entry["outputs"][0].as_str().unwrap_or("?"))
    }

    pub fn outputs(&self) -> usize {
        self.entry["outputs"].as_array().map_or(0, Vec::len)
    }
}
