//! The part of Python's pickle language that state dicts are written in.
//!
//! A pickle is a program for a stack machine that can call any function of any
//! module: who loads one runs it. This machine calls nothing. It knows the names
//! of the few functions and classes that tensors are made of ([`Global`]), turns
//! their calls into data, and refuses every other name, so does what torch's own
//! `weights_only=True` does.
//!
//! What it builds is charged against a budget of about the size of the file: a
//! value that is used many times is stored once, and no length that the file
//! claims is believed before the bytes are there.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::error::PthError;
use crate::weights::format::DType;

/// What the machine computes with; lists are shared, as in Python.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// An integer that is longer, as its bytes.
    Long(&'a [u8]),
    Text(&'a str),
    /// A float, bytes: read, and of no use.
    Other,
    Global(Global),
    /// An index into [`Heap::lists`].
    Tuple(usize),
    List(usize),
    /// A list of names and values in turn.
    Dict(usize),
    /// An index into [`Heap::storages`].
    Storage(usize),
    /// An index into [`Heap::tensors`].
    Tensor(usize),
}

/// What a pickle may ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Global {
    OrderedDict,
    Size,
    RebuildTensor,
    RebuildParameter,
    /// The class of a storage: the type of its numbers; `None` for plain bytes.
    Storage(Option<DType>),
}

/// A storage as the pickle describes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Storage<'a> {
    pub(super) key: &'a str,
    pub(super) dtype: DType,
    /// Numbers that it holds, by its own account.
    pub(super) len: usize,
}

/// A tensor: a view of a storage.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// An index into [`Heap::storages`].
    pub(super) storage: usize,
    pub(super) offset: usize,
    /// Indices into [`Heap::lists`].
    pub(super) shape: usize,
    pub(super) strides: usize,
}

/// All that is longer than a word.
#[derive(Default, Debug)]
pub(super) struct Heap<'a> {
    pub(super) lists: Vec<Vec<Value<'a>>>,
    pub(super) storages: Vec<Storage<'a>>,
    pub(super) tensors: Vec<View>,
}

/// Bytes that any pickle may build, however small its file is.
const ALLOWANCE: usize = 1 << 20;

/// What one value is charged with: its own size, twice for the growth of vectors.
const VALUE: usize = 2 * size_of::<Value<'static>>();

/// Runs one pickle at the start of `bytes`, and gives what it builds and what
/// follows it.
pub(super) fn run(bytes: &[u8], file_len: usize) -> Result<(Value<'_>, Heap<'_>, &[u8]), PthError> {
    let mut machine = Machine {
        bytes,
        at: 0,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: BTreeMap::new(),
        heap: Heap::default(),
        budget: file_len.saturating_add(ALLOWANCE),
    };
    loop {
        let op = machine.take(1)?[0];
        if op == b'.' {
            let value = machine.pop()?;
            return Ok((value, machine.heap, bytes.get(machine.at..).unwrap_or_default()));
        }
        machine.step(op)?;
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value<'a>>,
    /// Heights of the stack at its open marks.
    marks: Vec<usize>,
    memo: BTreeMap<u32, Value<'a>>,
    heap: Heap<'a>,
    budget: usize,
}

impl<'a> Machine<'a> {
    /// Runs one instruction.
    fn step(&mut self, op: u8) -> Result<(), PthError> {
        match op {
            0x80 => self.take(1).map(drop),
            0x95 => self.take(8).map(drop),
            b'(' => self.mark(),
            // The second is the state of an object: attributes of a dictionary.
            b'0' | b'b' => self.pop().map(drop),
            b'1' => self.pop_marked().map(drop),
            b'N' | b'I' | b'J' | b'K' | b'M' | b'L' | 0x88..=0x8b | b'F' | b'G' => self.scalar(op),
            b'S' | b'V' | b'T' | b'U' | b'X' | b'B' | b'C' | 0x8c..=0x8e | 0x96 => self.text(op),
            b']' | b'}' | b')' | 0x8f | b't' | b'l' | b'd' | 0x85..=0x87 => self.collect(op),
            b'a' | b'e' | 0x90 | b's' | b'u' => self.extend(op),
            b'p' | b'q' | b'r' | 0x94 | b'g' | b'h' | b'j' => self.memo(op),
            b'c' | 0x93 => self.global(op),
            b'Q' => self.storage(),
            b'R' | 0x81 => self.call(),
            _ => Err(self.fault("an instruction that no state dict needs")),
        }
    }

    fn fault(&self, problem: &'static str) -> PthError {
        PthError::Pickle { at: self.at.saturating_sub(1), problem }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], PthError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(bytes) = rest.get(..len) else {
            self.at = self.bytes.len();
            return Err(self.fault("it ends here, unfinished"));
        };
        self.at += len;
        Ok(bytes)
    }

    /// A little-endian number of `len` bytes, at most eight.
    fn number(&mut self, len: usize) -> Result<u64, PthError> {
        let bytes = self.take(len)?;
        Ok(bytes.iter().rev().fold(0, |number, &byte| number * 256 + u64::from(byte)))
    }

    /// As many bytes as the number before them says.
    fn counted(&mut self, len: usize) -> Result<&'a [u8], PthError> {
        let count = self.number(len)?;
        self.take(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn line(&mut self) -> Result<&'a [u8], PthError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(len) = rest.iter().position(|&byte| byte == b'\n') else {
            return Err(self.fault("a line does not end"));
        };
        let line = self.take(len)?;
        self.take(1)?;
        Ok(line)
    }

    fn utf8(&self, bytes: &'a [u8]) -> Result<&'a str, PthError> {
        core::str::from_utf8(bytes).map_err(|_| self.fault("a text is not UTF-8"))
    }

    fn charge(&mut self, bytes: usize) -> Result<(), PthError> {
        self.budget = self.budget.checked_sub(bytes).ok_or(PthError::TooLarge)?;
        Ok(())
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), PthError> {
        self.charge(VALUE)?;
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Value<'a>, PthError> {
        if self.marks.last() == Some(&self.stack.len()) {
            return Err(self.fault("a value is missing before a mark"));
        }
        self.budget += VALUE;
        self.stack.pop().ok_or_else(|| self.fault("the stack is empty"))
    }

    fn top(&self) -> Result<Value<'a>, PthError> {
        self.stack.last().copied().ok_or_else(|| self.fault("the stack is empty"))
    }

    fn mark(&mut self) -> Result<(), PthError> {
        self.charge(VALUE)?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    /// The values behind the last mark.
    fn pop_marked(&mut self) -> Result<Vec<Value<'a>>, PthError> {
        let mark = self.marks.pop().ok_or_else(|| self.fault("there is no mark"))?;
        let values = self.stack.split_off(mark.min(self.stack.len()));
        self.budget += VALUE * (values.len() + 1);
        Ok(values)
    }

    fn scalar(&mut self, op: u8) -> Result<(), PthError> {
        let value = match op {
            b'N' => Value::None,
            0x88 => Value::Bool(true),
            0x89 => Value::Bool(false),
            b'J' => Value::Int(i64::from((self.number(4)? as u32).cast_signed())),
            b'K' => Value::Int(self.number(1)?.cast_signed()),
            b'M' => Value::Int(self.number(2)?.cast_signed()),
            b'G' => {
                self.take(8)?;
                Value::Other
            }
            0x8a => integer(self.counted(1)?),
            0x8b => integer(self.counted(4)?),
            b'F' => {
                self.line()?;
                Value::Other
            }
            _ => match self.line()? {
                b"00" => Value::Bool(false),
                b"01" => Value::Bool(true),
                line => {
                    let digits = self.utf8(line)?;
                    let digits = digits.strip_suffix('L').unwrap_or(digits);
                    let number = digits.parse().map(Value::Int);
                    number.map_err(|_| self.fault("a number is none, or too large"))?
                }
            },
        };
        self.push(value)
    }

    fn text(&mut self, op: u8) -> Result<(), PthError> {
        let bytes = match op {
            b'S' | b'V' => {
                let line = self.line()?;
                if line.contains(&b'\\') {
                    return Err(self.fault("a text with escapes"));
                }
                let quoted = |quote: u8| line.strip_prefix(&[quote])?.strip_suffix(&[quote]);
                if op == b'S' { quoted(b'\'').or(quoted(b'"')).unwrap_or(line) } else { line }
            }
            b'U' | b'C' | 0x8c => self.counted(1)?,
            b'T' | b'X' | b'B' => self.counted(4)?,
            _ => self.counted(8)?,
        };
        let is_text = !matches!(op, b'B' | b'C' | 0x8e | 0x96);
        let value = if is_text { Value::Text(self.utf8(bytes)?) } else { Value::Other };
        self.push(value)
    }

    /// Puts a new list of `values` on the heap.
    fn list(&mut self, values: Vec<Value<'a>>) -> Result<usize, PthError> {
        self.charge(VALUE * (values.len() + 2))?;
        self.heap.lists.push(values);
        Ok(self.heap.lists.len() - 1)
    }

    fn collect(&mut self, op: u8) -> Result<(), PthError> {
        let values = match op {
            b'(' | b't' | b'l' | b'd' => self.pop_marked()?,
            0x85..=0x87 => {
                let mut values = Vec::new();
                for _ in 0x85..=op {
                    values.insert(0, self.pop()?);
                }
                values
            }
            _ => Vec::new(),
        };
        if op == b'd' && values.len() % 2 == 1 {
            return Err(self.fault("a name without a value"));
        }
        let list = self.list(values)?;
        self.push(match op {
            b']' | b'l' | 0x8f => Value::List(list),
            b'}' | b'd' => Value::Dict(list),
            _ => Value::Tuple(list),
        })
    }

    /// Adds to the list or dictionary that lies below what is added.
    fn extend(&mut self, op: u8) -> Result<(), PthError> {
        let values = match op {
            b'a' => Vec::from([self.pop()?]),
            b's' => {
                let (value, name) = (self.pop()?, self.pop()?);
                Vec::from([name, value])
            }
            _ => self.pop_marked()?,
        };
        let list = match (self.top()?, op) {
            (Value::List(list), b'a' | b'e' | 0x90) => list,
            (Value::Dict(list), b's' | b'u') if values.len().is_multiple_of(2) => list,
            _ => return Err(self.fault("nothing that can be added to")),
        };
        self.charge(VALUE * values.len())?;
        self.heap.lists[list].extend(values);
        Ok(())
    }

    fn memo(&mut self, op: u8) -> Result<(), PthError> {
        let index = match op {
            b'p' | b'g' => {
                let line = self.line()?;
                let index = self.utf8(line)?.parse();
                index.map_err(|_| self.fault("a place in the memo is no number"))?
            }
            b'q' | b'h' => self.number(1)? as u32,
            b'r' | b'j' => self.number(4)? as u32,
            _ => self.memo.len() as u32,
        };
        if matches!(op, b'g' | b'h' | b'j') {
            let value = self.memo.get(&index).copied();
            return self.push(value.ok_or_else(|| self.fault("nothing was remembered here"))?);
        }
        // An entry of the tree costs about two values.
        self.charge(2 * VALUE)?;
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }

    fn global(&mut self, op: u8) -> Result<(), PthError> {
        let (module, name) = if op == b'c' {
            let (module, name) = (self.line()?, self.line()?);
            (self.utf8(module)?, self.utf8(name)?)
        } else {
            match (self.pop()?, self.pop()?) {
                (Value::Text(name), Value::Text(module)) => (module, name),
                _ => return Err(self.fault("a class without a name")),
            }
        };
        let forbidden = || PthError::Forbidden { module: module.into(), name: name.into() };
        let global = Global::named(module, name).ok_or_else(forbidden)?;
        self.push(Value::Global(global))
    }

    /// A storage, by its persistent id: `("storage", class, key, device, length)`,
    /// in the old form with a view behind it.
    fn storage(&mut self) -> Result<(), PthError> {
        let id = self.pop()?;
        let storage = match self.elements(id) {
            [
                Value::Text("storage"),
                Value::Global(Global::Storage(dtype)),
                Value::Text(key),
                Value::Text(_),
                Value::Int(len),
            ]
            | [
                Value::Text("storage"),
                Value::Global(Global::Storage(dtype)),
                Value::Text(key),
                Value::Text(_),
                Value::Int(len),
                Value::None,
            ] => usize::try_from(*len).ok().map(|len| Storage {
                key,
                dtype: dtype.unwrap_or(DType::U8),
                len,
            }),
            _ => None,
        };
        let storage = storage.ok_or_else(|| self.fault("a storage that can't be understood"))?;
        self.charge(2 * VALUE)?;
        self.heap.storages.push(storage);
        self.push(Value::Storage(self.heap.storages.len() - 1))
    }

    fn elements(&self, value: Value<'a>) -> &[Value<'a>] {
        match value {
            Value::Tuple(list) | Value::List(list) => {
                self.heap.lists.get(list).map_or(&[], Vec::as_slice)
            }
            _ => &[],
        }
    }

    /// What the call of a known function gives.
    fn call(&mut self) -> Result<(), PthError> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let Value::Global(function) = function else {
            return Err(self.fault("a call of something that is no function"));
        };
        let value = match (function, self.elements(arguments)) {
            (Global::OrderedDict, []) => Value::Dict(self.list(Vec::new())?),
            // Early versions hand over a list of pairs.
            (Global::OrderedDict, [pairs]) => {
                let mut flat = Vec::new();
                for pair in self.elements(*pairs) {
                    let &[name, value] = self.elements(*pair) else {
                        return Err(self.fault("a dictionary of something else than pairs"));
                    };
                    flat.extend([name, value]);
                }
                Value::Dict(self.list(flat)?)
            }
            (Global::Size, [sizes @ Value::Tuple(_)]) => *sizes,
            (Global::RebuildParameter, [tensor @ Value::Tensor(_), ..]) => *tensor,
            (
                Global::RebuildTensor,
                [
                    Value::Storage(storage),
                    Value::Int(offset),
                    Value::Tuple(shape),
                    Value::Tuple(strides),
                    ..,
                ],
            ) => {
                let (storage, shape, strides) = (*storage, *shape, *strides);
                let offset = usize::try_from(*offset)
                    .map_err(|_| self.fault("a tensor that begins before its storage"))?;
                self.charge(2 * VALUE)?;
                self.heap.tensors.push(View { storage, offset, shape, strides });
                Value::Tensor(self.heap.tensors.len() - 1)
            }
            _ => return Err(self.fault("a call with other arguments than a state dict has")),
        };
        self.push(value)
    }
}

impl Global {
    fn named(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch", "Size") => Self::Size,
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch.storage", "UntypedStorage") => Self::Storage(None),
            ("torch", name) => Self::Storage(Some(match name {
                "FloatStorage" => DType::F32,
                "DoubleStorage" => DType::F64,
                "HalfStorage" => DType::F16,
                "BFloat16Storage" => DType::BF16,
                "LongStorage" => DType::I64,
                "IntStorage" => DType::I32,
                "ShortStorage" => DType::I16,
                "CharStorage" => DType::I8,
                "ByteStorage" => DType::U8,
                "BoolStorage" => DType::Bool,
                _ => return None,
            })),
            _ => return None,
        })
    }
}

/// An integer in two's complement, of any length.
fn integer(bytes: &[u8]) -> Value<'_> {
    if bytes.len() > 8 {
        return Value::Long(bytes);
    }
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    Value::Int(bytes.iter().rev().fold(start, |number, &byte| number * 256 + i64::from(byte)))
}
