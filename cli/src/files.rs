//! Reading with a limit, writing all or nothing.

use std::{
    ffi::OsString,
    fs::{File, Metadata},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use latent_lab::{ModelFile, Weights};

use crate::data::md5;

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

/// MD5 of all weights.
pub(crate) fn fingerprint(weights: &Weights) -> String {
    let values = weights.tensors().iter().flat_map(|tensor| &tensor.values);
    md5(&values.flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
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

/// The kind of an output, which decides whether it may replace an older file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A model, which takes training to make again.
    Model,
    /// Stored latents, which are quick to make again, like sheets.
    Latents,
    /// A PNG of pictures.
    Sheet,
    /// The log of a run.
    Log,
}

/// Checks that `path` can become a file of that kind, before the work that produces it. `inputs` are the files that the command
/// reads; with `force` any file may be replaced.
///
/// # Errors
/// When it is a folder or a device; without `force` also when it is one of `inputs`, or a file that is not quick to make again.
pub(crate) fn check_output(path: &Path, kind: Kind, inputs: &[&Path], force: bool) -> Result<()> {
    let place = writable(path)?;
    if force {
        return Ok(());
    }
    let is_place = |input: &&Path| input.canonicalize().is_ok_and(|input| input == place);
    if inputs.iter().any(is_place) {
        bail!(
            "{} is an input and would be overwritten; choose another file, or pass --force",
            path.display()
        );
    }
    if path.exists() && !is_easily_replaced(path, kind)? {
        bail!("{} already exists; --force replaces it", path.display());
    }
    Ok(())
}

/// True when the file is of the same kind and quick to make again.
fn is_easily_replaced(path: &Path, kind: Kind) -> Result<bool> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(200).read_to_end(&mut head));
    read.with_context(|| format!("cannot read {}", path.display()))?;
    let says = |text: &[u8]| head.windows(text.len()).any(|part| part == text);
    Ok(match kind {
        Kind::Latents => says(b"\"format\":\"latent-lab-latents/"),
        Kind::Sheet => head.starts_with(b"\x89PNG"),
        Kind::Model | Kind::Log => head.is_empty(),
    })
}

/// The place of a file of that name, with links followed: renaming onto a link or a device would replace it, not its target.
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
            bail!("{} is not a file name", path.display())
        }
        // The file is made, with its folder.
        Err(_) => Ok(path.to_owned()),
    }
}

/// Writes a file so that at any time either the old or the new content is there: first beside it, under a name that no other
/// process uses, then renamed. The file keeps its permissions.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &writable(path)?;
    let write = || -> std::io::Result<()> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".");
        let mut part = tempfile::Builder::new();
        part.prefix(&name).suffix(".part");
        if let Some(permissions) = permissions(path.metadata().ok()) {
            part.permissions(permissions);
        }
        let mut file = part.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Permissions of the replaced file, or those of any new file: temporary files are private by default.
#[cfg(unix)]
fn permissions(replaced: Option<Metadata>) -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let mode = replaced.map_or(0o666, |found| found.permissions().mode() & 0o777);
    Some(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn permissions(_: Option<Metadata>) -> Option<std::fs::Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_file_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/model");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(read_limited(&path, 3).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn folders_and_inputs_are_refused_as_outputs() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model");
        write_whole(&model, b"model").unwrap();
        let refused = |path: &Path, inputs: &[&Path]| {
            let error = check_output(path, Kind::Model, inputs, false).unwrap_err();
            format!("{error:#}")
        };
        assert!(refused(folder.path(), &[]).contains("is a folder"));
        assert!(refused(&folder.path().join("new/"), &[]).contains("not a file name"));
        let detour = folder
            .path()
            .join("../")
            .join(folder.path().file_name().unwrap())
            .join("model");
        assert!(refused(&detour, &[&model]).contains("is an input"));
        check_output(&model, Kind::Model, &[&model], true).unwrap();
        check_output(&folder.path().join("new/other"), Kind::Model, &[&model], false).unwrap();
        assert!(check_output(folder.path(), Kind::Model, &[], true).is_err());
        assert!(write_whole(folder.path(), b"").is_err());
    }

    #[test]
    fn only_sheets_and_latents_are_replaced_without_force_by_their_own_kind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let contents: [(&[u8], &[Kind]); 4] = [
            (b"a thesis", &[]),
            (b"\x89PNG\r\n\x1a\n", &[Kind::Sheet]),
            (
                b"????????{\"__metadata__\":{\"format\":\"latent-lab-latents/1\"}}",
                &[Kind::Latents],
            ),
            (b"????????{\"__metadata__\":{\"format\":\"latent-lab/1\"}}", &[]),
        ];
        for (content, replaced_by) in contents {
            write_whole(&path, content).unwrap();
            for kind in [Kind::Model, Kind::Latents, Kind::Sheet, Kind::Log] {
                let refused = check_output(&path, kind, &[], false);
                assert_eq!(
                    refused.is_ok(),
                    replaced_by.contains(&kind),
                    "{kind:?} over {content:?}"
                );
                check_output(&path, kind, &[], true).unwrap();
            }
        }
    }

    #[test]
    fn concurrent_writes_to_a_file_are_not_mixed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        let content = |n: u8| vec![n; 100_000];
        std::thread::scope(|scope| {
            for n in 0..8 {
                let path = &path;
                scope.spawn(move || write_whole(path, &content(n)).unwrap());
            }
        });
        let written = std::fs::read(&path).unwrap();
        assert_eq!(written, content(written[0]));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_usual_permissions_and_a_replaced_one_keeps_its_own() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, plain) = (folder.path().join("model"), folder.path().join("plain"));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        write_whole(&path, b"one").unwrap();
        std::fs::write(&plain, b"one").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_device_or_pipe_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (model, link) = (folder.path().join("model"), folder.path().join("link"));
        write_whole(&model, b"one").unwrap();
        std::os::unix::fs::symlink(&model, &link).unwrap();
        write_whole(&link, b"two").unwrap();
        assert_eq!(read_limited(&model, 3).unwrap(), b"two");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        let error = check_output(&link, Kind::Model, &[&model], false).unwrap_err();
        assert!(error.to_string().contains("is an input"));

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
