//! The JSON at the start of a `.safetensors` file.

use crate::json::{Reader, Result};

use super::dtype::Dtype;

/// Most tensors. A checkpoint, which holds most, has 120.
const MAX_TENSORS: usize = 256;
/// Most sides of a tensor. Ours have four.
const MAX_SIDES: usize = 8;
/// Most entries of text.
const MAX_METADATA: usize = 64;
/// The key that is no tensor.
pub(super) const METADATA: &str = "__metadata__";

/// Type, shape and first and last byte of one tensor, as the header says.
pub(super) struct Place {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<u64>,
    pub(super) data_offsets: (u64, u64),
}

impl Place {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut place = Self {
            dtype: Dtype::F32,
            shape: Vec::new(),
            data_offsets: (0, 0),
        };
        let names = ["dtype", "shape", "data_offsets"];
        reader.fields(&names, names.len(), &mut |reader, field| {
            match field {
                0 => place.dtype = Dtype::ALL[reader.one_of(&Dtype::NAMES)?],
                1 => place.shape = numbers(reader, MAX_SIDES)?,
                _ => match numbers(reader, 2)?[..] {
                    [begin, end] => place.data_offsets = (begin, end),
                    _ => return Err("data_offsets must be two numbers".into()),
                },
            }
            Ok(())
        })?;
        Ok(place)
    }
}

/// A list of numbers; one of thousands would take several times the memory of its text.
fn numbers(reader: &mut Reader<'_>, most: usize) -> Result<Vec<u64>> {
    let mut numbers = Vec::new();
    reader.open(b'[')?;
    while reader.more(b']')? {
        if numbers.len() == most {
            return Err(format!("a list has more than {most} numbers"));
        }
        numbers.push(reader.number()?);
    }
    Ok(numbers)
}

/// The header's JSON: tensors by name, and the metadata.
pub(super) struct Header {
    pub(super) metadata: Vec<(String, String)>,
    pub(super) tensors: Vec<(String, Place)>,
}

impl Header {
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let (mut metadata, mut tensors) = (None, Vec::new());
        reader.open(b'{')?;
        while let Some(name) = reader.key()? {
            if name != METADATA {
                let place = Place::read(&mut reader)?;
                push(&mut tensors, MAX_TENSORS, name, place)?;
            } else if metadata.replace(texts(&mut reader)?).is_some() {
                return Err(format!("{METADATA} is there twice"));
            }
        }
        reader.end()?;
        Ok(Self {
            metadata: metadata.unwrap_or_default(),
            tensors,
        })
    }
}

/// Text by name, in the order of the file.
fn texts(reader: &mut Reader<'_>) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    reader.open(b'{')?;
    while let Some(name) = reader.key()? {
        let text = reader.string()?;
        push(&mut texts, MAX_METADATA, name, text)?;
    }
    Ok(texts)
}

/// Appends an entry unless there are too many or one of that name.
fn push<V>(entries: &mut Vec<(String, V)>, most: usize, name: String, value: V) -> Result<()> {
    if entries.len() == most {
        return Err(format!("more than {most} entries"));
    }
    if entries.iter().any(|(other, _)| *other == name) {
        return Err(format!("{name} is there twice"));
    }
    entries.push((name, value));
    Ok(())
}
