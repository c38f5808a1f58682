//! The container: named tensors and text in one `.safetensors` file, which Python opens too.
//!
//! Eight bytes with the header's length (u64, little-endian), a JSON header, the tensors' bytes without gaps
//! (<https://huggingface.co/docs/safetensors>, "Format"). Read and written here rather than by the
//! `safetensors` crate, because the crate writes metadata in the order of a hash map, which differs from run
//! to run, and adds its hash map to the WebAssembly module.
//!
//! Input is hostile until checked: no allocation is larger than what the file itself holds.

use std::borrow::Cow;

use crate::{
    error::{Result, invalid_file},
    text::{list, quoted, reason},
};

use header::{Header, METADATA, Place};

mod dtype;
mod header;
mod stored;

pub(crate) use dtype::Dtype;
pub(crate) use stored::Stored;

/// Largest header. A checkpoint has the longest, about 20 kB plus its card.
const MAX_HEADER: u64 = 1 << 20;

/// A file whose header has been checked against its length.
#[derive(Debug)]
pub(crate) struct Container<'a> {
    what: &'static str,
    metadata: Vec<(String, String)>,
    /// In the order of the data.
    pub(crate) tensors: Vec<Stored<'a>>,
}

impl<'a> Container<'a> {
    /// Reads a file, called `what` in messages, whose metadata must say `format`.
    ///
    /// # Errors
    /// `ModelFile`: cut off, a header that is invalid or contradicts the file's length, another format.
    pub(crate) fn read(what: &'static str, format: &str, bytes: &'a [u8]) -> Result<Self> {
        let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
            return Err(invalid_file(format!(
                "the {what} is cut off: it has {} bytes",
                bytes.len()
            )));
        };
        let length = u64::from_le_bytes(*length);
        if length > MAX_HEADER {
            return Err(invalid_file(format!(
                "this is not a {what}: a header has at most {MAX_HEADER} bytes, but this one would have {length}"
            )));
        }
        // MAX_HEADER fits a usize of 32 bits.
        let Some((header, data)) = rest.split_at_checked(length as usize) else {
            return Err(invalid_file(format!(
                "the {what} is cut off: its header promises {length} bytes, but {} are there",
                rest.len()
            )));
        };
        if header.first() != Some(&b'{') {
            return Err(invalid_file(format!(
                "this is not a {what}: its header does not start with a brace"
            )));
        }
        let header: Header = serde_json::from_slice(header).map_err(|error| {
            invalid_file(format!(
                "the header of the {what} cannot be used: {}",
                reason(&error)
            ))
        })?;
        let container = Self {
            what,
            metadata: header.metadata,
            tensors: locate(what, header.tensors, data)?,
        };
        match container.text("format") {
            Some(got) if got == format => Ok(container),
            got => Err(invalid_file(format!(
                "this is not a {what}: expected the format {}, got {}",
                quoted(format),
                quoted(got.unwrap_or(""))
            ))),
        }
    }

    /// The metadata called `key`.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.metadata
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, text)| &text[..])
    }

    /// All metadata, in the order of the file.
    pub(crate) fn metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata.iter().map(|(name, text)| (&name[..], &text[..]))
    }

    /// The metadata called `key`, which must be there.
    pub(crate) fn required(&self, key: &str) -> Result<&str> {
        self.text(key)
            .ok_or_else(|| invalid_file(format!("the {} has no {key} in its metadata", self.what)))
    }

    /// The tensor called `name`.
    pub(crate) fn find(&self, name: &str) -> Option<&Stored<'a>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }
}

/// The bytes of a file: the same for the same arguments. Tensors are ordered by the size of their values, the larger first,
/// and the header is padded with spaces to a multiple of 8 bytes, so that every tensor is aligned.
pub(crate) fn write(metadata: &[(&str, &str)], tensors: Vec<Stored<'_>>) -> Vec<u8> {
    let mut ordered = Vec::with_capacity(tensors.len());
    for size in Dtype::SIZES {
        ordered.extend(tensors.iter().filter(|tensor| tensor.dtype.size() == size));
    }
    let text: Vec<String> = metadata
        .iter()
        .map(|(key, text)| format!("{}:{}", quoted(key), quoted(text)))
        .collect();
    let mut header = format!("{{\"{METADATA}\":{{{}}}", text.join(","));
    let mut end = 0;
    for tensor in &ordered {
        let begin = end;
        end += tensor.bytes.len() as u64;
        let shape: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
        header.push_str(&format!(
            r#",{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{begin},{end}]}}"#,
            quoted(&tensor.name),
            tensor.dtype.name(),
            shape.join(",")
        ));
    }
    header.push('}');
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut bytes = Vec::with_capacity(8 + header.len() + end as usize);
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header.as_bytes());
    for tensor in &ordered {
        bytes.extend(&tensor.bytes[..]);
    }
    bytes
}

/// Finds the tensors' bytes: they must be contiguous and fill `data`.
fn locate<'a>(what: &str, mut places: Vec<(String, Place)>, data: &'a [u8]) -> Result<Vec<Stored<'a>>> {
    let promised = places
        .iter()
        .map(|(_, place)| place.data_offsets.1)
        .max()
        .unwrap_or(0);
    let mut rest = data;
    let mut position = 0;
    let mut tensors = Vec::with_capacity(places.len());
    // Not sorted: there are few, and a sort would be 1 kB of the page's module.
    let first = |places: &[(String, Place)]| (0..places.len()).min_by_key(|&at| places[at].1.data_offsets);
    while let Some(at) = first(&places) {
        let (name, place) = places.swap_remove(at);
        let (begin, end) = place.data_offsets;
        let size = place.dtype.size() as u64;
        let length = place
            .shape
            .0
            .iter()
            .try_fold(size, |all, &side| all.checked_mul(side));
        if begin != position || begin.checked_add(length.unwrap_or(u64::MAX)) != Some(end) {
            return Err(invalid_file(format!(
                "tensor {name} of the {what}, {} {}, must follow the previous tensor and have the length of its shape; \
                 it is at {begin} to {end}, the previous one ends at {position}",
                place.dtype.name(),
                list(&place.shape.0)
            )));
        }
        let bytes = usize::try_from(end - begin)
            .ok()
            .and_then(|length| rest.split_at_checked(length));
        let Some((bytes, behind)) = bytes else {
            return Err(invalid_file(format!(
                "the {what} is cut off: its tensors take {promised} bytes, but {} are there",
                data.len()
            )));
        };
        tensors.push(Stored {
            // A side that does not fit a `usize` belongs to a tensor without values, since the length was checked.
            shape: place
                .shape
                .0
                .iter()
                .map(|&side| usize::try_from(side).unwrap_or(usize::MAX))
                .collect(),
            name,
            dtype: place.dtype,
            bytes: Cow::Borrowed(bytes),
        });
        (rest, position) = (behind, end);
    }
    if !rest.is_empty() {
        return Err(invalid_file(format!(
            "the {what} has {} extra bytes after its last tensor",
            rest.len()
        )));
    }
    Ok(tensors)
}
