//! The JSON at the start of a `.safetensors` file.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

use super::safetensors::Dtype;

/// Most tensors. A checkpoint, which holds most, has 120.
const MAX_TENSORS: usize = 256;
/// Most sides of a tensor. Ours have four.
const MAX_SIDES: usize = 8;
/// Most entries of text.
const MAX_METADATA: usize = 64;
/// The key that is no tensor.
pub(super) const METADATA: &str = "__metadata__";

/// Type, shape and first and last byte of one tensor, as the header says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) dtype: Dtype,
    #[serde(deserialize_with = "sides")]
    pub(super) shape: Vec<u64>,
    pub(super) data_offsets: (u64, u64),
}

/// Reads a shape; a list of thousands of sides would take several times the memory of its text.
fn sides<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    struct Sides;
    impl<'de> Visitor<'de> for Sides {
        type Value = Vec<u64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a shape of at most {MAX_SIDES} sides")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u64>, A::Error> {
            let mut sides = Vec::new();
            while let Some(side) = list.next_element()? {
                if sides.len() == MAX_SIDES {
                    return Err(A::Error::invalid_length(MAX_SIDES + 1, &self));
                }
                sides.push(side);
            }
            Ok(sides)
        }
    }
    deserializer.deserialize_seq(Sides)
}

/// The header's JSON: tensors by name, and the metadata.
pub(super) struct Header {
    pub(super) metadata: Vec<(String, String)>,
    pub(super) tensors: Vec<(String, Place)>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tensors;
        impl<'de> Visitor<'de> for Tensors {
            type Value = Header;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tensors by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let (mut metadata, mut tensors) = (None, Vec::new());
                while let Some(name) = map.next_key::<String>()? {
                    if name != METADATA {
                        let place = map.next_value()?;
                        push(&mut tensors, MAX_TENSORS, name, place)?;
                    } else if metadata.replace(map.next_value::<Text>()?.0).is_some() {
                        return Err(A::Error::custom("__metadata__ is there twice"));
                    }
                }
                Ok(Header {
                    metadata: metadata.unwrap_or_default(),
                    tensors,
                })
            }
        }
        deserializer.deserialize_map(Tensors)
    }
}

/// Text by name, in the order of the file.
struct Text(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut texts = Vec::new();
                while let Some((name, text)) = map.next_entry()? {
                    push(&mut texts, MAX_METADATA, name, text)?;
                }
                Ok(Text(texts))
            }
        }
        deserializer.deserialize_map(Texts)
    }
}

/// Appends an entry unless there are too many or one of that name.
fn push<V, E: serde::de::Error>(
    entries: &mut Vec<(String, V)>,
    most: usize,
    name: String,
    value: V,
) -> Result<(), E> {
    if entries.len() == most {
        return Err(E::custom(format_args!("more than {most} entries")));
    }
    if entries.iter().any(|(other, _)| *other == name) {
        return Err(E::custom(format_args!("{name} is there twice")));
    }
    entries.push((name, value));
    Ok(())
}
