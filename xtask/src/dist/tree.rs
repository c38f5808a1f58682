//! Files by their path, in memory.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

/// Contents by path, with `/` between folders; in the order of the paths, so that nothing depends on a file system's.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Adds a folder's files under `prefix`, which is empty or ends with `/`. Hidden files and type declarations stay out.
///
/// # Errors
/// When something cannot be read.
pub(crate) fn read(folder: &Path, prefix: &str, tree: &mut Tree) -> Result<()> {
    read_where(folder, prefix, tree, &|name| !name.ends_with(".d.ts"))
}

/// As [`read`], but type declarations alone.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_declarations(folder: &Path, prefix: &str, tree: &mut Tree) -> Result<()> {
    read_where(folder, prefix, tree, &|name| name.ends_with(".d.ts"))
}

fn read_where(folder: &Path, prefix: &str, tree: &mut Tree, wanted: &impl Fn(&str) -> bool) -> Result<()> {
    let context = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            read_where(&path, &format!("{prefix}{name}/"), tree, wanted)?;
        } else if wanted(&name) {
            tree.insert(format!("{prefix}{name}"), read_file(&path)?);
        }
    }
    Ok(())
}

/// One file.
///
/// # Errors
/// When it cannot be read; the message names it.
pub(crate) fn read_file(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Writes all files below a folder, which is new or empty.
///
/// # Errors
/// When one cannot be written.
pub(crate) fn write(tree: &Tree, folder: &Path) -> Result<()> {
    for (path, bytes) in tree {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// A file's text.
///
/// # Errors
/// When there is no such file, or it is not text.
pub(crate) fn text<'a>(tree: &'a Tree, path: &str) -> Result<&'a str> {
    let bytes = tree.get(path).with_context(|| format!("{path} is missing"))?;
    std::str::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))
}

/// `js` for `view.js`; empty without a dot.
pub(crate) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}
