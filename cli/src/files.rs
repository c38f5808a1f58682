//! Reading with a limit, writing all or nothing.

use std::{
    ffi::OsString,
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use latent_lab::ModelFile;

/// Largest model file or checkpoint that is read: four times the largest model as f32, and room for the header.
const MAX_MODEL_BYTES: u64 = 4 * 4 * latent_lab::MAX_PARAMETERS as u64 + (1 << 20);

/// `path` with `suffix` after its whole name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// The bytes of a model file or checkpoint.
pub(crate) fn read_model_bytes(path: &Path) -> Result<Vec<u8>> {
    read_limited(path, MAX_MODEL_BYTES).with_context(|| format!("cannot read {}", path.display()))
}

/// A checked model.
pub(crate) fn read_model(path: &Path) -> Result<ModelFile> {
    ModelFile::from_bytes(&read_model_bytes(path)?).with_context(|| path.display().to_string())
}

/// The bytes of a file of at most `limit` bytes.
pub(crate) fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        bail!("it has more than {limit} bytes");
    }
    Ok(bytes)
}

/// Writes a file so that at any time either the old or the new content is there: first beside it, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = with_suffix(path, ".part");
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    };
    write()
        .inspect_err(|_| drop(std::fs::remove_file(&part)))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/model");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(read_limited(&path, 3).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_above_the_limit_and_a_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        write_whole(&path, b"four").unwrap();
        assert!(read_limited(&path, 3).is_err());
        assert!(read_limited(folder.path(), 3).is_err());
    }
}
