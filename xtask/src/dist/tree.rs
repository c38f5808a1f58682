//! Files by their path, in memory: what `dist` reads, rewrites and writes.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

/// Contents by path, with `/` between folders; in the order of the paths, so that nothing depends on a file system's.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Adds a folder's files under `prefix`, which is empty or ends with `/`. Hidden files and type declarations stay out.
///
/// # Errors
/// When something cannot be read.
pub(crate) fn read(folder: &Path, prefix: &str, tree: &mut Tree) -> Result<()> {
    let context = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') || name.ends_with(".d.ts") {
            continue;
        }
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), tree)?;
        } else {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            tree.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
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
/// When there is no such file, or it is no text.
pub(crate) fn text<'a>(tree: &'a Tree, path: &str) -> Result<&'a str> {
    let bytes = tree.get(path).with_context(|| format!("{path} is missing"))?;
    std::str::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))
}

/// `view.js` is `js`; without a dot, nothing.
pub(crate) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Where `target`, as it is written in the file `from`, leads to: a path of the same tree, without query and fragment.
/// `None` for what is no relative address, or leads out of the tree.
pub(crate) fn resolve(from: &str, target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if path.is_empty() || path.starts_with('/') || first.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The address of `to` as the file `from` writes it, starting with `./` or `../`.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let mut here: Vec<&str> = from.split('/').collect();
    here.pop();
    let there: Vec<&str> = to.split('/').collect();
    let shared = here
        .iter()
        .zip(&there[..there.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let up = here.len() - shared;
    let start = if up == 0 {
        "./".to_owned()
    } else {
        "../".repeat(up)
    };
    start + &there[shared..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_like_a_browser_does_it_inside_the_tree() {
        let cases = [
            ("index.html", "latent-lab.js", Some("latent-lab.js")),
            ("views/map.js", "./parts/dom.js", Some("views/parts/dom.js")),
            ("views/map.js", "../engine.js", Some("engine.js")),
            ("index.html", "embed.html?figure=map#top", Some("embed.html")),
            ("index.html", "variants/", Some("variants/")),
            ("index.html", "../outside.js", None),
            ("index.html", "https://example.org/a.js", None),
            ("index.html", "data:text/plain,a", None),
            ("index.html", "//example.org/a.js", None),
            ("index.html", "/root.js", None),
            ("index.html", "#train", None),
        ];
        for (from, target, to) in cases {
            assert_eq!(resolve(from, target).as_deref(), to, "{target} in {from}");
        }
    }

    #[test]
    fn what_is_written_relative_resolves_to_the_same_place() {
        for from in ["a.js", "views/a.js", "views/parts/a.js"] {
            for to in ["b.js", "views/b.js", "views/parts/b.js", "pkg/cpu/b.js"] {
                let written = relative(from, to);
                assert!(
                    written.starts_with("./") || written.starts_with("../"),
                    "{written}"
                );
                assert_eq!(
                    resolve(from, &written).as_deref(),
                    Some(to),
                    "{written} in {from}"
                );
            }
        }
    }
}
