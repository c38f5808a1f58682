//! `Dtype`: how the values of a tensor are stored.

use serde::Deserialize;

use crate::text::shown;

/// How one value is stored, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Dtype {
    F32,
    F16,
    I8,
    U8,
}

/// Other types, such as BF16 and F64, are not read.
impl TryFrom<String> for Dtype {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let all = [Self::F32, Self::F16, Self::I8, Self::U8];
        let found = all.into_iter().find(|dtype| dtype.name() == name);
        found.ok_or_else(|| format!("its type is {}; F32, F16, I8 and U8 can be read", shown(&name)))
    }
}

impl Dtype {
    /// Every size that a value can have, the largest first.
    pub(crate) const SIZES: [usize; 3] = [4, 2, 1];

    /// As a header names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::I8 => "I8",
            Self::U8 => "U8",
        }
    }

    /// Bytes of one value.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::I8 | Self::U8 => 1,
        }
    }
}
