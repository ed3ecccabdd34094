//! Safetensors files as such: the tensors in them, whatever they are for.
//!
//! A file is the length of its header (eight bytes, little-endian), the header
//! (a JSON object, an entry a tensor), and the data. The reader is our own and
//! stricter than the `safetensors` crate, which brings twelve crates with it
//! and accepts, among others, a name that comes twice (the last one wins),
//! unknown fields and white space before the header.

use alloc::vec::Vec;

use super::error::WrongDType;
use super::format::DType;
use super::format::FormatError;
use super::format::TensorShape;
use super::format::{Entry, Header, PREFIX, header_len};
use crate::element::Element;

/// A safetensors file in memory: what [`SafeTensors::parse`] has found sound.
///
/// Networks load their weights with [`Weights::load`](super::Weights); this is
/// for everything else that comes in such files, images above all.
///
/// ```
/// use typenet::weights::SafeTensors;
///
/// let header = br#"{"images":{"dtype":"U8","shape":[2,1,2,2],"data_offsets":[0,8]}}"#;
/// let mut file = (header.len() as u64).to_le_bytes().to_vec();
/// file.extend(header);
/// file.extend([0, 64, 128, 255, 1, 2, 3, 4]);
///
/// let tensors = SafeTensors::parse(&file)?;
/// let images = tensors.get("images").ok_or("no images")?;
/// assert_eq!(images.shape(), [2, 1, 2, 2]);
/// assert_eq!(images.bytes()[..4], [0, 64, 128, 255]);
/// assert_eq!(images.to_f32()?[4..], [1.0, 2.0, 3.0, 4.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SafeTensors<'file> {
    header: Header<'file>,
    data: &'file [u8],
}

impl<'file> SafeTensors<'file> {
    /// Reads the header of `file` and checks it against the data.
    ///
    /// # Errors
    ///
    /// A [`FormatError`] for anything that the format does not allow, and for a
    /// name or field that comes twice, an unknown field, and a shape of more
    /// than [`TensorShape::MAX_RANK`] sizes.
    ///
    /// ```
    /// use typenet::weights::SafeTensors;
    ///
    /// let file = b"\x02\0\0\0\0\0\0\0{}";
    /// assert!(SafeTensors::parse(file)?.is_empty());
    ///
    /// let error = SafeTensors::parse(&file[..9]).unwrap_err();
    /// assert!(error.to_string().contains("cut short"));
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn parse(file: &'file [u8]) -> Result<Self, FormatError> {
        let len = file.len() as u64;
        let Some((&prefix, rest)) = file.split_first_chunk::<PREFIX>() else {
            return Err(FormatError::TooShort { len });
        };
        let split = rest.split_at_checked(header_len(prefix, len)?);
        let (header, data) = split.ok_or(FormatError::TooShort { len })?;
        Ok(Self { header: Header::parse(header, data.len() as u64)?, data })
    }

    /// The number of tensors.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// assert_eq!(SafeTensors::parse(b"\x02\0\0\0\0\0\0\0{}")?.len(), 0);
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.header.entries().len()
    }

    /// Whether there is no tensor.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// assert!(SafeTensors::parse(b"\x02\0\0\0\0\0\0\0{}")?.is_empty());
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tensor that is called `name`.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// assert!(SafeTensors::parse(b"\x02\0\0\0\0\0\0\0{}")?.get("conv1.weight").is_none());
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<TensorView<'_, 'file>> {
        let entry = self.header.entries().get(self.header.find(name)?)?;
        Some(self.view(entry))
    }

    /// Every tensor, in the order of the data.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// # let file = b"\x02\0\0\0\0\0\0\0{}";
    /// for tensor in SafeTensors::parse(file)?.iter() {
    ///     println!("{}: {} {:?}", tensor.name(), tensor.dtype(), tensor.shape());
    /// }
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TensorView<'_, 'file>> {
        self.header.entries().iter().map(|entry| self.view(entry))
    }

    pub(super) fn header(&self) -> &Header<'file> {
        &self.header
    }

    pub(super) fn data(&self) -> &'file [u8] {
        self.data
    }

    fn view(&self, entry: &Entry) -> TensorView<'_, 'file> {
        // The header has been checked against the data, which is in memory.
        let bytes = self.data.get(entry.begin as usize..entry.end as usize);
        TensorView {
            name: self.header.name(entry),
            dtype: entry.dtype,
            shape: self.header.shape(entry),
            bytes: bytes.unwrap_or_default(),
        }
    }
}

/// One tensor of a file.
///
/// ```
/// use typenet::weights::{DType, SafeTensors};
///
/// let header = br#"{"mean":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#;
/// let mut file = (header.len() as u64).to_le_bytes().to_vec();
/// file.extend(header);
/// file.extend(0.5_f32.to_le_bytes());
///
/// let tensors = SafeTensors::parse(&file)?;
/// let mean = tensors.get("mean").ok_or("no mean")?;
/// assert_eq!((mean.name(), mean.dtype(), mean.shape()), ("mean", DType::F32, &[][..]));
/// assert_eq!(mean.to_f64()?, [0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TensorView<'name, 'file> {
    name: &'name str,
    dtype: DType,
    shape: TensorShape,
    bytes: &'file [u8],
}

impl<'name, 'file> TensorView<'name, 'file> {
    /// Its name, as the file has it: it may hold any character.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// # let file = b"\x02\0\0\0\0\0\0\0{}";
    /// let names = |file| Ok(SafeTensors::parse(file)?.iter().map(|t| t.name().len()).sum());
    /// # assert_eq!(names(file), Ok::<usize, typenet::weights::FormatError>(0));
    /// ```
    pub fn name(&self) -> &'name str {
        self.name
    }

    /// The type of its numbers.
    ///
    /// ```
    /// # use typenet::weights::{DType, SafeTensors};
    /// # let file = b"\x02\0\0\0\0\0\0\0{}";
    /// let all_f32 = SafeTensors::parse(file)?.iter().all(|t| t.dtype() == DType::F32);
    /// # assert!(all_f32);
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Its sizes, the slowest first; none for a scalar.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// # let file = b"\x02\0\0\0\0\0\0\0{}";
    /// let scalars = SafeTensors::parse(file)?.iter().filter(|t| t.shape().is_empty()).count();
    /// # assert_eq!(scalars, 0);
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        self.shape.as_slice()
    }

    /// Its bytes, little-endian, as they lie in the file: not aligned.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// # let file = b"\x02\0\0\0\0\0\0\0{}";
    /// let data: usize = SafeTensors::parse(file)?.iter().map(|t| t.bytes().len()).sum();
    /// # assert_eq!(data, 0);
    /// # Ok::<(), typenet::weights::FormatError>(())
    /// ```
    pub fn bytes(&self) -> &'file [u8] {
        self.bytes
    }

    /// Its numbers in single precision, of the types that it holds exactly:
    /// `U8`, `F16`, `BF16` and `F32`.
    ///
    /// # Errors
    ///
    /// If the numbers are of another type.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// let header = br#"{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#;
    /// let file = [&[55, 0, 0, 0, 0, 0, 0, 0], &header[..], &[0x80, 0x3f]].concat();
    /// let x = SafeTensors::parse(&file)?.get("x").ok_or("no x")?.to_f32()?;
    /// assert_eq!(x, [1.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_f32(&self) -> Result<Vec<f32>, WrongDType> {
        self.values()
    }

    /// Its numbers in double precision, of the types of
    /// [`to_f32`](TensorView::to_f32) and `F64`.
    ///
    /// # Errors
    ///
    /// If the numbers are of another type.
    ///
    /// ```
    /// # use typenet::weights::SafeTensors;
    /// let header = br#"{"x":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}"#;
    /// let file = [&[53, 0, 0, 0, 0, 0, 0, 0], &header[..], &[255]].concat();
    /// let error = SafeTensors::parse(&file)?.get("x").ok_or("no x")?.to_f64().unwrap_err();
    /// assert_eq!(error.to_string(), "`x` is I8, not U8, F32, F64, F16 or BF16");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_f64(&self) -> Result<Vec<f64>, WrongDType> {
        self.values()
    }

    fn values<T: Element>(&self) -> Result<Vec<T>, WrongDType> {
        if !self.dtype.fits::<T>() {
            let accepted = [&[DType::U8], &DType::FLOATS[..]].concat();
            return Err(WrongDType::new::<T>(self.name, self.dtype, &accepted));
        }
        let mut values = Vec::with_capacity(self.bytes.len() / (self.dtype.bits() as usize / 8));
        self.dtype.decode(self.bytes, &mut values);
        Ok(values)
    }
}
