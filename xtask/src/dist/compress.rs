//! Compressed copies beside the files, made once so that no server has to compress.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use super::{
    sums::{hex, sha256},
    tree::{Tree, extension},
};
use crate::workspace;

/// Formats that are compressed already, or requested too rarely to be worth it.
const LEFT: [&str; 8] = ["png", "jpg", "webp", "gif", "woff2", "mp4", "webm", "ico"];

/// A file smaller than one packet does not load faster.
const LEAST: usize = 1_000;

/// From this size on, compression takes long enough that the copy is kept for the next time.
const KEPT: usize = 50_000;

/// How long an unused copy is kept.
const SHELF_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Every file that becomes smaller, with `.gz` and with `.br` after its name.
///
/// # Errors
/// When a file cannot be compressed, or its copy cannot be kept.
pub(crate) fn copies(site: &Tree) -> Result<Tree> {
    let shelf = workspace::target().join("compressed");
    clear_old(&shelf)?;
    let files: Vec<_> = site
        .iter()
        .filter(|(path, bytes)| bytes.len() >= LEAST && !LEFT.contains(&extension(path)))
        .collect();
    let next = AtomicUsize::new(0);
    // The highest effort takes most of the time of a release, so every processor takes the next remaining file.
    let work = || -> Result<Tree> {
        let mut copies = Tree::new();
        while let Some((path, bytes)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (suffix, copy) in [("gz", gzip(bytes)?), ("br", brotli_kept(bytes, &shelf)?)] {
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

/// Without name and time, so that the same bytes give the same file.
///
/// # Errors
/// When it cannot be compressed.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// [`brotli()`] with a cache: it takes most of the time of a release, and most files have not changed since the previous release.
fn brotli_kept(bytes: &[u8], shelf: &Path) -> Result<Vec<u8>> {
    if bytes.len() < KEPT {
        return brotli(bytes);
    }
    // Another version of the encoder may compress better: the lock file has its version.
    let name = format!("{}{}", include_str!("../../../Cargo.lock"), hex(&sha256(bytes)));
    let file = shelf.join(format!("{}.br", hex(&sha256(name.as_bytes()))));
    if let Ok(kept) = fs::read(&file)
        && holds(&kept, bytes)
    {
        fs::File::options()
            .append(true)
            .open(&file)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .with_context(|| format!("cannot touch {}", file.display()))?;
        return Ok(kept);
    }
    let compressed = brotli(bytes)?;
    fs::write(&file, &compressed).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(compressed)
}

/// True if this is a complete copy of the file, and was not cut off while it was written.
fn holds(compressed: &[u8], bytes: &[u8]) -> bool {
    let mut back = Vec::with_capacity(bytes.len());
    // At most one byte more than allowed.
    brotli::Decompressor::new(compressed, 1 << 16)
        .take(bytes.len() as u64 + 1)
        .read_to_end(&mut back)
        .is_ok()
        && back == bytes
}

/// Makes the cache folder, and removes copies that were not used for a long time.
fn clear_old(shelf: &Path) -> Result<()> {
    fs::create_dir_all(shelf).with_context(|| format!("cannot make {}", shelf.display()))?;
    for entry in fs::read_dir(shelf).with_context(|| format!("cannot read {}", shelf.display()))? {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > SHELF_LIFE {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
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
    use super::*;

    #[test]
    fn copies_have_the_same_content_and_are_made_only_if_they_are_smaller() {
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
        // The header contains no time, name or operating system.
        assert_eq!(&copies["a.js.gz"][..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_cached_copy_is_used_again_unless_it_is_damaged_or_stale() {
        let shelf = workspace::target().join("xtask-tests/compressed");
        let _ = fs::remove_dir_all(&shelf);
        clear_old(&shelf).unwrap();
        let bytes: Vec<u8> = (0..KEPT as u32).map(|i| (i * i / 7) as u8).collect();
        let made = brotli_kept(&bytes, &shelf).unwrap();
        assert!(holds(&made, &bytes));
        let only = || {
            let mut files = fs::read_dir(&shelf).unwrap();
            let file = files.next().unwrap().unwrap().path();
            assert!(files.next().is_none());
            file
        };
        assert_eq!(fs::read(only()).unwrap(), made);

        // Another encoding of the same bytes, which only the cache can have.
        let mut other = Vec::new();
        let quick = BrotliEncoderParams {
            quality: 1,
            ..Default::default()
        };
        brotli::BrotliCompress(&mut &bytes[..], &mut other, &quick).unwrap();
        fs::write(only(), &other).unwrap();
        assert_ne!(other, made);
        assert_eq!(brotli_kept(&bytes, &shelf).unwrap(), other);

        for broken in [&made[..made.len() / 2], b"", b"no brotli"] {
            fs::write(only(), broken).unwrap();
            assert_eq!(brotli_kept(&bytes, &shelf).unwrap(), made);
            assert_eq!(fs::read(only()).unwrap(), made);
        }

        let file = fs::File::options().append(true).open(only()).unwrap();
        file.set_modified(SystemTime::now() - SHELF_LIFE * 2).unwrap();
        clear_old(&shelf).unwrap();
        assert!(fs::read_dir(&shelf).unwrap().next().is_none());
    }
}
