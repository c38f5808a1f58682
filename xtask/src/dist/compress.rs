//! Compressed copies beside the files, made once so that no server has to.

use std::{
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use super::tree::{Tree, extension};

/// What is compressed already, or asked for too rarely to be worth it.
const LEFT: [&str; 8] = ["png", "jpg", "webp", "gif", "woff2", "mp4", "webm", "ico"];

/// Smaller than one packet: nothing to win.
const LEAST: usize = 1_000;

/// Every file that becomes smaller, with `.gz` and with `.br` after its name.
///
/// # Errors
/// When a file cannot be compressed.
pub(crate) fn copies(site: &Tree) -> Result<Tree> {
    let files: Vec<_> = site
        .iter()
        .filter(|(path, bytes)| bytes.len() >= LEAST && !LEFT.contains(&extension(path)))
        .collect();
    let next = AtomicUsize::new(0);
    // The highest effort takes most of the time of a release: every processor takes the next file that nobody has.
    let work = || -> Result<Tree> {
        let mut copies = Tree::new();
        while let Some((path, bytes)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (suffix, copy) in [("gz", gzip(bytes)?), ("br", brotli(bytes)?)] {
                if copy.len() < bytes.len() {
                    copies.insert(format!("{path}.{suffix}"), copy);
                }
            }
        }
        Ok(copies)
    };
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_fold(Tree::new(), |mut all, worker| -> Result<Tree> {
                all.extend(worker.join().expect("a compressor does not panic")?);
                Ok(all)
            })
    })
}

/// Without a name and a time, so that the same bytes give the same file.
///
/// # Errors
/// When it cannot be compressed.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn copies_hold_the_same_and_are_made_where_they_are_smaller() {
        let text = "Latent Lab. ".repeat(200).into_bytes();
        let site = Tree::from([
            ("a.js".into(), text.clone()),
            ("b.png".into(), text.clone()),
            ("c.js".into(), b"short".to_vec()),
        ]);
        let copies = copies(&site).unwrap();
        assert_eq!(copies.keys().collect::<Vec<_>>(), ["a.js.br", "a.js.gz"]);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&copies["a.js.gz"][..])
            .read_to_end(&mut back)
            .unwrap();
        assert_eq!(back, text);
        back.clear();
        brotli::Decompressor::new(&copies["a.js.br"][..], 4096)
            .read_to_end(&mut back)
            .unwrap();
        assert_eq!(back, text);
        // No time, no name, no system in the head.
        assert_eq!(&copies["a.js.gz"][..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    }
}
