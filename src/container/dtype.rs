//! `Dtype`: how the values of a tensor are stored.

/// How one value is stored, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dtype {
    F32,
    F16,
    I8,
    U8,
}

impl Dtype {
    pub(crate) const ALL: [Self; 4] = [Self::F32, Self::F16, Self::I8, Self::U8];
    /// As a header names them, in the same order.
    pub(crate) const NAMES: [&str; 4] = ["F32", "F16", "I8", "U8"];

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
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
