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

/// Whether `path` can become a file, asked before the work whose result it takes. `input` is what the command reads and must not
/// lose.
///
/// # Errors
/// When it names a folder or a device, or is `input`.
pub(crate) fn check_output(path: &Path, input: Option<&Path>) -> Result<()> {
    let place = writable(path)?;
    if input.is_some_and(|input| input.canonicalize().is_ok_and(|input| input == place)) {
        bail!(
            "{} is what is read here, and would be overwritten; choose another file for --out",
            path.display()
        );
    }
    Ok(())
}

/// Where a file of that name is, links followed: renaming onto a link or a device would replace it, not what it stands for.
fn writable(path: &Path) -> Result<PathBuf> {
    let ends_in_slash = path
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|&last| std::path::is_separator(last.into()));
    match path.metadata() {
        Ok(found) if found.is_dir() => bail!("{} is a folder, not a file to write", path.display()),
        Ok(found) if !found.is_file() => {
            bail!("{} is a device or a pipe, not a file to write", path.display())
        }
        Ok(_) => path
            .canonicalize()
            .with_context(|| format!("cannot find {}", path.display())),
        Err(_) if ends_in_slash || path.file_name().is_none() => {
            bail!("{} is no name of a file", path.display())
        }
        // It is made, with its folder.
        Err(_) => Ok(path.to_owned()),
    }
}

/// Writes a file so that at any time either the old or the new content is there: first beside it, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &writable(path)?;
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
    fn folders_and_what_is_read_are_no_place_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model");
        write_whole(&model, b"model").unwrap();
        let refused = |path: &Path, input| format!("{:#}", check_output(path, input).unwrap_err());
        assert!(refused(folder.path(), None).contains("is a folder"));
        assert!(refused(&folder.path().join("new/"), None).contains("no name of a file"));
        let detour = folder
            .path()
            .join("../")
            .join(folder.path().file_name().unwrap())
            .join("model");
        assert!(refused(&detour, Some(&model)).contains("is what is read here"));
        check_output(&model, None).unwrap();
        check_output(&folder.path().join("new/other"), Some(&model)).unwrap();
        assert!(write_whole(folder.path(), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_written_through_and_what_is_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (model, link) = (folder.path().join("model"), folder.path().join("link"));
        write_whole(&model, b"one").unwrap();
        std::os::unix::fs::symlink(&model, &link).unwrap();
        write_whole(&link, b"two").unwrap();
        assert_eq!(read_limited(&model, 3).unwrap(), b"two");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(check_output(&link, Some(&model)).is_err());

        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let error = format!("{:#}", write_whole(&socket, b"model").unwrap_err());
        assert!(error.contains("is a device or a pipe"), "{error}");
        assert!(!socket.metadata().unwrap().is_file());
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
