//! The JSON at the start of a `.safetensors` file.
//!
//! Called by the container, which checks places against the data. Refuses lists and maps longer than any that we write:
//! in memory, a hostile one would take several times the size of its text.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::dtype::Dtype;
use crate::text::shown;

/// Most tensors. A checkpoint, which holds most, has 120.
const MAX_TENSORS: usize = 256;
/// Most sides of a tensor. Ours have four.
const MAX_SIDES: usize = 8;
/// Most entries of text.
const MAX_METADATA: usize = 64;
/// The key of the metadata, the only one that is not a tensor.
pub(super) const METADATA: &str = "__metadata__";

/// Type, shape and first and last byte of one tensor, as the header says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) dtype: Dtype,
    pub(super) shape: Sides,
    pub(super) data_offsets: (u64, u64),
}

/// Sides of a tensor.
pub(super) struct Sides(pub(super) Vec<u64>);

/// Tensors by name, and the metadata, in the order of the file.
pub(super) struct Header {
    pub(super) metadata: Vec<(String, String)>,
    pub(super) tensors: Vec<(String, Place)>,
}

/// Text by name, in the order of the file.
struct Texts(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Sides {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = Sides;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sides")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Sides, A::Error> {
                let mut sides = Vec::new();
                while let Some(side) = list.next_element()? {
                    check_room(sides.len(), MAX_SIDES)?;
                    sides.push(side);
                }
                Ok(Sides(sides))
            }
        }

        deserializer.deserialize_seq(Visit)
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(name) = map.next_key()? {
                    let text = map.next_value()?;
                    push(&mut texts, MAX_METADATA, name, text)?;
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_map(Visit)
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = Header;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tensors by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let (mut metadata, mut tensors) = (None, Vec::new());
                while let Some(name) = map.next_key::<String>()? {
                    if name != METADATA {
                        let place = map.next_value().map_err(|error| {
                            Error::custom(format_args!("tensor {}: {error}", shown(&name)))
                        })?;
                        push(&mut tensors, MAX_TENSORS, name, place)?;
                    } else if metadata.replace(map.next_value::<Texts>()?.0).is_some() {
                        return Err(Error::duplicate_field(METADATA));
                    }
                }
                Ok(Header {
                    metadata: metadata.unwrap_or_default(),
                    tensors,
                })
            }
        }

        deserializer.deserialize_map(Visit)
    }
}

/// Appends an entry, unless there are too many or the name is taken.
fn push<V, E: Error>(entries: &mut Vec<(String, V)>, most: usize, name: String, value: V) -> Result<(), E> {
    check_room(entries.len(), most)?;
    if entries.iter().any(|(other, _)| *other == name) {
        return Err(E::custom(format_args!("{} occurs twice", shown(&name))));
    }
    entries.push((name, value));
    Ok(())
}

fn check_room<E: Error>(len: usize, most: usize) -> Result<(), E> {
    match len < most {
        true => Ok(()),
        false => Err(E::custom(format_args!("more than {most} entries"))),
    }
}
