//! Zip archives: the same bytes for the same files.

use std::io::Write;

use anyhow::{Context, Result};
use flate2::{Compression, Crc, write::DeflateEncoder};

use super::tree::Tree;

/// Version 2.0: folders and DEFLATE.
const VERSION: u16 = 20;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

const DEFLATED: u16 = 8;

/// 1980-01-01, the earliest date that the format has, and midnight.
const DATE: u16 = 1 << 5 | 1;
const TIME: u16 = 0;

/// Made on Unix, with the permissions of a file that everyone may read.
const MADE_BY: u16 = 3 << 8 | VERSION;
const PERMISSIONS: u32 = 0o100_644 << 16;

/// The archive's bytes, without the extension for sizes of 4 GiB and more.
///
/// # Errors
/// When the files are too many or too large.
pub(super) fn archive(files: &Tree) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (path, content) in files {
        let start = u32::try_from(bytes.len()).context("the archive is too large")?;
        let compressed = deflate(content)?;
        let entry = entry(path, content, compressed.len())?;
        put(&mut bytes, &[0x0403_4b50_u32]);
        bytes.extend(&entry);
        bytes.extend(path.as_bytes());
        bytes.extend(compressed);

        put(&mut directory, &[0x0201_4b50_u32]);
        put(&mut directory, &[MADE_BY]);
        directory.extend(entry);
        // No comment, on the first disk, of no known kind.
        put(&mut directory, &[0_u16; 3]);
        put(&mut directory, &[PERMISSIONS, start]);
        directory.extend(path.as_bytes());
    }
    let (at, size) = (u32::try_from(bytes.len())?, u32::try_from(directory.len())?);
    let count = u16::try_from(files.len()).context("the archive has too many files")?;
    bytes.extend(directory);
    put(&mut bytes, &[0x0605_4b50_u32]);
    put(&mut bytes, &[0, 0, count, count]);
    put(&mut bytes, &[size, at]);
    put(&mut bytes, &[0_u16]);
    Ok(bytes)
}

/// The fields of a file that occur both before its content and in the directory.
fn entry(path: &str, content: &[u8], compressed: usize) -> Result<Vec<u8>> {
    let mut crc = Crc::new();
    crc.update(content);
    let mut fields = Vec::new();
    put(&mut fields, &[VERSION, FLAGS, DEFLATED, TIME, DATE]);
    put(
        &mut fields,
        &[
            crc.sum(),
            u32::try_from(compressed)?,
            u32::try_from(content.len())?,
        ],
    );
    // No extra field.
    put(&mut fields, &[u16::try_from(path.len())?, 0]);
    Ok(fields)
}

fn deflate(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Appends numbers in little-endian order.
fn put<T: Copy + LittleEndian>(bytes: &mut Vec<u8>, values: &[T]) {
    for value in values {
        value.append_to(bytes);
    }
}

trait LittleEndian {
    fn append_to(self, bytes: &mut Vec<u8>);
}

impl LittleEndian for u16 {
    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl LittleEndian for u32 {
    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_the_bytes_required_by_the_format() {
        let archive = archive(&Tree::from([("a/é.py".to_owned(), b"pass\n".to_vec())])).unwrap();
        assert_eq!(archive[..4], *b"PK\x03\x04");
        // CRC-32 of "pass\n", from Python's zlib.crc32.
        assert_eq!(archive[14..18], 0x0e1a_9296_u32.to_le_bytes());
        assert_eq!(archive[26..28], 7_u16.to_le_bytes());
        let end = &archive[archive.len() - 22..];
        assert_eq!(end[..4], *b"PK\x05\x06");
        let at = u32::from_le_bytes(end[16..20].try_into().unwrap()) as usize;
        assert_eq!(archive[at..at + 4], *b"PK\x01\x02");
        assert_eq!(archive[at + 46..at + 53], *"a/é.py".as_bytes());
    }
}
