//! The package for Python: its modules, the page of the figures, and networks, in a wheel.
//!
//! Made here rather than by a Python tool, so that a release needs no Python and has the same bytes
//! each time. `python/pyproject.toml` has everything that the wheel says of itself;
//! `tests/page/notebook.test.mjs` installs it.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    sums::sha256,
    tree::{self, Tree},
    zip::archive,
};
use crate::workspace;

/// Parts of the names of left-out files: a network kept for links to a site, and pictures that no notebook shows, with codes.
const LEFT_OUT: [&str; 3] = ["cats-blurred.", ".originals.", ".training."];

/// Folders beside the modules that development creates.
const MADE: [&str; 3] = ["__pycache__/", ".egg-info/", "latent_lab/data/"];

/// `latent_lab-VERSION-py3-none-any.whl`. `source` has the networks, `notebook` the page with the figures.
///
/// # Errors
/// When a file is missing or unreadable.
pub(super) fn wheel(source: &Tree, notebook: Tree) -> Result<Tree> {
    let folder = workspace::path("python");
    let mut modules = Tree::new();
    tree::read(&folder.join("src"), "", &mut modules)?;
    modules.retain(|path, _| !MADE.iter().any(|made| path.contains(made)));
    let mut files = modules;
    for (name, bytes) in notebook {
        files.insert(format!("latent_lab/data/{name}"), bytes);
    }
    for (path, bytes) in source.iter().filter(|(path, _)| is_shipped(path)) {
        files.insert(format!("latent_lab/data/{path}"), bytes.clone());
    }
    let project = Project {
        text: String::from_utf8(tree::read_file(&folder.join("pyproject.toml"))?)?,
    };
    let version = project.text("version")?;
    let about = format!("latent_lab-{version}.dist-info");
    let readme = String::from_utf8(tree::read_file(&folder.join("README.md"))?)?;
    files.insert(
        format!("{about}/METADATA"),
        metadata(&project, &readme)?.into_bytes(),
    );
    files.insert(format!("{about}/WHEEL"), WHEEL.as_bytes().to_vec());
    for name in LICENSES {
        let license = tree::read_file(&workspace::path(name))?;
        files.insert(format!("{about}/licenses/{name}"), license);
    }
    let record = record(&files, &format!("{about}/RECORD"));
    files.insert(format!("{about}/RECORD"), record.into_bytes());
    let name = format!("latent_lab-{version}-py3-none-any.whl");
    Ok(Tree::from([(name, archive(&files)?)]))
}

const WHEEL: &str =
    "Wheel-Version: 1.0\nGenerator: cargo xtask dist\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

fn is_shipped(path: &str) -> bool {
    path.strip_prefix("models/")
        .is_some_and(|name| !LEFT_OUT.iter().any(|part| name.contains(part)))
}

/// The part of a `pyproject.toml` with one line per field, whose values are valid JSON too.
struct Project {
    text: String,
}

impl Project {
    fn field(&self, name: &str) -> Result<Value> {
        let start = format!("{name} = ");
        let value = self.text.lines().find_map(|line| line.strip_prefix(&start));
        let value = value.with_context(|| format!("pyproject.toml has no line with {name}"))?;
        serde_json::from_str(value).with_context(|| format!("{name} of pyproject.toml is more than a line"))
    }

    fn text(&self, name: &str) -> Result<String> {
        let value = self.field(name)?;
        let text = value.as_str().with_context(|| format!("{name} must be text"))?;
        Ok(text.to_owned())
    }

    fn list(&self, name: &str) -> Result<Vec<String>> {
        let value = self.field(name)?;
        let values = value.as_array().into_iter().flatten();
        Ok(values.filter_map(Value::as_str).map(str::to_owned).collect())
    }
}

/// Core metadata, version 2.4.
fn metadata(project: &Project, readme: &str) -> Result<String> {
    let mut text = String::from("Metadata-Version: 2.4\n");
    let mut add = |label: &str, value: &str| text.push_str(&format!("{label}: {value}\n"));
    for (label, field) in [
        ("Name", "name"),
        ("Version", "version"),
        ("Summary", "description"),
        ("License-Expression", "license"),
        ("Requires-Python", "requires-python"),
    ] {
        add(label, &project.text(field)?);
    }
    add("Keywords", &project.list("keywords")?.join(","));
    LICENSES.iter().for_each(|name| add("License-File", name));
    for each in project.list("classifiers")? {
        add("Classifier", &each);
    }
    for each in project.list("dependencies")? {
        add("Requires-Dist", &each);
    }
    add("Provides-Extra", "widget");
    for each in project.list("widget")? {
        add("Requires-Dist", &format!("{each}; extra == 'widget'"));
    }
    add("Description-Content-Type", "text/markdown");
    Ok(format!("{text}\n{readme}"))
}

/// A line for each file with its digest and size, except for the list itself.
fn record(files: &Tree, own: &str) -> String {
    let line = |(path, bytes): (&String, &Vec<u8>)| {
        format!("{path},sha256={},{}\n", base64_url(&sha256(bytes)), bytes.len())
    };
    files.iter().map(line).chain([format!("{own},,\n")]).collect()
}

/// URL-safe base64, without padding.
fn base64_url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, i| bits << 8 | u32::from(*three.get(i).unwrap_or(&0)));
        let letters = (0..=three.len()).map(|i| char::from(LETTERS[(bits >> (18 - 6 * i) & 63) as usize]));
        text.extend(letters);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn digests_in_the_record_are_in_url_safe_base64() {
        // The examples of RFC 4648, section 10, and one whose letters differ in the URL-safe form.
        for (bytes, text) in [
            (&b"f"[..], "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xfb, 0xff], "-_8"),
        ] {
            assert_eq!(base64_url(bytes), text);
        }
    }

    #[test]
    fn the_package_requires_only_numpy_and_safetensors_and_has_the_version_of_the_crate() {
        let read = |name: &str| fs::read_to_string(workspace::path(name)).unwrap();
        let project = Project {
            text: read("python/pyproject.toml"),
        };
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(project.text("version").unwrap(), version);
        let own = format!("__version__ = \"{version}\"");
        assert!(read("python/src/latent_lab/__init__.py").contains(&own));
        let metadata = metadata(&project, "text").unwrap();
        let needs: Vec<&str> = metadata
            .lines()
            .filter_map(|line| line.strip_prefix("Requires-Dist: "))
            .collect();
        assert_eq!(
            needs,
            [
                "numpy>=1.23",
                "safetensors>=0.4",
                "anywidget>=0.9; extra == 'widget'"
            ]
        );
        assert!(metadata.ends_with("\n\ntext"));
    }

    #[test]
    fn networks_are_included_with_their_cards_except_the_one_for_old_links() {
        for path in [
            "models/digits.safetensors",
            "models/cats.md",
            "models/map.latents.safetensors",
        ] {
            assert!(is_shipped(path), "{path}");
        }
        for path in [
            "models/cats-blurred.md",
            "models/emoji.originals.webp",
            "models/digits.training.safetensors",
            "models/digits.training.webp",
            "assets.js",
        ] {
            assert!(!is_shipped(path), "{path}");
        }
    }
}
