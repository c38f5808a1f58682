//! `Dtype`: how the values of a tensor are stored.

use serde::Deserialize;

/// How one value is stored, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Dtype {
    F32,
    F16,
    I8,
    U8,
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
