//! The state of an input: a hash of its content, or that it is missing.

use std::{
    fs::{self, Metadata},
    io::ErrorKind,
    path::Path,
    time::SystemTime,
};

use crate::{
    dist::sums::{hex, sha256},
    process::output,
};

/// The input that stands for all files of the repository, and for the built modules: what a release is made of.
pub(super) const EVERYTHING: &str = "(all files)";

/// State of an input, a path relative to `root` or [`EVERYTHING`]; `None` if it cannot be read. The state of a folder is that of
/// the names in it.
pub(super) fn state(root: &Path, input: &str) -> Option<String> {
    if input == EVERYTHING {
        let files = everything(root)?;
        let states = files
            .iter()
            .map(|file| Some(format!("{file} {}\n", state(root, file)?)));
        return Some(format!("all {}", digest(&states.collect::<Option<String>>()?)));
    }
    let path = root.join(input);
    match fs::metadata(&path) {
        Ok(data) if data.is_file() => Some(format!("file {}", hex(&sha256(&fs::read(path).ok()?)))),
        Ok(data) if data.is_dir() => Some(format!("folder {}", digest(&names(&path)?))),
        Err(error) if is_missing(&error) => Some("missing".into()),
        _ => None,
    }
}

/// When an input last changed; for a missing one, when the nearest folder did. `None` if that cannot be told.
pub(super) fn changed(root: &Path, input: &str) -> Option<SystemTime> {
    if input == EVERYTHING {
        let times = everything(root)?.into_iter().map(|file| changed(root, &file));
        return times.collect::<Option<Vec<_>>>()?.into_iter().max();
    }
    let path = root.join(input);
    for path in path.ancestors() {
        match fs::metadata(path) {
            Ok(data) => return written(&data),
            Err(error) if is_missing(&error) => {}
            Err(_) => return None,
        }
    }
    None
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The time of the last change, even if an older time was set afterward, as by `mv` or `cp -p`.
fn written(data: &Metadata) -> Option<SystemTime> {
    let modified = data.modified().ok()?;
    #[cfg(unix)]
    let modified = {
        use std::{os::unix::fs::MetadataExt, time::Duration};
        let seconds = Duration::from_secs(data.ctime().try_into().ok()?);
        let nanoseconds = Duration::from_nanos(data.ctime_nsec().try_into().ok()?);
        modified.max(SystemTime::UNIX_EPOCH + seconds + nanoseconds)
    };
    Some(modified)
}

fn digest(text: &str) -> String {
    hex(&sha256(text.as_bytes()))
}

/// A line for each entry of a folder, sorted; folders end with a slash.
fn names(folder: &Path) -> Option<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let slash = if entry.file_type().ok()?.is_dir() { "/" } else { "" };
        lines.push(format!("{}{slash}\n", entry.file_name().into_string().ok()?));
    }
    lines.sort();
    Some(lines.concat())
}

/// Files that git knows, files that it would add, and those of the built modules.
fn everything(root: &Path) -> Option<Vec<String>> {
    let directory = root.to_str()?;
    let list = |more: &[&str]| output("git", &[&["-C", directory, "ls-files", "-z"], more].concat());
    let known = list(&["--cached", "--others", "--exclude-standard"])?;
    let built = list(&["--others", "--ignored", "--exclude-standard", "pkg"])?;
    let files = known.split('\0').chain(built.split('\0'));
    Some(files.filter(|file| !file.is_empty()).map(str::to_owned).collect())
}
