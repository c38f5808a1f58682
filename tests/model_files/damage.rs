//! Kinds of damage to a file.

use proptest::{collection::vec, prelude::*, sample::Index};

/// One kind of damage to a file.
#[derive(Clone, Debug)]
pub(crate) enum Damage {
    /// Overwrites one byte.
    Byte(Index, u8),
    /// Overwrites one byte of the header, where most bytes matter.
    HeaderByte(Index, u8),
    /// Replaces the n-th number of the header.
    Number(Index, String),
    /// Sets the header's length.
    Length(u64),
    /// Truncates the file.
    Cut(Index),
    /// Appends bytes.
    Extend(Vec<u8>),
    /// Overwrites one piece of the file with another.
    Copy(Index, Index, usize),
}

pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    let number = prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        (0..2000_u64).prop_map(|number| number.to_string()),
        prop_oneof![
            Just("-1"),
            Just("1e9"),
            Just("0.5"),
            Just("null"),
            Just("[]"),
            Just("99999999999999999999")
        ]
        .prop_map(String::from),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::HeaderByte(at, byte)),
        (any::<Index>(), number).prop_map(|(at, number)| Damage::Number(at, number)),
        prop_oneof![any::<u64>(), 0..10_000_u64].prop_map(Damage::Length),
        any::<Index>().prop_map(Damage::Cut),
        vec(any::<u8>(), 1..40).prop_map(Damage::Extend),
        (any::<Index>(), any::<Index>(), 1..64_usize)
            .prop_map(|(from, to, length)| Damage::Copy(from, to, length)),
    ]
}

/// The position of the end of the header, or of the file if that is earlier.
fn header_end(bytes: &[u8]) -> usize {
    let length = bytes
        .first_chunk()
        .map_or(0, |length| u64::from_le_bytes(*length));
    usize::try_from(length)
        .unwrap_or(usize::MAX)
        .saturating_add(8)
        .min(bytes.len())
}

pub(crate) fn inflict(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.len() < 9 {
        return;
    }
    let end = header_end(bytes);
    match damage {
        Damage::Byte(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Damage::HeaderByte(at, byte) => bytes[at.index(end)] = *byte,
        Damage::Number(at, number) => {
            let digit = |at: usize| bytes[at].is_ascii_digit();
            let starts: Vec<usize> = (9..end).filter(|&at| digit(at) && !digit(at - 1)).collect();
            if starts.is_empty() {
                return;
            }
            let start = starts[at.index(starts.len())];
            let stop = (start..end).find(|&at| !digit(at)).unwrap_or(end);
            bytes.splice(start..stop, number.bytes());
            let length = (end - 8 + number.len() - (stop - start)) as u64;
            bytes[..8].copy_from_slice(&length.to_le_bytes());
        }
        Damage::Length(length) => bytes[..8].copy_from_slice(&length.to_le_bytes()),
        Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Damage::Extend(more) => bytes.extend(more),
        Damage::Copy(from, to, length) => {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let length = (*length).min(bytes.len() - from.max(to));
            bytes.copy_within(from..from + length, to);
        }
    }
}

/// A file with `header` and as many data bytes.
pub(crate) fn with_header(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}
